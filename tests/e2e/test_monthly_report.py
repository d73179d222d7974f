"""A month from its draft to the published report, and both its files opened as their reader would open them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from core.access.actor import SYSTEM
from core.clock import now
from core.dates import business_date, months_before
from core.operations.cycle import run_cycle
from core.reviews.document import Document
from core.reviews.report_queries import report_document, reports
from tests.e2e.browsing import Words, settled
from tests.factmaking import add_customer, add_department, add_order, add_satisfaction
from tests.serving import Server

pytestmark = pytest.mark.browser

JOB_MS = 60_000
A4 = re.compile(rb"/MediaBox \[0 0 59[45]\.?\d* 84[12]\.?\d*\]")


@pytest.fixture
def account(server: Server) -> str:
    server.account("mai", "manager", "Mai")
    server.account("tom", "operations", "Tom")
    return "mai"


@pytest.fixture
def month(server: Server) -> date:
    """The last full month, in which the customers of two departments ordered and answered."""
    today = business_date(now(), "Asia/Shanghai")
    first = months_before(today.replace(day=1), 1)
    with server.store.write() as session:
        for name, score in (("North", 5), ("South", 3)):
            department = add_department(session, name)
            for number in range(40):
                customer = add_customer(session, f"{name}{number}", department_id=department)
                day = first + timedelta(days=number % 28)
                add_order(session, customer, f"no:{name}{number}", [(day, 1_000_0000 + number)])
                add_satisfaction(session, customer, day, score)
        session.commit()
    run_cycle(SYSTEM, server.store, today, now=now())
    return first


def draft(page: Page, _: Words) -> None:
    page.goto("/monthly_report")
    settled(page)
    page.get_by_role("button", name=_("Draft the report")).click()
    expect(page.get_by_role("button", name=_("Publish"))).to_be_visible(timeout=JOB_MS)
    expect(page.get_by_text(_("Draft"), exact=True)).to_be_visible()


def publish(page: Page, _: Words) -> None:
    page.get_by_role("button", name=_("Publish")).click()
    expect(page.get_by_text("not taken back" if _.language == "en" else "不能撤回")).to_be_visible()
    expect(page.get_by_role("button", name=_("Publish"))).to_have_count(1)  # the first one has gone
    page.get_by_role("button", name=_("Publish")).click()
    expect(page.get_by_text(_("Published"), exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=_("Draft again"))).to_have_count(0)


def fetch(page: Page, words: str, into: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name=words).click()
    file = into / started.value.suggested_filename
    started.value.save_as(file)
    return file


def the_report(server: Server) -> Document:
    (head,) = reports(SYSTEM, server.store)
    assert (head.status, head.published_by) == ("published", "Mai")
    return report_document(SYSTEM, server.store, head.id)


def check_workbook(file: Path, document: Document, _: Words) -> None:
    book = load_workbook(file)
    assert book.sheetnames[:3] == [_("Summary"), _("Measures"), _("Departments")]
    rows = {row[0].value: row for row in book[_("Measures")].iter_rows(min_row=2)}
    for code, label in (("satisfaction", "Satisfaction"), ("average_order_value", "Average order value")):
        line = document.measure(code)
        assert rows[_(label)][1].value == line.figure.value / 10_000
        assert rows[_(label)][3].value == line.figure.n == 80
    assert book[_("Departments")]._charts


def check_page(page: Page, file: Path, document: Document) -> None:
    """The file as its reader opens it: without the app, without a network; printed it is some pages of A4."""
    asked: list[str] = []
    reader = page.context.browser.new_page()
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(file.as_uri())
    assert asked == [file.as_uri()]
    expect(reader.locator("svg").first).to_be_visible()
    assert reader.locator("tbody tr").count() > len(document.measures)
    printed = reader.pdf(prefer_css_page_size=True)
    assert len(A4.findall(printed)) >= 2
    reader.close()


def test_a_month_is_drafted_published_and_taken_away(
    page: Page, server: Server, month: date, tmp_path: Path, words: Words
) -> None:
    draft(page, words)
    expect(page.get_by_test_id("stMain").locator("svg[role=img]").first).to_be_visible()
    publish(page, words)
    document = the_report(server)
    assert document.meta.month == month

    check_workbook(fetch(page, words("Excel workbook"), tmp_path), document, words)
    check_page(page, fetch(page, words("Page to print (.html)"), tmp_path), document)

    def answer(path: str, **headers: str) -> int:
        return httpx.get(f"{server.url}/exports/reports/{path}", headers=headers).status_code

    tom = {"Cookie": server.cookie("tom")}
    assert [answer("1/workbook", **tom), answer("99/workbook", **tom), answer("1/pdf", **tom)] == [
        200,
        404,
        404,
    ]
    assert answer("1/workbook") != 200
