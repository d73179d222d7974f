"""A real Chromium, tabs in it, and what a person does in the app again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Playwright, Position, expect

from core.language import Message, catalogue, translate
from core.web.requests import SESSION_COOKIE
from pages.frame.navigation import PLACES
from tests import machine
from tests.serving import Server

LOCALES = {"zh_CN": "zh-CN", "en": "en-US"}
"""Language of the interface -> the browser's locale, from which the app takes it."""
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAGE_MS = 30_000
"""A page takes a fraction of a second; tests may share two cores with others."""
_HEADER_PIXELS, _ROW_PIXELS = 36, 36
POINTS_MS = 300
"""A hand points before it clicks; what is drawn loses a click out of nowhere."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def start_chromium(playwright: Playwright) -> Browser:
    """A headless Chromium: the one of this machine."""
    return playwright.chromium.launch(executable_path=machine.chromium(), args=list(_FLAGS))


@dataclass(frozen=True)
class Words:
    """Our sentences as a reader of that language sees them; called like the `_` of the pages."""

    language: str

    def __call__(self, sentence: str, **values: object) -> str:
        return translate(Message(sentence, values), self.language)

    def count(self, singular: str, plural: str, n: int) -> str:
        """The sentence for `n` things."""
        return catalogue(self.language).ngettext(singular, plural, n).format(n=f"{n:,}")


@contextmanager
def tab(
    browser: Browser, server: Server, language: str, *, account: str | None = None, **options: Any
) -> Iterator[Page]:
    """A tab of somebody who reads `language`; signed in as `account` when it is given."""
    context = browser.new_context(
        **{"base_url": server.url, "locale": LOCALES[language], "viewport": WIDE, **options}
    )
    context.set_default_timeout(PAGE_MS)
    if account is not None:
        context.add_cookies([{"name": SESSION_COOKIE, "value": server.token(account), "url": server.url}])
    yield context.new_page()
    context.close()


def settled(page: Page) -> None:
    """Wait until the page has been run to its end and nothing on it has failed."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
    expect(page.get_by_test_id("stHeading").first).to_be_visible()
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def open_page(page: Page, code: str, _: Words) -> None:
    """Choose a page in the navigation."""
    title = next(_(place.title) for place in PLACES if place.code == code)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    page.wait_for_url(lambda address: code == "home" or f"/{code}" in address)
    settled(page)


def sign_in_by_link(page: Page, server: Server, password: str, _: Words) -> None:
    """Follow the link that the server printed, and set a password."""
    page.goto(server.first_link())
    page.get_by_role("button").click()
    page.get_by_label(_("New password"), exact=True).fill(password)
    page.get_by_label(_("The same again"), exact=True).fill(password)
    page.get_by_role("button").click()
    settled(page)


def click_first_row(page: Page) -> None:
    """Click the first table's first row."""
    click_row(page, 1)


def click_row(page: Page, nth: int) -> None:
    """Click the first table's `nth` row. Tables are drawn, so their cells are no elements to find."""
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("canvas").first).to_be_visible()
    place: Position = {"x": 160, "y": _HEADER_PIXELS + _ROW_PIXELS * nth - _ROW_PIXELS // 2}
    table.hover(position=place)
    page.wait_for_timeout(POINTS_MS)
    table.click(position=place)


def cell(page: Page, text: str) -> Locator:
    """The cells of tables that hold exactly `text`, as a screen reader is told of them."""
    return (
        page.get_by_test_id("stDataFrame").locator("td").filter(has_text=re.compile(f"^{re.escape(text)}$"))
    )
