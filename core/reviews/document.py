"""What a monthly execution report says, free of language: frozen values that become canonical JSON and back. Pure.

Every value, limit and target is a whole number of ten-thousandths of its unit (a share of 0.9312 is 9312, an amount
of 1,500.00 is 15,000,000), so that the same figures give the same bytes on every machine.
"""

from __future__ import annotations

import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, ClassVar, Union, cast, get_args, get_origin, get_type_hints

from core.amounts import SCALE
from core.obligations.clock import State


@dataclass(frozen=True)
class Meta:
    """What the report is about and what it rests on."""

    month: date
    """Its first day."""
    revision: int
    as_of: date
    """The last day whose facts count."""
    drafted_at: datetime
    """When it was worked out; what was owed stood as told then."""
    complete: bool
    """Whether the month was over."""
    data_version: int
    policy_version: int
    """The rules in force on the last day, by whose targets and limits the figures are judged."""
    policy_versions: tuple[int, ...]
    """Every version that has a part in the report: also that of the calculation, and those of what was owed."""
    time_zone: str
    currency: str


@dataclass(frozen=True)
class Figure:
    """A measure's value with its 95 % interval; all three are None where nothing could be measured."""

    value: int | None
    low: int | None
    high: int | None
    numerator: int
    denominator: int
    n: int
    enough: bool
    """Whether there are cases enough to compare it."""


@dataclass(frozen=True)
class Move:
    """The difference to the month before that of the figure, with its interval."""

    before: int
    difference: int
    low: int | None
    high: int | None
    real: bool | None
    """Whether it is more than chance; None where that cannot be told."""


@dataclass(frozen=True)
class DepartmentLine:
    """One measure of one department."""

    department_id: int
    department: str
    figure: Figure
    move: Move | None
    standing: str
    place: str
    """How it stands to the company, a key of `core.reviews.labels.PLACES`."""


@dataclass(frozen=True)
class Point:
    """A measure of the company in one month."""

    month: date
    value: int | None
    n: int


@dataclass(frozen=True)
class MeasureLine:
    """One measure of the company, and by department, the best first where they can be told apart."""

    code: str
    kind: str
    """share, mean, amount, cost"""
    higher_is_better: bool
    entered: date | None
    """The month whose cases are counted, where these need time to ripen: the newest that have had it."""
    target: int | None
    standing: str
    figure: Figure
    move: Move | None
    missing: str | None
    """Why it cannot be measured or is not final yet, a key of `core.reviews.labels.MISSING`."""
    trend: tuple[Point, ...]
    """The months up to this one."""
    departments: tuple[DepartmentLine, ...]


@dataclass(frozen=True)
class Movement:
    """Customers by value tier at the end of the month before and of this one."""

    before: str
    now: str
    customers: int


@dataclass(frozen=True)
class StageCount:
    """Customers in a lifecycle stage at the end of the month before and of this one."""

    stage: str
    before: int
    now: int


@dataclass(frozen=True)
class Counts:
    """What was due in the month, as it stood when the report was drafted; every entry is in exactly one."""

    STATES: ClassVar[tuple[State, ...]] = (State.MET, State.MISSED, State.LATE, State.PENDING)
    """The order in which they are told."""

    met: int
    missed: int
    late: int
    pending: int

    @property
    def by_state(self) -> tuple[int, ...]:
        """The counts in the order of STATES."""
        return tuple(getattr(self, state) for state in self.STATES)

    @property
    def due(self) -> int:
        return sum(self.by_state)

    @property
    def kept(self) -> int | None:
        """The share done in time, of all that was due, in ten-thousandths; None where nothing was."""
        return round(self.met * SCALE / self.due) if self.due else None

    @property
    def broken(self) -> int:
        """Done late, or late and still to do."""
        return self.missed + self.late


@dataclass(frozen=True)
class DepartmentCounts:
    """The obligations of one department; None of those that are nobody's."""

    department_id: int | None
    department: str | None
    counts: Counts


@dataclass(frozen=True)
class ObligationLine:
    """The obligations of one kind: the company's, and by department."""

    kind: str
    company: Counts
    departments: tuple[DepartmentCounts, ...]


@dataclass(frozen=True)
class Finding:
    """Something worth saying, as a code and what its sentence needs; `department_id` where it is about one."""

    code: str
    department_id: int | None
    values: Mapping[str, int | str]


@dataclass(frozen=True)
class Document:
    """The whole report."""

    meta: Meta
    findings: tuple[Finding, ...]
    measures: tuple[MeasureLine, ...]
    movement: tuple[Movement, ...]
    stages: tuple[StageCount, ...]
    obligations: tuple[ObligationLine, ...]

    def measure(self, code: str) -> MeasureLine | None:
        """The line of that measure."""
        return next((line for line in self.measures if line.code == code), None)

    def of_department(self, department_id: int | None) -> Document:
        """The company's figures with the rows of this department alone; with None, of no department."""

        def own(row: DepartmentLine | DepartmentCounts) -> bool:
            return department_id is not None and row.department_id == department_id

        return replace(
            self,
            findings=tuple(f for f in self.findings if f.department_id in (None, department_id)),
            measures=tuple(
                replace(line, departments=tuple(filter(own, line.departments))) for line in self.measures
            ),
            obligations=tuple(
                replace(line, departments=tuple(filter(own, line.departments))) for line in self.obligations
            ),
        )


def to_text(document: Document) -> str:
    """The document as canonical JSON: sorted keys, no spaces, days and instants in ISO form, no fractions."""
    return json.dumps(
        asdict(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_written
    )


def _written(value: object) -> str:
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a report")


@lru_cache(maxsize=16)
def from_text(text: str) -> Document:
    """The document that `to_text` wrote. Kept, because a page reads the same report at every click."""
    return cast(Document, _read(Document, json.loads(text)))


def sha256(text: str) -> str:
    """The digest of a document: of its bytes in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _kinds(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _read(kind: Any, value: Any) -> Any:
    """`value` of JSON as the type `kind` of a field; a missing or unknown field raises."""
    if value is None:
        return None
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in value)
    if is_dataclass(kind):
        hints = _kinds(cast(type, kind))
        if hints.keys() != value.keys():
            raise ValueError(f"not a {kind}: {sorted(value)}")
        return cast(Any, kind)(**{name: _read(hints[name], each) for name, each in value.items()})
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return value
