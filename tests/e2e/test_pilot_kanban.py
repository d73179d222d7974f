"""The board in a real browser: moved by mouse, finger, keyboard and one click; seen by the other; refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from core.access.actor import SYSTEM
from core.clock import now
from core.dates import business_date
from core.reviews.board_queries import cards
from core.reviews.board_service import CardDraft, add_card, move_card
from core.reviews.labels import CARD_STAGES
from core.reviews.meeting_service import open_meeting
from core.reviews.pilot_service import create_pilot
from core.reviews.pilots import Kpi, Plan, monday_of
from tests.e2e.browsing import PHONE, POINTS_MS, Words, settled, tab
from tests.measuremaking import save_measures
from tests.serving import Server, served, wait_for

pytestmark = pytest.mark.browser

TITLES = ("Leads at night", "Calls on Friday", "Missing addresses")
"""What two people are promised."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with the manager `mai` and her colleague `olga`."""
    with served(tmp_path_factory.mktemp("served")) as running:
        running.account("mai", "manager", "Mai")
        running.account("olga", "operations", "Olga")
        yield running


@pytest.fixture
def account() -> str:
    return "mai"


@pytest.fixture
def board(server: Server, request: pytest.FixtureRequest) -> int:
    """A pilot of the test's own, its three cards all found."""
    today = business_date(now(), "Asia/Shanghai")
    plan = Plan(
        name=re.sub(r"\W+", " ", request.node.name)[-60:],
        starts_on=monday_of(today) - timedelta(weeks=2),
        weeks=13,
        baseline_weeks=12,
        kpis=(Kpi("satisfaction"),),
    )
    number = create_pilot(SYSTEM, server.store, plan, now=now())
    for title in TITLES:
        add_card(SYSTEM, server.store, number, CardDraft(title), now=now())
    return number


def show(page: Page, board: int) -> None:
    page.goto(f"/pilot_kanban?pilot={board}")
    settled(page)
    expect(card(page, TITLES[0])).to_be_visible()


def card(page: Page, title: str) -> Locator:
    return page.locator(".card", has_text=title)


def column(page: Page, stage: str) -> Locator:
    return page.locator(f'.list[data-stage="{stage}"]')


def stored(server: Server, board: int, title: str) -> str:
    return next(each.stage for each in cards(SYSTEM, server.store, board) if each.title == title)


def lies(server: Server, page: Page, board: int, title: str, stage: str) -> None:
    """The card is shown and kept in that stage."""
    expect(column(page, stage).locator(".card", has_text=title)).to_be_visible()
    wait_for(lambda: stored(server, board, title) == stage, f"card in {stage}", 5)


def drag(page: Page, source: Locator, target: Locator) -> None:
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 40, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 20, steps=4)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 60, steps=8)
    page.mouse.up()


def test_a_card_is_dragged_by_the_mouse(server: Server, page: Page, board: int, words: Words) -> None:
    show(page, board)
    drag(page, card(page, TITLES[0]), column(page, "trying"))
    lies(server, page, board, TITLES[0], "trying")
    expect(page).not_to_have_url(re.compile("card="))  # letting go is no click
    expect(page.locator(".board [role=status]")).to_contain_text(words(CARD_STAGES["trying"]))


def test_a_card_dragged_and_let_go_by_escape_stays(server: Server, page: Page, board: int) -> None:
    show(page, board)
    start = card(page, TITLES[0]).bounding_box()
    assert start is not None
    page.mouse.move(start["x"] + 40, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 400, start["y"] + 60, steps=6)
    expect(page.locator(".ghost")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".ghost")).to_have_count(0)
    page.mouse.up()
    lies(server, page, board, TITLES[0], "found")


def test_a_card_is_moved_and_opened_by_the_keyboard(
    server: Server, page: Page, board: int, words: Words
) -> None:
    show(page, board)
    card(page, TITLES[0]).focus()
    page.keyboard.press("ArrowDown")
    expect(card(page, TITLES[1])).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    lies(server, page, board, TITLES[1], "trying")
    expect(card(page, TITLES[1])).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    lies(server, page, board, TITLES[1], "planned")
    assert "/pilot_kanban" in page.url  # the browser did not go back
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"card=\d+"))
    expect(page.get_by_role("heading", name=TITLES[1])).to_be_visible()
    expect(page.get_by_role("button", name=words("Close"))).to_be_visible()


