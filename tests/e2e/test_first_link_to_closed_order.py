"""The whole way in a real browser: first link, demo company, explorer, and a work order from claim to close."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from core.warning.labels import OUTCOMES, ROOT_CAUSES, STATUSES
from core.warning.tables import WorkOrder
from tests.e2e.browsing import Words, click_first_row, open_page, sign_in_by_link
from tests.serving import Server

pytestmark = pytest.mark.browser

PASSWORD = "far too long to guess"
LOAD_MS = 180_000
"""The demo company takes some fifteen seconds alone on two cores; tests may share them."""


def load_demo(page: Page, _: Words) -> None:
    """Ask for the demo company on the page that greets, and wait for the one that shows what is in it."""
    page.get_by_role("button", name=_("Load the demo company")).click()
    expect(page.get_by_role("heading", name=_("Home"), exact=True)).to_be_visible(timeout=LOAD_MS)


def explore(page: Page, _: Words) -> None:
    open_page(page, "segment_explorer", _)
    for title in ("Segments", "Value by lifecycle", "RFM map"):
        expect(page.get_by_role("heading", name=_(title), exact=True)).to_be_visible()


def open_most_urgent_order(page: Page, _: Words) -> int:
    """Click the first order of the worklist; its number."""
    open_page(page, "churn_worklist", _)
    click_first_row(page)
    expect(page.locator("strong").get_by_text(_("Why it was raised"), exact=True)).to_be_visible()
    page.wait_for_url(re.compile(r"[?&]order=\d+"))
    return int(page.url.partition("order=")[2])


def work_through(page: Page, _: Words) -> None:
    """Claim, contact, outcome, debrief, close: each step appears when the one before it is done."""
    page.get_by_role("button", name=_("Claim this work order")).click()

    page.get_by_label(_("What was said")).fill("答应周五补货")
    page.get_by_role("button", name=_("Save the contact")).click()

    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name=_("Save the outcome")))
    form.get_by_text(_(OUTCOMES["retained"]), exact=True).click()
    page.get_by_role("button", name=_("Save the outcome")).click()

    page.get_by_label(_("Root cause")).click()
    page.get_by_role("option", name=_(ROOT_CAUSES["service"]), exact=True).click()
    page.get_by_label(_("What did we learn?")).fill("拜访间隔拉长后要先打电话")
    page.get_by_role("button", name=_("Save the debrief")).click()

    page.get_by_role("button", name=_("Close this work order")).click()
    expect(page.get_by_text(f" · {_(STATUSES['closed'])} · ")).to_be_visible()


def test_from_the_first_link_to_a_closed_work_order(page: Page, server: Server, words: Words) -> None:
    sign_in_by_link(page, server, PASSWORD, words)
    load_demo(page, words)
    explore(page, words)
    order = open_most_urgent_order(page, words)
    work_through(page, words)

    with server.store.read() as session:
        closed = session.get_one(WorkOrder, order)
        assert (closed.status, closed.outcome, closed.root_cause) == ("closed", "retained", "service")
        assert closed.claimed_at is not None
        assert closed.closed_at is not None
