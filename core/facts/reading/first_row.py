"""Whether the row that is read as the header is the first row of data: a file may have no header at all. Pure.

Headers are kept (in matches, in jobs, with imports), so what looks like data never becomes the name of a column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from core.facts.cleaning.text import plain
from core.facts.reading.known_names import FEWEST_KNOWN, fields_named

_PERSONAL = re.compile(
    r"[^@\s]+@[^@\s]+\.[^@\s]+|(?:\+?86[\s-]*)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0\d{2,3}[\s-]?\d{7,8}|\d{17}[\dX]",
    re.IGNORECASE,
)
"""E-mail addresses, phones and identity numbers."""
_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?:[T ].*)?")
_NUMBER = re.compile(r"[-+]?[¥$€]?\d[\d,]*(?:\.\d+)?%?")
_YEAR = re.compile(r"(?:19|20)\d{2}")


def looks_like_data(names: Sequence[str]) -> bool:
    """Whether a header says what no name of a column is: a phone, an e-mail address, a day, a number.

    Not where it names fields that are known, nor by years and by numbers that follow one another, as in 38, 39, 40.
    """
    texts = [plain(name) for name in names if name]
    numbers = [text for text in texts if _NUMBER.fullmatch(text) and not _YEAR.fullmatch(text)]
    counts = bool(numbers) and not _follow_one_another(numbers)
    says = counts or any(_PERSONAL.fullmatch(text) or _DAY.fullmatch(text) for text in texts)
    return says and fields_named(names) < FEWEST_KNOWN


def is_personal(name: str) -> bool:
    """Whether a header is itself a phone, an e-mail address or an identity number."""
    return _PERSONAL.fullmatch(plain(name)) is not None


def _follow_one_another(numbers: Sequence[str]) -> bool:
    if len(numbers) < 2 or not all(number.isdecimal() for number in numbers):
        return False
    return all(int(after) == int(before) + 1 for before, after in pairwise(numbers))
