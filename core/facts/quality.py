"""How complete and how accurate the customers' data are, counted for the mart."""

from __future__ import annotations

from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from sqlalchemy import ColumnElement, Select, func, select

from core.access.tables import StaffMember
from core.dates import ONE_DAY, business_midnight
from core.facts.quality_rules import COLUMNS, judge
from core.facts.tables import Customer
from core.policy.model import Policy
from core.store.engine import Store
from core.store.mart import Mart

TABLE = "customer_quality"
_ROWS_A_BATCH = 50_000
_KINDS = {
    "id": pa.int64(),
    "kind": pa.string(),
    **dict.fromkeys(("name", "region", "province", "city", "industry", "channel"), pa.string()),
    "has_phone": pa.bool_(),
    "phone_shared": pa.int64(),
    "has_email": pa.bool_(),
    "email_shared": pa.int64(),
    "annual_revenue": pa.int64(),
    "sku_count": pa.int64(),
    "has_department": pa.bool_(),
    "has_manager": pa.bool_(),
    "manager_left": pa.bool_(),
    "birthday": pa.date32(),
    "has_consent": pa.bool_(),
}
"""What the rules ask of a customer. No sealed value is opened for it: a digest tells who shares a phone."""


def save_quality(store: Store, mart: Mart, policy: Policy, as_of: date) -> None:
    """Write the mart's table `customer_quality`: customer_id, expected, filled, checked, passed (int64), one row a
    customer; what they count is told in `core.facts.quality_rules`.

    One pass over the customers, in batches; what is read of a person stays in memory and only counts are written.
    """
    judged = []
    connection = ibis.duckdb.connect()
    try:
        with store.read() as session:
            rows = session.execute(_facts(policy, as_of), execution_options={"stream_results": True})
            for batch in rows.yield_per(_ROWS_A_BATCH).partitions():
                facts = ibis.memtable(_table(batch))
                judged.append(connection.to_pyarrow(judge(facts, policy, as_of)))
    finally:
        connection.disconnect()
    nobody = pa.schema([(name, pa.int64()) for name in COLUMNS]).empty_table()
    mart.save(TABLE, pa.concat_tables([nobody, *judged]))


def _facts(policy: Policy, as_of: date) -> Select[Any]:
    """What the rules ask, of every customer; whoever has left counts as gone from the day after."""
    after = business_midnight(as_of + ONE_DAY, policy.business.time_zone)

    def shared(column: Any) -> ColumnElement[int]:
        return func.count(column).over(partition_by=column)

    columns: dict[str, Any] = {
        "has_phone": Customer.phone_index.is_not(None),
        "phone_shared": shared(Customer.phone_index),
        "has_email": Customer.email_index.is_not(None),
        "email_shared": shared(Customer.email_index),
        "has_department": Customer.department_id.is_not(None),
        "has_manager": Customer.account_manager_id.is_not(None),
        "manager_left": func.coalesce(StaffMember.left_at < after, False),
        "has_consent": Customer.consent.is_not(None),
    }
    return (
        select(
            *(columns[name].label(name) if name in columns else getattr(Customer, name) for name in _KINDS)
        )
        .outerjoin(StaffMember, StaffMember.id == Customer.account_manager_id)
        .order_by(Customer.id)
    )


def _table(rows: Any) -> pa.Table:
    values = list(zip(*rows, strict=True))
    # SQLite says truth in ones and noughts.
    arrays = [
        pa.array(map(bool, column) if kind == pa.bool_() else column, kind)
        for column, kind in zip(values, _KINDS.values(), strict=True)
    ]
    return pa.table(dict(zip(_KINDS, arrays, strict=True)))
