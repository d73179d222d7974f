"""A table saved in a real browser: one click, in the order its reader has chosen, and no second way."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.e2e.browsing import Words, settled
from tests.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def server(demo: Server) -> Server:
    return demo


@pytest.fixture
def account() -> str:
    return "ada"


def save(page: Page, into: Path) -> list[tuple[object, ...]]:
    with page.expect_download() as started:
        page.locator("a.table-export").first.click()
    started.value.save_as(into / "table.xlsx")
    return list(load_workbook(into / "table.xlsx").worksheets[0].iter_rows(values_only=True))


@pytest.mark.parametrize("language", ["zh_CN"])
def test_one_click_saves_the_table_as_it_is_shown_and_sorted(
    page: Page, words: Words, tmp_path: Path
) -> None:
    page.goto("/funnel")
    settled(page)
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("th").nth(1)).to_have_text(words("Reached it"))
    header, *rows = save(page, tmp_path)
    assert header[:2] == (words("Stage"), words("Reached it"))
    assert table.locator("tbody td").first.text_content() == rows[0][0]

    table.click(position={"x": 200, "y": 18})
    arrow = table.locator("th").filter(has_text="↑")
    expect(arrow).to_have_count(1)
    title = str(arrow.text_content()).removeprefix("↑ ")
    header, *sorted_rows = save(page, tmp_path)
    place = header.index(title)
    assert sorted_rows == sorted(rows, key=lambda row: row[place])
    assert sorted_rows != rows
    assert "/funnel" in page.url, "the page stays where it was"

    table.hover()
    expect(page.get_by_role("button", name="Search").first).to_be_visible()
    expect(page.get_by_role("button", name="Download as CSV")).to_have_count(0)
