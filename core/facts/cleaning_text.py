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


def plain(text: str) -> str:
    """Width of characters, stray spaces and control characters put right."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def shorten(text: str) -> str:
    """Enough of a cell to find it again."""
    return text if len(text) <= 40 else text[:39] + "…"
