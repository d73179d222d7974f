"""The signs of churn: the boundaries of their windows and thresholds, and what counts as no data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from core.policy.model import Policy
from core.policy.service import default_policy
from core.warning.indicators import (
    INDICATOR_COLUMNS,
    INDICATORS,
    OBSERVED,
    STATES,
    evaluate,
    interactions_drop,
    low_satisfaction,
    no_purchase,
    thresholds,
)
from tests.cdnow import sample_lines
from tests.grading import oracle
from tests.grading.frames import customers_table, lines_table

AS_OF = date(2026, 6, 30)
Rows = dict[int, dict[str, Any]]


def ago(days: int) -> date:
    return AS_OF - timedelta(days=days)


def interactions_table(rows: Iterable[tuple[int, date, str | None]]) -> ir.Table:
    some = list(rows)
    return ibis.memtable(
        pa.table(
            {
                "customer_id": pa.array([row[0] for row in some], pa.int64()),
                "occurred_on": pa.array([row[1] for row in some], pa.date32()),
                "purpose": pa.array([row[2] for row in some], pa.string()),
            }
        )
    )


def satisfaction_table(rows: Iterable[tuple[int, date, int]]) -> ir.Table:
    """Answers given at the beginning of their day."""
    return timed_satisfaction((customer, day, 0, score) for customer, day, score in rows)


def timed_satisfaction(rows: Iterable[tuple[int, date, int, int]]) -> ir.Table:
    """Answers as (customer, day, hour, score)."""
    some = list(rows)
    instants = [datetime(each[1].year, each[1].month, each[1].day, each[2], tzinfo=UTC) for each in some]
    return ibis.memtable(
        pa.table(
            {
                "customer_id": pa.array([row[0] for row in some], pa.int64()),
                "scored_at": pa.array(instants, pa.timestamp("us", "UTC")),
                "scored_on": pa.array([row[1] for row in some], pa.date32()),
                "score": pa.array([row[3] for row in some], pa.int64()),
            }
        )
    )


def by_customer(table: ir.Table) -> Rows:
    return {row["customer_id"]: row for row in table.to_pyarrow().to_pylist()}


def contacts(customer: int, days_ago: Iterable[int], purpose: str | None = None) -> list[Any]:
    return [(customer, ago(days), purpose) for days in days_ago]


@pytest.mark.parametrize(
    ("recent", "before", "state"),
    [(2, 4, "hit"), (3, 4, "clear"), (0, 4, "hit"), (0, 3, "no_data"), (2, 5, "hit"), (3, 5, "clear")],
)
def test_interactions_hit_when_they_fell_to_half_of_at_least_four(
    policy: Policy, recent: int, before: int, state: str
) -> None:
    rows = contacts(1, range(recent)) + contacts(1, range(30, 30 + before))
    found = by_customer(interactions_drop(interactions_table(rows), policy.interactions_drop, AS_OF))[1]
    assert (found["state"], found["recent"], found["before"]) == (state, recent, before)


def test_the_two_windows_of_interactions_meet_and_end_with_the_day(policy: Policy) -> None:
    rows = contacts(1, [-1, 0, 29, 30, 59, 60])
    found = by_customer(interactions_drop(interactions_table(rows), policy.interactions_drop, AS_OF))[1]
    assert (found["recent"], found["before"]) == (2, 2)


def test_win_back_contacts_do_not_silence_the_warning(policy: Policy) -> None:
    rows = contacts(1, [30, 31, 32, 33]) + contacts(1, [1, 2, 3, 4], "win_back") + contacts(1, [5], "care")
    found = by_customer(interactions_drop(interactions_table(rows), policy.interactions_drop, AS_OF))[1]
    assert (found["state"], found["recent"], found["before"]) == ("hit", 1, 4)


@pytest.mark.parametrize(
    ("days", "state", "recent", "before"),
    [
        ([date(2025, 1, 1), date(2025, 12, 30)], "hit", 0, 2),
        ([date(2025, 1, 1), date(2025, 12, 30), date(2025, 12, 30)], "hit", 0, 3),
        ([date(2025, 1, 1), date(2025, 12, 31)], "clear", 1, 1),
        ([date(2025, 12, 30)], "no_data", 0, 1),
        ([date(2026, 6, 30)], "clear", 1, 0),
        ([date(2025, 1, 1), date(2025, 2, 1), date(2026, 7, 1)], "hit", 0, 2),
    ],
)
def test_no_purchase_hits_after_two_quarters_without_an_order_and_two_before(
    policy: Policy, days: list[date], state: str, recent: int, before: int
) -> None:
    """Six months before 2026-06-30 is 2025-12-30: the two rolling quarters begin on the day after it."""
    lines = [(1, number, day, 100) for number, day in enumerate(days)]
    found = by_customer(no_purchase(lines_table(lines), policy.no_purchase, AS_OF))[1]
    assert (found["state"], found["recent"], found["before"]) == (state, recent, before)
    assert found["last_on"] == max(day for day in days if day <= AS_OF)


def test_returned_orders_are_no_purchases(policy: Policy) -> None:
    lines = [
        (1, 1, date(2025, 3, 1), 100),
        (1, 2, date(2025, 4, 1), 100),
        (1, 3, date(2026, 3, 1), 100),
        (1, 3, date(2026, 3, 9), -100),
    ]
    assert by_customer(no_purchase(lines_table(lines), policy.no_purchase, AS_OF))[1]["state"] == "hit"


@pytest.mark.parametrize(
    ("answers", "state", "score"),
    [
        ([(89, 3)], "hit", 3),
        ([(89, 4)], "clear", 4),
        ([(90, 1)], "no_data", None),
        ([(50, 1), (10, 5)], "clear", 5),
        ([(50, 5), (10, 2)], "hit", 2),
        ([(10, 5), (10, 3)], "hit", 3),
        ([(10, 5), (-1, 1)], "clear", 5),
    ],
)
def test_the_latest_answer_within_ninety_days_decides(
    policy: Policy, answers: list[tuple[int, int]], state: str, score: int | None
) -> None:
    rows = [(1, ago(days), value) for days, value in answers]
    found = by_customer(low_satisfaction(satisfaction_table(rows), policy.low_satisfaction, AS_OF))
    assert (found[1]["state"], found[1]["score"]) == (state, score) if score else found == {}


@pytest.mark.parametrize(("morning", "evening", "state"), [(1, 5, "clear"), (5, 1, "hit")])
def test_of_two_answers_on_one_day_the_later_decides(
    policy: Policy, morning: int, evening: int, state: str
) -> None:
    rows = [(1, ago(3), 20, evening), (1, ago(3), 9, morning)]
    found = by_customer(low_satisfaction(timed_satisfaction(rows), policy.low_satisfaction, AS_OF))
    assert (found[1]["state"], found[1]["score"], found[1]["last_on"]) == (state, evening, ago(3))


def test_every_customer_has_a_state_of_every_indicator_and_none_of_what_is_unknown(policy: Policy) -> None:
    table = evaluate(
        customers_table([1, 2]),
        lines_table([(1, 1, ago(5), 100)]),
        interactions_table(contacts(1, [3])),
        satisfaction_table([(1, ago(7), 2)]),
        policy,
        AS_OF,
    )
    assert table.columns == INDICATOR_COLUMNS
    rows = table.to_pyarrow().to_pylist()
    assert {(row["customer_id"], row["indicator"]): row["state"] for row in rows} == {
        (1, "interactions_drop"): "no_data",
        (1, "no_purchase"): "clear",
        (1, "low_satisfaction"): "hit",
        (2, "interactions_drop"): "no_data",
        (2, "no_purchase"): "no_data",
        (2, "low_satisfaction"): "no_data",
    }
    assert len(rows) == 2 * len(INDICATORS)
    assert {row["state"] for row in rows} <= set(STATES)
    for row in rows:
        unused = {"recent", "before", "score", "last_on"} - set(OBSERVED[row["indicator"]])
        assert all(row[name] is None for name in unused)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_names_the_policy_values_it_is_held_against(policy: Policy, indicator: str) -> None:
    assert thresholds(policy, indicator)


@pytest.mark.parametrize(
    ("as_of", "quarters_start", "counts", "shares"),
    [
        (date(1997, 12, 31), date(1997, 7, 1), (421, 1040), (0.777, 0.600)),
        (date(1997, 9, 30), date(1997, 3, 31), (214, 946), (0.743, 0.481)),
    ],
)
def test_two_quarters_without_a_purchase_foretell_silence_among_cdnow_customers(
    as_of: date, quarters_start: date, counts: tuple[int, int], shares: tuple[float, float]
) -> None:
    """Outcome: no purchase from the day after `as_of` to 1998-06-30, where the sample ends."""
    lines = sample_lines()
    found = by_customer(no_purchase(lines_table(lines), default_policy().no_purchase, as_of))
    expected = oracle.no_purchase(lines, quarters_start, as_of)
    assert {customer: row["state"] for customer, row in found.items()} == expected
    came_back = {customer for customer, _, day, amount in lines if day > as_of and amount > 0}
    hits = {customer for customer, row in found.items() if row["state"] == "hit"}
    judged = {customer for customer, row in found.items() if row["recent"] + row["before"] >= 2}
    assert (len(hits), len(judged)) == counts
    precision, base = len(hits - came_back) / len(hits), len(judged - came_back) / len(judged)
    assert (precision, base) == pytest.approx(shares, abs=0.0005)
