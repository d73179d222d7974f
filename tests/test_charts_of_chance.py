"""Means, counts, control charts and funnel plots: limits of chance, against published or independent numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics import (
    Interval,
    cost_interval,
    difference,
    funnel_limits,
    mean_interval,
    newcombe,
    poisson,
    wilson,
    xmr,
)

WEEKS = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)


def test_the_chart_of_single_values_has_the_published_limits() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2."""
    chart = xmr(WEEKS)
    assert (chart.mean, chart.mean_range) == pytest.approx((50.81, 1.8778), abs=5e-5)
    assert (chart.low, chart.high) == pytest.approx((45.815, 55.805), abs=5e-4)
    assert (chart.signals, chart.provisional) == ((), True)


def test_a_point_outside_the_limits_is_a_signal() -> None:
    chart = xmr([10, 11] * 8 + [30])
    assert chart.signals == (16,)
    assert not chart.provisional


def test_a_missing_week_is_a_gap_without_a_range() -> None:
    chart = xmr([10, 12, None, 40, 42])
    assert (chart.mean, chart.mean_range) == (26, 2)
    assert chart.signals == (0, 1, 3, 4)


@pytest.mark.parametrize("values", [[5.0], [None, 5.0, None], [5.0, None, 5.0]])
def test_one_point_or_none_beside_another_gives_no_limits(values: list[float | None]) -> None:
    chart = xmr(values)
    assert (chart.mean, chart.mean_range, chart.low, chart.high) == (5.0, None, None, None)
    assert (chart.signals, chart.provisional) == ((), True)


def test_no_points_give_no_chart() -> None:
    assert xmr([]).mean is None
    assert xmr([None]).mean is None


def test_fifteen_points_are_no_longer_provisional() -> None:
    assert xmr([1.0, 2.0] * 7).provisional
    assert not xmr([1.0, 2.0] * 7 + [1.0]).provisional


def test_a_mean_has_an_interval_from_two_values_on() -> None:
    assert mean_interval(5, 25, 1) is None
    # 1 and 3: standard deviation 1.4142, by the root of two 1, times 1.96.
    assert mean_interval(4, 10, 2) == pytest.approx((0.04, 3.96), abs=5e-3)
    assert mean_interval(30, 90, 10) == Interval(3, 3)


@pytest.mark.parametrize(
    ("k", "low", "high"), [(0, 0.0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.390), (100, 81.36, 121.63)]
)
def test_counts_have_nearly_the_exact_limits(k: int, low: float, high: float) -> None:
    """Exact limits by the chi-square distribution (Garwood 1936)."""
    assert poisson(k) == pytest.approx((low, high), rel=0.01, abs=0.03)


def test_a_cost_is_the_money_by_the_limits_of_the_count() -> None:
    assert cost_interval(1_000, 0) is None
    low, high = cost_interval(1_000, 10) or (0, 0)
    assert (low, high) == pytest.approx((1_000 / 18.390, 1_000 / 4.7874), abs=0.1)


def test_a_difference_of_wilson_intervals_is_newcombes() -> None:
    assert difference(0.9, wilson(9, 10), 0.3, wilson(3, 10)) == newcombe(9, 10, 3, 10)


def test_the_limits_of_a_funnel_plot_are_quantiles_of_the_binomial() -> None:
    """Of 20 at one half: P(X <= 5) = .0207, P(X <= 6) = .0577; interpolated to 5.12 for .025."""
    limits = funnel_limits(0.5, 20)
    assert limits.usual == pytest.approx((5.117 / 20, 13.883 / 20), abs=5e-4)
    # P(X <= 3) = .0013, P(X <= 2) = .0002: 2.73 for .001.
    assert limits.wide == pytest.approx((2.736 / 20, 16.264 / 20), abs=5e-3)


@given(st.floats(0, 1), st.integers(0, 3_000))
def test_the_wide_limits_hold_the_usual_ones_and_these_the_share_of_all(share: float, n: int) -> None:
    usual, wide = funnel_limits(share, n).usual, funnel_limits(share, n).wide
    assert 0 <= wide.low <= usual.low <= usual.high <= wide.high <= 1
    assert usual.low <= share + 1 / max(n, 1)
    assert share - 1 / max(n, 1) <= usual.high


def test_larger_groups_have_narrower_limits_down_to_none() -> None:
    widths = [funnel_limits(0.9, n).usual.width for n in (0, 30, 300, 30_000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == 1.0
