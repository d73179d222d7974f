"""Commas in a column of numbers: between thousands, as in 1,234.50, or in front of decimals, as in 12,50. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.facts.cleaning.text import Outcome, Reader, plain, shorten
from core.language import Message, mark

_AROUND = re.compile(r"^[^\d.,]+|[^\d.,]+$")
"""Signs, currencies and units beside a number."""
_LIKELY = re.compile(r"[,，](?!\d{3}(?!\d))|\.\d*[,，]|(?:(?<!\d)0|\d{4})[,，]")
"""Cells worth a look; most commas of most files stand between thousands."""
_DECIMAL = re.compile(
    r"^(?:\d+|\d{1,3}(?:\.\d{3})+),(?:\d{1,2}|\d{4,})$|^\d{1,3}(?:\.\d{3})+,\d+$|^(?:0|\d{4,}),\d+$"
)
"""A comma that stands before decimals: what follows is no group of three, or points part the thousands."""
_SURELY_DECIMAL = re.compile(r"^\d{1,3}(?:\.\d{3})+,\d+$")
_SURELY_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+\.\d+$|^\d{1,3}(?:,\d{3}){2,}$")
"""Commas between thousands: a point follows them, or there are several."""
_POINTED = re.compile(r"^\d*\.(?:\d{1,2}|\d{4,})$|^0\.\d+$|^\d{4,}\.\d+$")
"""A point that stands before decimals."""
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+$")
_POINTS_GROUP = re.compile(r"^\d{1,3}(?:\.\d{3})+$")

_UNCLEAR = mark(
    "“{value}” can be read in two ways: other cells of the column have a comma before the decimals. Write it without "
    "separators of thousands, with a point before the decimals."
)


def decimal_commas(texts: Sequence[str]) -> bool | None:
    """Whether a column writes its decimals behind a comma; None where that is not clear.

    One cell that reads so may be a slip (1,23 for 1,234), which two hardly are.
    """
    likely = [text for text in texts if _LIKELY.search(text)]
    decimal = [number for number in map(_bare, likely) if _DECIMAL.match(number)]
    if not decimal:
        return False
    surely_decimal = any(map(_SURELY_DECIMAL.match, decimal))
    if any(_SURELY_GROUPED.match(_bare(text)) for text in texts if "," in text or "，" in text):
        return None if surely_decimal else False
    if any("." in text and _POINTED.match(_bare(text)) for text in texts):
        return None
    return True if surely_decimal or len(decimal) > 1 else None


def minding_commas(read: Reader, commas: bool | None) -> Reader:
    """A reader of numbers in a column where some commas stand before decimals (see `decimal_commas`).

    What could as well be thousands (1,200) is refused, and where it is not clear what they mean every comma is.
    """

    def mind(text: str) -> Outcome:
        number = _bare(text)
        unclear = bool(_GROUPED.match(number)) or (commas is True and bool(_POINTS_GROUP.match(number)))
        decimal = _DECIMAL.match(number)
        if unclear or (decimal and commas is None):
            return Message(_UNCLEAR, {"value": shorten(text)})
        if not decimal:
            return read(text)
        outcome = read(plain(text).replace(".", "").replace(",", "."))
        return outcome if isinstance(outcome, Message) else (outcome[0], True)

    return mind


def _bare(text: str) -> str:
    return _AROUND.sub("", plain(text))
