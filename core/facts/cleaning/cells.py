"""One cell: from the text a person sees to a stored value, by the kind of its field. Pure.

Each reader takes a text that is not blank and gives `(value, tidied)`, or a Message that says what is wrong
with it. `tidied` is true when the cell was understood only after its spelling was changed; such cells are
counted and shown, never changed in silence. Messages leave their column and row to the caller, and never quote
a personal value.
"""

from __future__ import annotations

import re

from core.facts.catalogue.units import DAYS
from core.facts.cleaning.dates import Reading, date_reader, month_reader
from core.facts.cleaning.numbers import (
    SCALED,
    number_reader,
    read_days,
    read_score,
)
from core.facts.cleaning.phones import read_phone
from core.facts.cleaning.text import (
    LOST_DIGITS,
    WHOLE_AS_FLOAT,
    Outcome,
    Reader,
    lost_digits,
    plain,
    shorten,
    visible,
)
from core.facts.fields import NO, YES, Field
from core.language import Message, mark

LONGEST_TEXT = 2_000
LONGEST_CODE = 64

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?|\d\d:\d\d:\d\d")
"""How dates and times of a workbook are read; as texts they are hardly ever typed so."""
_LENGTHS_OF_MOMENTS = (8, 10, 19)
_EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")


def reader(field: Field, reading: Reading) -> Reader:
    """The reader of a field's cells."""
    if field.kind in ("date", "datetime"):
        return date_reader(field, reading)
    if field.kind == "month":
        return month_reader(field, reading)
    if field.kind == "choice":
        return _choice_reader(field)
    if field.kind == "integer" and field.unit == DAYS:
        return read_days
    if field.kind in SCALED:
        return number_reader(field, reading.currency)
    return _READERS[field.kind]


def read_text(text: str) -> Outcome:
    """Text as it stands; only spaces around it and characters that nobody sees go. What looks like a formula is
    text like any other; a text of nothing else is a blank."""
    value = visible(text).strip()
    if len(value) > LONGEST_TEXT:
        return Message(
            mark("The text has {length} characters; at most {limit} fit. Shorten it."),
            {"length": len(value), "limit": LONGEST_TEXT},
        )
    return value or None, value != text


def read_code(text: str) -> Outcome:
    """An identifier, kept as text: leading zeros stay. Inner spaces stay too, as one."""
    value = plain(text)
    if LOST_DIGITS.match(value):
        return lost_digits()
    if len(value) > LONGEST_CODE:
        return Message(
            mark("The code has {length} characters; at most {limit} fit. Check the column."),
            {"length": len(value), "limit": LONGEST_CODE},
        )
    whole = WHOLE_AS_FLOAT.match(value)
    if whole:
        value = whole[1]
    return value or None, value != text


def refusing_moments(read: Reader) -> Reader:
    """A reader of codes or phones of a workbook that takes no day and no time: Excel makes days of 3-12 and 12-Mar, and
    what was typed is lost then."""

    def refuse(text: str) -> Outcome:
        if len(text) in _LENGTHS_OF_MOMENTS and _MOMENT.fullmatch(text):
            return Message(
                mark(
                    "The cell holds a date or a time. Excel makes one of codes such as 3-12. Format the column as text "
                    "in the source and enter the code again."
                )
            )
        return read(text)

    return refuse


def read_email(text: str) -> Outcome:
    value = plain(text).lower()
    if not _EMAIL.match(value) or len(value) > 254:
        return Message(mark("This is not an e-mail address. Correct it or leave the cell blank."))
    return value, value != text


def read_yes_no(text: str) -> Outcome:
    value = plain(text).casefold()
    if value in YES:
        return True, False
    if value in NO:
        return False, False
    return Message(mark("“{value}” is neither yes nor no."), {"value": shorten(text)})


def _choice_reader(field: Field) -> Reader:
    known = {
        plain(word).casefold(): choice.code
        for choice in field.choices
        for word in (*choice.synonyms, choice.en, choice.zh, choice.code)
    }
    words = [Message(choice.en, chinese=choice.zh) for choice in field.choices]

    def read(text: str) -> Outcome:
        code = known.get(plain(text).casefold())
        if code is None:
            return Message(
                mark("“{value}” is none of the choices: {choices}."),
                {"value": shorten(text), "choices": words},
            )
        return code, False

    return read


_READERS: dict[str, Reader] = {
    "code": read_code,
    "text": read_text,
    "phone": read_phone,
    "email": read_email,
    "score": read_score,
    "yes_no": read_yes_no,
}
