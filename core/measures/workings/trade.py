"""What customers order: retention, repurchase, average order value."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.dates import months_before
from core.measures.periods import Grain, Period
from core.measures.workings.sources import WHERE, Sources, cells

_RETENTION_MONTHS = 3
_REPURCHASE_MONTHS = 12


def retention(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the customers of three months those who ordered in the next three, which end with the period."""
    counted = _looking_back(sources, grain, _RETENTION_MONTHS, 2 * _RETENTION_MONTHS)
    before = counted.filter(counted.earlier > 0)
    return [cells("retention", grain, _customers(before, before.later > 0))]


def repurchase(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the customers of the twelve months up to the end of the period those with more than one order."""
    counted = _looking_back(sources, grain, _REPURCHASE_MONTHS, _REPURCHASE_MONTHS)
    return [cells("repurchase", grain, _customers(counted, counted.later > 1))]


def average_order_value(sources: Sources, grain: Grain) -> list[pa.Table]:
    """The net amounts within the period of the orders that come to more than nothing in it."""
    days = sources.within(sources.order_days, "on", grain)
    orders = days.group_by(["start", "customer_id", "order_id", *WHERE]).aggregate(net=days.net.sum())
    orders = orders.filter(orders.net > 0)
    exact = orders.net.cast("decimal(38, 0)")  # sums of floats differ from run to run; 18 digits are too few
    orders = orders.mutate(square=exact * exact)
    counted = orders.group_by(["start", *WHERE]).aggregate(
        numerator=orders.net.sum(), denominator=orders.count(), squares=orders.square.sum().cast("float64")
    )
    return [cells("average_order_value", grain, counted)]


def _looking_back(sources: Sources, grain: Grain, later: int, all_months: int) -> ir.Table:
    """For each period and customer the orders of the last `later` months and of those before, up to `all_months`.

    Columns: start, customer_id, WHERE, earlier, later. A period whose months begin before the first order is known
    is left out, and so is who has no order in either window.
    """
    windows = [
        (each.start, _back(sources, each, all_months), _back(sources, each, later), _end(sources, each))
        for each in sources.periods(grain)
        if _known(sources, _back(sources, each, all_months))
    ]
    columns = zip(*windows, strict=True) if windows else [()] * 4
    names = ("start", "opens", "turns", "ends")
    table = ibis.memtable(
        pa.table({name: pa.array(days, pa.date32()) for name, days in zip(names, columns, strict=True)})
    )
    days = sources.order_days
    inside = days.join(table, [days.on >= table.opens, days.on < table.ends])
    recent = inside.on >= inside.turns
    orders = inside.group_by(["start", "customer_id", "order_id", *WHERE]).aggregate(
        earlier=inside.net.sum(where=~recent), later=inside.net.sum(where=recent)
    )
    counted = orders.group_by(["start", "customer_id", *WHERE]).aggregate(
        earlier=(orders.earlier > 0).sum(), later=(orders.later > 0).sum()
    )
    counted = counted.fill_null({"earlier": 0, "later": 0})
    return counted.filter((counted.earlier > 0) | (counted.later > 0))


def _end(sources: Sources, period: Period) -> date:
    return period.seen_until(sources.as_of)


def _back(sources: Sources, period: Period, months: int) -> date:
    return months_before(_end(sources, period), months)


def _known(sources: Sources, day: date) -> bool:
    first = sources.first_order_on
    return first is not None and first.replace(day=1) <= day


def _customers(counted: ir.Table, counts: ir.BooleanValue) -> ir.Table:
    return counted.group_by(["start", *WHERE]).aggregate(
        numerator=counts.cast("int64").sum(), denominator=counted.count()
    )
