"""What replaced orders would lose and gain, line by line where lines can be told apart."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.facts.importing.bulk import chunks
from core.facts.importing.changes import DIFFERS, Changes, compare, first, name_staff
from core.facts.importing.lines import STORED_TYPES, VALUES
from core.facts.importing.workspace import Workspace
from core.facts.labels import LINES
from core.facts.tables import OrderLine


def changes(work: Workspace, limit: int) -> Changes:
    """The changed cells of replaced orders. Lines are paired by their number, or where there is one before and one
    after; of other orders it is told how many lines and what amount they had and will have."""
    _lay_out(work)
    # Who has left is still named in files; the line is then stored for the person who took over.
    person = "CASE WHEN a.salesperson_id = b.salesperson_id THEN b.salesperson ELSE a.salesperson END"
    cells = ", ".join(f"a.{name}, b.{name} AS old_{name}" for name in VALUES[:-1])
    lines, of_lines = compare(
        work,
        f"SELECT a.row, a.record, {cells}, {person} AS salesperson, b.salesperson AS old_salesperson FROM paired "
        "JOIN after a USING (row) JOIN before b ON b.line_id = paired.line_id",
        {name: (f"old_{name}", name) for name in VALUES},
        limit,
        DIFFERS,
    )
    summed = """
        SELECT min(row) AS row, any_value(record) AS record, count(DISTINCT row) AS lines, sum(amount) AS amount,
               any_value(old_lines) AS old_lines, any_value(old_amount) AS old_amount, count(paired.row) AS paired
        FROM after LEFT JOIN paired USING (row) JOIN (
            SELECT order_id, count(*) AS old_lines, sum(amount) AS old_amount FROM before GROUP BY order_id
        ) USING (order_id) GROUP BY order_id HAVING count(paired.row) < greatest(count(*), any_value(old_lines))
    """
    counts, of_counts = compare(work, summed, {LINES: ("old_lines", "lines")}, limit, "true")
    amounts, of_amounts = compare(work, summed, {"amount": ("old_amount", "amount")}, limit)
    return first(lines + counts + amounts, limit), of_lines + of_counts + of_amounts


def _lay_out(work: Workspace) -> None:
    """`before` and `after`: the lines of the replaced orders; `paired`: which row stands for which stored line."""
    ids = work.db.execute("SELECT order_id FROM verdicts WHERE verdict = 'updated'").fetchall()
    stored: list[Any] = []
    for chunk in chunks(key for (key,) in ids):
        values = (OrderLine.id, OrderLine.order_id, OrderLine.line_key, OrderLine.line_no)
        columns = [getattr(OrderLine, name) for name in STORED_TYPES]
        query = select(*values, *columns).where(OrderLine.order_id.in_(chunk))
        stored += [tuple(row) for row in work.session.execute(query)]
    number = pa.int64()
    types = {
        "line_id": number,
        "order_id": number,
        "line_key": number,
        "line_no": pa.string(),
        **STORED_TYPES,
    }
    work.put_rows("stored_before", types, stored)
    name_staff(work)
    work.db.execute("""
        CREATE TABLE before AS
        SELECT * REPLACE (epoch_us(ordered_at) AS ordered_at), person AS salesperson,
               count(*) OVER (PARTITION BY order_id) AS lines
        FROM stored_before LEFT JOIN staff_names ON staff_names.id = salesperson_id
    """)
    work.db.execute("""
        CREATE TABLE after AS
        SELECT saving.*, order_id, count(*) OVER (PARTITION BY order_id) AS lines,
               coalesce(order_no, concat_ws(' ', customer_code, ordered_on)) AS record
        FROM saving JOIN verdicts USING (customer_id, order_key) WHERE verdict = 'updated'
    """)
    work.db.execute("""
        CREATE TABLE paired AS
        SELECT a.row, b.line_id FROM after a JOIN before b ON a.order_id = b.order_id
        AND (a.line_key = b.line_key AND a.line_no IS NOT NULL OR a.lines = 1 AND b.lines = 1)
    """)
