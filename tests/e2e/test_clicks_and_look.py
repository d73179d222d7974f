"""What only a real browser can show: clicks on charts and tables, and a look that the account keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.access.tables import Department, StaffMember
from tests.e2e.browsing import click_first_row, settled, tab
from tests.pages.company import settle
from tests.serving import Server, served

pytestmark = pytest.mark.browser

LIGHT, DARK = "rgb(251, 250, 248)", "rgb(22, 24, 20)"
"""The backgrounds of `.streamlit/config.toml`."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with the company of four customers and the manager `mai`."""
    with served(tmp_path_factory.mktemp("served")) as server:
        server.account("mai")
        with server.store.write() as session:
            east, west = Department(name="East"), Department(name="West")
            session.add_all([east, west])
            session.flush()
            emil = StaffMember(name="Emil", department_id=east.id)
            walt = StaffMember(name="Walt", department_id=west.id)
            session.add_all([emil, walt])
            session.flush()
            served_by = [
                {"department_id": who.department_id, "account_manager_id": who.id} for who in (emil, walt)
            ]
            session.commit()
        settle(server.store, *served_by)
        yield server


@pytest.fixture
def language() -> str:
    """Clicks and looks are the same in every language."""
    return "en"


@pytest.fixture
def account() -> str:
    return "mai"


def open_explorer(page: Page, query: str = "") -> None:
    page.goto(f"/segment_explorer{query}")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)


def test_a_click_on_a_cell_shows_who_is_behind_it_and_a_second_click_everybody(page: Page) -> None:
    open_explorer(page)
    cell = page.get_by_test_id("stVegaLiteChart").first.locator(".mark-rect path").last
    cell.click(force=True)
    expect(page).to_have_url(re.compile(r"cell=\w+(~|%7E)lost"))
    expect(page.get_by_role("heading", name=re.compile("× Lost"))).to_be_visible()
    page.get_by_role("button", name="Clear the click").click()
    expect(page).not_to_have_url(re.compile("cell="))


def test_a_click_on_a_bar_shows_who_is_behind_it(page: Page) -> None:
    open_explorer(page)
    bars = page.get_by_test_id("stVegaLiteChart").last.locator(".mark-rect path")
    bars.last.click(force=True)
    expect(page).to_have_url(re.compile(r"map=\d{3}"))


def test_a_click_on_a_row_opens_the_customer(page: Page) -> None:
    open_explorer(page, "?region=%E5%8D%8E%E5%8D%97")
    click_first_row(page)
    expect(page).to_have_url(re.compile(r"/customer\?id=\d+"))


def test_signing_out_leaves_nothing_to_go_back_to(page: Page) -> None:
    page.goto("/")
    settled(page)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/segment_explorer")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_the_look_is_kept_by_the_account_in_every_browser(
    page: Page, browser: Browser, server: Server
) -> None:
    page.goto("/")
    shown = page.locator(".stApp")
    expect(shown).to_have_css("background-color", LIGHT)
    page.get_by_role("button", name="Settings").click()
    page.get_by_text("Dark", exact=True).click()
    expect(shown).to_have_css("background-color", DARK)
    page.goto("/churn_worklist")
    expect(shown).to_have_css("background-color", DARK)
    with tab(browser, server, "en", account="mai") as elsewhere:
        elsewhere.goto("/")
        expect(elsewhere.locator(".stApp")).to_have_css("background-color", DARK)


def test_on_a_phone_the_menu_gives_way_to_the_page_chosen_from_it(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/customer")
    settled(page)
    fold = page.get_by_test_id("stSidebarCollapseButton")
    expect(fold).to_have_count(0)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Segments").click()
    expect(page).to_have_url(re.compile("/segment_explorer$"))
    expect(fold).to_have_count(0)
