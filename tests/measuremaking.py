"""Measures for tests, written by hand where a cycle would have worked them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.measures.cells import TABLE, Stamp, as_cells, stamped
from core.policy.model import Policy
from core.policy.service import default_policy
from core.store.engine import Store
from core.store.mart import refresh_mart

AS_OF = date(2026, 11, 3)


def save_measures(
    store: Store, rows: Sequence[dict[str, Any]], *, as_of: date = AS_OF, policy: Policy | None = None
) -> None:
    """Make these rows the measures that pages read.

    A row needs measure, start, numerator and denominator; it is of a month and of no department or region unless
    it says so (grain, department_id, region). Measures of kind mean and amount need `squares` to get an interval.
    Amounts are in ten-thousandths, their squares in those squared.
    """
    cells = as_cells([{"grain": "month", **row} for row in rows])
    refresh_mart(store).save(TABLE, stamped(cells, Stamp.of(policy or default_policy(), as_of)))
