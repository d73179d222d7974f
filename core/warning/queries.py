"""Reads of churn warning: the worklist, one work order, counts, and how each indicator stands."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pyarrow.compute as pc
from sqlalchemy import select

from core.access.actor import Actor, Permission
from core.facts.tables import Customer
from core.facts.visibility import require_visible
from core.store.engine import Store
from core.store.mart import current_mart
from core.warning.orders import visible
from core.warning.states import UNCLOSED
from core.warning.tables import WorkOrder
from core.warning.work_order import WorkOrderView, work_order
from core.warning.worklist import (
    WORKLIST_COLUMNS,
    WorklistCounts,
    worklist,
    worklist_counts,
    worklist_rows,
)

__all__ = [
    "WORKLIST_COLUMNS",
    "WorkOrderView",
    "WorklistCounts",
    "indicator_states",
    "unclosed_order",
    "work_order",
    "worklist",
    "worklist_counts",
    "worklist_rows",
]


def unclosed_order(actor: Actor, store: Store, customer_id: int) -> int | None:
    """The id of the customer's unclosed work order; None when there is none in reach."""
    actor.require(Permission.WORK_ORDERS)
    query = (
        select(WorkOrder.id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .where(visible(actor), WorkOrder.customer_id == customer_id, WorkOrder.status.in_(UNCLOSED))
    )
    with store.read() as session:
        return session.scalar(query)


def indicator_states(actor: Actor, store: Store, customer_id: int) -> list[dict[str, Any]]:
    """How every indicator stood for one customer in the last cycle: `indicator`, `state`, and what it observed.

    `state` is hit, clear or no_data. Empty before the first cycle.
    """
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        require_visible(actor, session, customer_id)
    mart = current_mart(store, having="indicators")
    if mart is None:
        return []
    rows = mart.rows("indicators")
    found = rows.filter(pc.equal(rows["customer_id"], customer_id)).drop_columns("customer_id").to_pylist()
    return sorted(found, key=itemgetter("indicator"))
