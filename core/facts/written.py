"""What a person writes into a form. Pure."""

from __future__ import annotations

from core.errors import Refused
from core.facts.cleaning.cells import LONGEST_TEXT
from core.language import mark


def written(text: str | None, longest: int = LONGEST_TEXT) -> str:
    """The text without blanks around it, empty for nothing; refused when it is longer than what is kept."""
    value = (text or "").replace("\x00", "").strip()
    if len(value) > longest:
        raise Refused(
            mark("The text has {length} characters; at most {limit} fit. Shorten it."),
            length=len(value),
            limit=longest,
        )
    return value
