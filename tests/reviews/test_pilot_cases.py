"""The cases behind a point of a pilot's chart: those of its week and scope, and of them what the reader reaches."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access.actor import Role
from core.dates import business_midnight
from core.errors import NotAllowed, NotFound
from core.facts.tables import Satisfaction
from core.obligations.service import cancel
from core.reviews.pilot_cases import WeekCases, has_cases, week_cases
from core.reviews.pilots import pilotable
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.factmaking import add_batch, add_customer, served_by
from tests.leadmaking import ZONE, add_lead, owe_response
from tests.reviews.boards import START, WEEK, begin

HOUR = timedelta(hours=1)
MONDAY = business_midnight(START, ZONE)
FIRST_RESPONSE, SCORE = "first_response_on_time", "satisfaction"


@pytest.fixture
def pilot(store: Store, actors: Actors) -> int:
    """Of the East; in its first week four first responses are due there and one in the West."""
    east = {"owner_id": actors.staff.staff_id, "department_id": actors.east}
    pool = {"department_id": actors.east}
    west = {"owner_id": actors.west_staff.staff_id, "department_id": actors.west}
    with store.write() as session:
        for code, due, answered, whose in (
            ("in time", MONDAY, MONDAY - HOUR / 2, east),
            ("late", MONDAY + timedelta(days=2), MONDAY + timedelta(days=3), east),
            ("never", MONDAY + WEEK - timedelta(seconds=1), None, pool),
            ("cancelled", MONDAY + timedelta(days=1), None, east),
            ("of the week before", MONDAY - timedelta(seconds=1), None, east),
            ("of the week after", MONDAY + WEEK, None, east),
            ("of the West", MONDAY + timedelta(days=1), None, west),
        ):
            lead = add_lead(session, code, due - HOUR, **whose)
            owe_response(session, lead, done_at=answered)
            if code == "cancelled":
                cancel(session, "first_response", "lead", lead, at=NOW)
        session.commit()
    return begin(actors.manager, store, department_ids=(actors.east,))


def of_first_week(store: Store, actor: object, pilot: int, measure: str = FIRST_RESPONSE) -> WeekCases:
    found = week_cases(actor, store, pilot, measure, START, now=NOW, limit=10)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_week_lists_its_cases_those_that_failed_first(store: Store, actors: Actors, pilot: int) -> None:
    found = of_first_week(store, actors.manager, pilot)
    assert (found.n, found.good) == (3, 1)
    assert [(each.name, each.good) for each in found.shown] == [
        ("late", False),
        ("never", False),
        ("in time", True),
    ]
    assert [each.owner for each in found.shown] == ["Emil", None, "Emil"]


def test_staff_see_how_many_there_are_and_list_their_own(store: Store, actors: Actors, pilot: int) -> None:
    found = of_first_week(store, actors.staff, pilot)
    assert found.n == 3
    assert {each.name for each in found.shown} <= {"late", "in time", "never"}
    assert {each.name for each in of_first_week(store, actors.supervisor, pilot).shown} == {
        "late",
        "in time",
        "never",
    }


def test_a_limit_cuts_the_list_and_not_the_count(store: Store, actors: Actors, pilot: int) -> None:
    found = week_cases(actors.manager, store, pilot, FIRST_RESPONSE, START, now=NOW, limit=1)
    assert found is not None
    assert (found.n, len(found.shown)) == (3, 1)


def test_what_is_due_later_this_week_is_no_case_yet(store: Store, actors: Actors, pilot: int) -> None:
    early = week_cases(
        actors.manager, store, pilot, FIRST_RESPONSE, START, now=MONDAY + timedelta(days=1), limit=10
    )
    assert early is not None
    assert early.n == 1


def test_an_answer_of_four_counts_and_one_of_three_does_not(store: Store, actors: Actors, pilot: int) -> None:
    with store.write() as session:
        batch = add_batch(session)
        for score in (3, 4):
            customer = add_customer(session, f"scored {score}", **served_by(actors.staff))
            session.add(
                Satisfaction(
                    customer_id=customer,
                    row_key=score,
                    scored_at=MONDAY,
                    scored_on=START,
                    score=score,
                    batch_id=batch,
                )
            )
        session.commit()
    found = of_first_week(store, actors.manager, pilot, SCORE)
    assert [(each.word, each.good) for each in found.shown] == [("3", False), ("4", True)]


def test_a_measure_of_fields_or_orders_has_no_cases(store: Store, actors: Actors, pilot: int) -> None:
    listed = {code for code in pilotable() if has_cases(code)}
    assert listed == {
        FIRST_RESPONSE,
        "warning_response_on_time",
        "win_back",
        SCORE,
        "satisfied_share",
    }
    assert week_cases(actors.manager, store, pilot, "completeness", START, now=NOW, limit=10) is None


def test_who_may_not_see_the_pilot_or_details_gets_nothing(store: Store, actors: Actors, pilot: int) -> None:
    with pytest.raises(NotFound):
        of_first_week(store, actors.west_staff, pilot)
    with pytest.raises(NotAllowed):
        of_first_week(store, actors.of(Role.INTERN), pilot)
