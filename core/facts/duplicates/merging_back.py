"""How a merge is taken back: what went over returns, what came since stays and is counted."""

from __future__ import annotations

from sqlalchemy import (
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from core.facts.duplicates.merging import Moved, belongings, chunks, set_column
from core.facts.duplicates.merging_orders import came_from, move_orders_back
from core.facts.tables import Customer, Order, OrderLine
from core.obligations.tables import Obligation
from core.store.records import Base


def move_back(session: Session, moved: Moved, kept: int, gone: int) -> None:
    """Give back what went over, as far as it is still there and still the kept customer's."""
    if moved.marked:
        move_orders_back(session, kept, gone)
    for order_id, key in moved.orders:
        if session.get(Order, order_id) is None:
            session.execute(insert(Order).values(id=order_id, customer_id=gone, order_key=key))
    for line_id, order_id, key in moved.lines:
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == line_id, OrderLine.customer_id == kept)
            .values(order_id=order_id, line_key=key)
        )
    for column in belongings():
        set_column(session, column, moved.records.get(str(column), ()), gone, only=kept)
    orders = moved.records.get(str(Order.__table__.c.customer_id), [])
    for ids in chunks(orders):  # lines that an import has put in the place of those that went over
        session.execute(update(OrderLine).where(OrderLine.order_id.in_(ids)).values(customer_id=gone))
    for table, record_id, name, key in moved.keys:
        records = Base.metadata.tables[table]
        session.execute(update(records).where(records.c.id == record_id).values({name: key}))
    for ids, values in ((moved.owed, {"subject_id": gone}), (moved.cancelled, {"cancelled_at": None})):
        session.execute(update(Obligation).where(Obligation.id.in_(ids)).values(values))


def added_since(session: Session, moved: Moved, kept: int, gone: int) -> dict[str, int]:
    """Table -> how many records came to the kept customer after the merge; they stay there."""
    found: dict[str, int] = {}
    back = set(moved.records.get(str(Order.__table__.c.customer_id), []))
    if moved.marked:
        back.update(session.scalars(select(Order.id).where(came_from(kept, gone))))
    for column in belongings():
        table: Table = column.table
        if table is Customer.__table__:
            continue
        newer = select(table.c.id).where(column == kept, table.c.id > moved.until.get(table.name, 0))
        if table in (Order.__table__, OrderLine.__table__) and back:
            order = table.c.id if table is Order.__table__ else table.c.order_id
            newer = newer.where(order.not_in(back))
        number = len(session.execute(newer).all())
        if number:
            found[table.name] = found.get(table.name, 0) + number
    return found
