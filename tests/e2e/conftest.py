"""Fixtures of the browser tests: served apps, and a real Chromium that keeps a picture of what failed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from core.language import LANGUAGES
from tests.e2e import browsing
from tests.e2e.browsing import Words
from tests.serving import Server, served, with_demo

FAILURES = Path(__file__).parent / "failures"
_FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium for the whole session."""
    expect.set_options(timeout=browsing.PAGE_MS)
    with sync_playwright() as playwright:
        chromium = browsing.start_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A fresh product that nobody has signed in to yet."""
    with served(tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo company, served to the administrator `ada`. Shared: tests only look at it."""
    folder = tmp_path_factory.mktemp("demo")
    with_demo(folder)
    with served(folder) as running:
        running.account("ada", "administrator")
        yield running


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """The language of the person at the browser, each in turn."""
    code: str = request.param
    return code


@pytest.fixture
def words(language: str) -> Words:
    """Our sentences as that person reads them."""
    return Words(language)


@pytest.fixture
def account() -> str | None:
    """Who is signed in at the browser: nobody yet."""
    return None


@pytest.fixture
def page(
    browser: Browser, server: Server, language: str, account: str | None, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A tab of the person `account`, who reads `language`."""
    with browsing.tab(browser, server, language, account=account) as opened:
        yield opened
        _keep_picture_of_failure(opened, request.node)


def _keep_picture_of_failure(page: Page, item: pytest.Item) -> None:
    """When the test has failed, keep what the page showed under tests/e2e/failures."""
    if item.stash.get(_FAILED, False):
        FAILURES.mkdir(exist_ok=True)
        name = re.sub(r"\W+", "_", item.name)
        page.screenshot(path=FAILURES / f"{name}.png", full_page=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report
