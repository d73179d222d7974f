"""When the company is open: weekdays, public holidays with their make-up working days, and days of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo

from holidays import country_holidays

from core.dates import ONE_DAY, business_midnight
from core.policy.model import Policy


@dataclass(frozen=True)
class BusinessHours:
    """The open hours of each day in the business time zone; what is left out is closed.

    `opens` and `closes` are minutes after midnight, up to 1,440. `days_on` are open and `days_off` closed whatever
    else holds; a public holiday of `country` (ISO 3166, empty for none) is closed, and a weekend that the country
    works instead of it is open.
    """

    LONGEST_DAYS: ClassVar[int] = 3_700
    """No span goes further: ten years without so many open hours are a mistake in the rules."""

    zone: str
    opens: int
    closes: int
    weekdays: frozenset[int]
    """ISO, 1 is Monday."""
    country: str = ""
    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 24 * 60:
            raise ValueError("a business day ends after it begins")

    @classmethod
    def of(cls, policy: Policy) -> BusinessHours:
        """Those of a policy."""
        rules = policy.business_hours
        return cls(
            policy.business.time_zone,
            _minutes(rules.opens),
            _minutes(rules.closes),
            frozenset(int(each) for each in _listed(rules.weekdays)),
            rules.holidays_of,
            frozenset(map(date.fromisoformat, _listed(rules.extra_days_off))),
            frozenset(map(date.fromisoformat, _listed(rules.extra_days_on))),
        )

    def is_open(self, day: date) -> bool:
        """Whether anybody works on that day."""
        if day in self.days_on or day in self.days_off:
            return day in self.days_on
        closed, worked = _holidays(self.country, day.year)
        return day in worked or (day.isoweekday() in self.weekdays and day not in closed)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """From when to when the company is open on a day that it is open, as instants in UTC."""
        return self._at(day, self.opens), self._at(day, self.closes)

    def _at(self, day: date, minutes: int) -> datetime:
        if minutes == 24 * 60:
            return business_midnight(day + ONE_DAY, self.zone).astimezone(UTC)
        moment = time(*divmod(minutes, 60))
        return datetime.combine(day, moment, ZoneInfo(self.zone)).astimezone(UTC)


def _minutes(clock: str) -> int:
    """Minutes after midnight of `09:00`; `24:00` is the end of the day."""
    hours, minutes = clock.split(":")
    return int(timedelta(hours=int(hours), minutes=int(minutes)).total_seconds() // 60)


def _listed(text: str) -> Iterable[str]:
    return text.replace(",", " ").split()


@lru_cache(maxsize=64)
def _holidays(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public holidays of a year, and the weekends worked instead; none are known of years not yet announced."""
    if not country:
        return frozenset(), frozenset()
    calendar = country_holidays(country, years=year)
    return frozenset(calendar), frozenset(day for day in calendar.weekend_workdays if day.year == year)
