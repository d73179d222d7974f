"""What points at a customer, and how it goes over to another one: found in the declared tables, of every room.

A foreign key to customers says that a record belongs to one. All of them go over, whatever room they are in, but
those marked STAYS: they tell of the record (its grades, its pairs) and not of the customer it stands for. A unique
constraint over such a key is what two customers can collide in:

- two orders with the same key (a number, or a day where a file has no order numbers) both stay, see `merging_orders`;
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
    UniqueConstraint,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from core.errors import Refused
from core.facts.duplicates.merging_orders import move_orders
from core.facts.duplicates.merging_owed import move_owed
from core.facts.entry_keys import next_key
from core.facts.tables import Customer, ImportChange
from core.store.migrate import import_all_tables
from core.store.records import Base, stays

_IDS_A_QUERY = 5_000


@dataclass
class Moved:
    """What went over. All keys are texts, as JSON has them.

    `records`: `table.column` -> ids whose foreign key was changed. `keys`: [table, id, column, key before].
    `marked`: whether the keys of orders tell that they went over; `orders_and_lines`: how many of them did. `owed`: ids
    of the ledger that went over; `cancelled`: those that ended. `until`: table -> highest id at the time: what is above
    came later.

    Merges of earlier versions joined orders of one key: `lines` holds [line, order before, line key before] of lines
    that joined another order, `orders` [id, key] of orders that ended with that.
    """

    records: dict[str, list[int]] = field(default_factory=dict)
    keys: list[list[Any]] = field(default_factory=list)
    lines: list[list[int]] = field(default_factory=list)
    orders: list[list[Any]] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    until: dict[str, int] = field(default_factory=dict)
    marked: bool = False
    orders_and_lines: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def lock_customers(session: Session) -> None:
    """Let nobody add anything to a customer, or owe anything for one, while two become one. Must stand before the first
    query: on PostgreSQL the snapshot is taken after it, and shows what those who were first have added."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":  # there the transaction holds the write lock already
        # Whoever adds what names a customer holds a lock of a row of customers until it is through.
        connection.exec_driver_sql("LOCK TABLE customers, obligations IN EXCLUSIVE MODE")


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
    for name in {ImportChange.__tablename__, *(column.table.name for column in belongings())}:
        moved.until[name] = session.scalar(select(func.max(Base.metadata.tables[name].c.id))) or 0
    moved.orders_and_lines, moved.marked = move_orders(session, kept, gone), True
    for column in belongings():
        _free_keys(session, column, kept, gone, moved)
        ids = list(session.scalars(select(column.table.c.id).where(column == gone)))
        if ids:
            moved.records[str(column)] = ids
            set_column(session, column, ids, kept)
    moved.owed, moved.cancelled = move_owed(session, kept, gone, now=now)
    return moved


def _free(key: int, taken: set[int]) -> int:
    """The key, or where it is taken the next one that is free."""
    while key in taken:
        key = next_key(key)
    return key


def _free_keys(session: Session, column: Column[Any], kept: int, gone: int, moved: Moved) -> None:
    """Give entries that the kept customer has in the same words a key of their own."""
    for constraint in column.table.constraints:
        if not isinstance(constraint, UniqueConstraint) or column not in list(constraint.columns):
            continue
        others = [each for each in constraint.columns if each is not column]
        if len(others) != 1:
            continue
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
