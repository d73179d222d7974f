"""The obligations of a report as a table of words, the same on the page and on paper."""

from __future__ import annotations

from dataclasses import dataclass

from core.language import mark
from core.obligations.labels import STATES
from core.reviews.document import Counts, Document
from core.reviews.labels import OBLIGATION_KINDS
from core.reviews.words import Speaker

COUNTED = (mark("Due"), *(STATES[state] for state in Counts.STATES), mark("In time, share of due"))
"""What `counted` and `in_words` count, in this order."""
NOBODY = mark("No department")


@dataclass(frozen=True)
class Row:
    """What was owed of one kind: by the company, or by one of the departments that follow it."""

    name: str
    of_company: bool
    figures: tuple[str, ...]
    """As in COUNTED."""


def counted(counts: Counts) -> tuple[int, ...]:
    """All of COUNTED but the share."""
    return (counts.due, *counts.by_state)


def rows(document: Document, speaker: Speaker) -> list[Row]:
    """The company's line of each kind, then those of its departments."""
    found = []
    for line in document.obligations:
        found.append(Row(speaker.label(OBLIGATION_KINDS, line.kind), True, _in_words(line.company, speaker)))
        found.extend(
            Row(each.department or speaker.say(NOBODY), False, _in_words(each.counts, speaker))
            for each in line.departments
        )
    return found


def _in_words(counts: Counts, speaker: Speaker) -> tuple[str, ...]:
    return (*map(speaker.number, counted(counts)), speaker.value("share", counts.kept))
