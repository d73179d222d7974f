"""Cells of a workbook as the text that a person sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

EXACT_BELOW = 1e15
"""Excel keeps 15 significant digits: from here on a whole number may have lost its last ones."""

_LAST_SECOND = datetime(9999, 12, 31, 23, 59, 59)  # noqa: DTZ001 - cells know no time zone
_PLAIN_BELOW = 1e21
_LONGEST_EXACT = 17  # characters of sign, point and 15 digits


def shown(value: Any) -> str | None:
    """The text of one cell; None where a person sees nothing. Kinds are those that python-calamine gives."""
    return _SHOWN[type(value)](value)


def shown_column(values: Sequence[Any]) -> list[str | None]:
    """The texts of a column of cells, or of a row."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return [None if not value or value.isspace() else value for value in values]
    if kinds <= {str, float, datetime, date}:
        return list(map(_Memory().__getitem__, values))
    return [shown(value) for value in values]


class _Memory(dict[Any, str | None]):
    """Texts of values seen before: cells of a column repeat. Not for kinds that equal others: 1.0 == True."""

    def __missing__(self, value: Any) -> str | None:
        text = self[value] = shown(value)
        return text


def lost_digits(values: Sequence[Any]) -> list[int]:
    """Positions of the numbers that are too long for Excel to have kept exactly."""
    numbers = [value for value in values if type(value) is float]
    if not numbers or (max(numbers) < EXACT_BELOW and min(numbers) > -EXACT_BELOW):
        return []
    return [index for index, value in enumerate(values) if type(value) is float and abs(value) >= EXACT_BELOW]


def _text(value: str) -> str | None:
    return None if not value or value.isspace() else value


def _number(value: float) -> str:
    if value.is_integer():
        if abs(value) < EXACT_BELOW:
            return str(int(value))
        return str(int(Decimal(f"{value:.15g}"))) if abs(value) < _PLAIN_BELOW else repr(value)
    exact = repr(value)
    if len(exact) <= _LONGEST_EXACT:
        return exact
    # 19.99 * 3 is stored as 59.969999999999995; Excel shows 15 digits of it, 59.97
    seen = float(f"{value:.15g}")
    return str(int(seen)) if seen.is_integer() else repr(seen)


def _moment(value: datetime) -> str:
    # A serial number holds a time to some microseconds: 09:59:59.999 was typed as 10:00
    if value.microsecond:
        nearest = value.replace(microsecond=0)
        late = value.microsecond >= 500_000 and nearest < _LAST_SECOND
        value = nearest + timedelta(seconds=1) if late else nearest
    return value.isoformat(" ").removesuffix(" 00:00:00")


def _time(value: time) -> str:
    return _duration(timedelta(0, value.second, value.microsecond, minutes=value.minute, hours=value.hour))


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


_SHOWN: dict[type, Callable[[Any], str | None]] = {
    str: _text,
    float: _number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _moment,
    date: date.isoformat,
    time: _time,
    timedelta: _duration,
    type(None): lambda _: None,
}
