"""Undoing an import in a test: the state before and after, what was told, and files to begin with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.facts.importing import SheetResult
from core.facts.importing.undo import UndoPlan, undo_import, undo_plan
from core.language import translate
from core.obligations.tables import Obligation
from core.store.engine import Store
from core.store.migrate import import_all_tables
from core.store.records import Base
from tests.conftest import Actors

CUSTOMERS = ["Customer code", "Name", "Region"]
ORDERS = ["Customer code", "Order number", "Order time", "Amount"]
APART = {"import_batches", "import_changes", "audit_entries", "counters", "jobs"}
"""What tells of imports and undoing, and counts."""


def state(store: Store) -> dict[str, list[Any]]:
    """Every record of every table, but for version numbers and what is owed by nobody."""
    import_all_tables()
    found = {}
    with store.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in APART:
                continue
            query = select(*(c for c in table.c if c.name != "version"))
            if table.name == Obligation.__tablename__:
                query = query.where(table.c.cancelled_at.is_(None))
            found[table.name] = sorted((tuple(row) for row in session.execute(query)), key=repr)
    return found


def undo(store: Store, actors: Actors, result: SheetResult, now: datetime) -> UndoPlan:
    planned = undo_plan(actors.manager, store, result.batch or 0)
    if planned.blocked:
        with pytest.raises(Refused):
            undo_import(actors.manager, store, result.batch or 0, now=now)
        return planned
    done = undo_import(actors.manager, store, result.batch or 0, now=now + timedelta(hours=1))
    assert planned == done
    return done


def reasons(told: UndoPlan) -> dict[str, str]:
    return {each.label: translate(each.reason, "en") for each in told.kept}


def differing(told: UndoPlan) -> dict[str, str]:
    return {each.label: translate(each.reason, "en") for each in told.differing}
