"""What figures can say: 95 % intervals, differences, and the limits of chance on charts; in closed form. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, fsum, hypot, sqrt
from typing import NamedTuple

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: intervals here are at 95 %."""
_XMR = 2.66
"""3 / d2 for ranges of two: mean moving ranges on each side within which weeks move by chance alone."""
_SETTLED = 15
"""Points from which the limits of a control chart are trusted."""


class Interval(NamedTuple):
    """From `low` to `high`, both included."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    def below(self, other: Interval) -> bool:
        """Whether this one ends before the other begins."""
        return self.high < other.low


def wilson(k: int, n: int) -> Interval:
    """The interval of a share of `k` in `n` (Wilson 1927, without continuity correction).

    Unlike the textbook formula it stays within 0 and 1 and says something at 0 and at n. Of no cases nothing
    is known: 0 to 1.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    return _wilson(k / n, n) if n else Interval(0.0, 1.0)


def _wilson(share: float, n: float) -> Interval:
    z2 = Z_95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # At the ends rounding would leave a hair between the limit and the share itself.
    return Interval(0.0 if share == 0 else middle - half, 1.0 if share == 1 else middle + half)


class Clusters(NamedTuple):
    """What cases that come in clusters count beside their sums; clusters of two sets add up member by member.

    Of a cluster with `k` good cases in `n`: `squares` sums k * k, `sizes` n * n and `products` k * n.
    """

    number: int
    squares: int
    sizes: int
    products: int


