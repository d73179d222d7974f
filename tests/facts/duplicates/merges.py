"""Merges of customers for tests, and every table as it stands before and after."""

from __future__ import annotations

from sqlalchemy import select

from core.access.actor import SYSTEM
from core.facts.duplicates.merge_service import merge
from core.facts.tables import Customer, CustomerMerge, ImportBatch, ImportChange, Order, OrderLine
from core.obligations.tables import Obligation
from core.store.migrate import import_all_tables
from core.store.records import Base
from tests.conftest import NOW
from tests.facts.conftest import records

BOOKKEEPING = {"audit_entries", "counters", "customer_merges", "duplicate_pairs"}
"""What a merge leaves traces in, and means to."""


def everything(store):
    """Table -> its rows, but for what counts versions and writes history."""
    import_all_tables()
    with store.read() as session:
        return {
            table.name: [
                {name: value for name, value in row._mapping.items() if not _counts_up(table.name, name)}
                for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKKEEPING
        }


def _counts_up(table, column):
    return table == "customers" and column in ("version", "updated_at")


def ids(store):
    """Code -> id and version of each customer."""
    return {c.code: (c.id, c.version) for c in records(store, select(Customer))}


def merged(store, kept="A", gone="B", *, now=NOW, **taken):
    """Merge two customers by code; the merge's number."""
    found = ids(store)
    (one, first), (two, second) = found[kept], found[gone]
    return merge(SYSTEM, store, one, two, taken, expected_versions=(first, second), now=now)


def facts(store):
    """Everything but the list of imports."""
    return {name: rows for name, rows in everything(store).items() if name != "import_batches"}


def emptied(store):
    """A store without customers, orders and imports again, for the next example."""
    with store.write() as session:
        for table in (CustomerMerge, OrderLine, Order, Obligation, ImportChange, Customer, ImportBatch):
            session.execute(table.__table__.delete())
        session.commit()
