"""Cells of dates and times. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.facts.cleaning.currencies import HOME
from core.facts.cleaning.months import named_day, spelled_month
from core.facts.cleaning.text import Outcome, Reader, plain, shorten
from core.facts.fields import Field
from core.language import Message, mark

FIRST_DAY = date(1990, 1, 1)
"""Facts before it are taken for slips: 1900 is what empty or zero cells turn into."""
FIRST_OLD_DAY = date(1900, 3, 1)
"""People are born and shops opened before 1990, and of what own fields mean nobody knows. Spreadsheets count a day
before it that never was."""
LAST_PLANNED_DAY = date(2099, 12, 31)
"""Contracts without an end are often given the last day of a century."""
_OLD = ("birthday", "opened_on")
_OPEN_ENDS = ("ends_on",)
_NO_END = 9999
"""The year in which other systems let end what has no end."""
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a serial number has no time zone either
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_SERIAL = re.compile(r"^\d{4,6}(\.\d+)?$")
_YEAR = re.compile(r"^(?:19|20)\d{2}(?:\.0+)?\s*年?$")
"""As the number of a day it would be one of 1905, which nobody means."""
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]*(.*))?$")
_COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:[T ]*(.*))?$")
_DAY_LAST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ]+(.*))?$")
_TIME = re.compile(
    r"^(上午|下午|AM|PM)?\s*(\d{1,2})[:时点](\d{1,2})?[:分]?(?:(\d{1,2})(?:\.(\d{1,9}))?秒?)?\s*(AM|PM)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"^(\d{2})(\d{2})(\d{2})?$")
_NO_DAY = mark("“{value}” is not a date. Write it like 2026-11-03 or 2026-11-03 14:30.")
_YEAR_ALONE = mark("“{value}” is a year only. Write the whole day, like 2026-11-03, or leave the cell blank.")
_NO_MONTH = mark("“{value}” is not a month. Write year and month, like 2026-11.")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|礼拜|周)([一二三四五六日天])\)?\s*")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class Reading:
    """What the reading of a cell depends on beside the cell.

    `today`: the business day of the import, so that a date after tomorrow is refused; `time_zone`: in which
    times without an offset are meant; `day_order`: `mdy`, `dmy` or None, how the column writes dates that end
    with the year.
    """

    today: date
    time_zone: str
    day_order: str | None = None
    days_from_1904: bool = False
    """Whether the numbers of days count from 1904, as in workbooks of old Excel for Mac."""
    seen_on: date | None = None
    """The business day on which the very same file was first imported, if it was."""
    currency: str = HOME
    """ISO code of the company's currency."""


def date_reader(field: Field, reading: Reading) -> Reader:
    zone = ZoneInfo(reading.time_zone)
    first = FIRST_OLD_DAY if field.own or field.code in _OLD else FIRST_DAY
    # A day's grace: the file may come from a zone where tomorrow has begun.
    last = reading.today if field.code == "birthday" else reading.today + timedelta(days=1)
    if field.planned or field.own:
        last = LAST_PLANNED_DAY

    def read(text: str) -> Outcome:
        found = parse_instant(text, reading.day_order, reading.days_from_1904)
        if isinstance(found, Message):
            return found
        moment, tidied = found
        local = moment if moment.tzinfo is None else moment.astimezone(zone).replace(tzinfo=None)
        if local.year == _NO_END and field.code in _OPEN_ENDS:
            return None, True
        if not first <= local.date() <= last:
            return Message(
                mark("{day} cannot be right: dates from {first} to {last} are taken. Correct it."),
                {"day": local.date(), "first": first, "last": last},
            )
        if field.kind == "date":
            return local.date(), tidied or local.time() != time()
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment, tidied

    return read


def month_reader(field: Field, reading: Reading) -> Reader:
    """Reads a month as its first day, from one of its usual spellings or from a day in it."""
    days = date_reader(replace(field, kind="date"), reading)

    def read(text: str) -> Outcome:
        spelled = spelled_month(plain(text))
        if spelled is None:
            found = days(text)
            if isinstance(found, Message):
                return Message(_NO_MONTH, found.values) if found.sentence in (_NO_DAY, _YEAR_ALONE) else found
            return found[0].replace(day=1), True
        year, month = spelled
        last = reading.today + timedelta(days=1)
        if not (FIRST_DAY.year, FIRST_DAY.month) <= (year, month) <= (last.year, last.month) or month > 12:
            return Message(
                mark("“{value}” cannot be right: months from {first} to {last} are taken. Correct it."),
                {"value": shorten(text), "first": f"{FIRST_DAY:%Y-%m}", "last": f"{last:%Y-%m}"},
            )
        return date(year, month, 1), text != f"{year:04d}-{month:02d}"

    return read


