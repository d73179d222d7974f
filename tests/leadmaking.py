"""Leads and channel costs for tests, written straight into the records: what an import would have stored."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.access.vault import Vault
from core.dates import business_date
from core.facts.identity import lead_place
from core.facts.leads import FIRST_RESPONSE, SUBJECT
from core.facts.tables import ChannelCost, Lead
from core.obligations.clock import due_after
from core.obligations.service import fulfil, owe
from core.store.versions import raise_data_version
from tests.conftest import NOW
from tests.factmaking import add_batch, at_noon

ZONE = "Asia/Shanghai"


def add_lead(
    session: Session, code: str, arrived: date | datetime, *, vault: Vault | None = None, **fields: Any
) -> int:
    """A lead that arrived at that instant, or at noon of that day. Stages (`contacted=3`) are days later.

    With `vault` the field `phone` is sealed.
    """
    at = arrived if isinstance(arrived, datetime) else at_noon(arrived)
    for stage in ("contacted", "qualified", "quoted", "won", "lost"):
        if stage in fields:
            fields[f"{stage}_at"] = at + timedelta(days=fields.pop(stage))
    phone = fields.pop("phone", None)
    won_at = fields.get("won_at")
    lead = Lead(
        code=code,
        arrived_at=at,
        arrived_on=business_date(at, ZONE),
        won_on=won_at and business_date(won_at, ZONE),
        created_at=NOW,
        updated_at=NOW,
        **{"name": code} | fields,
    )
    session.add(lead)
    session.flush()
    if phone and vault:
        lead.phone_sealed = vault.seal(phone, lead_place(lead.id))
    raise_data_version(session)
    return lead.id


def add_cost(session: Session, month: date, channel: str, units: int, campaign: str = "") -> None:
    """What a channel cost in a month, in currency units."""
    batch = add_batch(session)
    session.add(
        ChannelCost(month=month, channel=channel, campaign=campaign, amount=units * 10_000, batch_id=batch)
    )
    raise_data_version(session)


def owe_response(session: Session, lead_id: int, *, done_at: datetime | None = None) -> None:
    """What an import enters in the ledger for a lead: a first response within the hour."""
    lead = session.get_one(Lead, lead_id)
    owe(
        session,
        kind=FIRST_RESPONSE,
        subject_kind=SUBJECT,
        subject_id=lead_id,
        owner_id=lead.owner_id,
        department_id=lead.department_id,
        triggered_at=lead.arrived_at,
        due_at=due_after(lead.arrived_at, 1),
        policy_version=1,
    )
    if done_at is not None:
        fulfil(session, FIRST_RESPONSE, SUBJECT, lead_id, at=done_at)
