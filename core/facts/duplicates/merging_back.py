"""How a merge is taken back: what went over returns, what came since stays and is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Column,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from core.facts.duplicates.merging import Moved, belongings, chunks, set_column
from core.facts.duplicates.merging_orders import came_from, move_orders_back
from core.facts.tables import Customer, CustomerMerge, ImportChange, Order, OrderLine
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
    _remember_for(session, moved, kept, gone)
    for table, record_id, name, key in moved.keys:
        records = Base.metadata.tables[table]
        session.execute(update(records).where(records.c.id == record_id).values({name: key}))


def _remember_for(session: Session, moved: Moved, kept: int, gone: int) -> None:
    """What imports overwrote since of what went over is the restored customer's again when these are undone."""
    changes = ImportChange.__tablename__
    if changes not in moved.until:  # merges of earlier versions
        return
    for column in belongings():
        query = select(ImportChange).where(
            ImportChange.id > moved.until[changes],
            ImportChange.table_name == column.table.name,
            ImportChange.before[column.name].as_integer() == kept,
        )
        went_over = set(moved.records.get(str(column), ()))
        for change in session.scalars(query):
            if change.record_id in went_over:
                change.before = {**change.before, column.name: gone}


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


def went_over(session: Session, column: Column[Any], owners: Mapping[int, int]) -> None:
    """Let the merges that stand know of records that come back when their customer is merged away, so that they belong
    to it again when it stands for itself. `owners`: record -> the customer it belonged to."""
    now = dict(owners)
    merges = select(CustomerMerge).where(CustomerMerge.undone_at.is_(None)).order_by(CustomerMerge.id)
    for merge in session.scalars(merges):
        came = [key for key, owner in now.items() if owner == merge.gone_id]
        if came:
            records = merge.moved.get("records", {})
            known = {*records.get(str(column), ()), *came}
            merge.moved = {**merge.moved, "records": {**records, str(column): sorted(known)}}
            now |= dict.fromkeys(came, merge.kept_id)
    session.flush()
