"""What is owed for a new lead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.facts.first_response import Promise, promised

ARRIVED = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
DUE = datetime(2026, 10, 1, 3, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 9, 30, 16, 0, tzinfo=UTC)


def owed(
    arrived: datetime, response: datetime | None = None, moved_on: datetime | None = None, hours: float = 1
) -> Promise | None:
    return promised(arrived, response, moved_on, within_hours=hours, zone="Asia/Shanghai")


def test_a_lead_is_to_be_answered_within_the_hour() -> None:
    assert owed(ARRIVED) == Promise(ARRIVED, DUE, None)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_an_answer_is_done_when_it_was_given(minute: int) -> None:
    answered = ARRIVED.replace(minute=minute)
    assert owed(ARRIVED, answered) == Promise(ARRIVED, DUE, answered)


def test_a_lead_that_went_on_without_a_noted_answer_owes_nothing() -> None:
    assert owed(ARRIVED, None, DUE) is None
    assert owed(ARRIVED, DUE, DUE) == Promise(ARRIVED, DUE, DUE)


def test_of_a_lead_known_by_its_day_nobody_can_tell() -> None:
    assert owed(MIDNIGHT) is None
    assert owed(MIDNIGHT, ARRIVED) is None


def test_an_answer_from_before_the_lead_tells_nothing() -> None:
    assert owed(ARRIVED, ARRIVED.replace(hour=1)) is None


def test_an_answer_known_by_its_day_counts_where_it_was_late_at_any_hour() -> None:
    next_day = datetime(2026, 10, 1, 16, 0, tzinfo=UTC)
    assert owed(ARRIVED, MIDNIGHT) is None
    assert owed(ARRIVED, next_day) == Promise(ARRIVED, DUE, next_day)
    late_in_the_day = datetime(2026, 10, 1, 15, 30, tzinfo=UTC)
    assert owed(late_in_the_day, next_day) is None
