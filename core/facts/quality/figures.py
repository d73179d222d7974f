"""What counts of quality can say: shares with their interval, how they stand to the target and to the company. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.facts.quality.counting import WHOLE
from core.policy.model import Policy
from core.statistics import Z_95, Clusters, Interval, clustered, wilson

MEASURES: dict[str, tuple[str, str, str | None]] = {
    "completeness": ("filled", "expected", "complete"),
    "validity": ("passed", "checked", "valid"),
    "timeliness": ("fresh", "customers", None),
}
"""Code -> what is good, what it is counted over, and the prefix of its clusters where a customer gives many cases."""
_APART = 3.090232306167813 / Z_95
"""The 99.9 % point in units of the 95 % interval: of several departments in several measures one in twenty lies
outside 95 % by chance, hardly any outside 99.8 %."""


@dataclass(frozen=True)
class Figure:
    """A share with what it can bear.

    `n`: what was counted (fields or customers); `cases`: customers. `standing`: met, missed, undecided, too_few,
    no_data. `place`, of a department beside the company: better, worse, not_apart; empty where nothing is compared
    or there are too few.
    """

    good: int
    n: int
    cases: int
    value: float | None
    low: float
    high: float
    target: float
    standing: str
    place: str = ""


@dataclass(frozen=True)
class Line:
    """The figures of a department (None: no department, or all), or of a field, by the code of MEASURES."""

    department_id: int | None
    name: str
    field: str
    figures: Mapping[str, Figure]


def figures(
    rows: Iterable[Mapping[str, Any]], policy: Policy, beside: Mapping[str, Figure] | None = None
) -> dict[str, Figure]:
    """The figures of these rows of counts together; `beside`: those of the company to be held against."""
    rows = list(rows)
    targets = {
        "completeness": policy.targets.completeness,
        "validity": policy.targets.accuracy,
        "timeliness": policy.data_quality.fresh_target,
    }
    return {
        code: _figure(code, rows, targets[code], policy, None if beside is None else beside[code])
        for code in MEASURES
    }


def _figure(
    code: str, rows: list[Mapping[str, Any]], target: float, policy: Policy, beside: Figure | None
) -> Figure:
    good_name, every_name, prefix = MEASURES[code]
    good, n = (sum(row[name] for row in rows) for name in (good_name, every_name))
    cases, interval = _interval(good, n, prefix, rows)
    if not n:
        return Figure(good, n, cases, None, 0.0, 1.0, target, "no_data")
    enough = cases >= policy.evidence.smallest_n and interval.width < policy.evidence.widest_interval
    if not enough:
        standing = "too_few"
    elif interval.low >= target:
        standing = "met"
    else:
        standing = "missed" if interval.high < target else "undecided"
    value = good / n
    place = _place(value, interval, beside) if enough and beside is not None else ""
    return Figure(good, n, cases, value, interval.low, interval.high, target, standing, place)


def _interval(good: int, n: int, prefix: str | None, rows: list[Mapping[str, Any]]) -> tuple[int, Interval]:
    """How many customers stand behind the figure, and its interval."""
    if prefix is None or not rows or rows[0]["field"] != WHOLE:
        return n, wilson(good, n)
    kept = [row.get(f"{prefix}_number") for row in rows]
    if None not in kept:
        parts = (
            sum(row[f"{prefix}_{name}"] for row in rows)
            for name in ("number", "squares", "sizes", "products")
        )
        found = Clusters(*parts)
        return found.number, clustered(good, n, found)
    customers = sum(row["customers"] for row in rows)
    # As many cases as customers, at the same share: what is known where only sums were kept.
    cases = min(n, customers)
    return cases, wilson(round(good / n * cases), cases) if n else Interval(0.0, 1.0)


def _place(value: float, interval: Interval, beside: Figure) -> str:
    if beside.value is None:
        return ""
    low, high = value - _APART * (value - interval.low), value + _APART * (interval.high - value)
    if low <= beside.value <= high:
        return "not_apart"
    return "better" if value > beside.value else "worse"
