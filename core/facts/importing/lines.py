"""Transactions: which orders are new, the same, or stored with other lines."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.access.directory import known_staff
from core.facts.checking.rules import TWICE
from core.facts.importing.bulk import chunks
from core.facts.importing.digest import digest, said
from core.facts.importing.request import ImportCounts
from core.facts.importing.taken_over import know_lines
from core.facts.importing.workspace import Workspace
from core.facts.tables import Order, OrderLine
from core.language import Message, mark

VALUES = (
    "ordered_at", "amount", "quantity", "unit_price", "product_code", "product_name", "channel", "salesperson",
)  # fmt: skip
STORED_TYPES = {
    "ordered_at": pa.timestamp("us", "UTC"),
    **dict.fromkeys(("amount", "quantity", "unit_price"), pa.int64()),
    **dict.fromkeys(("product_code", "product_name", "channel"), pa.string()),
    "salesperson_id": pa.int64(),
}
"""The same values as they are stored."""
ORDER_KEY = (
    "CASE WHEN order_no IS NULL THEN 'day:' || strftime(ordered_on, '%Y-%m-%d') ELSE 'no:' || order_no END"
)


def plan(work: Workspace) -> ImportCounts:
    """Decide what becomes of each row: tables `fate` (row, fate) and `saving` (the lines to insert)."""
    work.name_customers()
    _name_lines(work)
    _load_stored(work)
    know_lines(work, VALUES, STORED_TYPES)
    _compare(work)
    _refuse(work)
    work.db.execute(
        "CREATE TABLE saving AS SELECT lines.* FROM lines JOIN fate USING (row) "
        "WHERE fate IN ('added', 'updated')"
    )
    created = work.settle_customers()
    return work.fates("SELECT row FROM lines WHERE repeat > 0 AND line_no IS NULL", created)


def _name_lines(work: Workspace) -> None:
    """`lines`: the rows with the key of their order and line.

    `repeat` counts how often an equal line stood above: lines without a number are all kept and their repeat
    enters the key; a line with a number is stored once.
    """
    work.put_rows("staff", {"name": pa.string(), "id": pa.int64()}, list(known_staff(work.session).items()))
    work.db.execute(f"""
        CREATE TABLE named AS
        SELECT *, {digest("own")} AS own_key FROM (
            SELECT base.*, {ORDER_KEY} || marks AS order_key, staff.id AS salesperson_id,
                   CASE WHEN line_no IS NULL THEN 'row:' || {said(VALUES)} ELSE 'no:' || line_no END AS own
            FROM base LEFT JOIN staff ON salesperson = staff.name
        )
    """)
    _refuse_contradictions(work)
    # Only the few lines that repeat are numbered: a window over all of them costs seconds.
    work.db.execute("""
        CREATE TABLE repeats AS
        SELECT row, row_number() OVER (PARTITION BY customer_id, order_key, own_key ORDER BY row) - 1 AS repeat
        FROM named SEMI JOIN (
            SELECT customer_id, order_key, own_key FROM named GROUP BY ALL HAVING count(*) > 1
        ) USING (customer_id, order_key, own_key)
    """)
    again = digest("'again:' || repeat || ':' || own")
    work.db.execute(f"""
        CREATE TABLE lines AS
        SELECT named.* EXCLUDE (own, own_key), coalesce(repeat, 0) AS repeat,
               CASE WHEN repeat > 0 AND line_no IS NULL THEN {again} ELSE own_key END AS line_key
        FROM named LEFT JOIN repeats USING (row)
    """)
    work.db.execute("DROP TABLE named")


def _refuse_contradictions(work: Workspace) -> None:
    """Take rows out of `named` that say different things of one line under two codes of one customer: `disputed`."""
    work.db.execute(f"""
        CREATE TABLE disputed AS
        SELECT row, customer_id, order_key, min(row) OVER w AS first, max(row) OVER w AS last
        FROM (SELECT *, {said(VALUES)} AS said FROM named WHERE line_no IS NOT NULL AND customer_id IN (
            SELECT id FROM known GROUP BY id, marks HAVING count(*) > 1
        ))
        WINDOW w AS (PARTITION BY customer_id, order_key, own_key)
        QUALIFY min(said) OVER w <> max(said) OVER w
    """)
    work.refuse(
        "SELECT row, first, last FROM disputed ORDER BY row",
        lambda first, last: Message(TWICE, {"first": first, "last": last}),
    )
    work.db.execute("DELETE FROM named WHERE row IN (SELECT row FROM disputed)")


def _load_stored(work: Workspace) -> None:
    """`stored_orders` of the file's customers, as far as the file names them, and `stored_lines` of those."""
    found: list[Any] = []
    for chunk in chunks(work.customer_ids()):
        statement = select(Order.id, Order.customer_id, Order.order_key).where(Order.customer_id.in_(chunk))
        found += [tuple(row) for row in work.session.execute(statement)]
    types = {"order_id": pa.int64(), "customer_id": pa.int64(), "order_key": pa.string()}
    work.put_rows("candidates", types, found)
    work.db.execute(
        "CREATE TABLE stored_orders AS SELECT * FROM candidates "
        "SEMI JOIN lines USING (customer_id, order_key)"
    )
    orders = work.db.execute("SELECT order_id FROM stored_orders ORDER BY order_id").fetchall()
    lines: list[Any] = []
    numbered: list[Any] = []
    for chunk in chunks(key for (key,) in orders):
        keys = select(OrderLine.order_id, OrderLine.line_key).where(OrderLine.order_id.in_(chunk))
        lines += [tuple(row) for row in work.session.execute(keys)]
        values = [getattr(OrderLine, column) for column in STORED_TYPES]
        full = select(OrderLine.order_id, OrderLine.line_key, *values).where(
            OrderLine.order_id.in_(chunk), OrderLine.line_no.is_not(None)
        )
        numbered += [tuple(row) for row in work.session.execute(full)]
    work.put_rows("stored_lines", {"order_id": pa.int64(), "line_key": pa.int64()}, lines)
    work.put_rows(
        "stored_numbered", {"order_id": pa.int64(), "line_key": pa.int64(), **STORED_TYPES}, numbered
    )
    work.db.execute(
        f"CREATE TABLE stored_said AS SELECT order_id, line_key, {said(tuple(STORED_TYPES))} AS said "
        "FROM (SELECT * REPLACE (epoch_us(ordered_at) AS ordered_at) FROM stored_numbered)"
    )


