"""Which way each kind of file takes through the workspace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.access.vault import open_vault
from core.facts.importing import costs, entries, leads, leads_saving, lines, people, promises
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import Workspace
from core.store.engine import Store

Save = Callable[[int], None]
"""Writes what was planned under a batch id."""


def plan(work: Workspace, store: Store, zone: str, now: datetime) -> tuple[ImportCounts, Save]:
    """What would become of the rows, and how to make it so. `zone` is the business time zone."""
    table = work.checked.table_code
    if table == "customers":
        vault = open_vault(store)
        planned = people.plan(work, vault)
        return planned.counts, lambda batch_id: people.save(work, planned, vault, batch_id, now)
    if table in ("leads", "deals"):
        return _plan_leads(work, store, zone, now)
    if table == "channel_costs":
        return costs.plan(work), lambda batch_id: costs.save(work, batch_id)
    room = lines if table == "transactions" else entries
    counts = room.plan(work)

    def save(batch_id: int) -> None:
        work.save_customers(batch_id, now)
        room.save(work, batch_id)

    return counts, save


def _plan_leads(work: Workspace, store: Store, zone: str, now: datetime) -> tuple[ImportCounts, Save]:
    vault = open_vault(store)
    counts = leads.plan(work, vault, zone)

    def save(batch_id: int) -> None:
        work.save_customers(batch_id, now)
        leads_saving.save(work, vault, batch_id, now)
        promises.enter(work, store, zone, now)

    return counts, save
