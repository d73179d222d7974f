"""Leads as other rooms meet them: who sees which, the first response, and who takes them over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.orm import Session

from core.access.actor import Actor, within_reach
from core.access.tables import StaffMember
from core.errors import NotFound
from core.facts.tables import Lead
from core.language import mark
from core.obligations import service as obligations
from core.obligations.tables import Obligation

FIRST_RESPONSE = "first_response"
"""The kind of obligation that a new lead brings."""
SUBJECT = "lead"
"""How the ledger and the audit trail name a lead."""


def leads_in_reach(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that keeps the leads in the actor's reach."""
    return within_reach(actor, Lead.department_id, Lead.owner_id)


def visible_lead(actor: Actor, session: Session, lead_id: int, *, lock: bool = False) -> Lead:
    """The record of a lead in reach; `lock` keeps others from changing it until the transaction ends."""
    query = select(Lead).where(Lead.id == lead_id, leads_in_reach(actor))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(mark("There is no such lead, or you may not see it."))
    return found


def record_response(session: Session, lead: Lead, at: datetime) -> bool:
    """Note in the running transaction that a lead was first answered `at`, and fulfil what is owed for it.

    Only the first answer counts; whether this was it is returned. The caller checks reach and permission and writes
    the audit line. The data version stays: the ledger holds the answer, and nothing is worked out from the mart's
    copy of it.
    """
    if lead.first_response_at is not None:
        return False
    lead.first_response_at = at
    lead.updated_at = at
    lead.version += 1
    obligations.fulfil(session, FIRST_RESPONSE, SUBJECT, lead.id, at=at)
    return True


def hand_over_leads(session: Session, from_staff: int, successor: StaffMember, *, now: datetime) -> int:
    """Give the leads that are neither won nor lost, and what is owed for them, to a successor; how many.

    Session-level, for handing over: it checks no permission, writes no audit line and commits nothing.
    """
    moved = session.execute(
        update(Lead)
        .where(Lead.owner_id == from_staff, Lead.won_at.is_(None), Lead.lost_at.is_(None))
        .values(
            owner_id=successor.id,
            department_id=successor.department_id or Lead.department_id,
            updated_at=now,
            version=Lead.version + 1,
        )
        .returning(Lead.id)
    ).all()
    session.execute(
        update(Obligation)
        .where(
            Obligation.subject_kind == SUBJECT,
            Obligation.owner_id == from_staff,
            Obligation.done_at.is_(None),
            Obligation.cancelled_at.is_(None),
        )
        .values(
            owner_id=successor.id,
            department_id=successor.department_id or Obligation.department_id,
        )
    )
    return len(moved)


def follow_owners(session: Session) -> None:
    """Give leads without a department that of their owner, and what they owe with them.

    Files of leads name people before any file says where they work.
    """
    known = select(StaffMember.id).where(StaffMember.department_id.is_not(None))

    def homeless(record: type[Lead] | type[Obligation], *conditions: ColumnElement[bool]) -> Update:
        of_owner = select(StaffMember.department_id).where(StaffMember.id == record.owner_id)
        return (
            update(record)
            .where(record.department_id.is_(None), record.owner_id.in_(known), *conditions)
            .values(department_id=of_owner.scalar_subquery())
        )

    session.execute(homeless(Lead))
    session.execute(homeless(Obligation, Obligation.subject_kind == SUBJECT))