def test_a_card_is_sorted_within_its_column_by_the_keyboard(server: Server, page: Page, board: int) -> None:
    show(page, board)
    card(page, TITLES[0]).focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(column(page, "found").locator(".title")).to_have_text([TITLES[1], TITLES[0], TITLES[2]])
    wait_for(
        lambda: [each.title for each in cards(SYSTEM, server.store, board)][:2] == [TITLES[1], TITLES[0]],
        "new order",
        5,
    )


def test_a_card_goes_on_by_one_click(server: Server, page: Page, board: int, words: Words) -> None:
    show(page, board)
    label = words("Move “{title}” to {stage}", title=TITLES[2], stage=words(CARD_STAGES["planned"]))
    page.get_by_role("button", name=label).click()
    lies(server, page, board, TITLES[2], "planned")
    expect(page).not_to_have_url(re.compile("card="))


def test_the_other_person_sees_a_move_without_doing_anything(
    server: Server, browser: Browser, page: Page, board: int, language: str
) -> None:
    show(page, board)
    with tab(browser, server, language, account="olga") as other:
        show(other, board)
        card(page, TITLES[0]).focus()
        page.keyboard.press("Alt+ArrowRight")
        expect(column(other, "planned").locator(".card", has_text=TITLES[0])).to_be_visible()


class Line:
    """The line from the server to a tab; while it is held, the tab hears nothing and goes on speaking."""

    def __init__(self, page: Page) -> None:
        self.held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, tab_side: WebSocketRoute) -> None:
        def from_server(message: str | bytes) -> None:
            if self.held is None:
                tab_side.send(message)
            else:
                self.held.append((tab_side, message))

        tab_side.connect_to_server().on_message(from_server)

    def hold(self) -> None:
        self.held = []

    def release(self) -> None:
        waiting, self.held = self.held or [], None
        for tab_side, message in waiting:
            tab_side.send(message)


def test_a_stale_move_is_shown_at_once_and_snaps_back_with_the_sentence(
    server: Server, page: Page, board: int, words: Words
) -> None:
    line = Line(page)
    show(page, board)
    number = next(each.id for each in cards(SYSTEM, server.store, board) if each.title == TITLES[0])
    line.hold()
    move_card(SYSTEM, server.store, number, "checking", expected_version=1, now=now())
    card(page, TITLES[0]).focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(column(page, "planned").locator(".card", has_text=TITLES[0])).to_be_visible()
    line.release()
    sentence = words(
        "{name} has moved this card to “{stage}” in the meantime. Look at it again.",
        name=words("The system"),
        stage=words(CARD_STAGES["checking"]),
    )
    expect(page.locator(".refusal")).to_have_text(sentence)
    expect(page.locator(".refusal")).to_have_attribute("role", "alert")
    lies(server, page, board, TITLES[0], "checking")
    expect(card(page, TITLES[0])).to_be_focused()


def test_on_a_phone_a_finger_drags_by_the_grip_and_one_tap_moves(
    server: Server, browser: Browser, board: int, language: str, words: Words
) -> None:
    with tab(
        browser, server, language, account="mai", viewport=PHONE, has_touch=True, is_mobile=True
    ) as page:
        show(page, board)
        label = words("Move “{title}” to {stage}", title=TITLES[2], stage=words(CARD_STAGES["planned"]))
        page.get_by_role("button", name=label).tap()
        lies(server, page, board, TITLES[2], "planned")
        place = page.locator(".place", has_text=TITLES[1])
        place.scroll_into_view_if_needed()
        grip, first = place.locator(".grip").bounding_box(), card(page, TITLES[0]).bounding_box()
        assert grip is not None
        assert first is not None
        touch = page.context.new_cdp_session(page)
        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 9):
            to = y + (first["y"] - 4 - y) * step / 8
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": to}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        expect(column(page, "found").locator(".title")).to_have_text([TITLES[1], TITLES[0]])


