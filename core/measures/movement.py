"""Where every customer stood at the end of each month: what churn, high value and moves between tiers are read from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from core.dates import ONE_DAY, months_before
from core.grading.rfm import grade_at_each
from core.measures.periods import last_periods
from core.policy.model import Policy

MONTH_ENDS = "month_ends"
"""Mart table: month (its first day), customer_id, value_tier, lifecycle_stage."""


def ends_of_months(as_of: date) -> dict[date, date]:
    """First day -> last seen day of each month that is worked out, and of the one before them.

    Of the month that runs the last seen day is `as_of`.
    """
    months = last_periods("month", as_of)
    before = months_before(months[0].start, 1)
    return {before: months[0].start - ONE_DAY} | {
        each.start: each.seen_until(as_of) - ONE_DAY for each in months
    }


def month_ends(
    lines: ir.Table, customers: ir.Table, as_of: date, policy_on: Callable[[date], Policy]
) -> pa.Table:
    """The tier and stage of every customer at the end of each month: the rows of MONTH_ENDS.

    Each month is graded by the policy in force on its last day, from the lines up to that day.
    """
    month_of = {end: month for month, end in ends_of_months(as_of).items()}
    # Nothing in a grade depends on more than an order's sum of a day, and these are far fewer than the lines.
    days = lines.group_by(["customer_id", "order_id", "ordered_on"]).aggregate(
        amount=lines.amount.sum().cast("!int64")
    )
    graded = [
        grade_at_each(days, customers, policy, ends)
        .select("as_of", "customer_id", "value_tier", "lifecycle_stage")
        .to_pyarrow()
        for policy, ends in _by_policy(month_of, policy_on)
    ]
    rows = pa.concat_tables(graded)
    ends = pa.array(list(month_of), pa.date32())
    months = pa.array(list(month_of.values()), pa.date32())
    month = months.take(pc.index_in(rows["as_of"], ends).combine_chunks())
    rows = rows.drop_columns("as_of").add_column(0, "month", month)
    return rows.sort_by([("month", "ascending"), ("customer_id", "ascending")])


def _by_policy(days: Iterable[date], policy_on: Callable[[date], Policy]) -> list[tuple[Policy, list[date]]]:
    found: dict[int, tuple[Policy, list[date]]] = {}
    for day in days:
        policy = policy_on(day)
        found.setdefault(policy.version, (policy, []))[1].append(day)
    return list(found.values())