def _compare(work: Workspace) -> None:
    """`hits`: each line of the file, whether it is stored, and whether with these values; `orders`: each order of the
    file, whether it is stored, and whether its lines are among the stored ones."""
    # A salesperson the directory does not know cannot be the stored one.
    stranger = "CASE WHEN salesperson IS NOT NULL AND salesperson_id IS NULL THEN '?' ELSE '' END"
    now_said = f"{said(tuple(STORED_TYPES))} || {stranger}"
    work.db.execute(f"""
        CREATE VIEW hits AS
        SELECT l.row, l.customer_id, l.order_key, o.order_id, l.line_key, c.stored_count,
               s.line_key IS NOT NULL AS stored,
               s.line_key IS NOT NULL AND (l.line_no IS NULL OR coalesce(v.said = l.now_said, false))
               OR l.row IN (SELECT row FROM taken_over) AS hit
        FROM (SELECT *, {now_said} AS now_said FROM lines) l
        LEFT JOIN stored_orders o ON o.customer_id = l.customer_id AND o.order_key = l.order_key
        LEFT JOIN (SELECT order_id, count(*) AS stored_count FROM stored_lines GROUP BY order_id) c
               ON c.order_id = o.order_id
        LEFT JOIN stored_lines s ON s.order_id = o.order_id AND s.line_key = l.line_key
        LEFT JOIN stored_said v ON v.order_id = o.order_id AND v.line_key = l.line_key
    """)
    work.db.execute("""
        CREATE TABLE orders AS
        SELECT customer_id, order_key, any_value(order_id) AS order_id,
               bool_and(hit) AS all_stored,
               count(DISTINCT line_key) = coalesce(any_value(stored_count), 0) AS as_many
        FROM hits GROUP BY customer_id, order_key
    """)
    work.db.execute(f"""
        CREATE TABLE broken AS
        SELECT DISTINCT known.id AS customer_id, {ORDER_KEY} || marks AS order_key
        FROM checked JOIN known ON customer_code = code
        WHERE NOT ok AND (order_no IS NOT NULL OR ordered_on IS NOT NULL)
        UNION SELECT customer_id, order_key FROM disputed
    """)
    work.db.execute(f"""
        CREATE TABLE verdicts AS
        SELECT *, CASE
            WHEN order_id IS NULL THEN {"'not_stored'" if work.mode == "update" else "'added'"}
            WHEN all_stored AND (as_many OR {str(work.mode == "add").lower()}) THEN 'unchanged'
            WHEN {str(work.mode == "add").lower()} THEN 'differs'
            WHEN (customer_id, order_key) IN (SELECT (customer_id, order_key) FROM broken) THEN 'incomplete'
            ELSE 'updated' END AS verdict
        FROM orders
    """)
    work.db.execute(
        "CREATE TABLE fate AS SELECT row, "
        "CASE WHEN line_no IS NOT NULL AND repeat > 0 THEN 'unchanged' ELSE verdict END AS fate "
        "FROM lines JOIN verdicts USING (customer_id, order_key) "
        "WHERE verdict IN ('added', 'updated', 'unchanged')"
    )


def _refuse(work: Workspace) -> None:
    """Say why the lines of an order cannot be taken."""
    for verdict, sentence in _REFUSALS.items():
        work.refuse(
            "SELECT row, coalesce(order_no, strftime(ordered_on, '%Y-%m-%d')), customer_code "
            f"FROM lines JOIN verdicts USING (customer_id, order_key) WHERE verdict = '{verdict}' ORDER BY row",
            lambda order, customer, sentence=sentence: Message(
                sentence, {"order": order, "customer": customer}
            ),
        )


_REFUSALS = {
    "not_stored": mark(
        "Order {order} of customer {customer} is not stored yet. Import it in a mode that adds what is new."
    ),
    "differs": mark(
        "Order {order} of customer {customer} is stored with other lines. If the file is right and complete, "
        "import it in a mode that replaces what is stored."
    ),
    "incomplete": mark(
        "Another line of order {order} of customer {customer} was refused, and the stored order is only replaced "
        "as a whole. Correct that line and import all lines again."
    ),
}
