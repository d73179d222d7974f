"""Who has to answer a new lead by when: pure.

The hour begins when the lead arrives. What cannot be told is not owed and counts nowhere: a lead or an answer
that is known only by its day, an answer from before the lead came, and a lead that went on to another stage while
nobody noted when it was first answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.facts.stages import day_only
from core.obligations.clock import due_after


@dataclass(frozen=True)
class Promise:
    """A first response that is owed: since when, by when, and when it was given."""

    triggered_at: datetime
    due_at: datetime
    done_at: datetime | None


def promised(
    arrived_at: datetime,
    first_response_at: datetime | None,
    moved_on_at: datetime | None,
    *,
    within_hours: float,
    zone: str,
) -> Promise | None:
    """What is owed for a lead, or None when nothing can be told.

    `moved_on_at`: when it reached its first later stage or was lost; `zone`: the business time zone.
    """
    if day_only(arrived_at, zone):
        return None
    due_at = due_after(arrived_at, within_hours)
    if first_response_at is None:
        return None if moved_on_at is not None else Promise(arrived_at, due_at, None)
    if first_response_at < arrived_at:
        return None
    if day_only(first_response_at, zone) and first_response_at <= due_at:
        return None
    return Promise(arrived_at, due_at, first_response_at)
