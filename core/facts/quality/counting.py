"""How complete, how accurate and how fresh the customers' data are, counted for the mart."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import ibis
import pyarrow as pa
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from core.access.tables import StaffMember
from core.dates import ONE_DAY, business_midnight
from core.facts.quality.rules import CHECKED, COLUMNS, FIELDS, bit, expected_bits, judge
from core.facts.tables import Customer, QualityCount
from core.facts.visibility import STANDS
from core.policy.model import Policy
from core.store.engine import Store
from core.store.mart import Mart

TABLE = "customer_quality"
BY_FIELD = "customer_quality_fields"
WHOLE = ""
"""The record as a whole, where a field's code stands elsewhere."""
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
    "department_id": pa.int64(),
    "company": pa.bool_(),
    "fresh": pa.bool_(),
}
"""What the rules ask of a customer. No sealed value is opened for it: a digest tells who shares a phone."""


def save_quality(store: Store, mart: Mart, policy: Policy, as_of: date) -> None:
    """Write the mart's tables `customer_quality` and `customer_quality_fields`.

    The first has one row a customer: COLUMNS of `core.facts.quality.rules`, department_id, company (bool) and fresh
    (bool: updated within the days of the policy). The second adds them up, see `_by_field`.

    One pass over the customers, in batches; what is read of a person stays in memory and only counts are written.

    A count for a day before the last one is a rehearsal: it writes the first table where this mart has none yet, for
    who measures that day, and never the second, by which pages find what was counted.
    """
    last = last_count(store)
    rehearsed = last is not None and as_of < last
    if rehearsed and mart.has(TABLE):
        return
    judged = []
    connection = ibis.duckdb.connect()
    try:
        with store.read() as session:
            rows = session.execute(_facts(policy, as_of), execution_options={"stream_results": True})
            for batch in rows.yield_per(_ROWS_A_BATCH).partitions():
                rows_of = _table(batch)
                marks = connection.to_pyarrow(judge(ibis.memtable(rows_of), policy, as_of)).sort_by(
                    "customer_id"
                )
                for name in ("department_id", "company", "fresh"):
                    marks = marks.append_column(name, rows_of[name])
                judged.append(marks)
        quality = pa.concat_tables([_SCHEMA.empty_table(), *judged])
        connection.con.register("quality", quality)
        # In DuckDB's own words: tests of bits are one pass over the customers for each field.
        by_field = None if rehearsed else connection.con.sql(_by_field()).to_arrow_table()
    finally:
        connection.disconnect()
    mart.save(TABLE, quality)
    if by_field is not None:  # last, for by it readers choose the mart
        mart.save(BY_FIELD, by_field)


def last_count(store: Store) -> date | None:
    """The last day for which quality was counted and kept."""
    with store.read() as session:
        return session.scalar(select(func.max(QualityCount.counted_on)))


_SCHEMA = pa.schema(
    [
        *((name, pa.int64()) for name in COLUMNS),
        ("department_id", pa.int64()),
        ("company", pa.bool_()),
        ("fresh", pa.bool_()),
    ]
)


def _by_field() -> str:
    """The counts of each department (NULL: none) and field, and of the record as a whole (WHOLE).

    Columns: department_id, field, customers, expected, filled (of those expected), checked, passed, fresh (of the
    customers who ought to have the field); for the whole also what the interval needs of completeness and accuracy:
    `complete_` and `valid_` with number, squares, sizes, products, see `core.statistics.Clusters`. Rows add up.
    """
    sums = {
        "customers": "count(*)",
        "expected": "sum(expected)",
        "filled": "sum(filled)",
        "checked": "sum(checked)",
        "passed": "sum(passed)",
        "fresh": "count(*) FILTER (fresh)",
    }
    for name, good, every in (("complete", "filled", "expected"), ("valid", "passed", "checked")):
        sums |= {
            f"{name}_number": f"count(*) FILTER ({every} > 0)",
            f"{name}_squares": f"sum({good} * {good})",
            f"{name}_sizes": f"sum({every} * {every})",
            f"{name}_products": f"sum({good} * {every})",
        }
    whole = ", ".join(f"CAST({sql} AS BIGINT) AS {name}" for name, sql in sums.items())
    parts = [f"SELECT department_id, '{WHOLE}' AS field, {whole} FROM quality GROUP BY department_id"]  # noqa: S608 - names of ours
    for field in FIELDS:
        counted = {
            "customers": f"count(*) FILTER ({_asked(field)})",
            "expected": f"count(*) FILTER ({_asked(field)})",
            "filled": f"count(*) FILTER ({_asked(field)} AND missing & {bit(field)} = 0)",
            "checked": f"count(*) FILTER (held & {bit(field)} > 0)" if field in CHECKED else "0",
            "passed": f"count(*) FILTER (held & {bit(field)} > 0 AND wrong & {bit(field)} = 0)"
            if field in CHECKED
            else "0",
            "fresh": f"count(*) FILTER ({_asked(field)} AND fresh)",
        }
        columns = ", ".join(f"CAST({counted.get(name, 'NULL')} AS BIGINT) AS {name}" for name in sums)
        parts.append(
            f"SELECT department_id, '{field}' AS field, {columns} FROM quality GROUP BY department_id"  # noqa: S608
        )
    return " UNION ALL ".join(parts) + " ORDER BY field, department_id"


def _asked(field: str) -> str:
    """The SQL condition of the customers who ought to have the field."""
    of_company, of_person = (bool(expected_bits(kind) & bit(field)) for kind in ("company", "person"))
    if of_company == of_person:
        return str(of_company).lower()
    return "company" if of_company else "NOT company"


def faulty(session: Session, policy: Policy, as_of: date, ids: Collection[int]) -> set[int]:
    """Which of these customers lack something or hold something that is not valid, as they stand now."""
    rows = session.execute(_facts(policy, as_of, ids)).all()
    if not rows:
        return set()
    connection = ibis.duckdb.connect()
    try:
        judged = connection.to_pyarrow(judge(ibis.memtable(_table(rows)), policy, as_of)).to_pylist()
    finally:
        connection.disconnect()
    return {row["customer_id"] for row in judged if row["missing"] or row["wrong"]}


def _facts(policy: Policy, as_of: date, ids: Collection[int] | None = None) -> Select[Any]:
    """What the rules ask, of every customer, or of `ids`; whoever has left counts as gone from the day after."""
    after = business_midnight(as_of + ONE_DAY, policy.business.time_zone)

    def shared(column: Any) -> ColumnElement[int]:
        if ids is None:
            return func.count(column).over(partition_by=column)
        other = aliased(Customer)
        same = getattr(other, column.key) == column
        return select(func.count()).where(same, other.merged_into_id.is_(None)).scalar_subquery()

    columns: dict[str, Any] = {
        "has_phone": Customer.phone_index.is_not(None),
        "phone_shared": shared(Customer.phone_index),
        "has_email": Customer.email_index.is_not(None),
        "email_shared": shared(Customer.email_index),
        "has_department": Customer.department_id.is_not(None),
        "has_manager": Customer.account_manager_id.is_not(None),
        "manager_left": func.coalesce(StaffMember.left_at < after, False),
        "has_consent": Customer.consent.is_not(None),
        "company": Customer.kind == "company",
        "fresh": Customer.updated_at >= after - timedelta(days=policy.data_quality.fresh_within_days),
    }
    return (
        select(
            *(columns[name].label(name) if name in columns else getattr(Customer, name) for name in _KINDS)
        )
        .outerjoin(StaffMember, StaffMember.id == Customer.account_manager_id)
        .where(STANDS, *([] if ids is None else [Customer.id.in_(ids)]))
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