def parse_instant(
    text: str, day_order: str | None = None, days_from_1904: bool = False
) -> tuple[datetime, bool] | Message:
    """The moment a text names, naive unless it carries an offset, and whether it is spelled otherwise than ISO 8601
    has it; a day alone is its midnight."""
    if len(text) >= 10 and text[4] == "-" and text[7] == "-" and text.isascii():
        try:
            return datetime.fromisoformat(text), False
        except ValueError:
            pass  # not ISO after all: the spellings below decide
    value = plain(text)
    if _YEAR.match(value):
        return Message(_YEAR_ALONE, {"value": shorten(text)})
    weekday = _WEEKDAY.search(value)
    if weekday:
        value = f"{value[: weekday.start()]} {value[weekday.end() :]}".strip()
    try:
        moment = _spelled(value, day_order, EPOCH_1904 if days_from_1904 else EXCEL_EPOCH)
    except ValueError:
        moment = None
    if moment is not None and weekday and _WEEKDAYS[moment.weekday()] != weekday[1].replace("天", "日"):
        return Message(
            mark("“{value}” names a weekday that this day does not have. Correct it."),
            {"value": shorten(text)},
        )
    if moment is not None:
        return moment, True
    if _DAY_LAST.match(value):
        return Message(
            mark("“{value}” can be read with the day or the month first. Write the year first: 2026-11-03."),
            {"value": shorten(text)},
        )
    return Message(_NO_DAY, {"value": shorten(text)})


def _spelled(value: str, day_order: str | None, epoch: datetime) -> datetime | None:
    """The moment, or None when the spelling is unknown; ValueError when there is no such day or hour."""
    day = _DAY.match(value) or _COMPACT_DAY.match(value)
    if day:
        return _at(int(day[1]), int(day[2]), int(day[3]), day[4])
    if _SERIAL.match(value):  # the number of a day, as spreadsheets count them
        seconds = round(float(value) * 86_400)
        return epoch + timedelta(seconds=seconds)
    day = _DAY_LAST.match(value)
    if day and day_order:
        month, day_of_month = (day[1], day[2]) if day_order == "mdy" else (day[2], day[1])
        return _at(int(day[3]), int(month), int(day_of_month), day[4])
    named = named_day(value)
    return _at(*named) if named else None


def _at(year: int, month: int, day: int, clock: str | None) -> datetime | None:
    start = datetime.combine(date(year, month, day), time())
    if not clock:
        return start
    compact = _COMPACT_TIME.match(clock)
    if compact:
        return start + _within_a_day(int(compact[1]), int(compact[2]), int(compact[3] or 0))
    parts = _TIME.match(clock)
    if not parts:
        return None
    hour = int(parts[2])
    half = (parts[1] or parts[6] or "").upper()
    if half in ("PM", "下午") and hour < 12:
        hour += 12
    elif half in ("AM", "上午") and hour == 12:
        hour = 0
    micro = int((parts[5] or "").ljust(6, "0")[:6])
    moment = (
        start + _within_a_day(hour, int(parts[3] or 0), int(parts[4] or 0)) + timedelta(microseconds=micro)
    )
    if parts[7]:
        return datetime.fromisoformat(moment.isoformat() + parts[7].upper())
    return moment


def _within_a_day(hour: int, minute: int, second: int) -> timedelta:
    if not (hour < 24 and minute < 60 and second < 60):
        raise ValueError("no such time of day")
    return timedelta(hours=hour, minutes=minute, seconds=second)


def day_order(texts: list[str]) -> str | None:
    """Whether a column that ends its dates with the year puts the month or the day first.

    Only a part above 12 tells; where none does, or both do, the answer is None and such dates are refused.
    """
    month_first = day_first = False
    for text in texts:
        found = _DAY_LAST.match(plain(text))
        if found:
            day_first |= int(found[1]) > 12
            month_first |= int(found[2]) > 12
    if month_first == day_first:
        return None
    return "mdy" if month_first else "dmy"
