"""The funnel in a browser, in both languages: a click on a band lists its leads, one of them opens, one is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from core.access.actor import SYSTEM
from core.access.tables import Department, StaffMember
from core.acquisition.labels import BAND_LABELS
from core.acquisition.response_queries import open_responses
from core.clock import now
from core.facts.labels import LEAD_STAGES
from core.operations.cycle import business_today, run_cycle
from tests.e2e.browsing import Words, click_first_row, settled
from tests.leadmaking import add_lead, owe_response
from tests.serving import Server, served

pytestmark = pytest.mark.browser

HOVER_MS, DRAWN_MS = 300, 1_000
LOST = 3
"""Leads that were contacted and then given up."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with twelve leads of long ago, two that wait for their first response, and the manager `mai`."""
    with served(tmp_path_factory.mktemp("served")) as server:
        server.account("mai")
        arrived = business_today(server.store, now=now()) - timedelta(days=200)
        with server.store.write() as session:
            east = Department(name="East")
            session.add(east)
            session.flush()
            emil = StaffMember(name="Emil", department_id=east.id)
            session.add(emil)
            session.flush()
            own = {"owner_id": emil.id, "department_id": east.id, "channel": "expo"}
            for number in range(4):
                add_lead(session, f"WON{number}", arrived, **own, contacted=1, qualified=2, quoted=3, won=4)
            for number in range(LOST):
                add_lead(session, f"LOST{number}", arrived, **own, contacted=1, lost=5)
            for number in range(5):
                add_lead(session, f"COLD{number}", arrived, **own)
            for number in range(2):
                waiting = add_lead(session, f"NEW{number}", now() - timedelta(minutes=9), **own)
                owe_response(session, waiting)
            session.commit()
        run_cycle(SYSTEM, server.store, business_today(server.store, now=now()), now=now())
        yield server


@pytest.fixture
def account() -> str:
    return "mai"


def open_funnel(page: Page, query: str = "") -> Locator:
    """The bars of the funnel, drawn."""
    page.goto(f"/funnel{query}")
    settled(page)
    bars = page.get_by_test_id("stPlotlyChart").first.locator(".barlayer .trace")
    expect(bars).to_have_count(3)
    return bars


def click_band(page: Page, bars: Locator, stage: int, band: int) -> None:
    """Click a part of a bar, as a hand does it: plotly has to have seen the pointer there before."""
    box = bars.nth(band).locator(".point path").nth(stage).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y - 4)
    page.mouse.move(x, y)
    page.wait_for_timeout(HOVER_MS)
    page.mouse.click(x, y)


def test_a_click_on_a_band_lists_exactly_its_leads_and_a_click_on_one_opens_it(
    page: Page, words: Words
) -> None:
    bars = open_funnel(page)
    click_band(page, bars, stage=1, band=1)
    expect(page).to_have_url(re.compile(r"band=contacted(~|%7E)lost"))
    stage, band = words(LEAD_STAGES["contacted"]), words(BAND_LABELS["lost"])
    expect(page.get_by_role("heading", name=re.compile(f"{stage} · {band}.*{LOST}"))).to_be_visible()
    settled(page)
    listed = page.get_by_test_id("stDataFrame").first
    expect(listed.locator("td").filter(has_text=re.compile(r"^LOST\d$"))).to_have_count(
        2 * LOST
    )  # code and name
    expect(listed.locator("tbody tr")).to_have_count(LOST)
    click_first_row(page)
    expect(page).to_have_url(re.compile(r"lead=\d+"))
    expect(page.get_by_role("heading", name=re.compile(r"^LOST\d$"))).to_be_visible()


def test_a_second_click_on_the_band_closes_its_list(page: Page) -> None:
    bars = open_funnel(page)
    click_band(page, bars, stage=0, band=1)
    expect(page).to_have_url(re.compile(r"band=arrived(~|%7E)lost"))
    settled(page)
    expect(bars).to_have_count(3)
    page.wait_for_timeout(DRAWN_MS)
    click_band(page, bars, stage=0, band=1)
    expect(page).not_to_have_url(re.compile("band="))


def test_a_first_response_is_noted_with_one_click(page: Page, server: Server, words: Words) -> None:
    waiting = len(open_responses(SYSTEM, server.store, now=now()))
    assert waiting
    open_funnel(page)
    button = page.get_by_role("button", name=words("Responded now"))
    expect(button).to_have_count(waiting)
    button.first.click()
    expect(page.get_by_text(words("The first response is noted."))).to_be_visible()
    expect(button).to_have_count(waiting - 1)
