"""One cell: from the text a person sees to a stored value, by the kind of its field. Pure.

Each reader takes a text that is not blank and gives `(value, tidied)`, or a Message that says what is wrong
with it. `tidied` is true when the cell was understood only after its spelling was changed; such cells are
counted and shown, never changed in silence. Messages leave their column and row to the caller, and never quote
a personal value.
"""

from __future__ import annotations

import re
from decimal import Decimal

import phonenumbers

from core.amounts import to_units
from core.facts.cleaning_dates import Reading, date_reader, month_reader
from core.facts.cleaning_text import Outcome, Reader, plain, shorten, visible
from core.facts.fields import NO, SATISFACTION_WORDS, YES, Field
from core.language import Message, mark

LONGEST_TEXT = 2_000
LONGEST_CODE = 64
LARGEST_AMOUNT = 10**12
"""Currency units or pieces; larger numbers are taken for slips, and sums stay within 64 bits."""
LOST_DIGITS = re.compile(r"^\d(\.\d+)?[eE]\+\d{2,}$")

_WHOLE_AS_FLOAT = re.compile(r"^(\d{3,})\.0$")
_NUMBER = re.compile(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$")
_GROUPED = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_GROUPING_SPACE = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_LOOSE_SPACE = re.compile(r"(?<!\d) | (?!\d)")
"""Beside a sign or a unit; a space between digits that groups no thousands stays, for it may be two numbers."""
_IN_PARENTHESES = re.compile(r"^\((.*)\)$")
_CURRENCY = re.compile(r"^([+-]?)(?:¥|￥|\$|RMB|CNY)|(?:元|圆|RMB|CNY|件|个|盒|箱)$", re.IGNORECASE)
_LARGE_UNITS = {"万": 10**4, "亿": 10**8}
_EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+$")
_FEWEST_DIGITS = 7
_PHONE = re.compile(r"^(?![2-9]\d{10}$)\+?\d{7,15}$")
"""In China, numbers of eleven digits begin with 1, or with the 0 of an area code."""
_MOBILE = re.compile(r"^(?:\+?86|0086)?(1\d{10})$")
_EXTENSION = re.compile(
    r"(?P<number>.*\d)\s*(?P<sign>[\s\-–—‐]|转|轉|分机|内线|ext(?:ension|n)?\.?|x|#|\*|,|;)\s*[:.]?\s*\d{1,6}",
    re.IGNORECASE,
)
"""A number, what parts it from an extension, and the extension."""
_LOCAL = re.compile(r"[2-8]\d{6,7}")
"""A number as it is dialled in its own town."""


def reader(field: Field, reading: Reading) -> Reader:
    """The reader of a field's cells."""
    if field.kind in ("date", "datetime"):
        return date_reader(field, reading)
    if field.kind == "month":
        return month_reader(field, reading)
    if field.kind == "choice":
        return _choice_reader(field)
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
    whole = _WHOLE_AS_FLOAT.match(value)
    if whole:  # a number column with a blank in it turns 17850 into 17850.0 in many tools
        value = whole[1]
    return value or None, value != text


def lost_digits() -> Message:
    """The refusal of a number that was too long for a numeric cell: what stands there is already rounded."""
    return Message(
        mark(
            "The number was too long for a numeric cell and has lost its last digits. Format the column as text "
            "in the source and enter it again."
        )
    )


def read_phone(text: str) -> Outcome:
    """Digits of a number in China as it is dialled there; `+` and all digits for other countries.

    A number with an extension is refused: its digits would make another number, and without them something the file
    says would be lost.
    """
    value = plain(text)
    if LOST_DIGITS.match(value):
        return lost_digits()
    whole = _WHOLE_AS_FLOAT.match(value)
    value = whole[1] if whole else value
    compact = _compact(value)
    mobile = _MOBILE.match(compact)
    if mobile:
        return mobile[1], mobile[1] != text
    no_phone = Message(mark("This is not a phone number. Correct it or leave the cell blank."))
    if len(compact.removeprefix("+")) < _FEWEST_DIGITS:  # the register knows short ones of services
        return no_phone
    number = _registered(compact)
    if number is not None:
        return number, number != text
    if _has_extension(value):
        return Message(
            mark(
                "There is an extension behind the phone number. Enter the number alone; the extension can go into a "
                "column of its own."
            )
        )
    # Numbers that the register does not know are kept: refusing a real one would be worse.
    return (compact, compact != text) if _PHONE.match(compact) else no_phone


def _compact(value: str) -> str:
    return re.sub(r"[\s\-–—‐.()]", "", value)


def _registered(compact: str) -> str | None:
    """The number as the register of numbering plans knows it; None for what it does not know."""
    try:
        number = phonenumbers.parse(compact, "CN")
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    style = phonenumbers.PhoneNumberFormat
    shown = phonenumbers.format_number(number, style.NATIONAL if number.country_code == 86 else style.E164)
    return re.sub(r"[^\d+]", "", shown)


def _has_extension(value: str) -> bool:
    found = _EXTENSION.fullmatch(value)
    if found is None:
        return False
    head = _compact(found["number"])
    return bool(_MOBILE.match(head) or _LOCAL.fullmatch(head)) or _registered(head) is not None


def read_email(text: str) -> Outcome:
    value = plain(text).lower()
    if not _EMAIL.match(value) or len(value) > 254:
        return Message(mark("This is not an e-mail address. Correct it or leave the cell blank."))
    return value, value != text


def read_amount(text: str) -> Outcome:
    """Ten-thousandths of the unit. Thousands separators, currency signs, 万 and 亿 are understood."""
    number = _decimal(text)
    if number is None:
        return Message(mark("“{value}” is not a number. Enter digits only."), {"value": shorten(text)})
    value, tidied = number
    if abs(value) >= LARGEST_AMOUNT:
        return Message(
            mark("{value} is too large. Check the column; numbers below {limit} are taken."),
            {"value": shorten(text), "limit": f"{LARGEST_AMOUNT:,}"},
        )
    units = to_units(value)
    return units, tidied or Decimal(units) / 10_000 != value


def read_cost(text: str) -> Outcome:
    """Ten-thousandths of the unit, from 0 up."""
    outcome = read_amount(text)
    if not isinstance(outcome, Message) and outcome[0] < 0:
        return Message(mark("{value} is below zero. A cost is a number from 0 up."), {"value": shorten(text)})
    return outcome


def _decimal(text: str) -> tuple[Decimal, bool] | None:
    if _NUMBER.match(text) and text.isascii():
        return Decimal(text), False
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
    listed = ", ".join(f"{choice.zh}/{choice.en}" for choice in field.choices)

    def read(text: str) -> Outcome:
        code = known.get(plain(text).casefold())
        if code is None:
            return Message(
                mark("“{value}” is none of the choices: {choices}."),
                {"value": shorten(text), "choices": listed},
            )
        return code, False

    return read


_READERS: dict[str, Reader] = {
    "code": read_code,
    "text": read_text,
    "phone": read_phone,
    "email": read_email,
    "amount": read_amount,
    "cost": read_cost,
    "quantity": read_amount,
    "integer": read_integer,
    "score": read_score,
    "yes_no": read_yes_no,
}
