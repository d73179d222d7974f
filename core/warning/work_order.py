"""One work order as a person reads it: why it was raised, what was done, what may be done next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Account, AuditEntry, Department, StaffMember
from core.facts.tables import Customer, Interaction
from core.facts.visibility import Contact, shown_name
from core.obligations.clock import State, state
from core.obligations.tables import Obligation
from core.store.engine import Store
from core.warning.orders import RESPONSE, SUBJECT, visible_order
from core.warning.states import Outcome, Status, Step, outcomes_after, steps_after
from core.warning.tables import WinBackContact, WorkOrder, WorkOrderHit


@dataclass(frozen=True)
class Hit:
    """One reason: an indicator, the numbers it saw and the threshold it was held against."""

    indicator: str
    as_of: date
    observed: Mapping[str, Any]
    threshold: Mapping[str, Any]
    policy_version: int


@dataclass(frozen=True)
class Attempt:
    """A contact that was logged on the order."""

    interaction_id: int
    occurred_at: datetime
    kind: str
    staff: str | None
    reached: bool
    cause: str | None
    offer: str | None
    proposal: str | None
    content: str | None


@dataclass(frozen=True)
class Owed:
    """An entry of the ledger that concerns the order."""

    kind: str
    owner: str | None
    triggered_at: datetime
    due_at: datetime
    done_at: datetime | None
    cancelled_at: datetime | None
    state: State | None
    """None when cancelled."""
    policy_version: int


@dataclass(frozen=True)
class Event:
    """Something that was done with the order."""

    at: datetime
    action: str
    """`work_order.` and the code of the step."""
    by: str | None
    """Display name of the account; None for the system."""


@dataclass(frozen=True)
class WorkOrderView:
    """A work order with everything that belongs to it. Amounts in ten-thousandths of the currency unit."""

    id: int
    version: int
    status: Status
    customer_id: int
    customer_code: str
    name: str
    phone: str | None
    email: str | None
    contact_masked: bool
    value_tier: str | None
    monetary: int
    as_of: date
    raised_at: datetime
    opened_at: datetime | None
    due_at: datetime | None
    seconds_left: int | None
    """Until the first contact is due, negative when late; None without a running clock."""
    obligation: State | None
    policy_version: int
    assignee_id: int | None
    assignee: str | None
    department_id: int | None
    department: str | None
    claimed_at: datetime | None
    claimed_by: str | None
    outcome: str | None
    outcome_at: datetime | None
    outcome_note: str | None
    root_cause: str | None
    debrief: str | None
    closed_at: datetime | None
    hits: tuple[Hit, ...]
    contacts: tuple[Attempt, ...]
    """Newest first."""
    obligations: tuple[Owed, ...]
    history: tuple[Event, ...]
    """Newest first."""
    actions: tuple[Step, ...]
    """What this actor may do next."""
    outcomes: tuple[Outcome, ...]
    """The outcomes that may be recorded now."""


def work_order(actor: Actor, store: Store, order_id: int, *, now: datetime) -> WorkOrderView:
    """One order in reach; NotFound otherwise."""
    actor.require(Permission.WORK_ORDERS)
    with store.read() as session:
        order = visible_order(actor, session, order_id)
        customer = session.get_one(Customer, order.customer_id)
        contact = Contact.shown_to(actor, store)
        contacts = _contacts(session, order)
        owed = _owed(session, order, now)
        response = next((each for each in owed if each.kind == RESPONSE and each.state is not None), None)
        runs = response is not None and response.done_at is None
        assignee = session.get(StaffMember, order.assignee_id) if order.assignee_id else None
        department = session.get(Department, order.department_id) if order.department_id else None
        status = Status(order.status)
        steps = steps_after(status, attempts=len(contacts), debriefed=order.debrief is not None)
        return WorkOrderView(
            id=order.id,
            version=order.version,
            status=status,
            customer_id=customer.id,
            customer_code=customer.code,
            name=shown_name(actor, customer.name),
            phone=contact.phone(customer.id, customer.phone_sealed),
            email=contact.email(customer.id, customer.email_sealed),
            contact_masked=not contact.in_full,
            value_tier=order.value_tier,
            monetary=order.monetary,
            as_of=order.as_of,
            raised_at=order.raised_at,
            opened_at=order.opened_at,
            due_at=response.due_at if response else None,
            seconds_left=int((response.due_at - now).total_seconds()) if response and runs else None,
            obligation=response.state if response else None,
            policy_version=order.policy_version,
            assignee_id=order.assignee_id,
            assignee=assignee.name if assignee else None,
            department_id=order.department_id,
            department=department.name if department else None,
            claimed_at=order.claimed_at,
            claimed_by=account_name(session, order.claimed_by),
            outcome=order.outcome,
            outcome_at=order.outcome_at,
            outcome_note=order.outcome_note,
            root_cause=order.root_cause,
            debrief=order.debrief,
            closed_at=order.closed_at,
            hits=_hits(session, order),
            contacts=contacts,
            obligations=owed,
            history=_history(session, order),
            actions=tuple(s for s in steps if s is not Step.ASSIGN or actor.may(Permission.ASSIGN_WORK)),
            outcomes=outcomes_after(status, len(contacts)),
        )


def account_name(session: Session, account_id: int | None) -> str | None:
    """The display name of an account; None for none."""
    return session.scalar(select(Account.display_name).where(Account.id == account_id))


def _hits(session: Session, order: WorkOrder) -> tuple[Hit, ...]:
    query = (
        select(WorkOrderHit).where(WorkOrderHit.work_order_id == order.id).order_by(WorkOrderHit.indicator)
    )
    return tuple(
        Hit(each.indicator, each.as_of, each.observed, each.threshold, each.policy_version)
        for each in session.scalars(query)
    )


def _contacts(session: Session, order: WorkOrder) -> tuple[Attempt, ...]:
    query = (
        select(WinBackContact, Interaction, StaffMember.name)
        .join(Interaction, Interaction.id == WinBackContact.interaction_id)
        .outerjoin(StaffMember, StaffMember.id == Interaction.staff_id)
        .where(WinBackContact.work_order_id == order.id)
        .order_by(Interaction.occurred_at.desc(), WinBackContact.id.desc())
    )
    return tuple(
        Attempt(
            interaction_id=said.id,
            occurred_at=said.occurred_at,
            kind=said.kind,
            staff=staff,
            reached=each.reached,
            cause=each.cause,
            offer=each.offer,
            proposal=each.proposal,
            content=said.content,
        )
        for each, said, staff in session.execute(query)
    )


def _owed(session: Session, order: WorkOrder, now: datetime) -> tuple[Owed, ...]:
    query = (
        select(Obligation, StaffMember.name)
        .outerjoin(StaffMember, StaffMember.id == Obligation.owner_id)
        .where(Obligation.subject_kind == SUBJECT, Obligation.subject_id == order.id)
        .order_by(Obligation.due_at, Obligation.id)
    )
    return tuple(
        Owed(
            kind=each.kind,
            owner=owner,
            triggered_at=each.triggered_at,
            due_at=each.due_at,
            done_at=each.done_at,
            cancelled_at=each.cancelled_at,
            state=state(each, now),
            policy_version=each.policy_version,
        )
        for each, owner in session.execute(query)
    )


def _history(session: Session, order: WorkOrder) -> tuple[Event, ...]:
    query = (
        select(AuditEntry.at, AuditEntry.action, Account.display_name)
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(AuditEntry.subject_kind == SUBJECT, AuditEntry.subject_id == str(order.id))
        .order_by(AuditEntry.id.desc())
    )
    return tuple(Event(*each) for each in session.execute(query))
