"""What points at a customer, and how it goes over to another one: found in the declared tables, of every room.

A foreign key to customers says that a record belongs to one. All of them go over, whatever room they are in, but
those marked STAYS: they tell of the record (its grades, its pairs) and not of the customer it stands for. A unique
constraint over such a key is what two customers can collide in:

- two orders with the same key (a day, where a file has no order numbers) become one order with the lines of both;
- two equal entries (an interaction, an answer) both stay, the one that comes gets a key of its own;
- of work orders that are not closed a customer has one: that the merge is refused.

`Moved` is what has to be known to take it all back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Table,
    UniqueConstraint,
    and_,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from core.errors import Refused
from core.facts.tables import Customer, Order, OrderLine
from core.obligations.tables import Obligation
from core.store.migrate import import_all_tables
from core.store.records import Base, stays

_IDS_A_QUERY = 5_000
_SUBJECT = "customer"
_NEW_KEYS = 1 << 62


@dataclass
class Moved:
    """What went over. All keys are texts, as JSON has them.

    `records`: `table.column` -> ids whose foreign key was changed. `keys`: [table, id, column, key before].
    `lines`: [line, order before, line key before] of lines that joined another order. `orders`: [id, key] of orders
    that ended with that. `owed`: ids of the ledger that went over; `cancelled`: those that ended. `until`: table ->
    highest id at the time: what is above came later.
    """

    records: dict[str, list[int]] = field(default_factory=dict)
    keys: list[list[Any]] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    orders: list[list[Any]] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    until: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def belongings() -> list[Column[Any]]:
    """The columns by which records belong to a customer, by table and name."""
    import_all_tables()
    return [
        column
        for table in sorted(Base.metadata.tables.values(), key=lambda each: each.name)
        for column in table.columns
        if not stays(column) and any(key.column is Customer.__table__.c.id for key in column.foreign_keys)
    ]


def counts(session: Session, customer_id: int) -> dict[str, int]:
    """Table -> how many records of it belong to the customer; those without any are left out."""
    found = {
        column.table.name: session.scalar(
            select(func.count()).select_from(column.table).where(column == customer_id)
        )
        for column in belongings()
        if column.table is not Customer.__table__
    }
    return {name: number for name, number in found.items() if number}


def refuse_two(session: Session, kept: int, gone: int) -> None:
    """Refused where both have something of which a customer can have one, in the words of the constraint."""
    for column in belongings():
        for index in _one_each(column):
            first, second = (_held(session, column, index, each) for each in (kept, gone))
            if first is not None and second is not None:
                raise Refused(index.info["one_each"], first=first, second=second)


def _one_each(column: Column[Any]) -> Iterator[Index]:
    for index in column.table.indexes:
        if "one_each" in index.info and column in list(index.columns):
            yield index


def _held(session: Session, column: Column[Any], index: Index, customer_id: int) -> int | None:
    condition = index.dialect_options[session.get_bind().dialect.name]["where"]
    query = select(column.table.c.id).where(column == customer_id, text(str(condition)))
    found: int | None = session.scalar(query.limit(1))
    return found


def move(session: Session, kept: int, gone: int, *, now: datetime) -> Moved:
    """Let everything of `gone` belong to `kept`."""
    moved = Moved()
    for column in belongings():
        moved.until[column.table.name] = session.scalar(select(func.max(column.table.c.id))) or 0
    _join_orders(session, kept, gone, moved)
    for column in belongings():
        _free_keys(session, column, kept, gone, moved)
        ids = list(session.scalars(select(column.table.c.id).where(column == gone)))
        if ids:
            moved.records[str(column)] = ids
            set_column(session, column, ids, kept)
    _move_owed(session, kept, gone, moved, now)
    return moved


def _join_orders(session: Session, kept: int, gone: int, moved: Moved) -> None:
    """Lines of an order that both have go into the kept one's; the emptied order ends."""
    own = dict(session.execute(select(Order.order_key, Order.id).where(Order.customer_id == kept)).all())
    both = session.execute(select(Order.id, Order.order_key).where(Order.customer_id == gone)).all()
    for order_id, key in both:
        if key not in own:
            continue
        taken = set(session.scalars(select(OrderLine.line_key).where(OrderLine.order_id == own[key])))
        lines = session.execute(
            select(OrderLine.id, OrderLine.line_key)
            .where(OrderLine.order_id == order_id)
            .order_by(OrderLine.id)
        )
        for line_id, line_key in lines.all():
            new = _free(line_key, taken)
            taken.add(new)
            moved.lines.append([line_id, order_id, line_key])
            session.execute(
                update(OrderLine).where(OrderLine.id == line_id).values(order_id=own[key], line_key=new)
            )
        moved.orders.append([order_id, key])
    for order_id, _key in moved.orders:
        session.execute(delete(Order).where(Order.id == order_id))


