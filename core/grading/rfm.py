"""Grades from order lines: recency, frequency and monetary value, and all that follows from them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.dates import DateRange
from core.grading.cells import rfm_cell
from core.grading.lifecycle import days_ago, lifecycle_stage
from core.grading.ranks import percent_rank, rank_from_zero, score
from core.grading.tiers import value_tier
from core.policy.model import Policy

GRADE_COLUMNS = (
    "customer_id",
    "recency_days",
    "frequency",
    "monetary",
    "r_score",
    "f_score",
    "m_score",
    "rfm_cell",
    "value_rank",
    "value_tier",
    "lifecycle_stage",
    "first_order_on",
    "last_order_on",
    "orders_total",
)


def grade(lines: ir.Table, customers: ir.Table, policy: Policy, as_of: date) -> ir.Table:
    """The grade of every customer at the end of the day `as_of`; what happened later is not seen.

    `lines` has customer_id, order_id, ordered_on (day) and amount (ten-thousandths); `customers` has id.
    One row per customer, with GRADE_COLUMNS:

    - graded are customers with an order of positive net amount in the scoring window;
    - customers with lines up to `as_of` but none such are of tier low, without scores, cell and rank,
      whatever their stage (who only ever returned goods is both: low, and a prospect by stage);
    - customers without lines have no tier.

    `monetary` is in ten-thousandths of the currency unit, `value_rank` from 0 to 1. Outside the graded
    `frequency` is 0 and `recency_days` NULL. `first_order_on`, `last_order_on` and `orders_total` count
    all orders of positive amount up to `as_of`.
    """
    window = DateRange.last_months(policy.scoring.window_months, as_of)
    figures = customer_figures(lines, window, as_of)
    return _graded(customers.select(customer_id=customers.id), figures, policy, as_of)


def grade_at_each(lines: ir.Table, customers: ir.Table, policy: Policy, days: Sequence[date]) -> ir.Table:
    """`grade` at the end of each of `days` in one query, which asks far less time than one for each.

    GRADE_COLUMNS and `as_of`, one row per day and customer.
    """
    months = policy.scoring.window_months
    starts = [DateRange.last_months(months, day).start for day in days]
    windows = ibis.memtable(
        pa.table({"as_of": pa.array(days, pa.date32()), "window_start": pa.array(starts, pa.date32())})
    )
    seen = lines.join(windows, lines.ordered_on <= windows.as_of)
    figures = _figures(seen, seen.ordered_on >= seen.window_start, within=("as_of",))
    every = customers.select(customer_id=customers.id).cross_join(windows.select("as_of"))
    return _graded(every, figures, policy, every.as_of)


def _graded(every: ir.Table, figures: ir.Table, policy: Policy, as_of: date | ir.DateColumn) -> ir.Table:
    """The grade of each customer in `every`; a column `as_of` there and in the figures tells days apart."""
    within = () if isinstance(as_of, date) else ("as_of",)
    graded = every.left_join(_ranked(figures, policy, within), [*within, "customer_id"])
    day = as_of if isinstance(as_of, date) else graded.as_of
    return graded.select(
        *within,
        "customer_id",
        recency_days=days_ago(graded.last_in_window, day),
        frequency=graded.frequency.fill_null(0),
        monetary=graded.monetary.fill_null(0),
        r_score=graded.r_score,
        f_score=graded.f_score,
        m_score=graded.m_score,
        rfm_cell=graded.rfm_cell,
        value_rank=graded.value_rank,
        value_tier=graded.value_tier,
        lifecycle_stage=lifecycle_stage(graded.first_order_on, graded.last_order_on, policy.lifecycle, day),
        first_order_on=graded.first_order_on,
        last_order_on=graded.last_order_on,
        orders_total=graded.orders_total.fill_null(0),
    )


def customer_figures(lines: ir.Table, window: DateRange, as_of: date) -> ir.Table:
    """One row per customer with lines up to `as_of`: the measures inside `window`, and the orders of all time.

    The lines are cut to the window first; an order counts inside it by the net amount of its lines there and
    is dated by the last of them. Columns: customer_id, last_in_window, frequency, monetary, first_order_on,
    last_order_on, orders_total.
    """
    seen = lines.filter(lines.ordered_on <= as_of)
    return _figures(seen, seen.ordered_on >= window.start)


def _figures(seen: ir.Table, inside: ir.BooleanValue, within: tuple[str, ...] = ()) -> ir.Table:
    orders = seen.group_by([*within, "customer_id", "order_id"]).aggregate(
        net=_narrow(seen.amount.sum()),
        on=seen.ordered_on.max(),
        net_inside=_narrow(ibis.ifelse(inside, seen.amount, 0).sum()),
    )
    positive, positive_inside = orders.net > 0, orders.net_inside > 0
    # `as_of` ends the window, so an order with a line inside has its last line there: one date serves both.
    return orders.group_by([*within, "customer_id"]).aggregate(
        last_in_window=orders.on.max(where=positive_inside),
        frequency=_narrow(positive_inside.cast("int64").sum()),
        monetary=_narrow(orders.net_inside.sum()),
        first_order_on=orders.on.min(where=positive),
        last_order_on=orders.on.max(where=positive),
        orders_total=_narrow(positive.cast("int64").sum()),
    )


def _narrow(total: ir.IntegerScalar) -> ir.IntegerScalar:
    """Back to 64 bits: DuckDB sums integers into 128, and ranks those at half the speed.

    The type says "never NULL", which holds in groups of lines; a cast to the declared type Ibis would leave out.
    """
    return total.cast("!int64")


def _ranked(figures: ir.Table, policy: Policy, within: tuple[str, ...]) -> ir.Table:
    """The figures with scores, cell and tier; ranks run among the graded only, of each day for itself."""
    graded = figures.filter(figures.frequency > 0)
    days = [graded[name] for name in within]
    graded = graded.mutate(
        n=ibis._.count().over(group_by=days),
        r_rank=rank_from_zero(graded.last_in_window, within=days),
        f_rank=rank_from_zero(graded.frequency, within=days),
        m_rank=rank_from_zero(graded.monetary, within=days),
    )
    graded = graded.mutate(
        r_score=score(graded.r_rank, graded.n),
        f_score=score(graded.f_rank, graded.n),
        m_score=score(graded.m_rank, graded.n),
        rfm_cell=rfm_cell(graded.r_rank, graded.f_rank, graded.m_rank, graded.n, policy.cells),
    )
    scores = (graded.r_score, graded.f_score, graded.m_score)
    # By (r + f + m, monetary) as one number: the rank by monetary stands for it and is below n.
    total = graded.r_score + graded.f_score + graded.m_score
    days = [graded[name] for name in within]
    graded = graded.mutate(v_rank=rank_from_zero(total * graded.n + graded.m_rank, within=days))
    graded = graded.mutate(
        value_rank=percent_rank(graded.v_rank, graded.n),
        value_tier=value_tier(graded.v_rank, graded.n, scores, policy.tiers),
    ).drop("n", "r_rank", "f_rank", "m_rank", "v_rank")
    rest = figures.filter(figures.frequency == 0)
    unscored = {
        name: ibis.null(kind) for name, kind in graded.schema().items() if name not in figures.columns
    }
    return graded.union(rest.mutate(**unscored | {"value_tier": ibis.literal("low")}).select(graded.columns))
