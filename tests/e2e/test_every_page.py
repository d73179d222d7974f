"""What holds for each page of the demo company: reached by keyboard, quiet, nothing from elsewhere, fits each width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from pages.frame.navigation import PLACES
from tests.e2e.browsing import PHONE, WIDE, settled, tab
from tests.serving import Server

PATHS = {
    "home": "",
    **{place.code: place.code for place in PLACES if place.code != "home"},
    "work_order": "churn_worklist?order=1",
    "one_customer": "customer?id=1",
}

pytestmark = pytest.mark.browser
each_page = pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)

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
FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement;
  const around = [];
  for (let each = focused; each && around.length < 5; each = each.parentElement) around.push(each);
  const look = () => around.map((each) => {
    const style = getComputedStyle(each);
    return [style.outline, style.boxShadow, style.borderColor, style.backgroundColor, style.color].join();
  }).join("|");
  const name = focused.closest("[data-testid]")?.dataset.testid + " " + focused.textContent.slice(0, 30);
  if (focused.closest('[data-testid="stDataFrame"], [data-testid="stVegaLiteChart"]')) return [true, name];
  const seen = look();
  focused.blur();
  const differs = look() !== seen;
  focused.focus();
  return [differs, name];
}"""
"""Whether what has the focus looks different with it; tables draw their own mark, which is no style."""
IS_INSIDE = "(selector) => document.activeElement.closest(selector) !== null"
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
KINDS = ("stSidebarNav", "stTextInput", "stMultiSelect", "stPopover", "stDataFrame", "stButton")
CUT_OFF = """() => [...document.querySelectorAll(".kpi, .kpi > *, .shares-box, [data-testid=stPageLink] p, button p")]
  .filter((each) => each.offsetParent && getComputedStyle(each).display !== "inline")
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.textContent.slice(0, 60))"""
PALE_WORDS = """() => {
  const NO_WORDS = "canvas, svg, style, script, :disabled, [aria-disabled=true], [data-testid=stIconMaterial]";
  const parse = (written) => {
    const numbers = written.match(/[\\d.]+/g).map(Number);
    const scale = written.startsWith("color(") ? 255 : 1;
    return [...numbers.slice(0, 3).map((each) => each * scale), numbers[3] ?? 1];
  };
  const over = (top, below) => below.map((each, place) =>
    place === 3 ? 1 : top[place] * top[3] + each * (1 - top[3]));
  const light = (colour) => colour.slice(0, 3).map((each) => each / 255)
    .map((each) => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, place) => sum + each * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (each) => {
    if (!each) return [255, 255, 255, 1];
    const own = parse(getComputedStyle(each).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(each.parentElement));
  };
  const pale = new Set();
  const walker = document.createTreeWalker(document.querySelector(".stApp"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const words = walker.currentNode, each = words.parentElement;
    const seen = each.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!words.textContent.trim() || !seen || each.closest(NO_WORDS)) continue;
    const style = getComputedStyle(each), below = ground(each), colour = parse(style.color);
    for (let up = each; up; up = up.parentElement) colour[3] *= Number(getComputedStyle(up).opacity);
    const [darker, lighter] = [light(over(colour, below)), light(below)].sort((a, b) => a - b);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 600);
    if ((lighter + 0.05) / (darker + 0.05) < (large ? 3 : 4.5)) {
      pale.add(`${words.textContent.trim().slice(0, 30)} ${style.color} on ${below.map(Math.round)}`);
    }
  }
  return [...pale];
}"""
"""The words whose contrast with what is painted behind them is below WCAG AA."""
WIDTHS = {"desk": WIDE, "tablet": {"width": 1024, "height": 768}, "phone": PHONE}
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


@each_page
def test_the_keyboard_reaches_the_navigation_and_the_first_control_and_is_seen_there(
    visit: Visit, path: str
) -> None:
    with visit(path) as page:
        page.add_style_tag(content=STILL)
        reached: list[str] = []
        while "page" not in reached and len(reached) < STOPS:
            page.keyboard.press("Tab")
            reached.append(page.evaluate(WHERE_FOCUS_IS))
            seen, name = page.evaluate(FOCUS_IS_SEEN)
            assert seen or reached[-1] == "elsewhere", name
        assert "navigation" in reached
        assert "page" in reached


def test_the_keyboard_reaches_the_menu_filters_tables_and_buttons(visit: Visit) -> None:
    with visit("segment_explorer") as page:
        left = set(KINDS)
        for _ in range(2 * STOPS):
            page.keyboard.press("Tab")
            left -= {kind for kind in left if page.evaluate(IS_INSIDE, f'[data-testid="{kind}"]')}
            if not left:
                break
        assert not left


@each_page
@pytest.mark.parametrize("width", WIDTHS)
def test_every_width_shows_the_page_without_scrolling_to_the_side_and_cuts_no_words(
    visit: Visit, path: str, width: str
) -> None:
    with visit(path, viewport=WIDTHS[width]) as page:
        assert page.evaluate(ROOM_TO_THE_SIDE) <= 0
        assert page.evaluate(CUT_OFF) == []


@each_page
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_word_of_every_page_reaches_aa_on_what_is_behind_it(
    visit: Visit, path: str, theme: str
) -> None:
    with visit(path, color_scheme=theme) as page:
        # What is being drawn anew is paler for a moment.
        for _ in range(10):
            if not (pale := page.evaluate(PALE_WORDS)):
                break
            page.wait_for_timeout(500)
        assert pale == []
