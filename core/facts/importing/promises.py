"""What the leads of an import owe, entered in the ledger in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import select

from core.dates import business_date
from core.facts.first_response import Promise, promised
from core.facts.importing.bulk import allocate_ids, chunks, insert_rows, instant_text
from core.facts.importing.leads import INSTANTS, instant, instant_or_none
from core.facts.importing.overwritten import log_owed, owed_now
from core.facts.importing.workspace import Workspace
from core.facts.leads import FIRST_RESPONSE, SUBJECT
from core.obligations.tables import Obligation
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.store.engine import Store

_KINDS = {
    "subject_id": pa.int64(),
    "owner_id": pa.int64(),
    "department_id": pa.int64(),
    "triggered_at": pa.timestamp("us", "UTC"),
    "due_at": pa.timestamp("us", "UTC"),
    "done_at": pa.timestamp("us", "UTC"),
    "policy_version": pa.int64(),
}
_TIMES = ("triggered_at", "due_at", "done_at")


@dataclass(frozen=True)
class _Lead:
    """A saved lead, as far as the ledger cares."""

    id: int
    owner_id: int | None
    department_id: int | None
    arrived_at: datetime
    first_response_at: datetime | None
    moved_on_at: datetime | None

    def promise(self, policy: Policy) -> Promise | None:
        return promised(
            self.arrived_at,
            self.first_response_at,
            self.moved_on_at,
            within_hours=policy.first_response.within_hours,
            zone=policy.business.time_zone,
        )


def enter(work: Workspace, store: Store, zone: str, batch_id: int, now: datetime) -> None:
    """Bring the ledger in line with the leads of `saved`, by the policy of the day each of them arrived."""
    leads = _saved(work)
    rules = _policies(store, {business_date(lead.arrived_at, zone) for lead in leads})
    owed: dict[int, Obligation] = {}
    for chunk in chunks(lead.id for lead in leads):
        query = select(Obligation).where(
            Obligation.kind == FIRST_RESPONSE,
            Obligation.subject_kind == SUBJECT,
            Obligation.subject_id.in_(chunk),
            Obligation.cancelled_at.is_(None),
        )
        owed |= {entry.subject_id: entry for entry in work.session.scalars(query)}
    new = []
    before = {entry.id: owed_now(entry) for entry in owed.values()}
    for lead in leads:
        policy = rules[business_date(lead.arrived_at, zone)]
        promise = lead.promise(policy)
        entry = owed.get(lead.id)
        if entry is not None:
            _bring_up_to_date(entry, lead, promise, policy, now)
        elif promise is not None:
            times = (promise.triggered_at, promise.due_at, promise.done_at)
            new.append((lead.id, lead.owner_id, lead.department_id, *times, policy.version))
    log_owed(work.session, batch_id, {e.id: (before[e.id], owed_now(e)) for e in owed.values()})
    work.session.flush()
    _insert(work, new)


def _saved(work: Workspace) -> list[_Lead]:
    rows = work.db.execute(
        f"SELECT id, owner_id, department_id, {', '.join(INSTANTS[:2])}, "
        f"least({', '.join(INSTANTS[2:])}) FROM saved ORDER BY id"
    ).fetchall()
    return [
        _Lead(key, owner, department, instant(arrived), instant_or_none(response), instant_or_none(moved))
        for key, owner, department, arrived, response, moved in rows
    ]


def _policies(store: Store, days: Iterable[date]) -> dict[date, Policy]:
    """The policy in force on each of the days."""
    found: dict[date, Policy] = {}
    current: Policy | None = None
    for day in sorted(days, reverse=True):
        # Nothing newer began between that policy's first day and a later day on which it still held.
        if current is None or day < current.effective_from:
            current = policy_at(store, day)
        found[day] = current
    return found


def _bring_up_to_date(
    entry: Obligation, lead: _Lead, promise: Promise | None, policy: Policy, now: datetime
) -> None:
    """What was entered before, by what is known of the lead now."""
    if promise is None:
        if entry.done_at is None:
            _end(entry, lead, now)
        return
    if entry.triggered_at != promise.triggered_at:
        entry.triggered_at, entry.due_at = promise.triggered_at, promise.due_at
        entry.policy_version = policy.version
    if promise.done_at is not None:
        entry.done_at = promise.done_at
    elif entry.done_at is None:
        entry.owner_id, entry.department_id = lead.owner_id, lead.department_id


def _end(entry: Obligation, lead: _Lead, now: datetime) -> None:
    """The lead went on without a noted answer: once late, late stays on record; in time it is owed no more."""
    if lead.moved_on_at is not None and lead.first_response_at is None and lead.moved_on_at > entry.due_at:
        entry.done_at = lead.moved_on_at
    else:
        entry.cancelled_at = now


def _insert(work: Workspace, rows: list[tuple[Any, ...]]) -> None:
    ids = allocate_ids(work.session, Obligation.__tablename__, len(rows))
    work.put_rows("promises", _KINDS, rows)
    work.put("promise_ids", {"place": (pa.int64(), np.arange(len(rows))), "id": (pa.int64(), ids)})
    dialect = work.session.connection().dialect.name
    written = {name: instant_text(f"epoch_us({name})", dialect) for name in _TIMES}
    columns = ("id", "kind", "subject_kind", *_KINDS)
    found = work.db.execute(f"""
        SELECT id, '{FIRST_RESPONSE}', '{SUBJECT}', {", ".join(written.get(name, name) for name in _KINDS)}
        FROM (SELECT *, row_number() OVER (ORDER BY subject_id) - 1 AS place FROM promises)
        JOIN promise_ids USING (place) ORDER BY id
    """)
    insert_rows(work.session, Obligation.__tablename__, columns, found)