def clustered(k: int, n: int, clusters: Clusters) -> Interval:
    """The interval of a share of `k` in `n` cases that come in clusters and are alike within them.

    Wilson's of as many independent cases as say as much: `n` by the design effect, which is how much more a ratio
    of sums over clusters varies than a share of that many single cases (Kish 1965; Korn and Graubard 1998), at
    least 1. Where the clusters do not show how they differ, the share being 0 or 1 or the cluster the only one,
    each counts as one case.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    if n == 0:
        return Interval(0.0, 1.0)
    share = k / n
    if clusters.number < 2 or k in (0, n):
        return _wilson(share, clusters.number)
    spread = clusters.squares - 2 * share * clusters.products + share * share * clusters.sizes
    variance = max(0.0, spread) * clusters.number / (clusters.number - 1) / n**2
    return _wilson(share, n / max(1.0, variance / (share * (1 - share) / n)))


def newcombe(k1: int, n1: int, k2: int, n2: int) -> Interval:
    """The interval of the difference k1/n1 - k2/n2 of two independent shares (Newcombe 1998, method 10).

    A difference is real where 0 lies outside. Of no cases on one side nothing is known: -1 to 1.
    """
    if n1 == 0 or n2 == 0:
        return Interval(-1.0, 1.0)
    return difference(k1 / n1, wilson(k1, n1), k2 / n2, wilson(k2, n2))


def difference(value1: float, interval1: Interval, value2: float, interval2: Interval) -> Interval:
    """The interval of value1 - value2 from those of two independent figures (MOVER, Zou and Donner 2008).

    Of Wilson intervals it is Newcombe's, of normal ones of means it is Welch's with the normal quantile.
    """
    between = value1 - value2
    down = hypot(value1 - interval1.low, interval2.high - value2)
    up = hypot(interval1.high - value1, value2 - interval2.low)
    return Interval(between - down, between + up)


def mean_interval(total: float, squares: float, n: int) -> Interval | None:
    """The normal interval of the mean of `n` values with this sum and sum of squares; None below two values."""
    if n < 2:
        return None
    mean = total / n
    variance = max(0.0, (squares - total * mean) / (n - 1))
    half = Z_95 * sqrt(variance / n)
    return Interval(mean - half, mean + half)


def poisson(k: int) -> Interval:
    """The interval of what is expected where `k` cases were counted (Byar's approximation; 0 to 3.7 for none)."""
    return Interval(
        k * (1 - 1 / (9 * k) - Z_95 / (3 * sqrt(k))) ** 3 if k else 0.0,
        (k + 1) * (1 - 1 / (9 * (k + 1)) + Z_95 / (3 * sqrt(k + 1))) ** 3,
    )


def cost_interval(cost: float, k: int) -> Interval | None:
    """The interval of cost / k, where the cost is known and the `k` cases are what chance moves; None without cases."""
    if k == 0:
        return None
    cases = poisson(k)
    return Interval(cost / cases.high, cost / cases.low)


@dataclass(frozen=True)
class XmR:
    """A control chart of single values. Positions count from 0 in the values given, gaps included."""

    mean: float | None
    """None without values."""
    mean_range: float | None
    """Mean distance of neighbours; None where no two values are neighbours, and then there are no limits."""
    low: float | None
    high: float | None
    signals: tuple[int, ...]
    """Positions outside the limits."""
    provisional: bool
    """Fewer than 15 values: the limits may still move."""


def xmr(values: Sequence[float | None]) -> XmR:
    """The chart of these values in order of time, with limits at the mean -/+ 2.66 mean moving ranges.

    None is a gap: no range is taken over it.
    """
    known = [value for value in values if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
    provisional = len(known) < _SETTLED
    if not known:
        return XmR(None, None, None, None, (), provisional)
    mean = fsum(known) / len(known)
    if not ranges:
        return XmR(mean, None, None, None, (), provisional)
    mean_range = fsum(ranges) / len(ranges)
    low, high = mean - _XMR * mean_range, mean + _XMR * mean_range
    hair = 1e-9 * max(
        1.0, abs(mean)
    )  # equal values give limits that rounding alone would put them outside of
    outside = tuple(
        at for at, value in enumerate(values) if value is not None and not low - hair <= value <= high + hair
    )
    return XmR(mean, mean_range, low, high, outside, provisional)


@dataclass(frozen=True)
class FunnelLimits:
    """Where the share of a group of this size falls by chance: 95 of 100 in `usual`, 998 of 1,000 in `wide`."""

    usual: Interval
    wide: Interval


def funnel_limits(share: float, n: int) -> FunnelLimits:
    """The limits of a funnel plot around the common `share` for a group of `n` cases.

    Exact binomial quantiles, interpolated between whole counts (Spiegelhalter 2005). Of no cases: 0 to 1.
    """
    if n == 0:
        return FunnelLimits(Interval(0.0, 1.0), Interval(0.0, 1.0))
    cumulated = _binomial(share, n)
    low, high, lowest, highest = (_quantile(cumulated, p) / n for p in (0.025, 0.975, 0.001, 0.999))
    return FunnelLimits(Interval(low, high), Interval(lowest, highest))


def _binomial(share: float, n: int) -> list[tuple[int, float]]:
    """(count, P(X <= count)) for the counts that are not beyond all chance."""
    if share <= 0 or share >= 1:
        return [(0 if share <= 0 else n, 1.0)]
    reach = 10 * sqrt(n * share * (1 - share)) + 10
    first, last = max(0, floor(n * share - reach)), min(n, ceil(n * share + reach))
    odds, mode = share / (1 - share), min(n, floor((n + 1) * share))
    weights = {mode: 1.0}  # against the most likely count; powers of the share alone would vanish
    for k in range(mode + 1, last + 1):
        weights[k] = weights[k - 1] * odds * (n - k + 1) / k
    for k in range(mode - 1, first - 1, -1):
        weights[k] = weights[k + 1] / odds * (k + 1) / (n - k)
    total, sum_to, cumulated = fsum(weights.values()), 0.0, []
    for k in range(first, last + 1):
        sum_to += weights[k] / total
        cumulated.append((k, sum_to))
    return cumulated


def _quantile(cumulated: list[tuple[int, float]], p: float) -> float:
    """The count up to which the share `p` of all chance lies, linear between whole counts; never below 0."""
    before = 0.0
    for k, sum_to in cumulated:
        if sum_to >= p:
            return max(0.0, k - (sum_to - p) / (sum_to - before))
        before = sum_to
    return float(cumulated[-1][0])
