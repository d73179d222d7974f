"""A workbook of two sheets through the browser: its five steps, there and back, its rejected row, and its undoing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from core.access.actor import SYSTEM
from core.facts.queries import facts_summary
from tests.e2e.browsing import Words, cell, open_page, settled
from tests.serving import Server

pytestmark = pytest.mark.browser

JOB_MS = 60_000
CUSTOMERS = (
    ("Customer number", "Full name", "Customer type"),
    ("C-1", "Alice Example", "Company"),
    ("C-2", "Bob Example", "Walk-in"),
)
"""Nobody knows what a walk-in is until a person says it."""
ORDERS = (
    ("Customer number", "Order number", "Bought", "Amount"),
    ("C-1", "1001", 20, 1200.5),
    ("C-1", "1002", 3, 800),
    ("C-2", "1003", 120, 99.9),
    ("C-2", "1004", 9, "a lot"),
)
"""Customer, order, days ago, amount. The last is row 5 of the sheet, and no amount."""


@pytest.fixture
def account(server: Server) -> str:
    server.account("olga", "operations")
    return "olga"


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Customers and their orders, as somebody's own system exports them."""
    file = tmp_path / "shop.xlsx"
    today = datetime.now(UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    with xlsxwriter.Workbook(file) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        # The orders come first: what refers to what is not the person's concern.
        orders, customers = book.add_worksheet("Orders"), book.add_worksheet("People")
        for row, cells in enumerate(CUSTOMERS):
            customers.write_row(row, 0, cells)
        orders.write_row(0, 0, ORDERS[0])
        for row, (customer, order, ago, amount) in enumerate(ORDERS[1:], start=1):
            orders.write_row(row, 0, (customer, order))
            orders.write_datetime(row, 2, today - timedelta(days=ago), day)
            orders.write(row, 3, amount)
    return file


def choice(page: Page, _: Words, title: str, of: str = "Field for {title}") -> Locator:
    """The choice of what a column, a sheet or a word stands for."""
    return page.get_by_label(_(of, title=title), exact=True)


def click(page: Page, target: Locator) -> None:
    """Click what is there once, when the page is at rest: while it is drawn anew, old and new stand side by side."""
    settled(page)
    expect(target).to_have_count(1)
    target.click()


def upload(page: Page, file: Path, _: Words) -> None:
    """Choose the file in the dialog that the browser opens."""
    page.goto("/")
    settled(page)
    open_page(page, "data_exchange", _)
    with page.expect_file_chooser() as dialog:
        page.get_by_test_id("stFileUploader").locator("button").first.click()
    dialog.value.set_files(file)


def choose_the_sheets(page: Page, _: Words) -> None:
    expect(choice(page, _, "Orders", "Kind of data in {title}")).to_have_value("transactions")
    people = choice(page, _, "People", "Kind of data in {title}")
    expect(people).to_have_value("customers")
    people.select_option("")
    expect(page.get_by_text(_("Chosen by hand"))).to_have_count(0)
    people.select_option("customers")
    expect(page.get_by_text(_("Chosen by hand"))).to_have_count(1)
    click(page, page.get_by_role("button", name=_("Go on to the columns")))


def match(page: Page, _: Words) -> None:
    """One header is taken for its dates, and corrected twice by hand; one word is known by nobody."""
    bought = choice(page, _, "Bought")
    expect(bought).to_have_value("ordered_at")
    bought.select_option("")
    expect(page.get_by_role("button", name=_("Check the file"))).to_be_disabled()
    bought.select_option("ordered_at")
    expect(page.get_by_role("button", name=_("Check the file"))).to_be_enabled()
    click(page, page.get_by_role("radio", name="People"))
    word = choice(page, _, "Walk-in", "Value for {title}")
    expect(word).to_have_value("")
    word.select_option("person")
    expect(page.get_by_text(_("Chosen by hand"))).to_have_count(1)
    click(page, page.get_by_role("button", name=_("Check the file")))


def import_button(page: Page, _: Words) -> Locator:
    return page.get_by_role("button", name=_.count("Import {n} row", "Import {n} rows", 5))


def back_and_forth(page: Page, _: Words) -> None:
    """A step back shows what was settled; a step forward leads to the check that was made of it."""
    expect(import_button(page, _)).to_be_visible(timeout=JOB_MS)
    click(page, page.get_by_role("button", name=_("Columns"), exact=True))
    expect(choice(page, _, "Bought")).to_have_value("ordered_at")
    click(page, page.get_by_role("button", name=_("Sheet and table"), exact=True))
    expect(choice(page, _, "People", "Kind of data in {title}")).to_have_value("customers")
    click(page, page.get_by_role("button", name=_("Check"), exact=True))
    expect(import_button(page, _)).to_be_visible()


def fetch_rejected_rows(page: Page, into: Path, _: Words) -> list[tuple[object, ...]]:
    """The workbook of rejected rows, as the browser saves it."""
    with page.expect_download() as started:
        click(page, page.get_by_role("link", name=_("Rejected rows ({n})", n="1")))
    started.value.save_as(into)
    return [row for sheet in load_workbook(into).worksheets for row in sheet.iter_rows(values_only=True)]


def import_them(page: Page, _: Words) -> None:
    click(page, import_button(page, _))
    done = page.get_by_test_id("stMain").get_by_role("link", name=_("Open the segments"))
    expect(done).to_be_visible(timeout=JOB_MS)
    address = page.url
    # The segments show what the cycle has made of it, so that has to be over.
    scored = _(
        "{graded} customers with orders were scored; the grade or stage of {changed} customers changed; "
        "{opened} work orders were opened.",
        graded="2", changed="2", opened="0",
    )  # fmt: skip
    expect(page.get_by_text(re.split("[;；]", scored)[0])).to_be_visible(timeout=JOB_MS)
    click(page, done)
    page.wait_for_url("**/segment_explorer*")
    settled(page)
    for code in ("C-1", "C-2"):
        expect(cell(page, code)).to_have_count(1)
    page.goto(address)
    settled(page)


def undo_it(page: Page, _: Words) -> None:
    undo = page.get_by_role("button", name=_("Undo this import"))
    click(page, undo)
    said = _.count(
        "{n} record that this import added will be removed.",
        "{n} records that this import added will be removed.",
        5,
    )
    expect(page.get_by_text(said)).to_be_visible(timeout=JOB_MS)
    click(page, undo)
    removed = _.count("{n} record was removed.", "{n} records were removed.", 5)
    expect(page.get_by_test_id("stAlert").filter(has_text=removed)).to_be_visible(timeout=JOB_MS)
    expect(page.get_by_text(_("What it had done"))).to_be_visible()


def test_two_sheets_come_in_one_row_goes_out_and_all_of_it_is_undone(
    page: Page, server: Server, workbook: Path, tmp_path: Path, words: Words
) -> None:
    upload(page, workbook, words)
    choose_the_sheets(page, words)
    match(page, words)
    back_and_forth(page, words)

    rows = fetch_rejected_rows(page, tmp_path / "rejected.xlsx", words)
    assert [row for row in rows if {"1004", "a lot", 5} <= set(row)]
    assert facts_summary(SYSTEM, server.store)["transactions"] == 0

    import_them(page, words)
    summary = facts_summary(SYSTEM, server.store)
    assert (summary["customers"], summary["transactions"]) == (2, 3)

    undo_it(page, words)
    summary = facts_summary(SYSTEM, server.store)
    assert (summary["customers"], summary["transactions"]) == (0, 0)
