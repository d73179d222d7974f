"""Numbers, money, dates and durations as a reader of each language expects them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from babel import Locale, dates, numbers

from core import clock
from core.amounts import from_units
from pages.frame.words import NOTHING, _, language

_COMPACT_FROM = 10_000
_THOUSANDS = re.compile(r"(\d)(?=\d{3}\D)")
"""Chinese counts by ten thousands, so four figures may stand before the word."""
_SYMBOLS = {"CNY": "¥"}  # CLDR writes CN¥ in English; within one company the short sign is clear


@cache
def _locale(code: str) -> Locale:
    """Parsed once: Babel's functions look a code up anew at every call."""
    return Locale.parse(code)


# Babel takes about as long for a figure as the database for a row, and a page shows the same ones at every run.
_kept = lru_cache(maxsize=5_000)


@_kept
def _decimal(value: Decimal, pattern: str, code: str) -> str:
    return numbers.format_decimal(value, format=pattern, locale=_locale(code))


@_kept
def _share(share: float, pattern: str, code: str) -> str:
    return numbers.format_percent(share, format=pattern, locale=_locale(code))


@_kept
def _compact(value: Decimal, code: str) -> str:
    short = numbers.format_compact_decimal(value, locale=_locale(code), fraction_digits=1)
    return _THOUSANDS.sub(r"\1,", short)


@_kept
def _day(value: date, form: str, code: str) -> str:
    if form == "medium":
        return dates.format_date(value, form, locale=_locale(code))
    return dates.format_skeleton(form, value, locale=_locale(code))


def number(value: float | Decimal | None, digits: int = 0) -> str:
    """`12,345`; `digits` after the point."""
    if value is None or _missing(value):
        return NOTHING
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    # Half up, as tables do it: the same amount must not read differently in two places.
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return _decimal(rounded, pattern, language())


def percent(share: float | None, digits: int = 0) -> str:
    """`23%` of a share of 0.23."""
    if share is None or _missing(share):
        return NOTHING
    if not digits and 0 < share < 0.005:
        return "<1%"  # a few of many are not none
    pattern = "0" + ("." + "0" * digits if digits else "") + "%"
    return _share(share, pattern, language())


def amount(units: int | None, currency: str, digits: int = 0) -> str:
    """Money of stored ten-thousandths: `¥12,345`."""
    if _missing(units):
        return NOTHING
    value = from_units(int(units or 0))
    sign = "-" if value < 0 else ""
    return sign + symbol(currency) + number(abs(value), digits)


def compact_amount(units: int | None, currency: str) -> str:
    """Money in few characters: `¥12.3K` in English, `¥1.2万` in Chinese."""
    if _missing(units):
        return NOTHING
    value = from_units(int(units or 0))
    if abs(value) < _COMPACT_FROM:
        return amount(units, currency)
    short = _compact(abs(value), language())
    return ("-" if value < 0 else "") + symbol(currency) + short


def symbol(currency: str) -> str:
    """The sign of an ISO 4217 code."""
    return _SYMBOLS.get(currency) or numbers.get_currency_symbol(currency, locale=_locale(language()))


def day(value: date | None) -> str:
    """`Mar 5, 2026`, `2026年3月5日`."""
    return NOTHING if _missing(value) else _day(value, "medium", language())


def month(value: date | None) -> str:
    """`Oct 2026`, `2026年10月`, of any day in it."""
    return NOTHING if _missing(value) else _day(value, "yMMM", language())


def month_name(value: date | None) -> str:
    """`Oct`, `10月`: for where the year is clear."""
    return NOTHING if _missing(value) else _day(value, "MMM", language())


def short_day(value: date | None) -> str:
    """`2026-03-05`, as in tables: for where a day in words would not fit."""
    return NOTHING if value is None else value.isoformat()


def moment(value: datetime | None, zone: str) -> str:
    """Day and minute in the business time zone: `Mar 5, 14:30`, `3月5日 14:30`; the year where it is not this one."""
    if value is None or _missing(value):
        return NOTHING
    local = value.astimezone(ZoneInfo(zone))
    form = "MMMd" if local.year == clock.now().astimezone(ZoneInfo(zone)).year else "yMMMd"
    written = _day(local.date(), form, language())
    return f"{written} {local:%H:%M}"


def duration(span: timedelta) -> str:
    """The two largest units of a span: `2 d 3 h`, `3 h 20 min`, `5 min`."""
    minutes = int(abs(span).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("{days} d {hours} h", days=days, hours=hours) if hours else _("{days} d", days=days)
    if hours:
        return (
            _("{hours} h {minutes} min", hours=hours, minutes=rest) if rest else _("{hours} h", hours=hours)
        )
    return _("{minutes} min", minutes=rest)


def time_left(due_at: datetime | None, now: datetime) -> str:
    """`3 h 20 min left`, or `2 h late` once the due time has passed."""
    if due_at is None or _missing(due_at):
        return NOTHING
    if due_at > now:
        return _("{duration} left", duration=duration(due_at - now))
    return _("{duration} late", duration=duration(now - due_at))


def _missing(value: Any) -> bool:
    return bool(pd.isna(value))  # None, NaN and NaT
