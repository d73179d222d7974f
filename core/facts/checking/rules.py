"""Rules that look at a whole row, or at rows beside each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.amounts import SCALE
from core.facts.cleaning.dates import FIRST_DAY, Reading
from core.facts.matching.match import ColumnMatch
from core.facts.problems import Problems
from core.language import Message, mark

KEYS = {
    "customers": (
        ("customer_code", "customer_code IS NOT NULL"),
        ("name, phone", "customer_code IS NULL AND name IS NOT NULL AND phone IS NOT NULL"),
    ),
    "transactions": (
        (
            "customer_code, order_no, CASE WHEN order_no IS NULL THEN ordered_on END, line_no",
            "line_no IS NOT NULL",
        ),
    ),
    "leads": (("lead_code", "lead_code IS NOT NULL"),),
    "deals": (("lead_code", "lead_code IS NOT NULL"),),
    "campaigns": (("campaign_code", "campaign_code IS NOT NULL"),),
    "contracts": (("contract_code", "contract_code IS NOT NULL"),),
    "payments": (("payment_code", "payment_code IS NOT NULL"),),
    "products": (("product_code", "product_code IS NOT NULL"),),
    "outlets": (("outlet_code", "outlet_code IS NOT NULL"),),
    "channel_costs": (("month, channel, campaign", "month IS NOT NULL AND channel IS NOT NULL"),),
}
"""What names a record within a table, and in which rows."""
TWICE = mark("Rows {first} and {last} name the same record with different values. Keep one.")


def amounts(
    columns: dict[str, Any], row_numbers: Any, problems: Problems, by_field: Mapping[str, ColumnMatch]
) -> list[Message]:
    """Fill in the amounts that are not given: quantity x unit price, rounded half up to a ten-thousandth.

    A given amount wins over the product (a discount is a usual reason to differ); how often it did is a note.
    """
    amount, quantity, price = (columns[code] for code in ("amount", "quantity", "unit_price"))
    if quantity.null_count == len(quantity) or price.null_count == len(price):
        return []
    products, too_large = _products(quantity, price)
    given = amount.is_valid().to_numpy(zero_copy_only=False)
    known = products.is_valid().to_numpy(zero_copy_only=False)
    differ = given & known & (_numbers(amount) != _numbers(products))
    columns["amount"] = pc.coalesce(amount, products)
    problems.add_one(
        row_numbers[too_large & ~given].tolist(),
        by_field["quantity"].place,
        Message(mark("Quantity times unit price is too large. Check both.")),
    )
    if not differ.any():
        return []
    return [
        Message(
            mark("Rows whose amount is not quantity times unit price: {rows}. The amount was taken."),
            {"rows": int(differ.sum())},
        )
    ]


def stock_ages(
    columns: dict[str, Any],
    row_numbers: Any,
    problems: Problems,
    by_field: Mapping[str, ColumnMatch],
    reading: Reading,
) -> tuple[tuple[tuple[int, date], ...], list[Message]]:
    """Turn ages of stock into the day on which it arrived: that many days before the count.

    Where the count has no day, it is the day on which this very file was first imported, else today: stock ages, and a
    file that is imported again says no more than before. Gives each age that was turned, with its day, and notes. A
    given day wins over an age that says otherwise.
    """
    ages, arrived = columns["stock_days"].to_pylist(), columns["stocked_on"].to_pylist()
    counted = columns["counted_on"].to_pylist()
    turned, differ, undated = [], 0, 0
    for place, (age, day, as_of) in enumerate(zip(ages, arrived, counted, strict=True)):
        if age is None:
            continue
        last = as_of or reading.seen_on or reading.today
        if age > (last - FIRST_DAY).days:
            problems.add_one(
                [row_numbers[place]],
                by_field["stock_days"].place,
                Message(mark("A stock age of {days} days cannot be right. Correct it."), {"days": age}),
            )
        elif day is None:
            arrived[place] = last - timedelta(days=age)
            turned.append((age, arrived[place]))
            undated += as_of is None
        else:
            differ += day != last - timedelta(days=age)
    columns["stocked_on"] = pa.array(arrived, pa.date32())
    notes = [_counted_from(reading, undated)] if undated else []
    if differ:
        sentence = mark("Rows in which the day and the age of the stock disagree: {rows}. The day was taken.")
        notes.append(Message(sentence, {"rows": differ}))
    return tuple(turned), notes


def _counted_from(reading: Reading, rows: int) -> Message:
    if reading.seen_on is not None:
        return Message(
            mark(
                "Ages of stock without a day of the count: {rows}. They are counted from {day}, when this file was "
                "first imported."
            ),
            {"rows": rows, "day": reading.seen_on},
        )
    return Message(
        mark(
            "Ages of stock without a day of the count: {rows}. They are counted from today, {day}. If the count is "
            "older, add a column with its day."
        ),
        {"rows": rows, "day": reading.today},
    )


def _numbers(column: Any) -> Any:
    return column.fill_null(0).to_numpy(zero_copy_only=False)


def _products(quantity: Any, price: Any) -> tuple[Any, Any]:
    """Exact products in ten-thousandths (NULL where a factor is, or where they overflow), and where they do."""
    q, p = _numbers(quantity), _numbers(price)
    known = quantity.is_valid().to_numpy(zero_copy_only=False) & price.is_valid().to_numpy(
        zero_copy_only=False
    )
    safe = np.abs(q.astype(np.float64)) * np.abs(p.astype(np.float64)) < 2.0**62
    raw = np.where(safe, q, 0) * np.where(safe, p, 0)
    rounded = np.sign(raw) * ((np.abs(raw) + SCALE // 2) // SCALE)
    too_large = known & ~safe
    return pa.array(rounded, mask=~known | too_large), too_large


def keys_twice(table_code: str, rows: Any, problems: Problems) -> None:
    """Refuse all rows that name one record and say different things of it; equal rows are no contradiction."""
    with duckdb.connect() as db:
        db.register("rows", rows)
        for key, condition in KEYS.get(table_code, ()):
            found = db.sql(
                f"""
                SELECT row, first, last FROM (
                    SELECT row, min(row) OVER w AS first, max(row) OVER w AS last,
                           min(said) OVER w <> max(said) OVER w AS differ
                    FROM (SELECT *, {said_of(rows)} AS said FROM rows WHERE ok AND {condition})
                    WINDOW w AS (PARTITION BY {key})
                ) WHERE differ ORDER BY row
                """
            ).fetchall()
            for row, first, last in found:
                problems.add_one(
                    [row],
                    None,
                    Message(TWICE, {"first": first, "last": last}),
                )


def said_of(rows: Any) -> str:
    """SQL (DuckDB): the text of all that a row says."""
    said = (f"'{n}=' || {_as_text(n, rows.schema)}" for n in rows.column_names if n not in ("row", "ok"))
    return f"concat_ws(chr(31), {', '.join(said)})"


def _as_text(name: str, schema: Any) -> str:
    return name if pa.types.is_string(schema.field(name).type) else f"CAST({name} AS VARCHAR)"