def _free(key: int, taken: set[int]) -> int:
    """The key, or where it is taken the next one that no digest is likely to have."""
    while key in taken:
        key = (key + 1) % _NEW_KEYS
    return key


def _free_keys(session: Session, column: Column[Any], kept: int, gone: int, moved: Moved) -> None:
    """Give entries that the kept customer has in the same words a key of their own."""
    for constraint in column.table.constraints:
        if not isinstance(constraint, UniqueConstraint) or column not in list(constraint.columns):
            continue
        others = [each for each in constraint.columns if each is not column]
        if column.table is Order.__table__ or len(others) != 1:
            continue  # orders have been joined
        (key,) = others
        own = set(session.scalars(select(key).where(column == kept)))
        coming = session.execute(select(column.table.c.id, key).where(column == gone)).all()
        used = own | {value for _record, value in coming}
        for record_id, value in coming:
            if value is None or value not in own:
                continue
            new = _free(value, used)
            used.add(new)
            moved.keys.append([column.table.name, record_id, key.name, value])
            session.execute(
                update(column.table).where(column.table.c.id == record_id).values({key.name: new})
            )


def _move_owed(session: Session, kept: int, gone: int, moved: Moved, now: datetime) -> None:
    """What is owed about the one is owed about the other; the same thing is owed once."""
    about = and_(
        Obligation.subject_kind == _SUBJECT, Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None)
    )
    own = set(session.scalars(select(Obligation.kind).where(about, Obligation.subject_id == kept)))
    entries = session.execute(
        select(Obligation.id, Obligation.kind).where(about, Obligation.subject_id == gone)
    )
    for entry, kind in entries.all():
        values: dict[str, Any] = {"subject_id": kept}
        if kind in own:
            values = {"cancelled_at": now}
            moved.cancelled.append(entry)
        else:
            own.add(kind)
            moved.owed.append(entry)
        session.execute(update(Obligation).where(Obligation.id == entry).values(values))


def move_back(session: Session, moved: Moved, kept: int, gone: int) -> None:
    """Give back what went over, as far as it is still there and still the kept customer's."""
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


def added_since(session: Session, moved: Moved, kept: int) -> dict[str, int]:
    """Table -> how many records came to the kept customer after the merge; they stay there."""
    found: dict[str, int] = {}
    back = set(moved.records.get(str(Order.__table__.c.customer_id), []))
    for column in belongings():
        table: Table = column.table
        if table is Customer.__table__:
            continue
        newer = select(table.c.id).where(column == kept, table.c.id > moved.until.get(table.name, 0))
        if table is OrderLine.__table__ and back:
            newer = newer.where(table.c.order_id.not_in(back))
        number = len(session.execute(newer).all())
        if number:
            found[table.name] = found.get(table.name, 0) + number
    return found


def set_column(
    session: Session, column: Column[Any], ids: Iterable[int], value: int, only: int | None = None
) -> None:
    """Let these records belong to another customer; `only` those that are this one's."""
    for some in chunks(list(ids)):
        statement = update(column.table).where(column.table.c.id.in_(some)).values({column.name: value})
        session.execute(statement if only is None else statement.where(column == only))


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), _IDS_A_QUERY):
        yield ids[first : first + _IDS_A_QUERY]