def test_what_is_written_on_a_card_is_never_markup(server: Server, page: Page, board: int) -> None:
    title = "<img src=x onerror=\"document.title='owned'\">"
    add_card(SYSTEM, server.store, board, CardDraft(title), now=now())
    show(page, board)
    expect(card(page, "<img")).to_have_count(1)
    assert page.locator(".board img").count() == 0
    assert page.title() != "owned"


def test_minutes_are_downloaded_as_a_page(server: Server, page: Page, board: int, words: Words) -> None:
    page.goto(f"/pilot_kanban?pilot={board}&view=meeting")
    settled(page)
    page.get_by_role("button", name=words("Open this week's meeting")).click()
    link = page.get_by_role("link", name=words("Download the minutes"))
    expect(link).to_be_visible()
    answer = page.request.get(str(link.get_attribute("href")))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert words("What is red") in answer.text()
    assert "<script" not in answer.text()
    assert page.request.get("/exports/minutes/999999").status == 404


def test_a_card_dragged_slowly_over_others_never_aims_at_its_own_line(
    server: Server, page: Page, board: int
) -> None:
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    show(page, board)
    start, end = card(page, TITLES[0]).bounding_box(), card(page, TITLES[2]).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 40, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(end["x"] + 40, end["y"] + end["height"], steps=60)
    page.mouse.move(start["x"] + 40, start["y"] + 12, steps=60)
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] - 2, steps=30)
    page.mouse.up()
    expect(column(page, "found").locator(".title").last).to_have_text(TITLES[0])
    assert failed == []


def test_beside_an_opened_card_the_whole_board_is_seen(server: Server, page: Page, board: int) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    show(page, board)
    card(page, TITLES[0]).click()
    expect(page.locator(".st-key-kanban_card")).to_be_visible()
    settled(page)
    columns = page.locator(".columns")
    assert columns.evaluate("each => each.scrollWidth - each.clientWidth") <= 0


def test_ending_a_meeting_keeps_what_was_typed(server: Server, page: Page, board: int, words: Words) -> None:
    page.goto(f"/pilot_kanban?pilot={board}&view=meeting")
    settled(page)
    page.get_by_role("button", name=words("Open this week's meeting")).click()
    page.get_by_label(words("Who is there")).fill("Mai, Olga")
    page.get_by_role("textbox", name=words("Minutes")).fill("Never saved.")
    page.get_by_role("button", name=words("Close the meeting")).click()
    page.locator(".st-key-kanban-meeting-close-do button").click()
    expect(page.get_by_text("Never saved.", exact=True)).to_be_visible()
    expect(page.get_by_text("Mai, Olga", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name=words("Minutes"))).to_have_count(0)


def test_a_point_of_a_chart_and_a_card_of_the_agenda_open_in_the_app(
    server: Server, page: Page, board: int, words: Words
) -> None:
    """Neither loads the page again: what the browser has kept is still there."""
    today = business_date(now(), "Asia/Shanghai")
    week = monday_of(today) - timedelta(weeks=2)
    cells = {"measure": "satisfaction", "grain": "week", "numerator": 40, "denominator": 10, "squares": 170.0}
    save_measures(server.store, [{**cells, "start": week}], as_of=today)
    due = add_card(SYSTEM, server.store, board, CardDraft("Due today", due_on=today), now=now())
    open_meeting(SYSTEM, server.store, board, now=now())
    show(page, board)
    page.evaluate("window.kept = true")
    point = page.locator(".st-key-kanban_kpis .points path").first
    expect(point).to_be_visible()
    point.hover(force=True)  # what takes the click lies over it
    page.wait_for_timeout(POINTS_MS)
    point.click(force=True)
    expect(page).to_have_url(re.compile(f"point=satisfaction~{week.isoformat()}"))
    expect(page.locator(".st-key-kanban_cases")).to_be_visible()
    page.get_by_text(words("Weekly meeting"), exact=True).click()
    page.get_by_role("link", name="Due today").click()
    expect(page).to_have_url(re.compile(f"card={due}"))
    expect(page.locator(".st-key-kanban_card")).to_contain_text("Due today")
    assert page.evaluate("window.kept")
