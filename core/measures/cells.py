"""The mart table `measure_cells`: what was counted by measure, period, department and region, to be added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from core.policy.model import Evidence, Policy

TABLE = "measure_cells"
CLUSTERS = ("clusters", "cluster_squares", "cluster_sizes", "cluster_products")
"""The columns of `core.statistics.Clusters`, in its order."""

SCHEMA = pa.schema(
    {
        "measure": pa.string(),
        "grain": pa.string(),
        "start": pa.date32(),
        "department_id": pa.int64(),
        "region": pa.string(),
        "numerator": pa.int64(),
        "denominator": pa.int64(),
        "squares": pa.float64(),
        **dict.fromkeys(CLUSTERS, pa.int64()),
    }
)
"""`start`: first day of the month, or the Monday. Without department or region: NULL. `squares`: for means.

CLUSTERS: of shares that take several cases from each customer.
"""


@dataclass(frozen=True)
class Stamp:
    """When and by which rules the cells were worked out."""

    as_of: date
    policy_version: int
    evidence: Evidence
    window_days: int
    """Of the funnel."""

    @classmethod
    def of(cls, policy: Policy, as_of: date) -> Stamp:
        return cls(as_of, policy.version, policy.evidence, policy.funnel.window_days)


def stamped(cells: pa.Table, stamp: Stamp) -> pa.Table:
    """The cells with their stamp beside them, also where there are none."""
    values: dict[str, Any] = {
        "as_of": stamp.as_of.isoformat(),
        "policy_version": stamp.policy_version,
        "smallest_n": stamp.evidence.smallest_n,
        "widest_interval": stamp.evidence.widest_interval,
        "window_days": stamp.window_days,
    }
    return cells.replace_schema_metadata({name: str(value) for name, value in values.items()})


def stamp_of(cells: pa.Table) -> Stamp:
    """The stamp that `stamped` gave."""
    values = {name.decode(): value.decode() for name, value in cells.schema.metadata.items()}
    return Stamp(
        date.fromisoformat(values["as_of"]),
        int(values["policy_version"]),
        Evidence(int(values["smallest_n"]), float(values["widest_interval"])),
        int(values["window_days"]),
    )


def as_cells(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows with the names of SCHEMA as a table of cells; what a row lacks is NULL."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)
