"""How lively trade is on each day: weekdays, the Spring Festival, and the two great sales on the net. Pure."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from core.operations.demo import words

_USUAL_FESTIVAL = (2, 5)
"""Month and day taken for years the calendar file does not hold."""


def liveliness(start: date, days: int, *, online: bool) -> npt.NDArray[np.float64]:
    """Weight of each of `days` days from `start` on; 1 is an ordinary day.

    `online` weighs weekends and the sales of June and November as shops on the net know them;
    otherwise stores rest at weekends and stock up before the Spring Festival.
    """
    weights = np.empty(days)
    for offset in range(days):
        day = start + timedelta(days=offset)
        weights[offset] = _weekday(day, online) * _festival(day) * _sales(day, online)
    return weights


def _weekday(day: date, online: bool) -> float:
    weekend = day.weekday() >= 5
    return (1.25 if weekend else 0.9) if online else (0.35 if weekend else 1.2)


def _festival(day: date) -> float:
    known = {first.year: first for first in words.toml("calendar.toml")["spring_festival"]}
    first = known.get(day.year, date(day.year, *_USUAL_FESTIVAL))
    distance = (day - first).days
    if -2 <= distance <= 9:
        return 0.12
    if -24 <= distance < -2:
        return 1.7
    return 0.7 if 9 < distance <= 16 else 1.0


def _sales(day: date, online: bool) -> float:
    peak = 1.0
    if day.month == 6 and 12 <= day.day <= 20:
        peak = 4.5 if day.day in (17, 18) else 2.2
    if day.month == 11 and 1 <= day.day <= 12:
        peak = 6.0 if day.day in (10, 11) else 2.4
    return peak if online else 1 + (peak - 1) * 0.15


def season_of(month: int) -> str:
    """The season a product sells in, as the product lists name it."""
    if month in (12, 1):
        return "festival"
    if month in (6, 7, 8):
        return "summer"
    return "autumn" if month in (9, 10) else "winter" if month in (2, 11) else ""
