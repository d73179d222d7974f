"""Takes the pictures that the README shows: every page of the demo company, light and dark, in each language.

    python -m tests.e2e.pictures [--only PAGE ...] [--all FOLDER]

They go to docs/pictures as `page.theme.language.png`. With `--all`, every page goes to FOLDER as well: on a wide
screen, a tablet and a phone, in full length.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from core.access.actor import SYSTEM
from core.access.service import set_password
from core.access.tables import Account
from core.clock import now
from core.language import LANGUAGES
from core.store.engine import PROJECT
from core.warning.queries import worklist_rows
from pages.frame.navigation import PLACES
from tests.e2e.browsing import PHONE, WIDE, settled, start_chromium, tab
from tests.serving import PASSWORD, Server, served, with_demo

PICTURES = PROJECT / "docs" / "pictures"
ACCOUNT, PERSON = "zhou", "周闻"
STAFF = "staff"
"""The demo company's first account manager, whose home is another than a manager's."""
SCREENS = {"wide": WIDE, "tablet": {"width": 1024, "height": 768}, "phone": PHONE}
THEMES = ("light", "dark")
COLORS = 64
"""Pages are flat: a picture with its own palette looks the same and is a third of the size."""
CHARTS_MS = 1_500
"""Charts and tables are drawn after the page has been run."""


@dataclass(frozen=True)
class View:
    """What a picture shows: the address of a page, and who looks at it."""

    path: str
    account: str = ACCOUNT


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.e2e.pictures", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--only", nargs="*", metavar="PAGE", help="codes of pages; without it all")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="also on every screen, in full length")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        with_demo(Path(folder))
        with served(Path(folder)) as server:
            server.account(ACCOUNT, "administrator", PERSON)
            _with_password(server, STAFF)
            browser = start_chromium(playwright)
            wanted = {
                name: view for name, view in views(server).items() if not options.only or name in options.only
            }
            for theme, language, account in product(THEMES, LANGUAGES, (ACCOUNT, STAFF)):
                with tab(browser, server, language, account=account, color_scheme=theme) as page:
                    for name, view in wanted.items():
                        if view.account == account:
                            take(page, view, f"{name}.{theme}.{language}.png", options.all)
            browser.close()


def views(server: Server) -> dict[str, View]:
    """Name of the picture -> what it shows: every page, with an order and a customer open, and a person's own day."""
    first = worklist_rows(SYSTEM, server.store, now=now(), obligations=["pending"], limit=1)[0]
    opened = {
        "home": "/",
        "churn_worklist": f"/churn_worklist?order={first['id']}",
        "customer": f"/customer?id={first['customer_id']}",
    }
    shown = {place.code: View(opened.get(place.code, f"/{place.code}")) for place in PLACES}
    return {"home": shown.pop("home"), "my_day": View("/", STAFF), **shown}


def _with_password(server: Server, account: str) -> None:
    """Let the pictures sign in as an account of the demo company."""
    with server.store.read() as session:
        account_id = session.scalars(select(Account.id).where(Account.username == account)).one()
    set_password(server.store, account_id, PASSWORD, now=now())


def take(page: Page, view: View, name: str, every_screen: Path | None) -> None:
    """Write the picture `name` of what the tab shows of the view; into `every_screen` also what others show."""
    page.goto(view.path)
    settled(page)
    page.wait_for_timeout(CHARTS_MS)
    shoot(page, PICTURES / name)
    if every_screen is None:
        return
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        page.set_viewport_size({**size, "height": length(page)})
        page.wait_for_timeout(CHARTS_MS)
        shoot(page, every_screen / f"{screen}.{name}")
    page.set_viewport_size(WIDE)


def shoot(page: Page, file: Path) -> None:
    """Write what the tab shows as a small file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file)
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(
            COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    small.save(file, optimize=True)


def length(page: Page) -> int:
    """How tall a window has to be to show the whole page, which scrolls inside itself."""
    return max(600, int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")))


if __name__ == "__main__":
    main()
