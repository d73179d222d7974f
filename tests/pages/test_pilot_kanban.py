"""Pilot kanban: who sees which pilot, a card in full, the weekly meeting, and the form of a pilot."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.dates import business_midnight
from core.reviews.board_queries import CardPage, card, cards
from core.reviews.board_service import CardDraft, comment, edit_card
from core.reviews.meeting_queries import MeetingView, meeting, meetings
from core.reviews.meeting_service import open_meeting, write_minutes
from core.reviews.pilot_queries import PilotView, pilots
from core.reviews.pilot_service import end_pilot
from core.reviews.pilots import Kpi
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.leadmaking import ZONE, add_lead, owe_response
from tests.measuremaking import save_measures
from tests.pages.conftest import LOCALES, Open, words
from tests.reviews.boards import RESPONSE, SCORE, START, WEEK, add, begin, weekly

PAGE = "pilot_kanban"
WORKERS = [Role.ADMINISTRATOR, Role.MANAGER, Role.SUPERVISOR, Role.OPERATIONS, Role.STAFF]


@pytest.fixture
def board(store: Store, actors: Actors) -> int:
    """A pilot of the East in its third week, with figures since its baseline."""
    begin(actors.manager, store, name="West only", department_ids=(actors.west,), starts_on=START - WEEK)
    shares = [88, 90, 89, 91, 92, 60]
    rows = [
        weekly(RESPONSE, START + (at - 4) * WEEK, share, 100, actors.east) for at, share in enumerate(shares)
    ]
    number = begin(
        actors.manager, store, department_ids=(actors.east,), kpis=(Kpi(RESPONSE, 0.9), Kpi(SCORE))
    )
    save_measures(store, rows)
    return number


def one(store: Store, actors: Actors, number: int) -> CardPage:
    return card(actors.staff, store, number, now=NOW)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def held(store: Store, actors: Actors, board: int) -> MeetingView:
    [head] = meetings(actors.staff, store, board)
    return meeting(actors.staff, store, head.id, now=NOW)


@pytest.mark.parametrize("language", LOCALES)
def test_an_intern_is_refused(open_page: Open, actors: Actors, board: int, language: str) -> None:
    app = open_page(actors.intern, language=language)
    app.switch_page("pages/review/pilot_kanban.py").run()
    assert len(app.error) == 1
    assert "Answer within a day" not in words(app)


@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize("language", LOCALES)
def test_each_role_sees_the_pilot_of_its_department(
    open_page: Open, actors: Actors, board: int, role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language, pilot=str(board))
    assert not app.exception
    assert not app.error
    assert "East" in words(app)
    offered = app.selectbox(key="kanban.pilot").options
    of_the_company = role in (Role.ADMINISTRATOR, Role.MANAGER, Role.OPERATIONS)
    assert any("West only" in each for each in offered) is of_the_company


def test_a_pilot_of_another_department_is_not_there_even_by_its_number(
    open_page: Open, actors: Actors, board: int
) -> None:
    app = open_page(actors.west_staff, PAGE, pilot=str(board))
    assert "may not see it" in app.error[0].value
    assert app.selectbox(key="kanban.pilot").options == ["West only"]


def test_a_card_of_another_department_is_not_shown(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number = add(actors.staff, store, board, "Of the East")
    app = open_page(actors.west_staff, PAGE, card=str(number))
    assert "may not see it" in app.error[0].value
    assert "Of the East" not in words(app)


@pytest.mark.parametrize("language", LOCALES)
def test_without_a_pilot_the_page_says_so(open_page: Open, actors: Actors, language: str) -> None:
    app = open_page(actors.staff, PAGE, language)
    assert not app.exception
    assert len(app.selectbox) == 0


def test_a_manager_without_a_pilot_gets_the_form_at_once(open_page: Open, actors: Actors) -> None:
    assert "Begin the pilot" in words(open_page(actors.manager, PAGE))


def agenda_of(app: AppTest) -> str:
    """The markup of the agenda that is shown."""
    [shown] = [each.proto for each in app.get("bidi_component") if each.proto.component_name == "agenda"]
    return str(json.loads(shown.json)["html"])


def test_without_figures_the_page_says_when_they_come(open_page: Open, actors: Actors, store: Store) -> None:
    begin(actors.manager, store)
    app = open_page(actors.staff, PAGE)
    assert "There are no weekly figures yet" in app.info[0].value
    assert "no measures yet" in words(app)


def test_the_kpis_say_value_week_n_and_how_they_stand(open_page: Open, actors: Actors, board: int) -> None:
    app = open_page(actors.staff, PAGE)
    shown = " ".join(str(each.value) for each in app.get("html"))
    for expected in ("60.0%", "week 2, n = 100", "▲", "(target 90.0%)", "pp against the baseline"):
        assert expected in shown
    assert "limits come from all weeks and are provisional" in words(app)
    assert "16 %" not in words(app)


def test_with_a_measured_baseline_the_page_says_how_often_chance_breaks_the_limits(
    open_page: Open, actors: Actors, store: Store
) -> None:
    before = [
        weekly(RESPONSE, START - number * WEEK, 60 + number % 3, 100, actors.east) for number in range(1, 9)
    ]
    save_measures(store, [*before, weekly(RESPONSE, START, 90, 100, actors.east)])
    begin(actors.manager, store, baseline_weeks=8, kpis=(Kpi(RESPONSE),))
    said = words(open_page(actors.staff, PAGE))
    assert "16 %" in said
    assert "fewer than 15 weeks" in said
    assert "limits come from all weeks" not in said


def test_a_kpi_that_is_known_only_months_later_is_not_offered(open_page: Open, actors: Actors) -> None:
    app = open_page(actors.manager, PAGE, form="new")
    offered = app.multiselect(key="kanban.pilot.kpis").options
    assert "Warning response on time" in offered
    assert "Lead conversion" not in offered


def test_the_agenda_opens_its_cards(open_page: Open, actors: Actors, board: int, store: Store) -> None:
    due = add(actors.staff, store, board, "Due", due_on=NOW.date())
    open_meeting(actors.staff, store, board, now=NOW)
    app = open_page(actors.staff, PAGE, view="meeting")
    assert f'href="/pilot_kanban?card={due}"' in agenda_of(app)
    assert "provisional" in words(app)
    assert "week 3 of 13" in words(app)


def test_a_card_opens_from_its_address_alone(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number = add(actors.staff, store, board, "A *bold* card", body="Why <b>so</b>?", measure=RESPONSE)
    comment(actors.supervisor, store, number, "Look at *this*", now=NOW)
    app = open_page(actors.staff, PAGE, card=str(number))
    assert r"A \*bold\* card" in [each.value for each in app.subheader]
    spoken = words(app)
    for expected in (
        "Why <b>so</b>?",
        "Look at *this*",
        "Eve",
        "Warning response on time",
        "added it to “Found”",
    ):
        assert expected in spoken


def test_a_card_is_moved_by_its_stages(open_page: Open, actors: Actors, board: int, store: Store) -> None:
    number = add(actors.staff, store, board)
    app = open_page(actors.staff, PAGE, card=str(number))
    app.button_group(key="kanban.card.stage").set_value("trying").run()
    assert one(store, actors, number).card.stage == "trying"
    assert "moved it from “Found” to “Trying”" in words(app)


def test_a_card_is_edited_and_commented_on(open_page: Open, actors: Actors, board: int, store: Store) -> None:
    number = add(actors.staff, store, board)
    app = open_page(actors.staff, PAGE, card=str(number))
    press(app, "Edit")
    app.text_input(key=f"card.{number}.title").set_value("Better title")
    app.selectbox(key=f"card.{number}.owner").set_value(actors.staff.staff_id)
    app.date_input(key=f"card.{number}.due_on").set_value(date(2026, 11, 9))
    press(app, "Save the card")
    saved = one(store, actors, number).card
    assert (saved.title, saved.owner, saved.due_on) == ("Better title", "Emil", date(2026, 11, 9))
    app.text_area(key=f"card.{number}.comment").set_value("Done by Friday")
    press(app, "Add comment")
    assert "Done by Friday" in words(app)
    assert app.text_area(key=f"card.{number}.comment").value == ""


def test_an_edit_on_top_of_anothers_is_refused_with_the_difference_and_can_be_repeated(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number = add(actors.staff, store, board)
    app = open_page(actors.staff, PAGE, card=str(number))
    press(app, "Edit")
    edit_card(actors.supervisor, store, number, CardDraft("Eve's title"), expected_version=1, now=NOW)
    app.text_input(key=f"card.{number}.title").set_value("My title")
    press(app, "Save the card")
    assert "Eve has changed this card" in app.error[0].value
    assert "Title, as it is now: Eve's title" in words(app)
    assert app.text_input(key=f"card.{number}.title").value == "My title"
    assert one(store, actors, number).card.title == "Eve's title"
    press(app, "Save the card")
    assert one(store, actors, number).card.title == "My title"


def test_a_refused_edit_keeps_what_was_typed(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number = add(actors.staff, store, board)
    app = open_page(actors.staff, PAGE, card=str(number))
    press(app, "Edit")
    app.text_input(key=f"card.{number}.title").set_value("Kept")
    app.date_input(key=f"card.{number}.due_on").set_value(date(2026, 11, 1))
    press(app, "Save the card")
    assert "over already" in app.error[0].value
    assert app.text_input(key=f"card.{number}.title").value == "Kept"


def test_a_new_card_is_found_at_the_board(open_page: Open, actors: Actors, board: int, store: Store) -> None:
    app = open_page(actors.staff, PAGE)
    app.text_input(key="kanban.new_title").set_value("Leads at night")
    press(app, "Add card")
    assert [each.title for each in cards(actors.staff, store, board)] == ["Leads at night"]
    press(app, "Add card")
    assert "a title" in app.error[0].value


def test_the_cases_of_a_week_are_listed_and_another_week_is_chosen_without_a_mouse(
    open_page: Open, actors: Actors, store: Store
) -> None:
    code = "first_response_on_time"
    begin(actors.manager, store, department_ids=(actors.east,), kpis=(Kpi(SCORE), Kpi(code)))
    with store.write() as session:
        for name, week in (("Ann", START), ("Ben", START + WEEK)):
            arrived = business_midnight(week, ZONE)
            lead = add_lead(session, name, arrived, owner_id=actors.staff.staff_id, department_id=actors.east)
            owe_response(session, lead)
        session.commit()
    save_measures(store, [weekly(code, START + at * WEEK, 0, 1, actors.east) for at in range(2)])
    app = open_page(actors.staff, PAGE)
    assert not app.dataframe
    app.button(key="kanban.cases.open").click().run()
    assert not app.exception
    assert app.dataframe[0].value["name"].tolist() == ["Ben"]
    app.selectbox(key="kanban.cases.week").set_value(START.isoformat()).run()
    assert f"{code}~{START.isoformat()}" in app.query_params["point"]
    assert "1 case as it stands now; leads answered in time: 0" in words(app)
    assert app.dataframe[0].value["name"].tolist() == ["Ann"]
    app.button(key="kanban.cases.close").click().run()
    assert not app.dataframe


def test_a_measure_without_cases_says_that_there_is_nothing_to_list(
    open_page: Open, actors: Actors, store: Store
) -> None:
    begin(actors.manager, store, department_ids=(actors.east,), kpis=(Kpi("completeness"),))
    save_measures(store, [weekly("completeness", START, 90, 100, actors.east)])
    app = open_page(actors.staff, PAGE, point=f"completeness~{START.isoformat()}")
    assert "there is nothing to list" in words(app)
    assert not app.dataframe


@pytest.mark.parametrize("point", ["completeness~2026-10-19", f"{RESPONSE}~2020-01-06", "~", "x"])
def test_a_point_that_is_not_there_opens_nothing(
    open_page: Open, actors: Actors, board: int, point: str
) -> None:
    app = open_page(actors.staff, PAGE, point=point)
    assert not app.exception
    assert not app.dataframe


@pytest.mark.parametrize("language", LOCALES)
def test_a_meeting_is_opened_decided_in_written_and_closed(
    open_page: Open, actors: Actors, board: int, store: Store, language: str
) -> None:
    app = open_page(actors.staff, PAGE, language, view="meeting")
    app.button(key="kanban.meeting.open").click().run()
    number = held(store, actors, board).id
    assert "60.0%" in agenda_of(app)
    app.text_input(key=f"meeting.{number}.title.0").set_value("Call at <nine>")
    app.selectbox(key=f"meeting.{number}.owner.0").set_value(actors.staff.staff_id)
    app.date_input(key=f"meeting.{number}.due_on.0").set_value(date(2026, 11, 9))
    app.selectbox(key=f"meeting.{number}.measure.0").set_value(RESPONSE)
    next(each for each in app.button if each.form_id == f"meeting.{number}.decide").click().run()
    [decided] = held(store, actors, board).decided
    assert (decided.title, decided.owner) == ("Call at <nine>", "Emil")
    assert "Call at &lt;nine&gt;" in agenda_of(app)

    app.text_input(key=f"meeting.{number}.attendees").set_value("Eve, Emil")
    app.text_area(key=f"meeting.{number}.minutes").set_value("All said.")
    app.button(key="kanban.meeting.save").click().run()
    assert held(store, actors, board).minutes == "All said."
    app.button(key="kanban.meeting.close.ask").click().run()
    app.button(key="kanban.meeting.close.do").click().run()
    view = held(store, actors, board)
    assert view.closed_at is not None
    assert [red.measure for red in view.agenda.red] == [RESPONSE]
    assert not app.text_area
    assert "All said." in words(app)


def written_by_two(open_page: Open, actors: Actors, board: int, store: Store) -> tuple[int, AppTest]:
    """A meeting whose minutes somebody saved while they were typed on the page."""
    number = open_meeting(actors.staff, store, board, now=NOW)
    app = open_page(actors.staff, PAGE, view="meeting")
    write_minutes(
        actors.supervisor, store, number, attendees="Eve", minutes="Hers.", expected_version=1, now=NOW
    )
    app.text_area(key=f"meeting.{number}.minutes").set_value("Mine.")
    return number, app


def test_minutes_typed_on_top_of_anothers_are_refused_and_shown_beside_theirs(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number, app = written_by_two(open_page, actors, board, store)
    press(app, "Save the minutes")
    assert "saved these minutes" in app.error[0].value
    assert "Hers." in words(app)
    assert app.text_area(key=f"meeting.{number}.minutes").value == "Mine."
    press(app, "Save the minutes")
    assert held(store, actors, board).minutes == "Mine."


def test_a_meeting_without_anybody_named_is_not_closed(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    open_meeting(actors.staff, store, board, now=NOW)
    app = open_page(actors.staff, PAGE, view="meeting")
    app.button(key="kanban.meeting.close.ask").click().run()
    app.button(key="kanban.meeting.close.do").click().run()
    assert "who was there" in app.error[0].value
    assert held(store, actors, board).closed_at is None


def test_a_close_keeps_what_was_typed_and_not_saved(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    app = open_page(actors.staff, PAGE, view="meeting")
    app.text_input(key=f"meeting.{number}.attendees").set_value("Eve, Emil")
    app.button(key="kanban.meeting.close.ask").click().run()
    app.text_area(key=f"meeting.{number}.minutes").set_value("Said while it asked.")
    app.button(key="kanban.meeting.close.do").click().run()
    assert not app.error
    view = held(store, actors, board)
    assert (view.attendees, view.minutes, view.closed_by) == ("Eve, Emil", "Said while it asked.", "Emil")


def test_a_close_on_top_of_anothers_minutes_is_refused_and_keeps_both(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number, app = written_by_two(open_page, actors, board, store)
    app.button(key="kanban.meeting.close.ask").click().run()
    app.button(key="kanban.meeting.close.do").click().run()
    assert "saved these minutes" in app.error[0].value
    assert app.text_area(key=f"meeting.{number}.minutes").value == "Mine."
    view = held(store, actors, board)
    assert (view.minutes, view.closed_at) == ("Hers.", None)


def test_a_decision_empties_its_form_and_a_second_press_makes_no_second_card(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    number = open_meeting(actors.staff, store, board, now=NOW)
    app = open_page(actors.staff, PAGE, view="meeting")
    app.text_input(key=f"meeting.{number}.title.0").set_value("Call at nine")
    app.selectbox(key=f"meeting.{number}.owner.0").set_value(actors.staff.staff_id)
    app.date_input(key=f"meeting.{number}.due_on.0").set_value(date(2026, 11, 9))
    press(app, "Decide")
    assert app.text_input(key=f"meeting.{number}.title.1").value == ""
    assert app.selectbox(key=f"meeting.{number}.owner.1").value is None
    press(app, "Decide")
    assert len(app.error) == 1
    assert [each.title for each in held(store, actors, board).decided] == ["Call at nine"]


def begun(store: Store, actors: Actors, name: str) -> PilotView:
    return next(each for each in pilots(actors.manager, store, now=NOW) if each.plan.name == name)


def test_a_manager_begins_a_pilot_by_the_form(open_page: Open, actors: Actors, store: Store) -> None:
    app = open_page(actors.manager, PAGE, form="new")
    app.text_input(key="kanban.pilot.name").set_value("Two calls a week")
    app.multiselect(key="kanban.pilot.departments").set_value([actors.east])
    app.multiselect(key="kanban.pilot.kpis").set_value([RESPONSE, "satisfaction"]).run()
    app.number_input(key=f"kanban.pilot.target.{RESPONSE}").set_value(85.0)
    press(app, "Begin the pilot")
    assert not app.error
    plan = begun(store, actors, "Two calls a week").plan
    assert plan.starts_on == date(2026, 11, 9)
    assert (plan.weeks, plan.baseline_weeks, plan.department_ids) == (13, 12, (actors.east,))
    assert plan.kpis == (Kpi(RESPONSE, 0.85), Kpi("satisfaction", 4.2))


def test_a_form_that_is_refused_says_why_and_stays(open_page: Open, actors: Actors, store: Store) -> None:
    app = open_page(actors.manager, PAGE, form="new")
    app.text_input(key="kanban.pilot.name").set_value("No KPI")
    press(app, "Begin the pilot")
    assert "from 1 to 6 KPIs" in app.error[0].value
    assert app.text_input(key="kanban.pilot.name").value == "No KPI"


def test_a_manager_changes_a_pilot_and_no_target_stays_none(
    open_page: Open, actors: Actors, board: int, store: Store
) -> None:
    app = open_page(actors.manager, PAGE, pilot=str(board), form="change")
    app.number_input(key="kanban.pilot.weeks").set_value(8)
    press(app, "Save the changes")
    assert not app.error
    plan = begun(store, actors, "Answer within a day").plan
    assert (plan.weeks, plan.kpis) == (8, (Kpi(RESPONSE, 0.9), Kpi(SCORE)))


def test_staff_find_no_way_to_change_or_end_a_pilot(open_page: Open, actors: Actors, board: int) -> None:
    app = open_page(actors.staff, PAGE, form="change")
    assert not {"Manage", "New pilot", "End this pilot"} & {each.label for each in app.button}
    assert "Save the changes" not in words(app)


def test_an_ended_pilot_is_a_record(open_page: Open, actors: Actors, board: int, store: Store) -> None:
    number = add(actors.staff, store, board, "Left open")
    app = open_page(actors.manager, PAGE, pilot=str(board))
    app.button(key="kanban.end.ask").click().run()
    app.button(key="kanban.end.do").click().run()
    assert begun(store, actors, "Answer within a day").ended_on == date(2026, 11, 3)
    app = open_page(actors.staff, PAGE, card=str(number))
    assert "its board is a record" in words(app)
    assert "Left open" in words(app)
    assert not app.text_area
    assert not {"Add card", "Save the card"} & {each.label for each in app.button}
    assert not open_page(actors.staff, PAGE, view="meeting").exception


@pytest.mark.parametrize(
    ("days", "expected"), [(-30, "Called off before it started"), (120, "Its weeks are over")]
)
def test_a_pilot_outside_its_weeks_says_so(
    open_page: Open, actors: Actors, store: Store, days: int, expected: str
) -> None:
    if days < 0:
        number = begin(actors.manager, store, starts_on=START + 4 * WEEK)
        end_pilot(actors.manager, store, number, expected_version=1, now=NOW)
    else:
        begin(actors.manager, store, starts_on=START - 20 * WEEK, now=NOW - timedelta(days=days))
    assert expected in words(open_page(actors.staff, PAGE))
