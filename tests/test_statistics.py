"""Intervals of shares and of differences, against published numbers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.statistics import Clusters, Interval, clustered, newcombe, wilson


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_limits(k: int, n: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, method 3."""
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_newcombe_gives_the_published_limits(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10."""
    assert newcombe(*first, *second) == pytest.approx((low, high), abs=5e-5)


def test_ninety_three_of_a_hundred_are_not_told_apart_from_ninety_five_percent() -> None:
    low, high = wilson(93, 100)
    assert (low, high) == pytest.approx((0.863, 0.966), abs=5e-4)
    assert low < 0.95 < high


def test_of_no_cases_nothing_is_known() -> None:
    assert wilson(0, 0) == Interval(0, 1)
    assert newcombe(0, 0, 3, 4) == newcombe(3, 4, 0, 0) == Interval(-1, 1)


def test_more_than_all_is_no_share() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)
    with pytest.raises(ValueError, match="3 of 2"):
        clustered(3, 2, Clusters(1, 9, 4, 6))


def of(*clusters: tuple[int, int]) -> tuple[int, int, Clusters]:
    """(good, all) of each cluster, as `clustered` takes them together."""
    return (
        sum(k for k, _ in clusters),
        sum(n for _, n in clusters),
        Clusters(
            len(clusters),
            sum(k * k for k, _ in clusters),
            sum(n * n for _, n in clusters),
            sum(k * n for k, n in clusters),
        ),
    )


def test_clusters_of_one_case_are_single_cases() -> None:
    """But for one case less, which an unbiased variance costs."""
    assert clustered(*of(*[(1, 1)] * 30, *[(0, 1)] * 70)) == pytest.approx(wilson(30, 100), abs=1e-3)


def test_cases_that_are_all_alike_within_a_cluster_count_as_one() -> None:
    assert clustered(*of(*[(10, 10)] * 30, *[(0, 10)] * 70)) == pytest.approx(wilson(30, 100), abs=1e-3)


def test_cases_as_mixed_within_every_cluster_as_in_all_are_single_cases() -> None:
    assert clustered(*of(*[(3, 10)] * 10)) == pytest.approx(wilson(30, 100))


def test_where_clusters_do_not_show_how_they_differ_each_is_one_case() -> None:
    assert clustered(*of(*[(10, 10)] * 4)) == wilson(4, 4)
    assert clustered(*of(*[(0, 10)] * 4)) == wilson(0, 4)
    assert clustered(*of((4, 10))).width > 0.8
    assert clustered(*of()) == Interval(0, 1)


def test_the_interval_of_clustered_cases_holds_the_true_share_as_often_as_it_says() -> None:
    """100 customers of 10 fields, about 70 % of them full and the others at 0.4: 0.82 in truth."""
    chance = random.Random(20261122)
    held = naive = 0
    for _ in range(200):
        full = [chance.random() < 0.7 for _ in range(100)]
        drawn = of(*((10 if each else sum(chance.random() < 0.4 for _ in range(10)), 10) for each in full))
        low, high = clustered(*drawn)
        held += low <= 0.82 <= high
        low, high = wilson(*drawn[:2])
        naive += low <= 0.82 <= high
    assert held >= 0.9 * 200
    assert naive < 0.9 * 200  # as if every field stood for itself


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=30))
def test_the_interval_of_clusters_holds_their_share_and_is_no_narrower_than_of_single_cases(
    parts: list[tuple[int, int]],
) -> None:
    k, n, clusters = of(*((good, good + bad) for good, bad in parts if good + bad))
    low, high = clustered(k, n, clusters)
    single = wilson(k, n)
    assert 0 <= low <= (k / n if n else 0) <= high <= 1
    assert high - low >= single.width - 1e-9


@given(n=st.integers(1, 10_000), share=st.floats(0, 1))
def test_an_interval_holds_its_share_and_stays_within_none_and_all(n: int, share: float) -> None:
    k = round(share * n)
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1


@given(st.integers(0, 50), st.integers(50, 90), st.integers(0, 40), st.integers(40, 99))
def test_a_difference_the_other_way_round_is_the_same_turned(k1: int, n1: int, k2: int, n2: int) -> None:
    low, high = newcombe(k1, n1, k2, n2)
    assert newcombe(k2, n2, k1, n1) == pytest.approx((-high, -low))
    assert low <= k1 / n1 - k2 / n2 <= high
