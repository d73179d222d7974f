"""Marks of how something stands: each differs from the others by its shape as well as by its colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.measures import labels
from pages.frame.words import _


@dataclass(frozen=True)
class Mark:
    """One way to stand."""

    shape: str
    tone: str
    """good, bad, warning or neutral: its colour, in `palette.MEANINGS` for charts and in the theme for text."""
    words: str
    """A marked English sentence."""


_TONES = {"met": "good", "missed": "bad", "undecided": "warning"}
STANDINGS: Mapping[str, Mark] = {
    standing: Mark(labels.SIGNS[standing], _TONES.get(standing, "neutral"), words)
    for standing, words in labels.STANDINGS.items()
}
"""How a measure stands to its target (`core.measures.readings.Standing`) -> mark. Undecided: the target lies within
the interval, so that chance alone may have put the figure on its side."""

_TEXT_COLORS = {"good": "green", "bad": "red", "warning": "orange", "neutral": "gray"}
"""Tone -> the theme's colour of text, which reaches AA on both grounds."""


def in_markdown(status: Mark, *, words: bool = True) -> str:
    """The mark for places that read Markdown; with its words, unless they stand beside it anyway."""
    color = _TEXT_COLORS[status.tone]
    return f":{color}[{status.shape}]" + (f" {_(status.words)}" if words else "")


def in_text(status: Mark) -> str:
    """The mark and its words for tables and other plain text."""
    return f"{status.shape} {_(status.words)}"
