"""How soon a move is shown on a board of 200 cards, to who moves and to who looks on, in a real Chromium.

    python bench/board_moves.py [--moves N]

The app is served as a person starts it. Milliseconds from the key, the click and the letting go of the mouse to the
frame that shows the card in its new column; then until the server has kept the move; then until a second browser
shows it. Median, 95th percentile, worst. The budget is 300 for the first and 3,000 for the last.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright

from core.access.actor import SYSTEM
from core.clock import now
from core.dates import business_date
from core.reviews.board import Stage
from core.reviews.board_service import CardDraft, add_card
from core.reviews.pilot_service import create_pilot
from core.reviews.pilots import Kpi, Plan, monday_of
from tests.e2e.browsing import settled, start_chromium, tab
from tests.serving import Server, served

CARDS, SHOWN_MS, SEEN_MS = 200, 300, 3_000
_TIMED = """
(wanted) => {
  const roots = [...document.querySelectorAll('*')].map((each) => each.shadowRoot);
  const root = roots.find((each) => each?.querySelector('.board'));
  const board = root.querySelector('.board');
  const [from, to] = wanted.stages.map((stage) => root.querySelector(`.list[data-stage="${stage}"]`));
  const place = from.firstElementChild;
  const card = place.querySelector('.card');
  const number = card.dataset.card;
  const acked = Number(board.dataset.ack);
  card.scrollIntoView({ block: 'center' });
  card.focus();
  const everywhere = { bubbles: true, composed: true };
  const pointer = (name, over, target) => {
    const { left, top, width, height } = over.getBoundingClientRect();
    const at = { clientX: left + width / 2, clientY: top + Math.min(40, height / 2) };
    const mouse = { pointerId: 1, pointerType: 'mouse', button: 0 };
    target.dispatchEvent(new PointerEvent(name, { ...everywhere, ...mouse, ...at }));
  };
  const ways = {
    key: () => card.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', altKey: true, ...everywhere })),
    click: () => place.querySelector('.next').click(),
    mouse: () => pointer('pointerup', to, window),
  };
  if (wanted.way === 'mouse') {
    pointer('pointerdown', card, card);
    pointer('pointermove', to, window);
  }
  return new Promise((done, failed) => {
    const began = performance.now();
    ways[wanted.way]();
    // The second frame begins when the first with the card in its new place has been painted.
    requestAnimationFrame(() => requestAnimationFrame(() => {
      if (!to.querySelector(`[data-card="${number}"]`)) failed(new Error('the card is not there'));
      const shown = performance.now() - began;
      const kept = () => {
        if (Number(board.dataset.ack) > acked) done([number, shown, performance.now() - began]);
        else setTimeout(kept, 5);
      };
      kept();
    }));
  });
}
"""


def main() -> None:
    """Print one line a way of moving."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=10)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        number = crowded(server)
        browser = start_chromium(playwright)
        server.account("mai")
        server.account("olga", "operations")
        with (
            tab(browser, server, "en", account="mai") as mine,
            tab(browser, server, "en", account="olga") as other,
        ):
            for page in (mine, other):
                page.goto(f"/pilot_kanban?pilot={number}")
                settled(page)
                page.locator(".card").nth(CARDS - 1).wait_for(state="attached")
            print(f"{'ms':<14}{'':<10}{'median':>8}{'p95':>8}{'worst':>8}   {options.moves} moves each")
            for way in ("key", "click", "mouse"):
                measured(way, mine, other, options.moves)
        browser.close()


def crowded(server: Server) -> int:
    """A pilot with 200 cards, 40 in each stage."""
    start = monday_of(business_date(now(), "Asia/Shanghai")) - timedelta(weeks=2)
    plan = Plan("Bench", start, 13, 12, (Kpi("satisfaction"),))
    number = create_pilot(SYSTEM, server.store, plan, now=now())
    for at in range(CARDS):
        stage = list(Stage)[at % len(Stage)]
        add_card(SYSTEM, server.store, number, CardDraft(f"Card {at} of the bench"), stage=stage, now=now())
    return number


def measured(way: str, mine: Page, other: Page, moves: int) -> None:
    shown, kept, seen = [], [], []
    for at in range(moves):
        stages = [str(each) for each in list(Stage)[at % 4 : at % 4 + 2]]
        began = time.perf_counter()
        card, shown_ms, kept_ms = mine.evaluate(_TIMED, {"way": way, "stages": stages})
        other.locator(f'.list[data-stage="{stages[1]}"] [data-card="{card}"]').wait_for(state="attached")
        seen.append((time.perf_counter() - began) * 1000)
        shown.append(shown_ms)
        kept.append(kept_ms)
    for name, taken, budget in (("shown", shown, SHOWN_MS), ("kept", kept, None), ("seen", seen, SEEN_MS)):
        line = sorted(taken)
        p95 = line[int(0.95 * (len(line) - 1))]
        verdict = "  over budget" if budget is not None and line[-1] > budget else ""
        print(
            f"{way:<14}{name:<10}{statistics.median(line):>8.0f}{p95:>8.0f}{line[-1]:>8.0f}{verdict}",
            flush=True,
        )


if __name__ == "__main__":
    main()
