"""What lists show of leads: names, phones and people from the database, how far each came from the mart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow.compute as pc
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.masking import mask_phone
from core.access.tables import Department, StaffMember
from core.access.vault import Vault, open_vault
from core.acquisition.funnel import in_band
from core.acquisition.selection import EVERY_LEAD, FunnelFilter, Seen, for_actor
from core.errors import NotFound, Refused
from core.facts.identity import look_lead
from core.facts.leads import FIRST_RESPONSE, SUBJECT, leads_in_reach
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.entries import OwnValue, shown_own
from core.facts.own_fields.sealing import Holder
from core.facts.stages import STAGES, instant_column
from core.facts.tables import Lead
from core.facts.visibility import shown_name
from core.language import mark
from core.obligations.clock import State, state
from core.obligations.tables import Obligation
from core.store.engine import Store

_OF_THE_LEAD = (
    "id",
    "code",
    "channel",
    "campaign",
    "region",
    "industry",
    "arrived_at",
    "first_response_at",
    "contacted_at",
    "qualified_at",
    "quoted_at",
    "won_at",
    "lost_at",
    "lost_reason",
    "amount",
    "customer_id",
    "version",
)
LEAD_COLUMNS = (*_OF_THE_LEAD, "name", "phone", "owner", "department", "furthest", "standing")
_IDS_A_QUERY = 5_000


@dataclass(frozen=True)
class LeadPhones:
    """Opens the phones of leads, masked unless the role sees contact data."""

    vault: Vault
    in_full: bool

    def shown(self, lead_id: int, sealed: bytes | None) -> str | None:
        phone = look_lead(self.vault, lead_id, sealed)
        return phone if phone is None or self.in_full else mask_phone(phone)


def leads(
    actor: Actor,
    store: Store,
    filters: FunnelFilter = EVERY_LEAD,
    stage: str | None = None,
    band: str | None = None,
) -> pd.DataFrame:
    """Exactly the leads that the funnel counts in a band, the latest first.

    Without `band` those that reached `stage`, without `stage` all. Columns: LEAD_COLUMNS, instants in UTC; `amount`
    in ten-thousandths of the currency unit; `furthest` the code of the last stage reached within the window and
    `standing` the band there, both as of the last cycle.
    """
    rows = lead_rows(actor, store, lead_places(actor, store, filters, stage, band))
    frame = pd.DataFrame(rows, columns=list(LEAD_COLUMNS)).astype({"customer_id": "Int64", "amount": "Int64"})
    for column in (name for name in LEAD_COLUMNS if name.endswith("_at")):
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame


@dataclass(frozen=True)
class Place:
    """Which lead, and how far it came as of the last cycle: no word of who it is, so a page may keep it."""

    id: int
    furthest: str
    standing: str


def lead_places(
    actor: Actor,
    store: Store,
    filters: FunnelFilter,
    stage: str | None,
    band: str | None,
    *,
    limit: int | None = None,
    seen: Seen | None = None,
) -> tuple[Place, ...]:
    """The leads of `leads` in its order, or the first `limit` of them."""
    seen = for_actor(actor, store, seen)
    if seen is None:
        return ()
    walked = seen.matching(filters)
    if stage is not None:
        walked = in_band(walked, _known(stage), band)
    order = [("arrived_at", "descending", "at_end"), ("id", "descending", "at_end")]
    walked = walked.take(pc.sort_indices(walked, sort_keys=order)[:limit])
    rows = walked.select(["id", "furthest", "standing"]).to_pylist()
    return tuple(Place(row["id"], STAGES[row["furthest"]], row["standing"]) for row in rows)


def lead_rows(actor: Actor, store: Store, places: Sequence[Place]) -> list[dict[str, Any]]:
    """What `leads` gives of these leads, as plain rows; one that is not in the actor's reach is left out."""
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        found = _details(actor, store, session, [place.id for place in places])
    return [
        found[place.id] | {"furthest": place.furthest, "standing": place.standing}
        for place in places
        if place.id in found
    ]


def _known(stage: str) -> str:
    if stage not in STAGES:
        raise Refused(mark("There is no stage {stage} in the funnel."), stage=stage)
    return stage


def _details(actor: Actor, store: Store, session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    phones = LeadPhones(open_vault(store), actor.may(Permission.SEE_CONTACT_DATA))
    found = {}
    for first in range(0, len(ids), _IDS_A_QUERY):
        for each in session.execute(_query(actor, ids[first : first + _IDS_A_QUERY])):
            row = dict(each._mapping)
            row["phone"] = phones.shown(row["id"], row.pop("phone_sealed"))
            row["name"] = shown_name(actor, row["name"])
            found[row["id"]] = row
    return found


def _query(actor: Actor, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(getattr(Lead, name) for name in _OF_THE_LEAD),
            Lead.name,
            Lead.phone_sealed,
            StaffMember.name.label("owner"),
            Department.name.label("department"),
        )
        .outerjoin(StaffMember, StaffMember.id == Lead.owner_id)
        .outerjoin(Department, Department.id == Lead.department_id)
        .where(leads_in_reach(actor), Lead.id.in_(ids))
    )


@dataclass(frozen=True)
class LeadView:
    """One lead as the actor may see it, from the database."""

    id: int
    version: int
    code: str
    name: str
    phone: str | None
    contact_masked: bool
    channel: str | None
    campaign: str | None
    region: str | None
    industry: str | None
    owner: str | None
    """None: nobody's, it lies in the pool."""
    department: str | None
    reached: dict[str, datetime | None]
    """Stage -> when, in the order of STAGES."""
    lost_at: datetime | None
    lost_reason: str | None
    amount: int | None
    """Ten-thousandths of the currency unit."""
    customer_id: int | None
    """The customer it became."""
    first_response_at: datetime | None
    response_due_at: datetime | None
    response: State | None
    """How the first response stands; None where none was ever owed."""
    answerable: bool
    """Whether the actor may record a first response, and one is missing."""
    own: tuple[OwnValue, ...]
    """What the company's own fields say of it; a personal one masked where the phone is."""


def lead(actor: Actor, store: Store, lead_id: int, *, now: datetime) -> LeadView:
    """One lead in reach; NotFound otherwise."""
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        row = _details(actor, store, session, [lead_id]).get(lead_id)
        if row is None:
            raise NotFound(mark("There is no such lead, or you may not see it."))
        owed = session.scalar(
            select(Obligation).where(
                Obligation.subject_kind == SUBJECT,
                Obligation.subject_id == lead_id,
                Obligation.kind == FIRST_RESPONSE,
                Obligation.cancelled_at.is_(None),
            )
        )
        response, due_at = (state(owed, now), owed.due_at) if owed else (None, None)
        own = _own(actor, store, session, lead_id)
    reached = {stage: row.pop(instant_column(stage)) for stage in STAGES}
    return LeadView(
        **row,
        reached=reached,
        contact_masked=not actor.may(Permission.SEE_CONTACT_DATA),
        response_due_at=due_at,
        response=response,
        answerable=response in (State.PENDING, State.LATE)
        and row["first_response_at"] is None
        and actor.may(Permission.EDIT_CUSTOMERS),
        own=own,
    )


def _own(actor: Actor, store: Store, session: Session, lead_id: int) -> tuple[OwnValue, ...]:
    fields = catalogue(session)["leads"].own_fields
    if not fields:
        return ()
    held = session.scalars(select(Lead.own).where(Lead.id == lead_id)).one()
    return shown_own(actor, fields, held, Holder(open_vault(store), "leads", lead_id))
