"""Cells of phone numbers. Pure."""

from __future__ import annotations

import re

import phonenumbers

from core.facts.cleaning.text import LOST_DIGITS, WHOLE_AS_FLOAT, Outcome, lost_digits, plain
from core.language import Message, mark

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


def read_phone(text: str) -> Outcome:
    """Digits of a number in China as it is dialled there; `+` and all digits for other countries.

    A number with an extension is refused: its digits would make another number, and without them something the file
    says would be lost.
    """
    value = plain(text)
    if LOST_DIGITS.match(value):
        return lost_digits()
    whole = WHOLE_AS_FLOAT.match(value)
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
