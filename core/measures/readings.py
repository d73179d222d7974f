"""One figure of one measure with what it can bear: interval, standing to a target, change. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.amounts import SCALE
from core.measures.catalogue import Measure
from core.measures.cells import CLUSTERS
from core.policy.model import Evidence
from core.statistics import Clusters, Interval, clustered, cost_interval, difference, mean_interval, wilson


@dataclass(frozen=True)
class Counts:
    """What a measure counted.

    `squares`: sum of the squares of what the numerator sums, for means and amounts. `clusters`: the customers, for
    shares that take several cases from each.
    """

    numerator: int = 0
    denominator: int = 0
    squares: float | None = None
    clusters: Clusters | None = None

    def __add__(self, other: Counts) -> Counts:
        """Both together; what only one of them knows is not known of both."""
        return Counts(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            None if self.squares is None or other.squares is None else self.squares + other.squares,
            None
            if self.clusters is None or other.clusters is None
            else Clusters(*(mine + its for mine, its in zip(self.clusters, other.clusters, strict=True))),
        )


@dataclass(frozen=True)
class Reading:
    """The figure of a measure in the period that begins on `start`.

    `value`, `low` and `high` are shares from 0 to 1, scores, or currency units. `value` is None where there is
    nothing to divide by: it cannot be measured; `low` and `high` (95 %) are None where one case says nothing of
    the others. `numerator` and `denominator` as counted, amounts in ten-thousandths.
    """

    code: str
    start: date
    value: float | None
    low: float | None
    high: float | None
    numerator: int
    denominator: int
    n: int
    enough: bool
    """Whether there are enough cases to compare and rank."""
    complete: bool
    """Whether the period is over, and with it the window of its cases where they have one."""
    squares: float | None = None
    clusters: int | None = None
    cluster_squares: int | None = None
    cluster_sizes: int | None = None
    cluster_products: int | None = None
    """From `squares` on: see `counts`. Plain numbers, so that a reading can be kept and read back."""

    @property
    def cases(self) -> int:
        """How many cases stand for themselves: customers where several of the `n` are one customer's."""
        return self.n if self.clusters is None else self.clusters

    @property
    def counts(self) -> Counts:
        """What it was made of, to be added to that of other periods."""
        kept = (self.clusters, self.cluster_squares, self.cluster_sizes, self.cluster_products)
        known = [each for each in kept if each is not None]
        clusters = Clusters(*known) if len(known) == len(kept) else None
        return Counts(self.numerator, self.denominator, self.squares, clusters)

    @property
    def interval(self) -> Interval | None:
        return None if self.low is None or self.high is None else Interval(self.low, self.high)


class Standing(StrEnum):
    """How a figure stands to its target."""

    MET = "met"
    MISSED = "missed"
    UNDECIDED = "undecided"
    """The target lies within the interval: chance alone may have put the figure on its side."""
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"


@dataclass(frozen=True)
class Change:
    """The difference of two figures, in the unit of the measure. All None where one of them has no value.

    `real`: whether 0 lies outside the interval; None where there are too few cases to say. `better`: whether a real
    difference is for the better, None where it is not known to be real.
    """

    difference: float | None
    low: float | None
    high: float | None
    real: bool | None
    better: bool | None = None


def reading(measure: Measure, start: date, counts: Counts, evidence: Evidence, *, complete: bool) -> Reading:
    """The figure that these counts give."""
    n = counts.denominator
    cases = n if counts.clusters is None else counts.clusters.number
    interval = _interval(measure, counts) if n else None
    scale = SCALE if measure.kind in ("amount", "cost") else 1
    narrow = interval is not None and (measure.kind != "share" or interval.width < evidence.widest_interval)
    return Reading(
        code=measure.code,
        start=start,
        value=counts.numerator / n / scale if n else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        numerator=counts.numerator,
        denominator=n,
        n=n,
        enough=cases >= evidence.smallest_n and narrow,
        complete=complete,
        squares=counts.squares,
        **({} if counts.clusters is None else dict(zip(CLUSTERS, counts.clusters, strict=True))),
    )


def _interval(measure: Measure, counts: Counts) -> Interval | None:
    total, n = counts.numerator, counts.denominator
    if measure.kind == "share":
        return wilson(total, n) if counts.clusters is None else clustered(total, n, counts.clusters)
    if measure.kind == "cost":
        return cost_interval(total / SCALE, n)
    if counts.squares is None:
        return None
    scale = SCALE if measure.kind == "amount" else 1
    return mean_interval(total / scale, counts.squares / scale**2, n)


def standing(measure: Measure, reading: Reading, target: float | None) -> Standing:
    """How the figure stands to `target`: met or missed only where the whole interval lies on that side."""
    if reading.value is None:
        return Standing.NO_DATA
    if target is None:
        return Standing.NO_TARGET
    interval = reading.interval
    if not reading.enough or interval is None:
        return Standing.TOO_FEW
    if measure.higher_is_better:
        met, missed = interval.low >= target, interval.high < target
    else:
        met, missed = interval.high <= target, interval.low > target
    return Standing.MET if met else Standing.MISSED if missed else Standing.UNDECIDED


def change(measure: Measure, reading: Reading, before: Reading | None) -> Change:
    """The difference `reading` - `before` with an interval from those of the two: Newcombe's of
    shares, Welch's of means and amounts; of costs that which their Poisson intervals give."""
    if before is None or reading.value is None or before.value is None:
        return Change(None, None, None, None)
    now, then = reading.interval, before.interval
    if now is None or then is None:
        return Change(reading.value - before.value, None, None, None)
    between = difference(reading.value, now, before.value, then)
    real = not between.low <= 0 <= between.high if reading.enough and before.enough else None
    up = reading.value > before.value
    return Change(
        difference=reading.value - before.value,
        low=between.low,
        high=between.high,
        real=real,
        better=up is measure.higher_is_better if real else None,
    )
