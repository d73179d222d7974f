"""Answers in time and customers won back, as the ledger and the work orders have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.facts.leads import FIRST_RESPONSE
from core.warning.orders import RESPONSE
from tests.conftest import NOW
from tests.measures.conftest import NOVEMBER, OCTOBER

HOUR = timedelta(hours=1)
OCTOBER_20 = datetime(2026, 10, 20, 4, tzinfo=UTC)


def lead(it, region=None):
    return ("lead", it.lead(OCTOBER_20.date(), region=region))


def work_order(it, region=None):
    return ("work_order", it.work_order(it.customer(region=region)))


KINDS = [
    ("first_response_on_time", FIRST_RESPONSE, lead),
    ("warning_response_on_time", RESPONSE, work_order),
]


@pytest.mark.parametrize(("code", "kind", "subject"), KINDS)
def test_in_time_is_by_the_due_time_and_late_what_is_later_or_still_to_do(
    company, measured, actors, code, kind, subject
):
    with company() as it:
        due, east = OCTOBER_20, {"department_id": actors.east}
        it.owed(kind, subject(it, "华东"), due, due, **east)
        it.owed(kind, subject(it, "华东"), due, due - HOUR, **east)
        it.owed(kind, subject(it, "华南"), due, due + HOUR, **east)
        it.owed(kind, subject(it), due, None, department_id=actors.west)
        it.owed(kind, subject(it), due, None)
        it.owed(kind, subject(it), due, None, cancelled_at=due - HOUR)
    figures = measured()
    assert figures.counts(code) == {OCTOBER: (2, 5)}
    assert figures.departments(code, OCTOBER) == {None: (2, 5), actors.east: (2, 3), actors.west: (0, 1)}


@pytest.mark.parametrize(("code", "kind", "subject"), KINDS)
def test_what_is_not_due_yet_is_not_counted_even_when_done(company, measured, code, kind, subject):
    with company() as it:
        it.owed(kind, subject(it), NOW, NOW - HOUR)
        it.owed(kind, subject(it), NOW + HOUR, NOW)
        it.owed(kind, subject(it), NOW + HOUR, None)
    assert measured().counts(code) == {NOVEMBER: (1, 1)}


def test_the_day_of_an_instant_is_that_of_the_business_time_zone(company, measured):
    with company() as it:
        last_of_october = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)
        it.owed(FIRST_RESPONSE, lead(it), last_of_october, last_of_october)
        it.owed(FIRST_RESPONSE, lead(it), last_of_october + timedelta(minutes=1), None)
    figures = measured()
    assert figures.counts("first_response_on_time") == {OCTOBER: (1, 1), NOVEMBER: (0, 1)}
    assert list(figures.counts("first_response_on_time", "week").values()) == [(1, 2)]


def test_other_promises_do_not_count(company, measured):
    with company() as it:
        it.owed("card", ("card", 1), OCTOBER_20, None)
    figures = measured()
    assert figures.counts("first_response_on_time") == figures.counts("warning_response_on_time") == {}


def test_win_back_is_of_the_orders_closed_with_an_outcome(company, measured, actors):
    with company() as it:
        for outcome in ("won_back", "retained", "lost", "unreachable", "not_at_risk"):
            it.work_order(it.customer(), outcome=outcome, closed_at=OCTOBER_20, department_id=actors.east)
        it.work_order(it.customer(), outcome="won_back", closed_at=None, department_id=actors.west)
        it.work_order(it.customer(), outcome=None, closed_at=OCTOBER_20, status="withdrawn")
    figures = measured()
    assert figures.counts("win_back") == {OCTOBER: (2, 5)}
    assert figures.departments("win_back", OCTOBER) == {None: (2, 5), actors.east: (2, 5)}


def test_a_look_back_does_not_see_what_was_closed_or_due_later(company, measured):
    with company() as it:
        it.work_order(it.customer(), outcome="won_back", closed_at=OCTOBER_20)
        it.owed(RESPONSE, work_order(it), OCTOBER_20, OCTOBER_20)
    figures = measured((OCTOBER_20 - timedelta(days=1)).date())
    assert figures.counts("win_back") == figures.counts("warning_response_on_time") == {}
