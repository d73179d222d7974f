"""The periods of measures: months, and weeks from Monday, of the business time zone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.dates import ONE_DAY, months_before

Grain = Literal["month", "week"]
GRAINS: tuple[Grain, ...] = ("month", "week")
KEPT: dict[Grain, int] = {"month": 13, "week": 53}
"""How many periods are worked out: one more than a year, so that each has the same one of the year before."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """Days from `start` up to and without `end`."""

    grain: Grain
    start: date
    end: date

    def over(self, as_of: date) -> bool:
        """Whether the period had passed when the day `as_of` began."""
        return self.end <= as_of

    def seen_until(self, as_of: date) -> date:
        """The day after the last that figures as of the end of `as_of` see of the period."""
        return min(self.end, as_of + ONE_DAY)


def period(grain: Grain, start: date) -> Period:
    """The month or week that begins on `start`."""
    return Period(grain, start, months_before(start, -1) if grain == "month" else start + WEEK)


def start_of(grain: Grain, day: date) -> date:
    """The first day of the month, or the Monday of the week, in which `day` lies."""
    return day.replace(day=1) if grain == "month" else day - timedelta(days=day.weekday())


def last_periods(grain: Grain, as_of: date) -> tuple[Period, ...]:
    """The periods that are worked out as of a day, the oldest first; the last is the one in which `as_of` lies."""
    newest = start_of(grain, as_of)
    if grain == "month":
        starts = [months_before(newest, back) for back in range(KEPT[grain])]
    else:
        starts = [newest - back * WEEK for back in range(KEPT[grain])]
    return tuple(period(grain, start) for start in reversed(starts))
