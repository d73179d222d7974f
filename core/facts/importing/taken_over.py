"""Rows of people who have handed over, known again although they are stored under another name.

A row without a name of its own is known by all its values, the person's name as the file gave it among them. What names
somebody who has left is stored for the successor, and that is the name it leaves with: brought in again it says
something else than the first file did, but what is stored says the same.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.tables import StaffMember
from core.facts.importing.bulk import chunks
from core.facts.importing.digest import said
from core.facts.importing.workspace import Workspace
from core.facts.tables import OrderLine


def successors(session: Session) -> list[int]:
    """Everybody who took over from somebody: only their rows can be stored under another name than a file gave."""
    query = select(StaffMember.successor_id).where(StaffMember.left_at.is_not(None)).distinct()
    return [key for key in session.scalars(query) if key is not None]


def paired(rows: str, stored: str, by: str) -> str:
    """SQL: the `row` of each of `rows` for which one of `stored` has the same `by` and `said`, each used once."""
    number = f"row_number() OVER (PARTITION BY {by}, said"
    return (
        f"SELECT row FROM (SELECT row, {by}, said, {number} ORDER BY row) AS place FROM {rows}) "
        f"JOIN (SELECT {by}, said, {number}) AS place FROM {stored}) USING ({by}, said, place)"
    )


def know_lines(work: Workspace, values: tuple[str, ...], types: dict[str, Any]) -> None:
    """`taken_over`: the numbers of the lines without a number of their own that are stored for a successor.

    `values` and `types`: the fields of a line as in the file, and the columns that hold them, in the same order.
    """
    people = successors(work.session)
    if not people:
        work.db.execute("CREATE TABLE taken_over (row BIGINT)")
        return
    work.db.execute(f"""
        CREATE TABLE unknown_lines AS
        SELECT row, order_id, {said(values)} AS said
        FROM lines JOIN stored_orders USING (customer_id, order_key)
        WHERE line_no IS NULL AND (order_id, line_key) NOT IN (SELECT (order_id, line_key) FROM stored_lines)
    """)
    orders = work.db.execute("SELECT DISTINCT order_id FROM unknown_lines ORDER BY order_id").fetchall()
    columns = [StaffMember.name if c == "salesperson_id" else getattr(OrderLine, c) for c in types]
    found: list[Any] = []
    for chunk in chunks(key for (key,) in orders):
        query = (
            select(OrderLine.order_id, OrderLine.line_key, *columns)
            .join(StaffMember, StaffMember.id == OrderLine.salesperson_id)
            .where(OrderLine.order_id.in_(chunk), OrderLine.line_no.is_(None), StaffMember.id.in_(people))
        )
        found += [tuple(row) for row in work.session.execute(query)]
    kinds = dict(zip(values, types.values(), strict=True)) | {"salesperson": pa.string()}
    work.put_rows("successors_lines", {"order_id": pa.int64(), "line_key": pa.int64(), **kinds}, found)
    stored = f"""(
        SELECT order_id, {said(values)} AS said
        FROM (SELECT * REPLACE (epoch_us(ordered_at) AS ordered_at) FROM successors_lines
              WHERE (order_id, line_key) NOT IN (
                  SELECT (order_id, line_key) FROM lines JOIN stored_orders USING (customer_id, order_key)))
    )"""
    work.db.execute(f"CREATE TABLE taken_over AS {paired('unknown_lines', stored, 'order_id')}")
