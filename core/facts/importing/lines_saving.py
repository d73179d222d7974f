"""Saving transactions: the new lines with their orders, in the place of those they replace."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from sqlalchemy import bindparam, delete

from core.access.directory import staff_ids
from core.facts.importing.bulk import allocate_ids, chunks, insert_rows, instant_text
from core.facts.importing.overwritten import log_replaced_orders
from core.facts.importing.workspace import Workspace
from core.facts.tables import OrderLine

_COLUMNS = (
    "id", "order_id", "customer_id", "line_key", "line_no", "ordered_at", "ordered_on", "amount", "quantity",
    "unit_price", "product_code", "product_name", "channel", "salesperson_id", "batch_id",
)  # fmt: skip


def save(work: Workspace, batch_id: int) -> None:
    """Insert the lines of `saving` with their new orders; lines of replaced orders go first."""
    session, db = work.session, work.db
    replaced = [
        key
        for (key,) in db.execute(
            "SELECT order_id FROM verdicts WHERE verdict = 'updated' ORDER BY order_id"
        ).fetchall()
    ]
    log_replaced_orders(session, batch_id, replaced)
    # Before the old lines go: where ids can come again, none of theirs must, or they could not be put back.
    total = work.one("SELECT count(*) FROM saving")
    ids = allocate_ids(session, "order_lines", total)
    gone = delete(OrderLine).where(OrderLine.order_id.in_(bindparam("ids", expanding=True)))
    for chunk in chunks(replaced):
        session.execute(gone, {"ids": chunk})
    names = db.execute("SELECT DISTINCT salesperson FROM saving WHERE salesperson IS NOT NULL").fetchall()
    people = staff_ids(session, {name: None for (name,) in names})
    work.put_rows("staff", {"name": pa.string(), "id": pa.int64()}, list(people.items()))
    _save_orders(work)
    work.put("line_ids", {"place": (pa.int64(), np.arange(1, total + 1)), "id": (pa.int64(), ids)})
    instant = instant_text("ordered_at", session.connection().dialect.name)
    # In the order of the orders, so that the largest index grows at its end.
    rows = db.execute(f"""
        SELECT line_ids.id, order_id, customer_id, line_key, line_no, {instant},
               strftime(ordered_on, '%Y-%m-%d'), amount, quantity, unit_price, product_code, product_name,
               channel, staff.id, {batch_id}
        FROM (SELECT *, row_number() OVER (ORDER BY order_id, row) AS place
              FROM saving JOIN order_ids USING (customer_id, order_key))
        JOIN line_ids USING (place)
        LEFT JOIN staff ON salesperson = staff.name
        ORDER BY place
    """)
    insert_rows(session, "order_lines", _COLUMNS, rows)


def _save_orders(work: Workspace) -> None:
    """Record the new orders; `order_ids` then names every order of `saving`."""
    work.db.execute(
        "CREATE TABLE new_orders AS SELECT customer_id, order_key, "
        "row_number() OVER (ORDER BY min(row)) AS place FROM saving "
        "ANTI JOIN stored_orders USING (customer_id, order_key) GROUP BY customer_id, order_key"
    )
    total = work.one("SELECT count(*) FROM new_orders")
    ids = allocate_ids(work.session, "orders", total)
    work.put("ids", {"place": (pa.int64(), np.arange(1, total + 1)), "id": (pa.int64(), ids)})
    work.db.execute(
        "CREATE TABLE order_ids AS SELECT order_id, customer_id, order_key FROM stored_orders UNION ALL "
        "SELECT id, customer_id, order_key FROM new_orders JOIN ids USING (place)"
    )
    rows = work.db.execute(
        "SELECT id, customer_id, order_key FROM new_orders JOIN ids USING (place) ORDER BY id"
    )
    insert_rows(work.session, "orders", ("id", "customer_id", "order_key"), rows)
