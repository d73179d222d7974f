"""Which way each kind of file takes through the workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from core.access.vault import open_vault
from core.facts.importing import (
    entries,
    leads,
    leads_changes,
    leads_saving,
    lines,
    lines_changes,
    people,
    people_changes,
    promises,
    records,
    records_saving,
    updates,
)
from core.facts.importing.changes import FindChanges, none_changed
from core.facts.importing.record_kinds import RECORD_KINDS
from core.facts.importing.records_changed import changed_cells
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import Workspace
from core.store.engine import Store

Save = Callable[[int], None]
"""Writes what was planned under a batch id."""

ORDER = (
    "customers", "products", "outlets", "campaigns", "channel_costs", "leads", "deals", "contracts", "payments",
    "transactions", "interactions", "satisfaction", "usage", "behaviour", "displays",
)  # fmt: skip
"""The kinds of file in the order in which they are saved: what is referred to comes first."""


@dataclass(frozen=True)
class Plan:
    """What would become of the rows, and how to make it so."""

    counts: ImportCounts
    save: Save
    changes: FindChanges


def plan(work: Workspace, store: Store, zone: str, now: datetime) -> Plan:
    """Decide what becomes of the rows of a sheet. `zone` is the business time zone."""
    table = work.checked.table_code
    if table == "customers":
        vault = open_vault(store)
        planned = people.plan(work, vault)
        return Plan(
            planned.counts,
            lambda batch_id: people.save(work, planned, vault, batch_id, now),
            partial(people_changes.changes, work, planned, vault),
        )
    if table in ("leads", "deals"):
        return _plan_leads(work, store, zone, now)
    if table in RECORD_KINDS:
        return _plan_records(work, now)
    room = lines if table == "transactions" else entries
    counts = room.plan(work)

    def save(batch_id: int) -> None:
        if room is lines or entries.of_customers(table):
            work.save_customers(batch_id, now)
        room.save(work, batch_id)
        updates.enter(work, store, now)

    return Plan(counts, save, partial(lines_changes.changes, work) if room is lines else none_changed)


def _plan_records(work: Workspace, now: datetime) -> Plan:
    counts = records.plan(work)

    def save(batch_id: int) -> None:
        if RECORD_KINDS[work.checked.table_code].customer:
            work.save_customers(batch_id, now)
        records_saving.save(work, batch_id)

    return Plan(counts, save, partial(changed_cells, work))


def _plan_leads(work: Workspace, store: Store, zone: str, now: datetime) -> Plan:
    vault = open_vault(store)
    counts = leads.plan(work, vault, zone)

    def save(batch_id: int) -> None:
        work.save_customers(batch_id, now)
        leads_saving.save(work, vault, batch_id, now)
        promises.enter(work, store, zone, batch_id, now)

    return Plan(counts, save, partial(leads_changes.changes, work, vault))
