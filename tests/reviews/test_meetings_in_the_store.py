"""Weekly meetings in the store: one a week, decisions become cards, a closed one is a record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from core.access.actor import Actor
from core.access.tables import Account, AuditEntry, StaffMember
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.reviews.board_queries import card, cards
from core.reviews.board_service import CardDraft, edit_card, move_card
from core.reviews.meeting_minutes import agenda_html, minutes_page
from core.reviews.meeting_queries import meeting, meetings
from core.reviews.meeting_record import Moved
from core.reviews.meeting_service import close_meeting, decide, open_meeting, write_minutes
from core.reviews.pilot_service import change_pilot, end_pilot
from core.reviews.pilots import Kpi
from core.reviews.tables import WeeklyMeeting
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.measuremaking import save_measures
from tests.reviews.boards import RESPONSE, START, WEEK, add, begin, plan, weekly

MONDAY = date(2026, 11, 2)
WEEK_AGO = NOW - timedelta(days=7)


@pytest.fixture
def board(store: Store, actors: Actors) -> int:
    """A pilot of the East in its third week; response on time fell to half in its second."""
    shares = {START - WEEK: 92, START: 93, START + WEEK: 50}
    save_measures(store, [weekly(RESPONSE, week, share, 100, actors.east) for week, share in shares.items()])
    return begin(
        actors.manager, store, department_ids=(actors.east,), baseline_weeks=1, kpis=(Kpi(RESPONSE, 0.95),)
    )


def written(actor: Actor, store: Store, number: int, **given: object) -> int:
    usual = {"attendees": "Eve, Emil", "minutes": "All said.", "expected_version": 1, "now": NOW}
    return write_minutes(actor, store, number, **usual | given)


def decision_of(actor: Actor, title: str, **given: Any) -> CardDraft:
    """A decision that somebody owes by a day."""
    usual = {"kind": "decision", "owner_id": actor.staff_id, "due_on": date(2026, 11, 9)}
    return CardDraft(title, **usual | given)


def held(actor: Actor, store: Store, board: int, *, now: object = NOW, decision: str = "") -> int:
    """A meeting opened, written and closed at once."""
    number = open_meeting(actor, store, board, now=now)
    if decision:
        decide(actor, store, number, decision_of(actor, decision, measure=RESPONSE), now=now)
    version = written(actor, store, number, now=now)
    close_meeting(actor, store, number, expected_version=version, now=now)
    return number


def test_a_week_has_one_meeting_however_often_it_is_opened(store: Store, actors: Actors, board: int) -> None:
    start = Barrier(2)

    def attempt(actor: Actor) -> int:
        start.wait()
        return open_meeting(actor, store, board, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(attempt, (actors.staff, actors.supervisor))
    assert first == second
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(WeeklyMeeting)) == 1
    assert [each.week for each in meetings(actors.staff, store, board)] == [MONDAY]


def test_before_the_pilot_starts_and_after_it_ended_there_is_no_meeting(
    store: Store, actors: Actors, board: int
) -> None:
    with pytest.raises(Refused, match="starts on 2026-10-19"):
        open_meeting(actors.staff, store, board, now=NOW - timedelta(days=18))
    end_pilot(actors.manager, store, board, expected_version=1, now=NOW)
    with pytest.raises(Refused, match="has ended"):
        open_meeting(actors.staff, store, board, now=NOW)


def test_an_open_meeting_shows_what_is_red_in_the_last_complete_week(
    store: Store, actors: Actors, board: int
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    view = meeting(actors.staff, store, number, now=NOW)
    [red] = view.agenda.red
    assert (view.agenda.looks_at, red.measure, red.value, red.n) == (START + WEEK, RESPONSE, 0.5, 100)
    assert red.missed


def test_in_the_first_week_nothing_is_red_yet(store: Store, actors: Actors, board: int) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW - 2 * timedelta(days=7))
    agenda = meeting(actors.staff, store, number, now=NOW).agenda
    assert (agenda.looks_at, agenda.red) == (None, ())


def test_a_new_decision_becomes_a_planned_card_that_says_where_it_comes_from(
    store: Store, actors: Actors, board: int
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    made = decide(actors.staff, store, number, decision_of(actors.staff, "Call at nine"), now=NOW)
    page = card(actors.staff, store, made, now=NOW)
    assert (page.card.stage, page.card.kind, page.meeting_week) == ("planned", "decision", MONDAY)
    assert [each.card_id for each in meeting(actors.staff, store, number, now=NOW).decided] == [made]


@pytest.mark.parametrize("missing", ["owner_id", "due_on"])
def test_a_decision_without_owner_or_day_is_refused(
    store: Store, actors: Actors, board: int, missing: str
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    with pytest.raises(Refused, match="who does it and by when"):
        decide(actors.staff, store, number, decision_of(actors.staff, "Call", **{missing: None}), now=NOW)
    assert cards(actors.staff, store, board) == []


def test_the_close_keeps_attendees_and_minutes_in_the_same_step(
    store: Store, actors: Actors, board: int
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    given = {"expected_version": 1, "now": NOW}
    with pytest.raises(Refused, match="who was there"):
        close_meeting(actors.staff, store, number, attendees=" ", minutes="All said.", **given)
    assert meeting(actors.staff, store, number, now=NOW).minutes == ""
    close_meeting(actors.staff, store, number, attendees="Eve, Emil", minutes="All said.", **given)
    view = meeting(actors.staff, store, number, now=NOW)
    assert (view.attendees, view.minutes, view.closed_by) == ("Eve, Emil", "All said.", "Emil")


def test_the_next_meeting_asks_what_became_of_the_last_decisions(
    store: Store, actors: Actors, board: int
) -> None:
    held(actors.supervisor, store, board, now=WEEK_AGO, decision="Call at nine")
    number = open_meeting(actors.staff, store, board, now=NOW)
    [decision] = meeting(actors.staff, store, number, now=NOW).agenda.decisions
    assert (decision.title, decision.before, decision.now) == ("Call at nine", 0.93, 0.5)
    assert decision.moved is Moved.WORSE


def test_due_and_late_cards_are_on_the_agenda(store: Store, actors: Actors, board: int) -> None:
    due = add(actors.staff, store, board, "Due", due_on=date(2026, 11, 8))
    add(actors.staff, store, board, "Later", due_on=date(2026, 11, 9))
    number = open_meeting(actors.staff, store, board, now=NOW)
    assert [each.card_id for each in meeting(actors.staff, store, number, now=NOW).agenda.due] == [due]


def test_minutes_are_kept_and_never_overwritten_unseen(store: Store, actors: Actors, board: int) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    assert written(actors.staff, store, number) == 2
    assert written(actors.staff, store, number, expected_version=2) == 2  # nothing new
    with pytest.raises(StaleEdit, match="saved these minutes"):
        written(actors.supervisor, store, number, minutes="Mine.")
    view = meeting(actors.staff, store, number, now=NOW)
    assert (view.attendees, view.minutes, view.version) == ("Eve, Emil", "All said.", 2)


def test_minutes_have_a_limit(store: Store, actors: Actors, board: int) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    with pytest.raises(Refused, match="at most 10000"):
        written(actors.staff, store, number, minutes="x" * 10_001)
    with pytest.raises(Refused, match="at most 500"):
        written(actors.staff, store, number, attendees="x" * 501)


def test_a_meeting_is_closed_once_somebody_is_named(store: Store, actors: Actors, board: int) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    with pytest.raises(Refused, match="who was there"):
        close_meeting(actors.staff, store, number, expected_version=1, now=NOW)
    written(actors.staff, store, number)
    with pytest.raises(StaleEdit):
        close_meeting(actors.staff, store, number, expected_version=1, now=NOW)
    close_meeting(actors.staff, store, number, expected_version=2, now=NOW)
    assert meeting(actors.staff, store, number, now=NOW).closed_by == "Emil"


def test_a_closed_meeting_is_never_changed_and_its_agenda_stays(
    store: Store, actors: Actors, board: int
) -> None:
    late = add(actors.staff, store, board, "Due", due_on=NOW.date())
    number = held(actors.staff, store, board)
    frozen = meeting(actors.staff, store, number, now=NOW).agenda
    assert frozen.red
    assert frozen.due
    move_card(actors.staff, store, late, "settled", expected_version=1, now=NOW)
    save_measures(store, [])
    assert meeting(actors.staff, store, number, now=NOW).agenda == frozen
    with pytest.raises(Refused, match="Emil has closed this meeting"):
        written(actors.manager, store, number, expected_version=3)
    with pytest.raises(Refused, match="Emil has closed this meeting"):
        decide(actors.manager, store, number, CardDraft("More"), now=NOW)
    with pytest.raises(Refused, match="Emil has closed this meeting"):
        close_meeting(actors.manager, store, number, expected_version=3, now=NOW)
    assert open_meeting(actors.staff, store, board, now=NOW) == number


def test_a_meeting_left_open_can_be_closed_after_the_pilot_but_decides_nothing_more(
    store: Store, actors: Actors, board: int
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    end_pilot(actors.manager, store, board, expected_version=1, now=NOW)
    with pytest.raises(Refused, match="has ended"):
        decide(actors.staff, store, number, CardDraft("More"), now=NOW)
    close_meeting(actors.staff, store, number, expected_version=written(actors.staff, store, number), now=NOW)
    assert cards(actors.staff, store, board) == []


def test_meetings_out_of_reach_are_not_there(store: Store, actors: Actors, board: int) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    for command in (
        lambda: meetings(actors.west_staff, store, board),
        lambda: meeting(actors.west_staff, store, number, now=NOW),
        lambda: open_meeting(actors.west_staff, store, board, now=NOW),
        lambda: written(actors.west_staff, store, number),
        lambda: decide(actors.west_staff, store, number, CardDraft("X"), now=NOW),
        lambda: close_meeting(actors.west_staff, store, number, expected_version=1, now=NOW),
        lambda: minutes_page(actors.west_staff, store, number, "en", now=NOW),
    ):
        with pytest.raises(NotFound):
            command()
    with pytest.raises(NotAllowed):
        open_meeting(actors.intern, store, board, now=NOW)


@pytest.mark.parametrize(("language", "lang", "share"), [("zh_CN", "zh-CN", "50.0%"), ("en", "en", "50.0%")])
def test_minutes_are_a_page_of_their_own_in_both_languages(
    store: Store, actors: Actors, board: int, language: str, lang: str, share: str
) -> None:
    held(actors.supervisor, store, board, now=WEEK_AGO, decision="Call at nine")
    number = held(actors.staff, store, board, decision="Ring twice")
    content, name = minutes_page(actors.staff, store, number, language, now=NOW)
    page = content.decode()
    with store.read() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert last is not None
        assert (last.action, last.subject_id) == ("minutes.downloaded", str(number))
    assert name == "minutes-2026-11-02.html"
    assert f'<html lang="{lang}">' in page
    for expected in ("Call at nine", "Ring twice", "Eve, Emil", "All said.", share, "93.0% → 50.0%"):
        assert expected in page
    for outside in ("http:", "https:", "src=", "href=", "<script"):
        assert outside not in page


def test_what_people_wrote_is_text_on_the_page_of_minutes(store: Store, actors: Actors) -> None:
    attack = "<script>alert(1)</script>"
    board = begin(actors.manager, store, name=f"P{attack}")
    add(actors.staff, store, board, f"due {attack}", due_on=NOW.date())
    number = open_meeting(actors.staff, store, board, now=NOW)
    decide(actors.staff, store, number, decision_of(actors.staff, f"new {attack}"), now=NOW)
    written(actors.staff, store, number, attendees=f"who {attack}", minutes=f"said {attack}")
    page = minutes_page(actors.staff, store, number, "en", now=NOW)[0].decode()
    assert "<script" not in page
    for before in ("P", "due ", "new ", "who ", "said "):
        assert f"{before}&lt;script&gt;" in page


def test_an_open_meeting_says_that_it_is_not_closed(store: Store, actors: Actors, board: int) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    page = minutes_page(actors.staff, store, number, "en", now=NOW)[0].decode()
    assert "Not closed yet" in page
    assert plan().name in page


def page_of(actor: Actor, store: Store, number: int) -> str:
    return minutes_page(actor, store, number, "en", now=NOW)[0].decode()


def test_a_week_whose_figures_are_not_worked_out_is_never_called_green_not_even_once_closed(
    store: Store, actors: Actors, board: int
) -> None:
    green = [weekly(RESPONSE, START, 99, 100, actors.east)]
    save_measures(store, green, as_of=START + WEEK)
    number = held(actors.staff, store, board)
    page = page_of(actors.staff, store, number)
    assert "week from Oct 26, 2026 are not worked out yet; the last ones are as of Oct 26, 2026" in page
    assert "Nothing is red" not in page
    save_measures(store, [*green, weekly(RESPONSE, START + WEEK, 99, 100, actors.east)])
    assert page_of(actors.staff, store, number) == page


def test_without_any_figures_the_agenda_says_so(store: Store, actors: Actors) -> None:
    number = open_meeting(actors.staff, store, begin(actors.manager, store), now=NOW)
    page = page_of(actors.staff, store, number)
    assert "week from Oct 26, 2026 are not worked out yet." in page
    assert "Nothing is red" not in page


def test_a_measured_week_without_trouble_is_green(store: Store, actors: Actors, board: int) -> None:
    save_measures(store, [weekly(RESPONSE, START + WEEK, 99, 100, actors.east)])
    number = open_meeting(actors.staff, store, board, now=NOW)
    assert "Nothing is red" in page_of(actors.staff, store, number)


def test_minutes_of_a_closed_meeting_stay_the_same_bytes_whatever_is_renamed(
    store: Store, actors: Actors, board: int
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    draft = CardDraft(
        "Call at nine", owner_id=actors.staff.staff_id, due_on=date(2026, 11, 9), measure=RESPONSE
    )
    made = decide(actors.staff, store, number, draft, now=NOW)
    close_meeting(actors.staff, store, number, expected_version=written(actors.staff, store, number), now=NOW)
    page = page_of(actors.staff, store, number)
    for expected in ("Call at nine", "Emil", "Nov 9, 2026", "Answer within a day"):
        assert expected in page
    edit_card(actors.staff, store, made, CardDraft("Call at ten"), expected_version=1, now=NOW)
    renamed = plan(
        name="Renamed", department_ids=(actors.east,), baseline_weeks=1, kpis=(Kpi(RESPONSE, 0.95),)
    )
    change_pilot(actors.manager, store, board, renamed, expected_version=1, now=NOW)
    with store.write() as session:
        for account in session.scalars(select(Account)):
            account.display_name = f"Another {account.id}"
        for person in session.scalars(select(StaffMember)):
            person.name = f"Somebody {person.id}"
        session.commit()
    assert page_of(actors.staff, store, number) == page
    assert meeting(actors.staff, store, number, now=NOW).decided[0].title == "Call at nine"


def test_the_page_links_to_cards_and_the_printed_minutes_do_not(
    store: Store, actors: Actors, board: int
) -> None:
    due = add(actors.staff, store, board, "Due", due_on=NOW.date())
    number = open_meeting(actors.staff, store, board, now=NOW)
    view = meeting(actors.staff, store, number, now=NOW)
    assert f'<a href="/pilot_kanban?card={due}">Due</a>' in agenda_html(view, "en", "/pilot_kanban?card=")
    assert "href" not in page_of(actors.staff, store, number)


def test_money_reads_in_the_minutes_as_in_the_report(store: Store, actors: Actors) -> None:
    code = "average_order_value"
    # 40 orders of 1,234.50 each: the mean rounds half up.
    rows = [
        weekly(code, START + WEEK, 40 * 12_345_000, 40, actors.east)
        | {"squares": 40.0 * 12_345_000.0**2, "region": None}
    ]
    save_measures(store, rows)
    board = begin(actors.manager, store, kpis=(Kpi(code, 2_000.0),))
    number = open_meeting(actors.staff, store, board, now=NOW)
    page = page_of(actors.staff, store, number)
    assert ">¥1,235<" in page
    assert ">¥2,000<" in page
