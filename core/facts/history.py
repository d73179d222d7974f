"""What happened with one customer: the orders in sum, and everything in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Row, Select, case, func, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Account, StaffMember
from core.facts.tables import Interaction, Order, OrderLine, Satisfaction
from core.facts.visibility import visible_customer
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


TIMELINE_COLUMNS = ("at", "on", "what", "kind", "direction", "purpose", "staff", "amount", "score", "text")


def timeline(actor: Actor, store: Store, customer_id: int, *, limit: int = 100) -> pd.DataFrame:
    """What happened with a customer, newest first: `TIMELINE_COLUMNS`.

    `what` is order (`text` its number, None where orders go by day), interaction or satisfaction; `amount` in
    ten-thousandths of the currency unit; `score` 1-5; `staff` who sold or had the contact. Basic data hold the
    orders without amounts, and neither people, nor what was said, nor how satisfied the customer is.
    """
    actor.require(Permission.SEE_CUSTOMERS)
    details = actor.may(Permission.SEE_DETAILS)
    with store.read() as session:
        visible_customer(actor, session, customer_id)
        rows = [
            {"what": "order", "text": _order_no(each.order_key), **_when(each)}
            | ({"staff": each.staff, "amount": int(each.amount)} if details else {})
            for each in session.execute(_orders(customer_id, limit))
        ]
        rows += [
            {"what": "interaction", "kind": each.kind, "direction": each.direction, "purpose": each.purpose}
            | _when(each)
            | ({"staff": each.staff, "text": each.content} if details else {})
            for each in session.execute(_interactions(customer_id, limit))
        ]
        if details:
            rows += [
                {"what": "satisfaction", "score": each.score, "text": each.comment, **_when(each)}
                for each in session.execute(_answers(customer_id, limit))
            ]
    frame = pd.DataFrame(rows, columns=list(TIMELINE_COLUMNS))
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    frame = frame.astype({"amount": "Int64", "score": "Int64"})
    return frame.sort_values("at", ascending=False, kind="stable", ignore_index=True).head(limit)


def _when(each: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {"at": each.at, "on": each.on}


def _order_no(order_key: str) -> str | None:
    kind, _, value = order_key.partition(":")
    return value if kind == "no" else None


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
        .order_by(last.desc())
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
