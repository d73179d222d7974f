"""The board of a pilot: its stages, its kinds of card, and what a move does to the order of a column. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.errors import Refused
from core.facts.written import written
from core.language import mark

LONGEST_TITLE = 120
LONGEST_BODY = 2_000
LONGEST_COMMENT = 2_000


class Stage(StrEnum):
    """The improvement loop, in its order; a card may go from any stage to any other."""

    FOUND = "found"
    PLANNED = "planned"
    TRYING = "trying"
    CHECKING = "checking"
    SETTLED = "settled"


class Kind(StrEnum):
    """What a card is."""

    PROBLEM = "problem"
    IDEA = "idea"
    DECISION = "decision"


@dataclass(frozen=True)
class CardView:
    """A card as the board shows it."""

    id: int
    version: int
    stage: str
    kind: str
    title: str
    measure: str | None
    rule: str | None
    owner_id: int | None
    owner: str | None
    due_on: date | None
    comments: int
    settled_at: datetime | None
    pilot_id: int

    def days_late(self, today: date) -> int:
        """Days since its last day, negative before it; 0 without a day and for what is settled."""
        if self.due_on is None or self.stage == Stage.SETTLED:
            return 0
        return (today - self.due_on).days


def placed(column: Sequence[int], card_id: int, before: int | None) -> list[int]:
    """The column with the card put before the card `before`; at its end where that is None or not there."""
    others = [each for each in column if each != card_id]
    at = others.index(before) if before in others else len(others)
    return [*others[:at], card_id, *others[at:]]


def title_of(text: str | None) -> str:
    """A card's title on one line; refused when it is empty or too long."""
    title = " ".join((text or "").replace("\x00", "").split())
    if not title:
        raise Refused(mark("Give the card a title that says what it is about."))
    return written(title, LONGEST_TITLE)
