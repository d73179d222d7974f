"""Leads for tests, written straight into the records."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts.leads import FIRST_RESPONSE, SUBJECT
from core.facts.tables import Lead
from core.obligations.service import owe
from core.policy.tables import PolicyVersion
from core.store.versions import raise_data_version


def add_lead(session: Session, code: str, arrived_at: datetime, **fields: object) -> int:
    """A lead that arrived then, with the answer it is owed within the hour; its id."""
    known = {
        "name": code,
        "arrived_on": arrived_at.date(),
        "created_at": arrived_at,
        "updated_at": arrived_at,
    }
    lead = Lead(code=code, arrived_at=arrived_at, **known | fields)
    session.add(lead)
    session.flush()
    owe(
        session,
        kind=FIRST_RESPONSE,
        subject_kind=SUBJECT,
        subject_id=lead.id,
        owner_id=lead.owner_id,
        department_id=lead.department_id,
        triggered_at=arrived_at,
        due_at=arrived_at + timedelta(hours=1),
        policy_version=session.scalars(select(PolicyVersion.id)).one(),
    )
    raise_data_version(session)
    return lead.id
