"""Cells of numbers: amounts, quantities, scores. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from core.amounts import to_units
from core.facts.cleaning.header_units import HeaderUnit
from core.facts.cleaning.text import Outcome, Reader, plain, shorten
from core.facts.fields import SATISFACTION_WORDS
from core.language import Message, mark

LARGEST_AMOUNT = 10**12
"""Currency units or pieces; larger numbers are taken for slips, and sums stay within 64 bits."""
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_GROUPING_SPACE = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")
"""Beside a sign or a unit; a space between digits that groups no thousands stays, for it may be two numbers."""
_IN_PARENTHESES = re.compile(r"^\((.*)\)$")
_CURRENCY = re.compile(r"^([+-]?)(?:¥|￥|\$|RMB|CNY)|(?:元|圆|RMB|CNY|件|个|盒|箱)$", re.IGNORECASE)
_HAS_LARGE_UNIT = re.compile("[万亿]")
_DAYS = re.compile(r"\s*(?:天|日|days?)$", re.IGNORECASE)
_LARGE_UNITS = {"万": 10**4, "亿": 10**8}


def read_amount(text: str, factor: int = 1) -> Outcome:
    """Ten-thousandths of the unit. Thousands separators, currency signs, 万 and 亿 are understood.

    `factor`: how many units one of the cell is, where the header says so."""
    number = _decimal(text)
    if number is None:
        return Message(mark("“{value}” is not a number. Enter digits only."), {"value": shorten(text)})
    value, tidied = number[0] * factor, number[1]
    if abs(value) >= LARGEST_AMOUNT:
        return Message(
            mark("{value} is too large. Check the column; numbers below {limit} are taken."),
            {"value": shorten(text), "limit": f"{LARGEST_AMOUNT:,}"},
        )
    units = to_units(value)
    return units, tidied or Decimal(units) / 10_000 != value


def read_cost(text: str, factor: int = 1) -> Outcome:
    """Ten-thousandths of the unit, from 0 up."""
    outcome = read_amount(text, factor)
    if not isinstance(outcome, Message) and outcome[0] < 0:
        return Message(mark("{value} is below zero. A cost is a number from 0 up."), {"value": shorten(text)})
    return outcome


def reader_in(unit: HeaderUnit, read: Callable[[str, int], Outcome]) -> Reader:
    """The reader of a column whose header says that its numbers count in thousands or more."""

    def scaled(text: str) -> Outcome:
        if _HAS_LARGE_UNIT.search(text):
            return Message(
                mark(
                    "“{value}” has a unit of its own, and the header says {unit} too. Write the plain number."
                ),
                {"value": shorten(text), "unit": unit.unit},
            )
        outcome = read(text, unit.factor)
        return outcome if isinstance(outcome, Message) else (outcome[0], outcome[1] or outcome[0] != 0)

    return scaled


def _decimal(text: str) -> tuple[Decimal, bool] | None:
    if _NUMBER.match(text) and text.isascii():
        return Decimal(text), "e" in text or "E" in text
    value = _LOOSE_SPACE.sub("", _GROUPING_SPACE.sub("", plain(text)))
    negative = _IN_PARENTHESES.match(value)
    if negative:  # as bookkeepers write it
        value = "-" + negative[1]
    value = _CURRENCY.sub(r"\1", _CURRENCY.sub(r"\1", value))
    factor = _LARGE_UNITS.get(value[-1:], 1)
    if factor > 1:
        value = value[:-1]
    if _GROUPED.match(value):
        value = value.replace(",", "")
    if not (_NUMBER.match(value) and value.isascii()):
        return None
    return Decimal(value) * factor, True


def read_integer(text: str) -> Outcome:
    number = _decimal(text)
    if number is None or number[0] != int(number[0]) or not 0 <= number[0] < LARGEST_AMOUNT:
        return Message(
            mark("“{value}” is not a whole number from 0 up. Enter digits only."), {"value": shorten(text)}
        )
    value = int(number[0])
    return value, str(value) != text


def read_days(text: str) -> Outcome:
    """A number of days; the word for them may stand behind it."""
    value = _DAYS.sub("", plain(text))
    outcome = read_integer(value)
    return outcome if isinstance(outcome, Message) else (outcome[0], str(outcome[0]) != text)


def read_score(text: str) -> Outcome:
    """1 to 5, in digits or in the words that surveys in Chinese use."""
    value = plain(text).removesuffix("分").removesuffix("星")
    if value in SATISFACTION_WORDS:
        return SATISFACTION_WORDS[value], True
    number = _decimal(value)
    if number is None or number[0] not in (1, 2, 3, 4, 5):
        return Message(
            mark("“{value}” is not a score. Enter a whole number from 1 (worst) to 5 (best)."),
            {"value": shorten(text)},
        )
    return int(number[0]), str(int(number[0])) != text
