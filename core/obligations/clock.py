"""When something owed is due, and how it stands: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.dates import ONE_DAY, business_date
from core.obligations.business_days import BusinessHours


class State(StrEnum):
    """How an obligation stands. Every one that is not cancelled is in exactly one of these.

    =======  ===================  =====================
    ..       done                 not done
    =======  ===================  =====================
    by due   MET                  PENDING
    after    MISSED               LATE
    =======  ===================  =====================
    """

    PENDING = "pending"
    LATE = "late"
    MET = "met"
    MISSED = "missed"


class Owed(Protocol):
    """What the clock needs to know of an obligation."""

    @property
    def due_at(self) -> datetime: ...
    @property
    def done_at(self) -> datetime | None: ...
    @property
    def cancelled_at(self) -> datetime | None: ...


def due_after(triggered_at: datetime, hours: float, calendar: BusinessHours | None = None) -> datetime:
    """The instant by which `hours` have passed.

    Without a calendar these are wall hours: nights, weekends and changes of the clocks count in full. With one only
    the time counts in which the company is open; a span that ends as it closes is due then, not the next morning.
    """
    left = timedelta(hours=hours)
    if calendar is None:
        return triggered_at + left
    if left <= timedelta():
        return triggered_at
    start = triggered_at.astimezone(UTC)
    day = business_date(start, calendar.zone)
    for _ in range(calendar.LONGEST_DAYS):
        if calendar.is_open(day):
            opens, closes = calendar.span(day)
            begins = max(opens, start)
            if closes - begins >= left:
                return (begins + left).astimezone(triggered_at.tzinfo)
            left -= max(closes - begins, timedelta())
        day += ONE_DAY
    raise ValueError(f"{hours} business hours do not end within {calendar.LONGEST_DAYS} days")


def state(obligation: Owed, now: datetime) -> State | None:
    """How the obligation stands at `now`; None when it was cancelled and counts nowhere.

    The due instant itself is still in time.
    """
    if obligation.cancelled_at is not None:
        return None
    if obligation.done_at is not None:
        return State.MET if obligation.done_at <= obligation.due_at else State.MISSED
    return State.PENDING if now <= obligation.due_at else State.LATE
