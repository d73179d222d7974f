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
    lines_saving,
    masks,
    people,
    people_changes,
    people_saving,
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
from core.policy.queries import policy_at
from core.store.engine import Store

Save = Callable[[int], None]
"""Writes something of what was planned under a batch id."""

ORDER = (
    "customers", "products", "outlets", "campaigns", "channel_costs", "leads", "deals", "contracts", "payments",
    "transactions", "interactions", "satisfaction", "usage", "behaviour", "displays",
)  # fmt: skip
"""The kinds of file in the order in which they are saved: what is referred to comes first."""


@dataclass(frozen=True)
class Plan:
    """What would become of the rows, and how to make it so.

    `save` writes the facts, which the plans of later sheets compare with; `follow`, after it, what follows from them:
    what is owed, and who answers for it. No plan looks at that.
    """

    counts: ImportCounts
    save: Save
    follow: Save
    changes: FindChanges


def plan(work: Workspace, store: Store, zone: str, now: datetime) -> Plan:
    """Decide what becomes of the rows of a sheet. `zone` is the business time zone."""
    table = work.checked.table_code
    if table == "customers":
        vault = open_vault(store)
        masks.settle(work, vault)
        planned = people.plan(work, vault, zone)
        return Plan(
            planned.counts,
            lambda batch_id: people_saving.save(work, planned, vault, batch_id, now),
            lambda _batch_id: people_saving.follow(work, planned, policy_at(store, now.date()), now),
            partial(people_changes.changes, work, planned, vault),
        )
    if table in ("leads", "deals"):
        return _plan_leads(work, store, zone, now)
    if table in RECORD_KINDS:
        return _plan_records(work, now)
    if table == "transactions":
        return _plan_lines(work, store, now)
    return _plan_entries(work, store, now)


def _plan_lines(work: Workspace, store: Store, now: datetime) -> Plan:
    counts = lines.plan(work)

    def save(batch_id: int) -> None:
        work.save_customers(batch_id, now)
        lines_saving.save(work, batch_id)

    def follow(_batch_id: int) -> None:
        updates.enter(work, store, now)

    return Plan(counts, save, follow, partial(lines_changes.changes, work))


def _plan_entries(work: Workspace, store: Store, now: datetime) -> Plan:
    counts = entries.plan(work)

    def save(batch_id: int) -> None:
        if entries.of_customers(work.checked.table_code):
            work.save_customers(batch_id, now)
        entries.save(work, batch_id)

    def follow(_batch_id: int) -> None:
        updates.enter(work, store, now)

    return Plan(counts, save, follow, none_changed)


def _plan_records(work: Workspace, now: datetime) -> Plan:
    counts = records.plan(work)

    def save(batch_id: int) -> None:
        if RECORD_KINDS[work.checked.table_code].customer:
            work.save_customers(batch_id, now)
        records_saving.save(work, batch_id)

    return Plan(counts, save, lambda _batch_id: None, partial(changed_cells, work))


def _plan_leads(work: Workspace, store: Store, zone: str, now: datetime) -> Plan:
    vault = open_vault(store)
    masks.settle(work, vault)
    counts = leads.plan(work, vault, zone)

    def save(batch_id: int) -> None:
        work.save_customers(batch_id, now)
        leads_saving.save(work, vault, batch_id, now)

    def follow(batch_id: int) -> None:
        promises.enter(work, store, zone, batch_id, now)

    return Plan(counts, save, follow, partial(leads_changes.changes, work, vault))
