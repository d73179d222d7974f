"""Commands on work orders: claimed, worked on, resolved, learned from, closed; given to others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.tables import StaffMember
from core.dates import business_date
from core.errors import Refused, StaleEdit
from core.facts import update_clock
from core.facts.contacts_service import WIN_BACK, add_interaction
from core.facts.service import person_for_work
from core.facts.tables import Customer
from core.facts.written import written
from core.language import Message, mark
from core.obligations import service as obligations
from core.policy.queries import policy_at
from core.store.engine import Store
from core.warning import labels
from core.warning.orders import (
    RESPONSE,
    SUBJECT,
    give,
    one_writer,
    start_clock,
    visible,
    visible_order,
    was_in_pool,
)
from core.warning.raising import WarningResult, raise_work_orders
from core.warning.states import (
    STEPS,
    UNCLOSED,
    Outcome,
    RootCause,
    Status,
    Step,
    outcome_step,
    outcomes_after,
)
from core.warning.tables import WinBackContact, WorkOrder
from core.warning.work_order import account_name

__all__ = [
    "WarningResult",
    "assign",
    "claim",
    "close",
    "log_attempt",
    "move_unclosed_orders",
    "raise_work_orders",
    "record_outcome",
    "write_debrief",
]


def claim(actor: Actor, store: Store, order_id: int, expected_version: int, *, now: datetime) -> None:
    """Take an open order on. Who claims one from the pool becomes its assignee.

    Of two who claim at once the second is told who was first; claiming again what is one's own does nothing.
    """
    actor.require(Permission.WORK_ORDERS)
    with store.write() as session:
        one_writer(session)
        _refuse_if_claimed(actor, session, order_id)
        order = visible_order(actor, session, order_id)
        if order.claimed_at is not None:
            return
        _check_version(order, expected_version)
        _advance(order, Step.CLAIM)
        if order.assignee_id is None and actor.staff_id is not None:
            give(session, order, session.get_one(StaffMember, actor.staff_id))
        order.claimed_at = now
        order.claimed_by = actor.account_id
        _save(session, actor, order, Step.CLAIM, now)


def _refuse_if_claimed(actor: Actor, session: Session, order_id: int) -> None:
    """Name who was first, also when the order has left the actor's sight by that claim."""
    query = select(WorkOrder).join(Customer, Customer.id == WorkOrder.customer_id)
    order = session.scalar(
        query.where(
            WorkOrder.id == order_id,
            or_(visible(actor), was_in_pool(actor)),
            WorkOrder.claimed_at.is_not(None),
        )
    )
    if order is not None and order.claimed_by != actor.account_id:
        raise StaleEdit(
            mark("{name} has claimed this work order already. Choose another one."),
            name=account_name(session, order.claimed_by) or Message(mark("The system")),
        )


def log_attempt(
    actor: Actor,
    store: Store,
    order_id: int,
    *,
    kind: str,
    reached: bool,
    cause: str | None,
    offer: str | None,
    proposal: str | None,
    content: str | None,
    occurred_at: datetime,
    now: datetime,
) -> int:
    """Log a contact attempt on a claimed order; the new interaction's id.

    The first one meets the 24-hour rule, at the time of logging: a time told afterwards is no evidence.
    `kind` is a code of `core.facts.labels.INTERACTION_KINDS`, `cause` of RootCause or None.
    """
    policy = policy_at(store, now.date())
    zone = policy.business.time_zone
    with _changing(actor, store, order_id, Step.LOG_ATTEMPT, now) as (session, order):
        _advance(order, Step.LOG_ATTEMPT)
        if order.opened_at and business_date(occurred_at, zone) < business_date(order.opened_at, zone):
            raise Refused(
                mark("The contact lies before the work order was opened. Log it with the customer instead.")
            )
        interaction = add_interaction(
            session,
            actor,
            order.customer_id,
            occurred_at=occurred_at,
            kind=kind,
            direction="outbound",
            content=content,
            purpose=WIN_BACK,
            time_zone=zone,
            now=now,
        )
        update_clock.after_contact(session, policy, order.customer_id, now=now)
        session.add(
            WinBackContact(
                work_order_id=order.id,
                interaction_id=interaction.id,
                reached=reached,
                cause=None if cause is None else RootCause(cause),
                offer=written(offer) or None,
                proposal=written(proposal) or None,
            )
        )
        obligations.fulfil(session, RESPONSE, SUBJECT, order.id, at=now)
    return interaction.id


