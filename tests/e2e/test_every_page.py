"""What holds for each page of the demo company: reached by keyboard, quiet, nothing from elsewhere, fits a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from pages.frame.navigation import PLACES
from tests.e2e.browsing import PHONE, settled, tab
from tests.serving import Server

PATHS = {
    "home": "",
    **{place.code: place.code for place in PLACES if place.code != "home"},
    "work_order": "churn_worklist?order=1",
    "one_customer": "customer?id=1",
}

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)]

Visit = Callable[..., AbstractContextManager[Page]]
WHERE_FOCUS_IS = """() => {
  const focused = document.activeElement;
  if (focused.closest('[data-testid="stSidebarNav"]')) return "navigation";
  return focused.closest('[data-testid="stMain"]') ? "page" : "elsewhere";
}"""
ROOM_TO_THE_SIDE = """() => {
  const scrolls = (each) => each.scrollWidth - each.clientWidth;
  return Math.max(scrolls(document.documentElement), scrolls(document.querySelector('[data-testid="stMain"]')));
}"""
STOPS = 30
"""More presses of Tab than there are stops before the first control of a page."""


@pytest.fixture
def visit(browser: Browser, demo: Server) -> Visit:
    """`with visit(path, **options) as page`: a page of the demo company, seen by its administrator.

    At the end the browser must have had nothing to complain of: no error of a script, nothing that was refused
    by our content security policy, nothing that could not be loaded.
    """

    @contextmanager
    def visiting(path: str, **options: object) -> Iterator[Page]:
        with tab(browser, demo, "zh_CN", account="ada", **options) as page:
            complaints: list[str] = []
            page.on("console", lambda said: complaints.extend(complaint(said)))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"/{path}")
            settled(page)
            yield page
            page.wait_for_load_state("networkidle")
            assert complaints == []

    return visiting


def complaint(said: ConsoleMessage) -> list[str]:
    """What the browser complains of; that Streamlit looks for its server under the page's path first is none."""
    asked = urlsplit(said.location.get("url", "")).path
    searching = asked.count("/") > 2 and asked.endswith(("/_stcore/health", "/_stcore/host-config"))
    return [f"{said.text} {asked}"] if said.type == "error" and not searching else []


def test_the_keyboard_reaches_the_navigation_and_the_first_control(visit: Visit, path: str) -> None:
    with visit(path) as page:
        reached: list[str] = []
        while "page" not in reached and len(reached) < STOPS:
            page.keyboard.press("Tab")
            reached.append(page.evaluate(WHERE_FOCUS_IS))
        assert "navigation" in reached
        assert "page" in reached


def test_a_phone_shows_the_page_without_scrolling_to_the_side(visit: Visit, path: str) -> None:
    with visit(path, viewport=PHONE) as page:
        assert page.evaluate(ROOM_TO_THE_SIDE) <= 0
