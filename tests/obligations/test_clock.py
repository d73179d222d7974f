"""The clock of what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.obligations.clock import State, due_after, state
from core.obligations.labels import STATES

DUE = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Entry:
    due_at: datetime
    done_at: datetime | None = None
    cancelled_at: datetime | None = None


@pytest.mark.parametrize(
    ("done_at", "now", "expected"),
    [
        (None, DUE - SECOND, State.PENDING),
        (None, DUE, State.PENDING),
        (None, DUE + SECOND, State.LATE),
        (DUE - SECOND, DUE - SECOND, State.MET),
        (DUE, DUE + SECOND, State.MET),
        (DUE + SECOND, DUE + SECOND, State.MISSED),
        (DUE - SECOND, DUE + 100 * SECOND, State.MET),
    ],
)
def test_the_due_instant_itself_is_in_time(done_at: datetime | None, now: datetime, expected: State) -> None:
    assert state(Entry(DUE, done_at), now) is expected


_instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3), timezones=st.just(UTC))  # noqa: DTZ001


@given(due_at=_instants, done_at=st.none() | _instants, now=_instants)
def test_every_entry_is_in_exactly_one_of_the_four_cases(
    due_at: datetime, done_at: datetime | None, now: datetime
) -> None:
    cases = {
        State.PENDING: done_at is None and now <= due_at,
        State.LATE: done_at is None and now > due_at,
        State.MET: done_at is not None and done_at <= due_at,
        State.MISSED: done_at is not None and done_at > due_at,
    }
    assert [case for case, holds in cases.items() if holds] == [state(Entry(due_at, done_at), now)]


def test_what_was_cancelled_is_in_none_of_them() -> None:
    assert state(Entry(DUE, None, DUE), DUE + SECOND) is None


def test_wall_hours_run_through_nights_and_changes_of_the_clocks() -> None:
    before_summer_time = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    due = due_after(before_summer_time, 24)
    assert due - before_summer_time == timedelta(hours=24)
    assert due.astimezone(ZoneInfo("Europe/Berlin")).hour == 13


def test_every_state_has_a_word() -> None:
    assert set(STATES) == set(State)
