"""The tables that an undoing concerns: those whose records bear their import, and what refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table

from core.facts.tables import ImportChange, OrderLine
from core.store.records import Base, follows

ORDERS, LINES = "orders", OrderLine.__tablename__


def batched() -> list[Table]:
    """The tables whose records bear the import that brought them, those that refer to others first."""
    return [t for t in reversed(Base.metadata.sorted_tables) if bears_batch(t)]


def has_batch(table: str) -> bool:
    """Whether a change of this table is one of a record or an order, not of what stands beside the facts."""
    return table == ORDERS or bears_batch(Base.metadata.tables[table])


def bears_batch(table: Table) -> bool:
    """Whether the records of a table bear the import that brought them."""
    return "batch_id" in table.c and table.name != ImportChange.__tablename__


def references(table: Table) -> Iterator[Any]:
    """The columns anywhere that refer to the records of a table and hold them fast."""
    for column in referring(table):
        # An order has no batch: its lines say whose it is, and refer to the customer themselves. Of customers merged
        # into one the merge says it.
        if not follows(column) and column.table.name != ORDERS and column.table is not table:
            yield column


def follows_of(table: Table) -> list[Any]:
    """The columns whose records go with those of a table."""
    return [column for column in referring(table) if follows(column)]


def referring(table: Table) -> Iterator[Any]:
    """Every column that refers to the records of a table."""
    for other in Base.metadata.sorted_tables:
        yield from (key.parent for key in other.foreign_keys if key.column.table is table)
