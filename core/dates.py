"""Dates and ranges as the rules count them: half-open, in whole days of the business time zone."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DateRange:
    """Days from `start` up to and without `end`."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @classmethod
    def last_months(cls, months: int, as_of: date) -> DateRange:
        """The `months` calendar months that end with `as_of`: [as_of - months + 1 day, as_of + 1 day)."""
        return cls(months_before(as_of, months) + ONE_DAY, as_of + ONE_DAY)

    @classmethod
    def last_days(cls, days: int, as_of: date) -> DateRange:
        """The `days` days that end with `as_of`."""
        return cls(as_of - timedelta(days=days) + ONE_DAY, as_of + ONE_DAY)


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last day of that month where it has no such day."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    month += 1
    return date(years, month, min(day.day, calendar.monthrange(years, month)[1]))


def business_date(instant: datetime, zone: str) -> date:
    """The calendar day of `instant` in the business time zone `zone` (an IANA name)."""
    return instant.astimezone(ZoneInfo(zone)).date()


def business_midnight(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in the business time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
