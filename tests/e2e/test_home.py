"""Home in a real browser, in both languages: a person's day and a manager's decisions, one click from the work."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.access import service
from core.access.actor import SYSTEM
from core.access.tables import Department, StaffMember
from core.clock import now
from core.measures.catalogue import MEASURES
from tests.e2e.browsing import PHONE, Words, cell, click_first_row, settled, tab
from tests.pages.company import settle
from tests.serving import PASSWORD, Server, served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The company of four customers, its manager `mai` and its account manager `emil`."""
    with served(tmp_path_factory.mktemp("served")) as server:
        server.account("mai")
        with server.store.write() as session:
            east = Department(name="East")
            session.add(east)
            session.flush()
            emil, walt = (StaffMember(name=name, department_id=east.id) for name in ("Emil", "Walt"))
            session.add_all([emil, walt])
            session.flush()
            served_by = [{"department_id": east.id, "account_manager_id": who.id} for who in (emil, walt)]
            emil_id = emil.id
            session.commit()
        account, _link = service.create_account(
            SYSTEM,
            server.store,
            username="emil",
            display_name="Emil",
            role="staff",
            staff_id=emil_id,
            now=now(),
        )
        service.set_password(server.store, account, PASSWORD, now=now())
        settle(server.store, *served_by)
        yield server


@pytest.fixture
def account() -> str:
    return "mai"


def test_a_click_on_what_is_owed_opens_its_work_order(
    browser: Browser, server: Server, language: str, words: Words
) -> None:
    with tab(browser, server, language, account="emil") as page:
        page.goto("/")
        settled(page)
        expect(page.get_by_role("heading", name=words("My day"), exact=True)).to_be_visible()
        expect(cell(page, "张伟")).to_have_count(1)
        click_first_row(page)
        page.wait_for_url(re.compile(r"/churn_worklist\?.*order=\d+"))
        settled(page)
        expect(page.get_by_text(words("Why it was raised"), exact=True)).to_be_visible()


def test_a_manager_comes_from_a_decision_to_where_it_is_made(page: Page, words: Words) -> None:
    page.goto("/")
    settled(page)
    pool = words.count("{n} work order lies in the pool", "{n} work orders lie in the pool", 1)
    page.get_by_role("link", name=re.compile(re.escape(pool))).click()
    page.wait_for_url(re.compile(r"/churn_worklist\?.*view=pool"))
    settled(page)
    expect(cell(page, "赵强")).to_have_count(1)


def test_every_measure_has_a_tile_that_says_how_it_stands(page: Page, words: Words) -> None:
    page.goto("/")
    settled(page)
    tiles = page.locator(".st-key-kpis_home_measures .kpi")
    expect(tiles).to_have_count(len(MEASURES))
    expect(tiles.first.locator(".kpi-label")).to_have_text(words(MEASURES["completeness"].label))
    for tile in tiles.all():
        assert tile.locator(".kpi-line").first.inner_text().strip()


def test_a_phone_shows_tiles_two_abreast(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/")
    settled(page)
    first, second, third = (
        page.locator(".st-key-kpis_home_measures .kpi").nth(place).bounding_box() for place in range(3)
    )
    assert first is not None
    assert second is not None
    assert third is not None
    assert first["y"] == second["y"] < third["y"]
    assert second["x"] + second["width"] <= PHONE["width"]
