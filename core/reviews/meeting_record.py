"""What is kept of a weekly meeting when it is closed: its agenda, its decisions, and every name in its minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Moved(StrEnum):
    """What the KPI of a decision has done since: week against week."""

    BETTER = "better"
    WORSE = "worse"
    NOISE = "noise"
    """It differs by no more than chance does."""
    TOO_FEW = "too_few"
    """Too few cases to tell."""
    NO_FIGURE = "no_figure"
    """One of the two weeks has no figure, or no week has passed since."""
    NO_KPI = "no_kpi"
    """The decision names no KPI."""


@dataclass(frozen=True)
class RedKpi:
    """A KPI whose last complete week misses its target, or lies outside the limits on the bad side."""

    measure: str
    week: date
    value: float
    n: int
    target: float | None
    missed: bool
    signal: bool


@dataclass(frozen=True)
class Decision:
    """A decision of a meeting before: how far it is, and what its KPI has done."""

    card_id: int
    title: str
    stage: str
    owner: str | None
    due_on: date | None
    measure: str | None
    before: float | None
    """The KPI in the week that the meeting which decided it looked at."""
    now: float | None
    moved: Moved


@dataclass(frozen=True)
class DueCard:
    """A card that is late, or due by the end of the meeting's week."""

    card_id: int
    title: str
    stage: str
    owner: str | None
    due_on: date
    days_late: int
    """0 and below: not late yet."""


@dataclass(frozen=True)
class Agenda:
    """What a meeting has to talk about."""

    looks_at: date | None
    """The Monday of the last week of the pilot that was over; None while there is none."""
    measured: bool
    """Whether the figures of that week are worked out for every KPI; where not, nothing red says nothing."""
    as_of: date | None
    """The day as of which the figures were worked out; None where there are none."""
    red: tuple[RedKpi, ...]
    decisions: tuple[Decision, ...]
    due: tuple[DueCard, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """A form that JSON can hold; `from_json` gives the agenda back."""
        parts: tuple[tuple[str, Sequence[Any]], ...] = (
            ("red", self.red),
            ("decision", self.decisions),
            ("due", self.due),
        )
        week = {"looks_at": self.looks_at, "measured": self.measured, "as_of": self.as_of}
        return [
            {"part": "week", **_plain(week)},
            *({"part": part, **_plain(asdict(item))} for part, items in parts for item in items),
        ]

    @classmethod
    def from_json(cls, stored: Sequence[Mapping[str, Any]]) -> Agenda:
        """The agenda that `to_json` gave, among other parts."""
        nothing: dict[str, Any] = {"looks_at": None, "measured": False, "as_of": None}
        week = next(iter(_parts(stored, "week")), nothing)
        return cls(
            looks_at=_day(week["looks_at"]),
            measured=week["measured"],
            as_of=_day(week["as_of"]),
            red=tuple(RedKpi(**{**each, "week": _day(each["week"])}) for each in _parts(stored, "red")),
            decisions=tuple(
                Decision(**{**each, "due_on": _day(each["due_on"]), "moved": Moved(each["moved"])})
                for each in _parts(stored, "decision")
            ),
            due=tuple(DueCard(**{**each, "due_on": _day(each["due_on"])}) for each in _parts(stored, "due")),
        )


@dataclass(frozen=True)
class Decided:
    """A decision of the meeting itself: the card that it made."""

    card_id: int
    title: str
    owner: str | None
    due_on: date | None
    measure: str | None


@dataclass(frozen=True)
class Record:
    """What else the minutes name: kept by name at the close, because people and pilots are renamed later."""

    pilot: str
    attendees: str
    opened_by: str | None
    closed_by: str | None
    decided: tuple[Decided, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """A form that JSON can hold; `from_json` gives the record back."""
        names = {name: value for name, value in asdict(self).items() if name != "decided"}
        return [
            {"part": "record", **names},
            *({"part": "decided", **_plain(asdict(each))} for each in self.decided),
        ]

    @classmethod
    def from_json(cls, stored: Sequence[Mapping[str, Any]]) -> Record:
        """The record that `to_json` gave, among other parts."""
        [names] = _parts(stored, "record")
        decided = (Decided(**{**each, "due_on": _day(each["due_on"])}) for each in _parts(stored, "decided"))
        return cls(**names, decided=tuple(decided))


def _parts(stored: Sequence[Mapping[str, Any]], part: str) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in each.items() if name != "part"}
        for each in stored
        if each["part"] == part
    ]


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in item.items()}


def _day(text: str | None) -> Any:
    return None if text is None else date.fromisoformat(text)
