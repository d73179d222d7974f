"""A file of two orders, and the lines that are stored."""

from __future__ import annotations

from sqlalchemy import select

from core.facts.tables import Customer, Order, OrderLine

HEADER = ["Customer code", "Order number", "Order time", "Amount"]
TWO_ORDERS = [
    HEADER,
    ["A", "1", "2026-10-01 09:30", 12.5],
    ["A", "1", "2026-10-01 09:30", 3],
    ["B", "1", "2026/10/2", -4],
]


def lines(store):
    with store.read() as session:
        return session.execute(
            select(
                Customer.code, Order.order_key, OrderLine.ordered_at, OrderLine.ordered_on, OrderLine.amount
            )
            .join(Order, Order.id == OrderLine.order_id)
            .join(Customer, Customer.id == OrderLine.customer_id)
            .order_by(Customer.code, Order.order_key, OrderLine.amount)
        ).all()


def amounts(store):
    return [(code, key, amount // 10_000) for code, key, _, _, amount in lines(store)]
