"""Months in their spellings, alone and within days. Pure."""

from __future__ import annotations

import re

_MONTH = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(?:份)?$")
_COMPACT_MONTH = re.compile(r"^((?:19|20)\d{2})(\d{2})$")
_MONTH_FIRST = re.compile(r"^(\d{1,2})\s*[-/.]\s*(\d{4})$")
_NAMED_MONTH = re.compile(r"^([a-z]{3,9})\.?[\s,/-]+(\d{4})$|^(\d{4})[\s,/-]+([a-z]{3,9})\.?$", re.IGNORECASE)
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_DAY_FIRST = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[-\s/.]+([a-z]{3,9})[-\s/.,]+(\d{4})(?:[T ]+(.*))?$", re.IGNORECASE
)
_DAY_SECOND = re.compile(
    r"^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[T ]+(.*))?$", re.IGNORECASE
)


def spelled_month(value: str) -> tuple[int, int] | None:
    """Year and month (which need not exist) of a text that names no day."""
    found = _MONTH.match(value) or _COMPACT_MONTH.match(value)
    if found:
        return int(found[1]), int(found[2])
    found = _MONTH_FIRST.match(value)
    if found:
        return int(found[2]), int(found[1])
    found = _NAMED_MONTH.match(value)
    if found:
        month = _number_of(found[1] or found[4])
        return (int(found[2] or found[3]), month) if month else None
    return None


def named_day(value: str) -> tuple[int, int, int, str | None] | None:
    """Year, month, day (which need not exist) and the time of a text that writes its month out, as in 01-OCT-2026."""
    found = _DAY_FIRST.match(value)
    if found:
        day, word, year, clock = found.groups()
    elif found := _DAY_SECOND.match(value):
        word, day, year, clock = found.groups()
    else:
        return None
    month = _number_of(word)
    return (int(year), month, int(day), clock) if month else None


def _number_of(word: str) -> int | None:
    """The number of the month that begins so; None where several do, or none."""
    numbers = [n for n, name in enumerate(_MONTH_NAMES, start=1) if name.startswith(word.casefold())]
    return numbers[0] if len(numbers) == 1 else None
