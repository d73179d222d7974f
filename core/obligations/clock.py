"""When something owed is due, and how it stands: pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


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


def due_after(triggered_at: datetime, hours: float) -> datetime:
    """The instant `hours` wall hours later; nights, weekends and changes of the clocks count in full."""
    return triggered_at + timedelta(hours=hours)


def state(obligation: Owed, now: datetime) -> State | None:
    """How the obligation stands at `now`; None when it was cancelled and counts nowhere.

    The due instant itself is still in time.
    """
    if obligation.cancelled_at is not None:
        return None
    if obligation.done_at is not None:
        return State.MET if obligation.done_at <= obligation.due_at else State.MISSED
    return State.PENDING if now <= obligation.due_at else State.LATE
