"""A workbook through the browser: uploaded, matched, checked, imported, its rejected rows fetched, then graded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.access.actor import SYSTEM
from core.facts.queries import facts_summary
from tests.e2e.browsing import Words, cell, open_page, settled
from tests.serving import Server

pytestmark = pytest.mark.browser

JOB_MS = 60_000
HEADERS = ("Customer number", "Order number", "Bought", "Amount")
ORDERS = (
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
    """The orders, as somebody's own system exports them."""
    file = tmp_path / "orders.xlsx"
    today = datetime.now(UTC).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    with xlsxwriter.Workbook(file) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, HEADERS)
        for row, (customer, order, ago, amount) in enumerate(ORDERS, start=1):
            sheet.write_string(row, 0, customer)
            sheet.write_string(row, 1, order)
            sheet.write_datetime(row, 2, today - timedelta(days=ago), day)
            sheet.write(row, 3, amount)
    return file


def upload(page: Page, file: Path, _: Words) -> None:
    page.goto("/")
    settled(page)
    open_page(page, "data_exchange", _)
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name=_("Columns"), exact=True)).to_be_visible()


def match(page: Page, _: Words) -> None:
    """One header is known by nobody: without it the file cannot be checked, so a person says what it means."""
    expect(page.get_by_role("button", name=_("Check the file"))).to_be_disabled()
    page.get_by_label(_("Field for {header}", header="Bought")).click()
    page.get_by_role("option", name=_("Order time") + " *", exact=True).click()
    page.get_by_text(_("Add the customer"), exact=True).click()
    page.get_by_role("button", name=_("Check the file")).click()


def fetch_rejected_rows(page: Page, into: Path, _: Words) -> list[tuple[object, ...]]:
    """Check the file's verdict, and read the workbook of rejected rows as the browser saves it."""
    import_three = page.get_by_role("button", name=_.count("Import {n} row", "Import {n} rows", 3))
    expect(import_three).to_be_visible(timeout=JOB_MS)
    with page.expect_download() as started:
        page.get_by_role("link", name=_("Rejected rows")).click()
    started.value.save_as(into)
    book = load_workbook(into)
    return list(book.worksheets[0].iter_rows(values_only=True))


def import_them(page: Page, _: Words) -> None:
    page.get_by_role("button", name=_.count("Import {n} row", "Import {n} rows", 3)).click()
    done = page.get_by_test_id("stMain").get_by_role("link", name=_("Open the segments"))
    expect(done).to_be_visible(timeout=JOB_MS)
    done.click()
    page.wait_for_url("**/segment_explorer*")
    settled(page)


def test_a_workbook_comes_in_its_rejected_row_goes_out_and_its_customers_are_graded(
    page: Page, server: Server, workbook: Path, tmp_path: Path, words: Words
) -> None:
    upload(page, workbook, words)
    match(page, words)

    headers, *rejected = fetch_rejected_rows(page, tmp_path / "rejected.xlsx", words)
    assert set(HEADERS) < set(headers)
    (row,) = rejected
    assert {"1004", "a lot"} < set(row)
    assert 5 in row
    assert facts_summary(SYSTEM, server.store)["transactions"] == 0

    import_them(page, words)
    assert facts_summary(SYSTEM, server.store)["transactions"] == 3
    for code in ("C-1", "C-2"):
        expect(cell(page, code)).to_have_count(1)
