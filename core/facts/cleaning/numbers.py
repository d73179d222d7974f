"""Cells of numbers: amounts, quantities, scores. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial

from core.amounts import to_units
from core.facts.catalogue.model import Field
from core.facts.cleaning.currencies import HOME, any_of, foreign_names, own_names
from core.facts.cleaning.header_units import HeaderUnit, is_money
from core.facts.cleaning.text import Outcome, Reader, plain, shorten
from core.facts.fields import SATISFACTION_WORDS
from core.language import Message, mark

_ONE = Decimal(1)
LARGEST_AMOUNT = 10**12
"""Currency units or pieces; larger numbers are taken for slips, and sums stay within 64 bits."""
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_GROUPING_SPACE = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")
"""Beside a sign or a unit; a space between digits that groups no thousands stays, for it may be two numbers."""
_IN_PARENTHESES = re.compile(r"^\((.*)\)$")
_UNITS = "元|圆|件|个|盒|箱|瓶|袋|包|台|套|只|支|双|张|份|桶|罐"
_MINUS_LAST = re.compile(r"^([^-+]*\d[^-+]*)-$")
"""As SAP writes numbers below zero."""
_MINUS = str.maketrans("−", "-")
_NOTHING = re.compile(r"^[-−–—]+$")
_HAS_UNIT = re.compile(r"[万亿元圆角分]|\d *w\b", re.IGNORECASE)
_DAYS = re.compile(r"\s*(?:天|日|days?)$", re.IGNORECASE)
_LARGE = {"万": 10**4, "亿": 10**8}


@dataclass(frozen=True)
class Writing:
    """How the numbers of a field may be written."""

    currency: str = HOME
    """ISO code of the currency that they are in; its signs may stand beside them."""
    w: bool = False
    """Whether 1.5w is 15,000; of what is no money, 100W may be watts."""


_PLAIN = Writing()


@lru_cache
def _beside(currency: str) -> re.Pattern[str]:
    """The signs of a currency and units, where they stand beside a number."""
    own = "|".join(map(re.escape, own_names(currency)))
    return re.compile(rf"^([+-]?)(?:{own})|(?:{own}|{_UNITS})$", re.IGNORECASE)


def read_amount(text: str, factor: Decimal = _ONE, writing: Writing = _PLAIN) -> Outcome:
    """Ten-thousandths of the unit. Thousands separators, currency signs, 万 and 亿 are understood.

    `factor`: how many units one of the cell is, where the header says so."""
    number = _decimal(text, writing)
    if number is None:
        return _no_number(text, writing.currency)
    value, tidied = number[0] * factor, number[1]
    if abs(value) >= LARGEST_AMOUNT:
        return Message(
            mark("{value} is too large. Check the column; numbers below {limit} are taken."),
            {"value": shorten(text), "limit": f"{LARGEST_AMOUNT:,}"},
        )
    units = to_units(value)
    return units, tidied or Decimal(units) / 10_000 != value


def _no_number(text: str, currency: str) -> Message:
    value = plain(text)
    if _NOTHING.match(value):
        sentence = mark("“{value}” can mean 0 or that nothing is known. Enter 0, or leave the cell blank.")
    elif any(map(str.isdigit, value)) and re.search(any_of(foreign_names(currency)), value, re.IGNORECASE):
        sentence = mark(
            "“{value}” names another currency, and amounts are not converted. Enter the amount in your currency."
        )
    else:
        sentence = mark("“{value}” is not a number. Enter digits only.")
    return Message(sentence, {"value": shorten(text)})


def read_cost(text: str, factor: Decimal = _ONE, writing: Writing = _PLAIN) -> Outcome:
    """Ten-thousandths of the unit, from 0 up."""
    outcome = read_amount(text, factor, writing)
    if not isinstance(outcome, Message) and outcome[0] < 0:
        return Message(mark("{value} is below zero. A cost is a number from 0 up."), {"value": shorten(text)})
    return outcome


def reader_in(unit: HeaderUnit, read: Callable[[str, Decimal], Outcome]) -> Reader:
    """The reader of a column whose header says that its numbers count in thousands, or in hundredths."""

    def scaled(text: str) -> Outcome:
        if _HAS_UNIT.search(plain(text)):
            return Message(
                mark(
                    "“{value}” has a unit of its own, and the header says {unit} too. Write the plain number."
                ),
                {"value": shorten(text), "unit": unit.unit},
            )
        outcome = read(text, unit.factor)
        return outcome if isinstance(outcome, Message) else (outcome[0], outcome[1] or outcome[0] != 0)

    return scaled


def _decimal(text: str, writing: Writing = _PLAIN) -> tuple[Decimal, bool] | None:
    if _NUMBER.match(text) and text.isascii():
        return Decimal(text), "e" in text or "E" in text
    value = _LOOSE_SPACE.sub("", _GROUPING_SPACE.sub("", plain(text).translate(_MINUS)))
    value = _MINUS_LAST.sub(r"-\1", value)
    beside = _beside(writing.currency)
    value = beside.sub(r"\1", beside.sub(r"\1", value))
    negative = _IN_PARENTHESES.match(value)
    if negative:  # as bookkeepers write it
        value = "-" + beside.sub(r"\1", beside.sub(r"\1", negative[1]))
    factor = 10**4 if writing.w and value[-1:] in ("w", "W") else _LARGE.get(value[-1:], 1)
    if factor > 1:
        value = value[:-1]
    if _GROUPED.match(value):
        value = value.replace(",", "")
    if not (_NUMBER.match(value) and value.isascii()):
        return None
    return Decimal(value) * factor, True


def read_integer(text: str, factor: Decimal = _ONE, writing: Writing = _PLAIN) -> Outcome:
    number = _decimal(text, writing)
    value = None if number is None else number[0] * factor
    if value is None or value != int(value) or not 0 <= value < LARGEST_AMOUNT:
        return Message(
            mark("“{value}” is not a whole number from 0 up. Enter digits only."), {"value": shorten(text)}
        )
    return int(value), str(int(value)) != text


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


_READERS: Mapping[str, Callable[..., Outcome]] = {
    "amount": read_amount,
    "cost": read_cost,
    "quantity": read_amount,
    "integer": read_integer,
}
SCALED = frozenset(_READERS)
"""Kinds of fields whose numbers may count in more or less than their unit."""


def number_reader(field: Field, currency: str = HOME) -> Callable[..., Outcome]:
    """The reader of the numbers of a field whose kind is in `SCALED`, by text and factor."""
    return partial(_READERS[field.kind], writing=Writing(currency, w=is_money(field.kind, own=field.own)))
