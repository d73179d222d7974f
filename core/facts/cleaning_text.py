"""What every reader of cells shares: the outcome of a cell, and its text put right. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from core.language import Message

Outcome = tuple[Any, bool] | Message
Reader = Callable[[str], Outcome]
"""Takes a text that is not blank; gives the value and whether its spelling was changed, or a problem."""

_SPACES = re.compile(r"\s+")
_FOLDED = re.compile("[^²³¹¼½¾⁰-₟⅐-↋①-⓿❶-➓㈀-㋿]+")
"""Characters that may be folded; of the others 5² would become 52, and A① the code A1."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
"""Control characters, and marks that turn the direction of text: address books put them around phone numbers."""


def plain(text: str) -> str:
    """Width of characters, stray spaces and characters that nobody sees put right."""
    folded = text if text.isascii() else _FOLDED.sub(lambda run: unicodedata.normalize("NFKC", run[0]), text)
    return _SPACES.sub(" ", visible(folded)).strip()


def visible(text: str) -> str:
    """The text without control characters and the like; tabs and line breaks stay."""
    return _INVISIBLE.sub("", text)


def shorten(text: str) -> str:
    """Enough of a cell to find it again."""
    return text if len(text) <= 40 else text[:39] + "…"
