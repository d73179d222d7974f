"""What a figure can bear: its interval, how it stands to a target, whether it changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import pytest

from core.measures.catalogue import MEASURES
from core.measures.readings import Counts, Reading, Standing, change, reading, standing
from core.policy.service import default_policy
from core.statistics import Clusters

OCTOBER = date(2026, 10, 1)
EVIDENCE = default_policy().evidence


def figure(code: str, *counts: float) -> Reading:
    return reading(MEASURES[code], OCTOBER, Counts(*counts), EVIDENCE, complete=True)


def stands(code: str, target: float | None, *counts: float) -> Standing:
    return standing(MEASURES[code], figure(code, *counts), target)


@pytest.mark.parametrize("code", MEASURES)
def test_without_cases_nothing_is_measured_and_nothing_fails(code):
    empty = figure(code)
    assert (empty.value, empty.low, empty.high, empty.n, empty.enough) == (None, None, None, 0, False)
    assert standing(MEASURES[code], empty, 0.5) is Standing.NO_DATA
    assert change(MEASURES[code], empty, empty).real is None


def test_a_cost_without_customers_is_no_figure():
    assert figure("acquisition_cost", 50_000_000, 0).value is None


def test_ninety_three_of_a_hundred_do_not_decide_about_ninety_five_percent():
    shown = figure("accuracy", 93, 100)
    assert (round(shown.low, 3), round(shown.high, 3), shown.enough) == (0.863, 0.966, True)
    assert stands("accuracy", 0.95, 93, 100) is Standing.UNDECIDED


@pytest.mark.parametrize(
    ("code", "target", "counts", "expected"),
    [
        ("accuracy", 0.95, (990, 1_000), Standing.MET),
        ("accuracy", 0.95, (900, 1_000), Standing.MISSED),
        ("accuracy", None, (900, 1_000), Standing.NO_TARGET),
        ("accuracy", 0.95, (0, 29), Standing.TOO_FEW),
        ("accuracy", 0.95, (0, 30), Standing.MISSED),
        ("accuracy", 0.6, (15, 30), Standing.TOO_FEW),  # the interval is 35 points wide
        ("churn", 0.05, (10, 1_000), Standing.MET),
        ("churn", 0.05, (100, 1_000), Standing.MISSED),
        ("churn", 0.05, (50, 1_000), Standing.UNDECIDED),
        ("acquisition_cost", 2_000.0, (1_000 * 10_000 * 100, 100), Standing.MET),
        ("acquisition_cost", 2_000.0, (3_000 * 10_000 * 100, 100), Standing.MISSED),
        ("acquisition_cost", 2_000.0, (2_100 * 10_000 * 100, 100), Standing.UNDECIDED),
        ("acquisition_cost", 2_000.0, (1_000 * 10_000 * 29, 29), Standing.TOO_FEW),
        ("satisfaction", 4.2, (500, 100, 2_500.0), Standing.MET),
        ("satisfaction", 4.2, (410, 100, 1_780.0), Standing.UNDECIDED),  # 4.1 give or take 0.196
        ("satisfaction", 4.2, (390, 100, 1_620.0), Standing.MISSED),
    ],
)
def test_met_or_missed_only_where_the_whole_interval_is_on_that_side(code, target, counts, expected):
    assert stands(code, target, *counts) is expected


def fields(*customers: tuple[int, int]) -> Counts:
    """Counts of customers of ten fields each: (customers, fields that pass)."""
    return Counts(
        sum(many * passed for many, passed in customers),
        sum(many * 10 for many, _ in customers),
        None,
        Clusters(
            sum(many for many, _ in customers),
            sum(many * passed**2 for many, passed in customers),
            sum(many * 100 for many, _ in customers),
            sum(many * passed * 10 for many, passed in customers),
        ),
    )


def of_fields(*customers: tuple[int, int]) -> Reading:
    return reading(MEASURES["completeness"], OCTOBER, fields(*customers), EVIDENCE, complete=True)


def test_forty_fields_of_four_customers_are_four_cases():
    shown = of_fields((3, 10), (1, 9))
    assert (shown.value, shown.n, shown.cases, shown.enough) == (0.975, 40, 4, False)
    assert of_fields((30, 10), (10, 9)).enough


def test_customers_who_differ_widen_the_interval_of_their_fields():
    alike, apart = of_fields((50, 8), (50, 9)), of_fields((85, 10), (15, 0))
    assert alike.value == apart.value == 0.85
    assert apart.interval.width > 2 * alike.interval.width
    before = of_fields((90, 10), (10, 0))
    assert change(MEASURES["completeness"], apart, before).real is False


def test_counts_add_up_with_their_customers_and_forget_what_one_of_them_lacks():
    assert fields((3, 10)) + fields((1, 9)) == fields((3, 10), (1, 9))
    assert fields((3, 10)) + Counts(1, 2) == Counts(31, 32)
    assert Counts(1, 2, 3.0) + Counts(1, 2, 4.0) == Counts(2, 4, 7.0)


def test_a_reading_gives_back_what_it_was_made_of():
    assert of_fields((3, 10), (1, 9)).counts == fields((3, 10), (1, 9))
    assert figure("satisfaction", 400, 100, 1_700.0).counts == Counts(400, 100, 1_700.0)
    kept = json.loads(json.dumps(asdict(of_fields((3, 10))), default=str)) | {"start": OCTOBER}
    assert Reading(**kept) == of_fields((3, 10))


def test_amounts_are_read_in_currency_units():
    shown = figure("average_order_value", 400 * 10_000, 2, (100**2 + 300**2) * 1e8)
    assert (shown.value, round(shown.low, 2), round(shown.high, 2)) == (200.0, 4.00, 396.00)


def test_a_cost_has_the_interval_of_the_customers_that_were_counted():
    shown = figure("acquisition_cost", 200_000 * 10_000, 100)
    # Of 100 counted 81.4 to 121.6 are expected.
    assert (shown.value, round(shown.low), round(shown.high)) == (2_000.0, 1_644, 2_458)


def test_a_share_changed_really_where_newcombes_interval_leaves_out_nothing():
    moved = change(MEASURES["win_back"], figure("win_back", 56, 70), figure("win_back", 48, 80))
    assert (round(moved.difference, 4), round(moved.low, 4), round(moved.high, 4)) == (0.2, 0.0524, 0.3339)
    assert (moved.real, moved.better) == (True, True)


def test_a_rise_of_churn_is_for_the_worse():
    moved = change(MEASURES["churn"], figure("churn", 100, 1_000), figure("churn", 20, 1_000))
    assert (moved.real, moved.better) == (True, False)


def test_a_small_difference_is_noise():
    moved = change(MEASURES["accuracy"], figure("accuracy", 93, 100), figure("accuracy", 95, 100))
    assert (moved.real, moved.better) == (False, None)
    assert moved.low < moved.difference < moved.high


def test_of_too_few_cases_it_cannot_be_said():
    moved = change(MEASURES["accuracy"], figure("accuracy", 9, 10), figure("accuracy", 30, 100))
    assert (moved.difference, moved.real) == (pytest.approx(0.6), None)


def test_means_change_by_their_spread():
    before = figure("satisfaction", 400, 100, 1_700.0)
    now = figure("satisfaction", 440, 100, 2_036.0)
    moved = change(MEASURES["satisfaction"], now, before)
    # Standard errors 0.1005 each: 1.96 times 0.1421 is 0.279.
    assert (round(moved.low, 2), round(moved.high, 2), moved.real) == (0.12, 0.68, True)


def test_costs_change_by_the_chance_in_the_number_of_customers():
    cheap, dear = figure("acquisition_cost", 10**9, 100), figure("acquisition_cost", 2 * 10**9, 100)
    assert change(MEASURES["acquisition_cost"], dear, cheap).better is False
    assert change(MEASURES["acquisition_cost"], figure("acquisition_cost", 10**9, 95), cheap).real is False


def test_there_is_no_change_against_nothing():
    moved = change(MEASURES["accuracy"], figure("accuracy", 93, 100), None)
    assert (moved.difference, moved.low, moved.high, moved.real) == (None, None, None, None)
