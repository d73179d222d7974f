"""What every reader of cells shares: the outcome of a cell, and its text put right. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from core.language import Message, mark

Outcome = tuple[Any, bool] | Message
Reader = Callable[[str], Outcome]
"""Takes a text that is not blank; gives the value and whether its spelling was changed, or a problem."""

LOST_DIGITS = re.compile(r"^\d([.,]\d+)?[eE]\+\d{2,}$")
"""A number that was too long for its cell: 1.23457E+14, or with a comma where decimals have one."""
WHOLE_AS_FLOAT = re.compile(r"^(\d{3,})\.0$")
"""A number column with a blank in it turns 17850 into 17850.0 in many tools."""
_CONTACT = re.compile(
    r"[^\s@,;<>，；：:]+@[^\s@,;<>，；]+\.\w+"
    r"|(?<![\d.])(?:(?:\+|00)\d{1,3}[ -]?|86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
    r"|(?<![\d.])\(?0\d{2,3}[) -]{0,2}\d{7,8}(?!\d)|\+\d[\d -]{6,15}\d"
)
"""An e-mail address, a mobile number, a number with its area code, a number abroad."""
_SPACES = re.compile(r"\s+")
_FOLDED = re.compile("[^²³¹¼½¾⁰-₟⅐-↋①-⓿❶-➓㈀-㋿]+")
"""Characters that may be folded; of the others 5² would become 52, and A① the code A1."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
"""Control characters, and marks that turn the direction of text: address books put them around phone numbers."""


def plain(text: str) -> str:
    """Width of characters, stray spaces and characters that nobody sees put right."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    folded = text if text.isascii() else _FOLDED.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return _SPACES.sub(" ", visible(folded)).strip()


def visible(text: str) -> str:
    """The text without control characters and the like; tabs and line breaks stay."""
    return _INVISIBLE.sub("", text)


def shorten(text: str) -> str:
    """Enough of a cell to find it again, without phones and e-mails: what is quoted is kept with the job."""
    quoted = _CONTACT.sub("***", plain(text)) if names_contact(text) else text
    return quoted if len(quoted) <= 40 else quoted[:39] + "…"


def names_contact(text: str) -> bool:
    """Whether a phone or an e-mail stands in the text."""
    return len(text) > 5 and _CONTACT.search(plain(text)) is not None


def lost_digits() -> Message:
    """The refusal of a number that was too long for a numeric cell: what stands there is already rounded."""
    return Message(
        mark(
            "The number was too long for a numeric cell and has lost its last digits. Format the column as text "
            "in the source and enter it again."
        )
    )
