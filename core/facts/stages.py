"""The stages of a lead, in the order in which they are reached, and what their instants can tell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

STAGES = ("arrived", "contacted", "qualified", "quoted", "won")
"""What is lost left at the last stage it had reached; it is no stage of its own."""


def instant_column(stage: str) -> str:
    """The column that holds when a stage was reached."""
    return f"{stage}_at"


def day_only(instant: datetime, zone: str) -> bool:
    """Whether only the day of an instant is known: files write such days without a time, which is midnight."""
    return instant.astimezone(ZoneInfo(zone)).time() == time()


def out_of_order(reached: Sequence[datetime | None], zone: str) -> bool:
    """Whether a stage was reached before one that comes earlier. None was not reached, or is not known.

    A day without a time may be any hour of it, so it contradicts no other instant of the same day.
    """
    known = [instant for instant in reached if instant is not None]
    latest: datetime | None = None
    for instant in known:
        if latest is not None and instant < latest and not _same_day(instant, latest, zone):
            return True
        latest = instant if latest is None else max(latest, instant)
    return False


def _same_day(instant: datetime, later: datetime, zone: str) -> bool:
    """Whether the earlier of two instants is a day without a time, and the later one lies on that day."""
    local = ZoneInfo(zone)
    return day_only(instant, zone) and instant.astimezone(local).date() == later.astimezone(local).date()
