"""How the orders of a customer go over to another one, and back: under keys that tell whose they were.

Two customers may have an order 1 each. Both stay orders of their own, so that each file goes on to mean its own, and
what came under a code goes back with it, lines and orders that were imported since included.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.facts.order_keys import mark_of
from core.facts.tables import Order, OrderLine


def move_orders(session: Session, kept: int, gone: int) -> int:
    """Let the orders of `gone` belong to `kept`; how many orders and lines these are."""
    lines = update(OrderLine).where(OrderLine.customer_id == gone).values(customer_id=kept)
    orders = (
        update(Order)
        .where(Order.customer_id == gone)
        .values(customer_id=kept, order_key=Order.order_key + mark_of(gone))
    )
    return _rows(session.execute(lines)) + _rows(session.execute(orders))


def move_orders_back(session: Session, kept: int, gone: int) -> None:
    """Give back the orders that came under the code of `gone`, those that were imported since included."""
    mark = mark_of(gone)
    theirs = came_from(kept, gone)
    lines = update(OrderLine).where(OrderLine.order_id.in_(select(Order.id).where(theirs)))
    session.execute(lines.values(customer_id=gone))
    key = func.substr(Order.order_key, 1, func.length(Order.order_key) - len(mark))
    session.execute(update(Order).where(theirs).values(customer_id=gone, order_key=key))


def came_from(kept: int, gone: int) -> Any:
    """The SQL condition of the orders of `kept` that came under the code of `gone`."""
    return (Order.customer_id == kept) & Order.order_key.endswith(mark_of(gone))


def _rows(result: Any) -> int:
    return int(result.rowcount)
