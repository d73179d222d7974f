"""The drawers of Administration, as a browser brings them up and puts them away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import click_row, settled
from tests.serving import Server, served

pytestmark = pytest.mark.browser

STAYS_MS = 3000
"""What comes back by itself does so within half a second."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, administered by `ada`; the table names Ada, Ben and Cleo in that order."""
    with served(tmp_path_factory.mktemp("served")) as running:
        running.account("ada", "administrator", "Ada")
        running.account("ben", shown="Ben")
        running.account("cleo", shown="Cleo")
        yield running


@pytest.fixture
def language() -> str:
    """Drawers behave the same in every language."""
    return "en"


@pytest.fixture
def account() -> str:
    return "ada"


@pytest.mark.parametrize("way", ["Escape", "Close", "Save"])
def test_a_drawer_that_was_closed_stays_closed_and_its_row_opens_it_again(page: Page, way: str) -> None:
    page.goto("/administration")
    settled(page)
    click_row(page, 2)
    drawer = page.get_by_role("dialog")
    named = drawer.get_by_test_id("stText").first
    expect(named).to_be_visible()
    chosen = named.inner_text()

    if way == "Escape":
        page.keyboard.press("Escape")
    else:
        drawer.get_by_role("button", name=way, exact=True).click()
    expect(drawer).to_have_count(0)
    page.wait_for_timeout(STAYS_MS)
    expect(drawer).to_have_count(0)

    click_row(page, 2)
    expect(named).to_have_text(chosen)


def test_the_link_of_a_reset_password_stays_until_it_is_copied(page: Page) -> None:
    page.goto("/administration")
    settled(page)
    click_row(page, 3)
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("button", name="Reset password", exact=True).click()
    expect(drawer.get_by_role("button", name="Cancel", exact=True)).to_be_visible()
    drawer.get_by_role("button", name="Reset password", exact=True).click()

    link = drawer.get_by_test_id("stCode")
    expect(link).to_contain_text("/link/")
    page.wait_for_timeout(STAYS_MS)
    expect(link).to_contain_text("/link/")
    drawer.get_by_role("button", name="Done", exact=True).click()
    expect(drawer).to_have_count(0)
    page.wait_for_timeout(STAYS_MS)
    expect(drawer).to_have_count(0)
