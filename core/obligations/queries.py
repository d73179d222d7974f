"""Reads of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import pandas as pd
from sqlalchemy import select

from core.access.actor import Actor, Permission, within_reach
from core.access.tables import Department, StaffMember
from core.obligations.clock import State, state
from core.obligations.tables import Obligation
from core.store.engine import Store

LEDGER_COLUMNS = (
    "id",
    "kind",
    "subject_kind",
    "subject_id",
    "owner_id",
    "owner",
    "department_id",
    "department",
    "triggered_at",
    "due_at",
    "done_at",
    "policy_version",
    "state",
)


def ledger(
    actor: Actor,
    store: Store,
    *,
    now: datetime,
    kind: str | None = None,
    states: Collection[State] = (),
    due_from: datetime | None = None,
    due_before: datetime | None = None,
) -> pd.DataFrame:
    """What is owed within the actor's reach, by due time: `LEDGER_COLUMNS`. Cancelled entries are left out.

    `states` keeps only these (empty: all), as they stand at `now`; `due_from` and `due_before` bound the due
    time, half-open.
    """
    actor.require(Permission.SEE_DETAILS)
    query = (
        select(Obligation, StaffMember.name, Department.name)
        .outerjoin(StaffMember, StaffMember.id == Obligation.owner_id)
        .outerjoin(Department, Department.id == Obligation.department_id)
        .where(
            Obligation.cancelled_at.is_(None),
            within_reach(actor, Obligation.department_id, Obligation.owner_id),
        )
        .order_by(Obligation.due_at, Obligation.id)
    )
    if kind is not None:
        query = query.where(Obligation.kind == kind)
    if due_from is not None:
        query = query.where(Obligation.due_at >= due_from)
    if due_before is not None:
        query = query.where(Obligation.due_at < due_before)
    with store.read() as session:
        rows = [
            (
                each.id,
                each.kind,
                each.subject_kind,
                each.subject_id,
                each.owner_id,
                owner,
                each.department_id,
                department,
                each.triggered_at,
                each.due_at,
                each.done_at,
                each.policy_version,
                str(state(each, now)),
            )
            for each, owner, department in session.execute(query)
        ]
    frame = pd.DataFrame(rows, columns=list(LEDGER_COLUMNS)).astype(
        {"owner_id": "Int64", "department_id": "Int64"}
    )
    for column in ("triggered_at", "due_at", "done_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame[frame["state"].isin(list(states))].reset_index(drop=True) if states else frame
