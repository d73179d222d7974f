"""Whose first response is owed: read from the ledger, so that what people just did counts at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import and_, case, func, select

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.access.vault import open_vault
from core.acquisition.lead_queries import LeadPhones
from core.facts.leads import FIRST_RESPONSE, SUBJECT, leads_in_reach
from core.facts.tables import Lead
from core.facts.visibility import shown_name
from core.obligations.clock import state
from core.obligations.tables import Obligation
from core.store.engine import Store

RESPONSE_COLUMNS = (
    "id",
    "version",
    "code",
    "name",
    "phone",
    "channel",
    "owner_id",
    "owner",
    "department",
    "arrived_at",
    "due_at",
    "seconds_left",
    "state",
)

_OF_THE_LEAD = ("id", "version", "code", "name", "channel", "owner_id", "arrived_at")
_OWED = and_(
    Obligation.subject_kind == SUBJECT,
    Obligation.subject_id == Lead.id,
    Obligation.kind == FIRST_RESPONSE,
    Obligation.done_at.is_(None),
    Obligation.cancelled_at.is_(None),
)


@dataclass(frozen=True)
class OpenResponses:
    """What is owed within reach: how many leads wait, how many of them are late, and the first of them."""

    owed: int
    late: int
    first: list[dict[str, Any]]
    """RESPONSE_COLUMNS: first those that can still be in time, the soonest due first; then the late, the newest
    first."""


def first_open_responses(actor: Actor, store: Store, *, now: datetime, limit: int | None) -> OpenResponses:
    """The leads in reach that wait for their first response, counted, and the first `limit` of them."""
    actor.require(Permission.SEE_DETAILS)
    in_time = Obligation.due_at >= now
    late = case((in_time, 0), else_=1)
    query = (
        select(
            *(getattr(Lead, name) for name in _OF_THE_LEAD),
            Lead.phone_sealed,
            StaffMember.name.label("owner"),
            Department.name.label("department"),
            Obligation.due_at,
            Obligation.done_at,
            Obligation.cancelled_at,
            func.count().over().label("owed"),
            func.sum(late).over().label("late"),
        )
        .join(Obligation, _OWED)
        .outerjoin(StaffMember, StaffMember.id == Lead.owner_id)
        .outerjoin(Department, Department.id == Lead.department_id)
        .where(leads_in_reach(actor))
        .order_by(late, case((in_time, Obligation.due_at)), Obligation.due_at.desc(), Lead.id)
        .limit(limit)
    )
    with store.read() as session:
        found = session.execute(query).all()
    if not found:
        return OpenResponses(0, 0, [])
    phones = LeadPhones(open_vault(store), actor.may(Permission.SEE_CONTACT_DATA))
    return OpenResponses(
        int(found[0].owed), int(found[0].late), [_row(actor, phones, each, now) for each in found]
    )


def _row(actor: Actor, phones: LeadPhones, found: Any, now: datetime) -> dict[str, Any]:
    made = {
        **found._mapping,
        "name": shown_name(actor, found.name),
        "phone": phones.shown(found.id, found.phone_sealed),
        "seconds_left": int((found.due_at - now).total_seconds()),
        "state": str(state(found, now)),
    }
    return {name: made[name] for name in RESPONSE_COLUMNS}


def open_responses(actor: Actor, store: Store, *, now: datetime, limit: int | None = None) -> pd.DataFrame:
    """The leads in reach that wait for their first response, as `OpenResponses.first`: RESPONSE_COLUMNS.

    `id` and `version` are the lead's, `seconds_left` is negative and `state` `late` once the due time has passed.
    """
    rows = first_open_responses(actor, store, now=now, limit=limit).first
    frame = pd.DataFrame(rows, columns=list(RESPONSE_COLUMNS)).astype({"owner_id": "Int64"})
    for column in ("arrived_at", "due_at"):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame
