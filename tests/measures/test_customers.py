"""What is known of customers, what they say, and where they stand at the end of months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import ibis
import pyarrow as pa
import pytest

from core.measures.cells import CLUSTERS
from core.measures.movement import ends_of_months, month_ends
from core.measures.queries import movement
from core.measures.workings import WORKINGS
from tests.factmaking import add_interaction, add_satisfaction
from tests.measures.conftest import AUGUST, NOVEMBER, OCTOBER, SEPTEMBER


def test_satisfaction_is_the_mean_and_the_share_of_four_and_five(company, measured, actors):
    with company() as it:
        east, nobodys = it.customer(actors.east), it.customer()
        for at, score in enumerate((5, 4, 3, 2)):
            add_satisfaction(it.session, east, date(2026, 10, 31), score, at)
        add_satisfaction(it.session, nobodys, date(2026, 10, 1), 1)
        add_satisfaction(it.session, nobodys, date(2026, 9, 30), 5, row_key=1)
    figures = measured()
    assert figures.counts("satisfaction") == {SEPTEMBER: (5, 1), OCTOBER: (15, 5)}
    assert figures.counts("satisfied_share") == {SEPTEMBER: (1, 1), OCTOBER: (2, 5)}
    assert figures.departments("satisfaction", OCTOBER) == {None: (15, 5), actors.east: (14, 4)}
    october = figures.all("satisfaction")[OCTOBER]
    # 5 4 3 2 1: mean 3, standard deviation 1.5811, by the root of five 0.7071, times 1.96.
    assert (october.value, round(october.low, 3), round(october.high, 3)) == (3.0, 1.614, 4.386)


def test_customers_are_lost_by_the_end_of_the_month_of_those_there_at_its_start(company, measured, actors):
    """By the default policy active are those who ordered in the last 90 days, dormant in 180, lost later."""
    with company() as it:
        leaves, stays, gone, new = (it.customer(actors.east) for _ in range(4))
        it.order(leaves, (date(2025, 10, 1), 10))
        it.order(leaves, (date(2026, 4, 10), 10))  # 143 days before the end of August, 173 of September
        it.order(stays, (date(2025, 10, 1), 10))
        it.order(stays, (date(2026, 9, 1), 10))
        it.order(gone, (date(2025, 10, 1), 10))
        it.order(new, (date(2026, 9, 20), 10))
    figures = measured()
    assert figures.counts("churn")[OCTOBER] == (1, 2)
    assert figures.departments("churn", OCTOBER)[actors.east] == (1, 2)


def test_high_value_is_of_those_who_have_a_tier_at_the_end_of_the_month(company, measured, actors):
    with company() as it:
        customers = [it.customer(actors.west) for _ in range(10)]
        it.customer(actors.west)  # without orders: without a tier
        for number, customer in enumerate(customers, 1):
            it.order(customer, (date(2026, 9, 1), 100 * number))
    figures = measured()
    assert figures.counts("high_value_share") == dict.fromkeys((SEPTEMBER, OCTOBER, NOVEMBER), (2, 10))


def test_a_month_is_seen_to_its_end_and_the_one_that_runs_to_the_day():
    ends = ends_of_months(date(2026, 11, 3))
    assert list(ends.items())[:2] == [
        (date(2025, 10, 1), date(2025, 10, 31)),
        (date(2025, 11, 1), date(2025, 11, 30)),
    ]
    assert (len(ends), ends[NOVEMBER]) == (14, date(2026, 11, 3))


def test_each_month_is_graded_by_the_policy_of_its_last_day(policy):
    """From the middle of October on a customer is lost ten days after the last order."""
    days = pa.array([date(2026, 9, 1)], pa.date32())
    lines = pa.table({"customer_id": [1], "order_id": [1], "ordered_on": days, "amount": [1]})
    customers = pa.table({"id": [1]})
    lifecycle = replace(policy.lifecycle, new_days=3, active_days=5, dormant_days=10)
    strict = replace(policy, version=2, lifecycle=lifecycle)
    rows = month_ends(
        ibis.memtable(lines),
        ibis.memtable(customers),
        date(2026, 11, 3),
        lambda day: strict if day >= date(2026, 10, 15) else policy,
    ).to_pylist()
    stages = {row["month"]: row["lifecycle_stage"] for row in rows}
    assert (len(rows), stages[AUGUST], stages[SEPTEMBER], stages[OCTOBER]) == (14, "prospect", "new", "lost")


def test_movement_counts_who_went_from_which_tier_to_which(store, company, measured, actors):
    with company() as it:
        early, late = it.customer(), it.customer()
        it.customer()  # never ordered: not in the table
        it.order(early, (date(2026, 9, 1), 100))
        it.order(late, (date(2026, 10, 5), 100))
        it.order(late, (date(2026, 10, 6), 100))
    measured()
    table = movement(actors.manager, store, OCTOBER)
    moved = {(row.tier_before, row.tier_now): row.customers for row in table.itertuples()}
    assert sum(moved.values()) == 2
    assert ("none", "high") in moved
    assert movement(actors.manager, store, AUGUST).empty


@pytest.mark.parametrize(
    ("code", "counts"), [("completeness", (9 + 4, 10 + 5)), ("accuracy", (8 + 2, 9 + 4))]
)
def test_fields_are_those_of_customers_with_anything_happening_in_the_month(
    store, company, policy, actors, code, counts, sources
):
    with company() as it:
        ordered, called, asleep = it.customer(actors.east), it.customer(), it.customer()
        it.order(ordered, (date(2026, 10, 1), 10))
        it.order(ordered, (date(2026, 10, 2), -10))
        add_satisfaction(it.session, ordered, date(2026, 10, 3), 5)
        add_interaction(it.session, called, date(2026, 10, 31))
        add_interaction(it.session, asleep, date(2026, 9, 30))
    rows = [
        {"customer_id": ordered, "expected": 10, "filled": 9, "checked": 9, "passed": 8},
        {"customer_id": called, "expected": 5, "filled": 4, "checked": 4, "passed": 2},
        {"customer_id": asleep, "expected": 5, "filled": 0, "checked": 0, "passed": 0},
    ]
    facts = replace(sources(), quality=ibis.memtable(rows))
    cells = [row for table in WORKINGS[code](facts, "month") for row in table.to_pylist()]
    october = [row for row in cells if row["start"] == OCTOBER and row["measure"] == code]
    assert {row["department_id"] for row in october} == {actors.east, None}
    assert tuple(sum(row[name] for row in october) for name in ("numerator", "denominator")) == counts
    good = [8, 2] if code == "accuracy" else [9, 4]
    every = [9, 4] if code == "accuracy" else [10, 5]
    assert [sum(row[name] for row in october) for name in CLUSTERS] == [
        2,
        sum(k * k for k in good),
        sum(n * n for n in every),
        sum(k * n for k, n in zip(good, every, strict=True)),
    ]
