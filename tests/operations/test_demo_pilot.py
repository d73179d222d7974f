"""The demo company's running pilot: lived through the services, at instants that can be believed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.access.actor import SYSTEM
from core.access.tables import AuditEntry
from core.dates import business_date
from core.obligations.tables import Obligation
from core.operations.demo import words
from core.operations.demo.pilot import live_pilot
from core.policy.queries import policy_at
from core.reviews.board import Stage
from core.reviews.board_queries import cards
from core.reviews.meeting_queries import meeting, meetings
from core.reviews.pilot_cases import week_cases
from core.reviews.pilot_kpis import kpi_weeks
from core.reviews.pilot_queries import PilotView, pilots
from core.reviews.pilots import Standing
from core.reviews.tables import Card, CardEntry, Pilot
from core.store.engine import Store
from tests.operations.conftest import DEMO_NOW as NOW
from tests.operations.conftest import Demo


@pytest.fixture
def store(demo: Demo) -> Store:
    return demo[0]


def running(store: Store) -> PilotView:
    [pilot] = pilots(SYSTEM, store, now=NOW)
    return pilot


def test_the_pilot_is_in_its_seventh_week_of_thirteen_in_two_departments(store: Store) -> None:
    pilot = running(store)
    assert (pilot.standing, pilot.week, pilot.plan.weeks) == (Standing.RUNNING, 7, 13)
    assert (pilot.plan.baseline_weeks, pilot.departments) == (12, ("华东大区", "华北大区"))


def test_first_responses_got_better_in_it_and_most_weeks_have_enough_of_them(store: Store) -> None:
    evidence = policy_at(store, NOW.date()).evidence
    first, *_ = kpi_weeks(SYSTEM, store, running(store).id, now=NOW)
    assert first.measure.code == "first_response_on_time"
    assert first.since.better
    assert first.since.difference is not None
    assert first.since.difference > 0.08
    weeks = [each for each in first.weeks if each.complete]
    assert (len(weeks), sum(each.n >= evidence.smallest_n for each in weeks) >= 12) == (18, True)


def test_a_point_of_its_charts_opens_exactly_the_cases_that_it_counts(store: Store) -> None:
    pilot = running(store)
    listed = 0
    for kpi in kpi_weeks(SYSTEM, store, pilot.id, now=NOW):
        for week in kpi.weeks:
            found = week_cases(SYSTEM, store, pilot.id, kpi.measure.code, week.start, now=NOW, limit=500)
            if found is None or not week.complete:
                continue
            assert (found.n, len(found.shown)) == (week.n, week.n), (kpi.measure.code, week.start)
            if kpi.measure.kind == "share":
                assert found.good == week.counts.numerator
            listed += found.n
    assert listed > 500


def test_its_board_has_cards_in_every_stage_with_owners_days_and_comments(store: Store) -> None:
    found = cards(SYSTEM, store, running(store).id)
    today = business_date(NOW, "Asia/Shanghai")
    assert 12 <= len(found) <= 14
    assert {card.stage for card in found} == set(Stage)
    assert sum(card.owner is not None and card.due_on is not None for card in found) >= 9
    assert sum(card.comments for card in found) >= 8
    assert 1 <= sum(card.days_late(today) > 0 for card in found) <= 3


def test_two_weekly_meetings_were_held_and_decided_something(store: Store) -> None:
    held = meetings(SYSTEM, store, running(store).id)
    views = [meeting(SYSTEM, store, each.id, now=NOW) for each in held]
    assert [view.closed_at is not None for view in views] == [True, True]
    assert [len(view.decided) for view in views] == [1, 2]
    assert all(view.minutes and view.attendees for view in views)
    assert [decision.card_id for decision in views[0].agenda.decisions] == [
        card.card_id for card in sorted(views[1].decided, key=lambda each: each.card_id)
    ]


def test_everything_was_done_by_somebody_in_the_past_and_in_order(store: Store) -> None:
    with store.read() as session:
        entries = session.execute(select(CardEntry.at, CardEntry.by).order_by(CardEntry.id)).all()
        audit = session.scalars(select(AuditEntry.at).where(AuditEntry.action.like("card.%"))).all()
    instants = [at for at, _ in entries]
    assert instants == sorted(instants)
    assert all(by is not None for _, by in entries)
    assert max(instants) < NOW
    assert max(audit) < NOW


def test_owners_owe_their_cards(store: Store) -> None:
    with store.read() as session:
        owed = session.execute(
            select(Obligation.owner_id, Obligation.done_at).where(Obligation.kind == "card")
        ).all()
    assert len(owed) >= 9
    assert sum(done is not None for _, done in owed) == 2


def test_living_through_it_again_changes_nothing(store: Store) -> None:
    def counted() -> list[int | None]:
        with store.read() as session:
            return [
                session.scalar(select(func.count()).select_from(table)) for table in (Pilot, Card, CardEntry)
            ]

    before = counted()
    live_pilot(store, now=NOW)
    assert counted() == before


def test_the_story_names_people_and_days_that_exist() -> None:
    story = words.toml("pilot.toml")
    people = {person for department in words.departments() for person in department.people}
    told = [*story["cards"], *(each for held in story["meetings"] for each in held["decisions"])]
    assert {card["owner"] for card in told if "owner" in card} <= people
    assert {step["by"] for card in told for step in card["steps"]} <= people
    last = timedelta(weeks=story["week_now"] - 1)
    assert all(timedelta(days=step["at"][0]) < last for card in told for step in card["steps"])
