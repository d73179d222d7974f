"""Which accepted lines go back with the refused ones, so that every order that comes back is whole."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from core.facts.checking.results import Checked
from core.facts.importing.lines import ORDER_KEY


def companions(checked: Checked) -> list[int]:
    """The numbers of the accepted transactions whose order has a refused one, ascending.

    A replaced order is replaced as a whole: one corrected line, brought in alone, would push out those that
    were taken. A refused line without order number and readable day may belong to any day of its customer.
    """
    refused = checked.problems.rows
    if checked.table_code != "transactions" or not len(refused):
        return []
    with duckdb.connect() as db:
        db.register("checked", checked.rows)
        db.register("refused", pa.table({"row": refused}))
        columns = f"row, customer_code, order_no, {ORDER_KEY} AS order_key"
        found = db.execute(f"""
            WITH bad AS (SELECT {columns} FROM checked SEMI JOIN refused USING (row)),
                 good AS (SELECT {columns} FROM checked ANTI JOIN refused USING (row))
            SELECT row FROM good SEMI JOIN bad USING (customer_code, order_key)
            UNION
            SELECT row FROM good SEMI JOIN (SELECT customer_code FROM bad WHERE order_key IS NULL) AS undated
                USING (customer_code) WHERE order_no IS NULL
            ORDER BY row
        """).fetchall()
    return [row for (row,) in found]