def record_outcome(
    actor: Actor,
    store: Store,
    order_id: int,
    *,
    outcome: str,
    note: str | None,
    expected_version: int,
    now: datetime,
) -> None:
    """Record how it ended (a code of Outcome), or correct it before the order is closed.

    Every outcome needs a contact, except that the customer was not at risk: then no contact is owed any more.
    """
    wanted = Outcome(outcome)
    with _changing(actor, store, order_id, outcome_step(wanted), now) as (session, order):
        _check_version(order, expected_version)
        if wanted not in outcomes_after(Status(order.status), _attempts(session, order)):
            if order.status in (Status.CLAIMED, Status.RESOLVED):
                raise Refused(mark("Log a contact before you record this outcome."))
            raise _not_now(order)
        _advance(order, outcome_step(wanted))
        order.outcome = wanted
        order.outcome_at = now
        order.outcome_note = written(note) or None
        obligations.settle(session, RESPONSE, SUBJECT, order.id, at=now)


def write_debrief(
    actor: Actor,
    store: Store,
    order_id: int,
    *,
    root_cause: str,
    text: str,
    expected_version: int,
    now: datetime,
) -> None:
    """Write down why it came to the warning (a code of RootCause) and what was learned."""
    cause, learned = RootCause(root_cause), written(text)
    if not learned:
        raise Refused(mark("Write what was learned before you save the debrief."))
    with _changing(actor, store, order_id, Step.WRITE_DEBRIEF, now) as (_, order):
        _check_version(order, expected_version)
        _advance(order, Step.WRITE_DEBRIEF)
        order.root_cause = cause
        order.debrief = learned


def close(actor: Actor, store: Store, order_id: int, *, expected_version: int, now: datetime) -> None:
    """Close an order that has an outcome and a debrief; its customer's cooldown begins."""
    with _changing(actor, store, order_id, Step.CLOSE, now) as (_, order):
        _check_version(order, expected_version)
        _advance(order, Step.CLOSE)
        if order.debrief is None:
            raise Refused(mark("Write the debrief before you close the work order."))
        order.closed_at = now


def assign(
    actor: Actor, store: Store, order_ids: Collection[int], staff_id: int | None, *, now: datetime
) -> int:
    """Give orders to a person, or back to the pool (None); all or none. How many changed hands.

    An order that was claimed is to be claimed anew; what is owed moves with it and its clock runs on. An order
    from the backlog is opened: somebody decided that it shall not wait.
    """
    actor.require(Permission.ASSIGN_WORK)
    policy = policy_at(store, now.date())
    moved = 0
    with store.write() as session:
        one_writer(session)
        person = None if staff_id is None else person_for_work(actor, session, staff_id)
        for order_id in order_ids:
            order = visible_order(actor, session, order_id)
            waits = order.status == Status.BACKLOG
            if order.assignee_id == staff_id and not waits:
                continue
            _advance(order, Step.ASSIGN)
            give(session, order, person)
            if waits:
                start_clock(session, order, policy, now=now)
            audit.record(
                session, actor, f"{SUBJECT}.{Step.ASSIGN}", SUBJECT, order.id, now=now, staff_id=staff_id
            )
            moved += 1
        session.commit()
    return moved


def move_unclosed_orders(session: Session, from_staff: int, to_staff: int | None) -> int:
    """Hand everything that `from_staff` has not closed to `to_staff` (None: the pool); how many orders.

    Session-level, for handing over: it checks no permission, writes no audit line and commits nothing.
    """
    person = None if to_staff is None else session.get_one(StaffMember, to_staff)
    query = select(WorkOrder).where(WorkOrder.assignee_id == from_staff, WorkOrder.status.in_(UNCLOSED))
    orders = session.scalars(query).all()
    for order in orders:
        if order.status != Status.BACKLOG:
            _advance(order, Step.ASSIGN)
        give(session, order, person)
    return len(orders)


@contextmanager
def _changing(
    actor: Actor, store: Store, order_id: int, step: Step, now: datetime
) -> Iterator[tuple[Session, WorkOrder]]:
    """One step on one order in reach: saved with its audit line when the block ends, not at all if it raises."""
    actor.require(Permission.WORK_ORDERS)
    with store.write() as session:
        one_writer(session)
        order = visible_order(actor, session, order_id)
        yield session, order
        _save(session, actor, order, step, now)


def _save(session: Session, actor: Actor, order: WorkOrder, step: Step, now: datetime) -> None:
    order.version += 1
    audit.record(session, actor, f"{SUBJECT}.{step}", SUBJECT, order.id, now=now, status=order.status)
    session.commit()


def _advance(order: WorkOrder, step: Step) -> None:
    following = STEPS[Status(order.status)][step]
    if following is None:
        raise _not_now(order)
    order.status = following


def _not_now(order: WorkOrder) -> Refused:
    return Refused(
        mark("This is not possible now: the work order is in the state “{status}”."),
        status=Message(labels.STATUSES[order.status]),
    )


def _check_version(order: WorkOrder, expected_version: int) -> None:
    if order.version != expected_version:
        raise StaleEdit(
            mark("Somebody changed this work order in between. Load it again and repeat your step.")
        )


def _attempts(session: Session, order: WorkOrder) -> int:
    count = select(func.count()).where(WinBackContact.work_order_id == order.id)
    return session.scalar(count) or 0
