"""Grades of any order lines: equal to a slow computation, and blind to what must not matter."""

from __future__ import annotations

import random
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.grading.rfm import grade_at_each
from core.policy.service import default_policy
from tests.grading.frames import customers_table, grade_rows, lines_table
from tests.grading.oracle import Line, grades

AS_OF = date(2026, 6, 30)
POLICY = default_policy()
CUSTOMERS = range(1, 9)

# Few customers, orders and amounts, so that ties, cancelled and split orders are common.
lines = st.lists(
    st.tuples(
        st.integers(1, 7),
        st.integers(1, 3),
        st.integers(-40, 420).map(lambda ago: AS_OF - timedelta(days=ago)),
        st.sampled_from([-200, -100, 0, 100, 100, 200, 300]),
    ).map(lambda line: (line[0], line[0] * 10 + line[1], line[2], line[3])),
    max_size=40,
)
often = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def decisions(rows: dict[int, dict[str, object]]) -> dict[int, dict[str, object]]:
    return {
        who: {name: value for name, value in row.items() if name != "value_rank"} for who, row in rows.items()
    }


@often
@given(lines)
def test_every_grade_equals_that_of_the_slow_computation(some: list[Line]) -> None:
    assert decisions(grade_rows(some, CUSTOMERS, POLICY, AS_OF)) == grades(some, CUSTOMERS, AS_OF)


@often
@given(lines, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(some: list[Line], chance: random.Random) -> None:
    shuffled, customers = list(some), list(CUSTOMERS)
    chance.shuffle(shuffled)
    chance.shuffle(customers)
    assert grade_rows(shuffled, customers, POLICY, AS_OF) == grade_rows(some, CUSTOMERS, POLICY, AS_OF)


@often
@given(lines)
def test_customers_with_equal_measures_always_share_their_grade(some: list[Line]) -> None:
    doubled = some + [(who + 100, order + 1000, day, amount) for who, order, day, amount in some]
    both = grade_rows(doubled, [*CUSTOMERS, *(who + 100 for who in CUSTOMERS)], POLICY, AS_OF)
    assert all(both[who] == both[who + 100] for who in CUSTOMERS)


@often
@given(lines, st.integers(1, 300))
def test_moving_all_days_and_the_day_of_grading_together_changes_no_decision(
    some: list[Line], days: int
) -> None:
    """Within years that have no 29 February the window of 12 months is always 365 days long."""
    by = timedelta(days=days) * -1
    moved = [(who, order, day + by, amount) for who, order, day, amount in some]
    before = grade_rows(some, CUSTOMERS, POLICY, AS_OF)
    after = grade_rows(moved, CUSTOMERS, POLICY, AS_OF + by)
    keep = [name for name in before[1] if not name.endswith("_order_on")]
    assert {w: [g[k] for k in keep] for w, g in after.items()} == {
        w: [g[k] for k in keep] for w, g in before.items()
    }


@settings(often, max_examples=10)
@given(lines)
def test_several_days_in_one_query_are_graded_as_each_alone(some: list[Line]) -> None:
    days = [AS_OF, AS_OF - timedelta(days=30), AS_OF - timedelta(days=400)]
    table = grade_at_each(lines_table(some), customers_table(CUSTOMERS), POLICY, days)
    rows = table.to_pyarrow().to_pylist()
    for day in days:
        graded = {row["customer_id"]: row for row in rows if row["as_of"] == day}
        alone = grade_rows(some, CUSTOMERS, POLICY, day)
        assert {who: {**row, "as_of": day, "customer_id": who} for who, row in alone.items()} == graded
