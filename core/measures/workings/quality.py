"""How well customers are known: completeness and accuracy of their fields."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.measures.periods import Grain
from core.measures.workings.sources import WHERE, Sources, cells

_FIELDS = {"completeness": ("filled", "expected"), "accuracy": ("passed", "checked")}
"""Code of the measure -> the columns of customer_quality that are its good and its all fields."""


def fields(sources: Sources, grain: Grain) -> list[pa.Table]:
    """The fields of the customers who ordered, were in contact or gave a score in the period, as they stand now."""
    days = (
        (sources.lines, "ordered_on"),
        (sources.interactions, "occurred_on"),
        (sources.satisfaction, "scored_on"),
    )
    active = ibis.union(
        *(sources.within(table, day, grain).select("customer_id", "start") for table, day in days),
        distinct=True,
    )
    known = sources.of_customers(active).join(sources.quality, "customer_id")
    sums = {
        (code, name): value
        for code, (good, every) in _FIELDS.items()
        for name, value in _sums(known[good], known[every]).items()
    }
    counted = known.group_by(["start", *WHERE]).aggregate(
        **{f"{code}_{name}": value for (code, name), value in sums.items()}
    )
    counted = ibis.memtable(counted.to_pyarrow())
    return [
        cells(code, grain, counted.rename({name: f"{code}_{name}" for of, name in sums if of == code}))
        for code in _FIELDS
    ]


def _sums(good: ir.IntegerValue, every: ir.IntegerValue) -> dict[str, ir.Value]:
    """The sums of fields, and what the interval needs to know of how alike those of one customer are."""
    return {
        "numerator": good.sum(),
        "denominator": every.sum(),
        "clusters": (every > 0).sum(),
        "cluster_squares": (good * good).sum(),
        "cluster_sizes": (every * every).sum(),
        "cluster_products": (good * every).sum(),
    }
