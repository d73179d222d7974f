"""Takes the pictures that the README shows: every page of the demo company, in each language.

    python -m tests.e2e.pictures [--all FOLDER]

Light pages on a wide screen go to docs/pictures. With `--all`, every page goes to FOLDER as well: light and dark,
on a wide screen and on a phone, in full length.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from core.access.actor import SYSTEM
from core.clock import now
from core.language import LANGUAGES
from core.store.engine import PROJECT
from core.warning.queries import worklist
from tests.e2e.browsing import PHONE, WIDE, settled, start_chromium, tab
from tests.serving import Server, served, with_demo

PICTURES = PROJECT / "docs" / "pictures"
ACCOUNT, PERSON = "zhou", "周闻"
SCREENS = {"wide": WIDE, "phone": PHONE}
THEMES = ("light", "dark")
COLORS = 192
"""Pages are flat: a picture with its own palette looks the same and is a third of the size."""
CHARTS_MS = 1_500
"""Charts and tables are drawn after the page has been run."""


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.e2e.pictures", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="also dark, on a phone, in full length")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        with_demo(Path(folder))
        with served(Path(folder)) as server:
            server.account(ACCOUNT, "administrator", PERSON)
            browser = start_chromium(playwright)
            for name, path in paths(server).items():
                for language in LANGUAGES:
                    take(browser, server, path, language, PICTURES / f"{name}.{language}.png")
                    if options.all:
                        take_every_look(browser, server, path, language, options.all / f"{name}.{language}")
            browser.close()


def paths(server: Server) -> dict[str, str]:
    """Name of the picture -> path of the page, with an order and a customer open where there is one to open."""
    first = worklist(SYSTEM, server.store, now=now(), obligations=["pending"], limit=1).iloc[0]
    return {
        "home": "/",
        "segment_explorer": "/segment_explorer",
        "churn_worklist": f"/churn_worklist?order={first['id']}",
        "customer": f"/customer?id={first['customer_id']}",
        "data_exchange": "/data_exchange",
        "administration": "/administration",
    }


def take(
    browser: Browser,
    server: Server,
    path: str,
    language: str,
    file: Path,
    *,
    screen: str = "wide",
    theme: str = "light",
    whole: bool = False,
) -> None:
    """Write one picture."""
    look = {"viewport": SCREENS[screen], "color_scheme": theme}
    with tab(browser, server, language, account=ACCOUNT, **look) as page:
        page.goto(path)
        settled(page)
        page.wait_for_timeout(CHARTS_MS)
        if whole:
            page.set_viewport_size({**SCREENS[screen], "height": length(page)})
            page.wait_for_timeout(CHARTS_MS)
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file)
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(
            COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        ).save(file, optimize=True)


def take_every_look(browser: Browser, server: Server, path: str, language: str, name: Path) -> None:
    """Write the page as every screen and theme shows it, in full length."""
    for screen in SCREENS:
        for theme in THEMES:
            file = name.with_name(f"{name.name}.{screen}.{theme}.png")
            take(browser, server, path, language, file, screen=screen, theme=theme, whole=True)


def length(page: Page) -> int:
    """How tall a window has to be to show the whole page, which scrolls inside itself."""
    return max(600, int(page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")))


if __name__ == "__main__":
    main()
