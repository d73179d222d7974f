"""Order lines and customers as Ibis tables in memory, and grades as plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from core.grading.rfm import grade
from core.policy.model import Policy
from tests.grading.oracle import Line


def lines_table(lines: Iterable[Line]) -> ir.Table:
    rows = list(lines)
    kinds = {
        "customer_id": pa.int64(),
        "order_id": pa.int64(),
        "ordered_on": pa.date32(),
        "amount": pa.int64(),
    }
    columns = {
        name: pa.array([row[at] for row in rows], kind) for at, (name, kind) in enumerate(kinds.items())
    }
    return ibis.memtable(pa.table(columns))


def customers_table(ids: Iterable[int]) -> ir.Table:
    return ibis.memtable(pa.table({"id": pa.array(list(ids), pa.int64())}))


def grade_rows(
    lines: Iterable[Line], customers: Iterable[int], policy: Policy, as_of: date
) -> dict[int, dict[str, Any]]:
    """Customer -> the row of `grade`."""
    table = grade(lines_table(lines), customers_table(customers), policy, as_of)
    return {row.pop("customer_id"): row for row in table.to_pyarrow().to_pylist()}
