"""What an explanation says must come true: who reaches the named value gets the named score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.grading.explanation import GradeExplanation, explain
from core.language import translate
from core.policy.model import Policy
from core.policy.service import default_policy
from tests.grading.frames import grade_rows
from tests.grading.oracle import Line

AS_OF = date(2026, 6, 30)
POLICY = default_policy()
SCORES = {"recency_days": "r_score", "frequency": "f_score", "monetary": "m_score"}


def explained(lines: list[Line], customer: int, policy: Policy = POLICY) -> GradeExplanation:
    rows = grade_rows(lines, sorted({line[0] for line in lines} | {customer}), policy, AS_OF)
    graded = [row for row in rows.values() if row["r_score"] is not None]
    columns = {name: pa.array([row[name] for row in graded], pa.int64()) for name in SCORES}
    row = rows[customer] | {"customer_id": customer, "as_of": AS_OF, "policy_version": policy.version}
    return explain(row, pa.table(columns), policy)


def orders(customer: int, days_ago: int, frequency: int, monetary: int) -> list[Line]:
    """`frequency` orders on one day that come to `monetary`."""
    day = AS_OF - timedelta(days=days_ago)
    amounts = [1] * (frequency - 1) + [monetary - frequency + 1]
    return [(customer, customer * 100 + at, day, amount) for at, amount in enumerate(amounts)]


measures = st.tuples(st.integers(0, 30), st.integers(1, 5), st.integers(50, 60))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(measures, min_size=1, max_size=12))
def test_the_named_value_earns_the_named_score_and_one_step_less_does_not(
    some: list[tuple[int, int, int]],
) -> None:
    def lines_with(own: tuple[int, ...]) -> list[Line]:
        others = [line for at, each in enumerate(some[1:], start=2) for line in orders(at, *each)]
        return orders(1, own[0], own[1], own[2]) + others

    def score_with(own: tuple[int, ...], measure: str) -> int:
        lines = lines_with(own)
        return grade_rows(lines, {line[0] for line in lines}, POLICY, AS_OF)[1][SCORES[measure]]

    for at, each in enumerate(explained(lines_with(some[0]), 1).measures):
        if each.next_value is None:
            continue
        step = 1 if each.measure == "recency_days" else -1
        reached, short = list(some[0]), list(some[0])
        reached[at], short[at] = each.next_value, each.next_value + step
        assert score_with(tuple(reached), each.measure) == each.next_score
        assert each.next_score is not None
        assert each.next_score > each.score
        assert score_with(tuple(short), each.measure) == each.score


FIVE = [line for who in range(1, 6) for line in orders(who, 10 * (6 - who), 1, who * 1_000_000)]
"""Five customers, last seen 50, 40, ... 10 days ago, who spent 100, 200, ... 500."""


def test_bounds_are_the_worst_values_that_earn_each_score_now() -> None:
    days, count, amount = explained(FIVE, 3).measures
    assert days.bounds == (40, 30, 20, 10)
    assert count.bounds == (None, None, None, None)
    assert amount.bounds == (2_000_000, 3_000_000, 4_000_000, 5_000_000)
    assert (amount.value, amount.score, amount.percent_rank, amount.upper) == (3_000_000, 3, 0.5, True)


def test_reasons_carry_the_numbers_they_were_decided_by() -> None:
    why = [translate(each, "en") for each in explained(FIVE, 3).why]
    assert why == [
        "Mid value: ranks at 50 % by scores and spending, between 30 % and 80 %.",
        "New: the first order was 30 days ago, of at most 90.",
    ]
    changes = [translate(each, "en") for each in explained(FIVE, 3).what_would_change]
    assert changes == [
        "A last order at most 19 days ago would score R 4.",
        "2 orders in the period (1 more) would score F 5.",
        "Spending of CNY 400.01 in the period (CNY 100.01 more) would score M 4.",
        "One more order of CNY 300.00 on 2026-06-30 would make the value tier “High value”.",
        "Counts as a new customer up to 2026-08-29.",
    ]


@pytest.mark.parametrize("customer", range(1, 6))
def test_the_outcome_of_one_more_order_is_what_grading_would_decide(customer: int) -> None:
    own = next(line for line in FIVE if line[0] == customer)
    after = [*FIVE, (customer, 9999, AS_OF, own[3])]
    tier = grade_rows(after, range(1, 6), POLICY, AS_OF)[customer]["value_tier"]
    sentence = explained(FIVE, customer).what_would_change[-2]
    labels = {"high": "High value", "potential": "Potential", "mid": "Mid value", "low": "Low value"}
    assert f"“{labels[tier]}”" in translate(sentence, "en")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], ("No value tier: there are no orders yet.", "Prospect: no order of positive amount yet.")),
        (
            [(9, 1, date(2024, 1, 1), 100)],
            (
                "Low value: no order of positive amount in the 12 months up to 2026-06-30.",
                "Lost: the last order was 911 days ago, more than 180.",
            ),
        ),
    ],
)
def test_who_has_no_scores_is_told_why(lines: list[Line], why: tuple[str, str]) -> None:
    found = explained(lines, 9)
    assert found.measures == ()
    assert tuple(translate(each, "en") for each in found.why) == why
    assert len(found.what_would_change) == 1


def test_a_rank_just_below_a_threshold_never_reads_as_the_threshold() -> None:
    row: dict[str, Any] = {
        "value_tier": "mid",
        "value_rank": 0.79999,
        "r_score": 3,
        "f_score": 3,
        "m_score": 3,
    }
    from core.grading.reasons import tier_reason

    assert "ranks at 79.99 %" in translate(tier_reason(row, replace(POLICY, version=2)), "en")
