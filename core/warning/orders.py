"""Work orders as records: who sees which, one writer at a time, and giving them to somebody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, select, text, true
from sqlalchemy.orm import Session

from core.access.actor import Actor, Reach
from core.access.tables import StaffMember
from core.errors import NotFound
from core.facts.tables import Customer
from core.language import mark
from core.obligations import service as obligations
from core.obligations.clock import due_after
from core.policy.model import Policy
from core.warning.states import Status
from core.warning.tables import WorkOrder

RESPONSE = "win_back_response"
"""Kind of the obligation that every opened work order brings with it."""
SUBJECT = "work_order"


def visible(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that keeps the orders in reach, over WorkOrder joined with its Customer.

    Staff: assigned to them, of their own customers, or in the pool of their department. Departments: theirs.
    An order in the pool without a department is everybody's.
    """
    if actor.reach is Reach.COMPANY:
        return true()
    pool_of_all = and_(WorkOrder.assignee_id.is_(None), WorkOrder.department_id.is_(None))
    department = false() if actor.department_id is None else WorkOrder.department_id == actor.department_id
    if actor.reach is Reach.DEPARTMENT:
        return false() if actor.department_id is None else or_(department, pool_of_all)
    if actor.staff_id is None:
        return false()
    return or_(
        WorkOrder.assignee_id == actor.staff_id,
        Customer.account_manager_id == actor.staff_id,
        and_(WorkOrder.assignee_id.is_(None), department),
        pool_of_all,
    )


def was_in_pool(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition of the orders that this actor could once have claimed from the pool.

    Over WorkOrder joined with its Customer; a claim moves the order out of the sight of the others.
    """
    department: ColumnElement[bool] = Customer.department_id.is_(None)
    if actor.department_id is not None:
        department = or_(department, Customer.department_id == actor.department_id)
    return and_(WorkOrder.opened_at.is_not(None), WorkOrder.routed_to_id.is_(None), department)


def one_writer(session: Session) -> None:
    """Wait for other writers of work orders, before the first statement of the transaction.

    SQLite has one writer anyway. PostgreSQL's LOCK takes no snapshot, so what is read next is what they left.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE work_orders IN SHARE ROW EXCLUSIVE MODE"))


def visible_order(actor: Actor, session: Session, order_id: int) -> WorkOrder:
    """The order of this id in reach; NotFound otherwise."""
    query = select(WorkOrder).join(Customer, Customer.id == WorkOrder.customer_id)
    order = session.scalar(query.where(WorkOrder.id == order_id, visible(actor)))
    if order is None:
        raise NotFound(mark("There is no such work order, or you may not see it."))
    return order


def start_clock(session: Session, order: WorkOrder, policy: Policy, *, now: datetime) -> None:
    """Open the order: whom it is assigned to owes a first contact from now on."""
    order.status = Status.OPEN
    order.opened_at = now
    order.routed_to_id = order.assignee_id
    obligations.owe(
        session,
        kind=RESPONSE,
        subject_kind=SUBJECT,
        subject_id=order.id,
        owner_id=order.assignee_id,
        department_id=order.department_id,
        triggered_at=now,
        due_at=due_after(now, policy.work_orders.respond_within_hours),
        policy_version=policy.version,
    )


def give(session: Session, order: WorkOrder, person: StaffMember | None) -> None:
    """Make `person` the assignee (None: back to the pool), with what is still owed; earlier claims end."""
    order.assignee_id = None if person is None else person.id
    if person is not None and person.department_id is not None:
        order.department_id = person.department_id
    order.claimed_at = order.claimed_by = None
    order.version += 1
    obligations.reassign(
        session, SUBJECT, [order.id], owner_id=order.assignee_id, department_id=order.department_id
    )
