"""What happened with one customer: the orders in sum, and everything in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Account, StaffMember
from core.facts.order_keys import order_number
from core.facts.tables import BehaviourEvent, Interaction, Order, OrderLine, ProductUsage, Satisfaction
from core.facts.visibility import require_visible
from core.store.engine import Store


@dataclass(frozen=True)
class OrderSummary:
    """A customer's orders as the records stand now. Amounts in ten-thousandths of the currency unit."""

    orders: int
    """Orders of positive net amount."""
    amount: int | None
    """Sum of all lines, returns included; None without the permission to see details."""
    first_on: date | None
    last_on: date | None


def order_summary(session: Session, customer_id: int, *, with_amount: bool) -> OrderSummary:
    orders = (
        select(
            func.sum(OrderLine.amount).label("amount"),
            func.max(OrderLine.ordered_on).label("ordered_on"),
        )
        .where(OrderLine.customer_id == customer_id)
        .group_by(OrderLine.order_id)
        .subquery()
    )
    positive = orders.c.amount > 0
    count, amount, first_on, last_on = session.execute(
        select(
            func.coalesce(func.sum(case((positive, 1), else_=0)), 0),
            func.coalesce(func.sum(orders.c.amount), 0),
            func.min(case((positive, orders.c.ordered_on))),
            func.max(case((positive, orders.c.ordered_on))),
        )
    ).one()
    return OrderSummary(int(count), int(amount) if with_amount else None, first_on, last_on)


@dataclass(frozen=True)
class Happening:
    """Something that happened with a customer. Basic data hold orders without amounts, and neither people, nor
    what was said."""

    at: datetime
    on: date
    """The business day."""
    what: str
    """order, interaction, satisfaction, usage or behaviour."""
    text: str | None = None
    """The number of an order (None where orders go by day), what was said, the product that was used, or what
    something was done to."""
    staff: str | None = None
    """Who sold or had the contact."""
    kind: str | None = None
    """Of a contact; of behaviour what was done, in the words of the file."""
    direction: str | None = None
    purpose: str | None = None
    amount: int | None = None
    """Ten-thousandths of the currency unit."""
    score: int | None = None
    """From 1 to 5."""
    uses: int | None = None
    """How often a product was used."""


def timeline(actor: Actor, store: Store, customer_id: int, *, limit: int = 100) -> list[Happening]:
    """What happened with a customer, newest first; who sees basic data only sees orders and contacts."""
    actor.require(Permission.SEE_CUSTOMERS)
    details = actor.may(Permission.SEE_DETAILS)
    with store.read() as session:
        require_visible(actor, session, customer_id)
        happened = [
            Happening(
                each.at,
                each.on,
                "order",
                text=order_number(each.order_key),
                staff=each.staff if details else None,
                amount=int(each.amount) if details else None,
            )
            for each in session.execute(_orders(customer_id, limit))
        ]
        happened += [
            Happening(
                each.at,
                each.on,
                "interaction",
                text=each.content if details else None,
                staff=each.staff if details else None,
                kind=each.kind,
                direction=each.direction,
                purpose=each.purpose,
            )
            for each in session.execute(_interactions(customer_id, limit))
        ]
        if details:
            happened += [
                Happening(each.at, each.on, "satisfaction", text=each.comment, score=each.score)
                for each in session.execute(_answers(customer_id, limit))
            ]
            happened += [
                Happening(each.used_at, each.used_on, "usage", text=each.product_code, uses=each.uses)
                for each in session.execute(_newest(ProductUsage, ProductUsage.used_at, customer_id, limit))
            ]
            happened += [
                Happening(each.occurred_at, each.occurred_on, "behaviour", text=each.object, kind=each.event)
                for each in session.execute(
                    _newest(BehaviourEvent, BehaviourEvent.occurred_at, customer_id, limit)
                )
            ]
    return sorted(happened, key=attrgetter("at"), reverse=True)[:limit]


def _orders(customer_id: int, limit: int) -> Select[*tuple[Any, ...]]:
    last = func.max(OrderLine.ordered_at)
    return (
        select(
            Order.order_key,
            last.label("at"),
            func.max(OrderLine.ordered_on).label("on"),
            func.sum(OrderLine.amount).label("amount"),
            # Where the lines of an order name several people, the first by name stands for them.
            func.min(StaffMember.name).label("staff"),
        )
        .join(OrderLine, OrderLine.order_id == Order.id)
        .outerjoin(StaffMember, StaffMember.id == OrderLine.salesperson_id)
        .where(OrderLine.customer_id == customer_id)
        .group_by(Order.id, Order.order_key)
        .order_by(last.desc(), Order.id.desc())
        .limit(limit)
    )


def _interactions(customer_id: int, limit: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Interaction.occurred_at.label("at"),
            Interaction.occurred_on.label("on"),
            Interaction.kind,
            Interaction.direction,
            Interaction.purpose,
            Interaction.content,
            func.coalesce(StaffMember.name, Account.display_name).label("staff"),
        )
        .outerjoin(StaffMember, StaffMember.id == Interaction.staff_id)
        .outerjoin(Account, Account.id == Interaction.logged_by)
        .where(Interaction.customer_id == customer_id)
        .order_by(Interaction.occurred_at.desc(), Interaction.id.desc())
        .limit(limit)
    )


def _answers(customer_id: int, limit: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Satisfaction.scored_at.label("at"),
            Satisfaction.scored_on.label("on"),
            Satisfaction.score,
            Satisfaction.comment,
        )
        .where(Satisfaction.customer_id == customer_id)
        .order_by(Satisfaction.scored_at.desc(), Satisfaction.id.desc())
        .limit(limit)
    )


def _newest(record: Any, at: Any, customer_id: int, limit: int) -> Select[*tuple[Any, ...]]:
    """The columns of the customer's newest rows of a record; not the records, which cost a page more."""
    return (
        select(*record.__table__.c)
        .where(record.customer_id == customer_id)
        .order_by(at.desc(), record.id.desc())
        .limit(limit)
    )
