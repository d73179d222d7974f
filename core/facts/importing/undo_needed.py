"""What an undoing cannot take away, because something hangs on it that stays, or a later undoing would give it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Column, Select, Table, or_, select
from sqlalchemy.orm import Session

from core.facts.importing.bulk import chunks
from core.facts.importing.undo_found import Reckoning
from core.facts.importing.undo_tables import LINES, ORDERS, bears_batch, references, referring
from core.facts.tables import Customer, CustomerMerge, ImportBatch, ImportChange
from core.language import Message, mark
from core.store.records import label_of

_NEEDED = mark("Something that came later belongs to it: {what}.")
_REMEMBERED = mark("Undoing a later import would give it something back: {what}. Undo that one first.")
_ORDERS_AT_A_TIME = 1_000


def needed(session: Session, found: Reckoning, table: Table) -> None:
    """Keep the added records of a table on which something hangs that stays, or comes back with a later undoing."""
    ours = table.c.batch_id.in_(found.batches)
    if session.scalar(select(table.c.id).where(ours).limit(1)) is None:
        return
    for column in references(table):
        child = column.table
        hangs = select(table.c.id).join(child, column == table.c.id).where(ours)
        if child is CustomerMerge.__table__:
            hangs = hangs.where(CustomerMerge.undone_at.is_(None))
        if bears_batch(child):
            others = hangs.where(or_(child.c.batch_id.is_(None), child.c.batch_id.not_in(found.batches)))
            _keep(found, table, _NEEDED, child, _of(session, [others]))
            kept = found.kept_of(child.name)
            still = [hangs.where(child.c.id.in_(each)) for each in chunks(kept)]
            _keep(found, table, _NEEDED, child, _of(session, still))
            _keep(found, table, _REMEMBERED, child, _given_back(session, found, column, table))
        else:
            _keep(found, table, _NEEDED, child, _of(session, [hangs]))


def _of(session: Session, queries: Collection[Any]) -> Iterator[int]:
    for query in queries:
        yield from session.scalars(query.distinct())


def _keep(found: Reckoning, table: Table, why: str, child: Table, keys: Iterable[int]) -> None:
    reason = Message(why, {"what": Message(label_of(child.name))})
    for key in keys:
        change = found.changes.get((table.name, key))
        if change is None or not change.there:
            found.kept.setdefault((table.name, key), reason)


def _given_back(session: Session, found: Reckoning, column: Column[Any], table: Table) -> Iterator[int]:
    """The added records of a table that something of another import names in this column once that is undone. Where
    it follows directly on these imports it will put back what was there before them, see `undo_records`."""
    key = ImportChange.before[column.name].as_integer()
    query = _standing(min(found.batches), found.batches).add_columns(key).join(table, table.c.id == key)
    query = query.where(ImportChange.table_name == column.table.name, table.c.batch_id.in_(found.batches))
    for change, named in session.execute(query):
        if change not in found.overtaken:
            yield named


def remembered(session: Session, table: Table, since: int, without: Collection[int]) -> Iterator[int]:
    """The people or departments to whom something goes back when a merge that stands is undone, or an import later than
    `since` (but for `without`). No foreign key holds them fast."""
    for column in referring(table):
        key = ImportChange.before[column.name].as_integer()
        query = _standing(since, without).with_only_columns(key).distinct()
        yield from session.scalars(
            query.where(ImportChange.table_name == column.table.name, key.is_not(None))
        )
        if column.table.name == LINES:
            yield from _of_lines(session, column, since, without)
        if column.table is Customer.__table__:
            merges = select(CustomerMerge.before).where(CustomerMerge.undone_at.is_(None))
            for before in session.scalars(merges):
                yield from before.get("kept", {}).get(column.name, ())[:1]


def _of_lines(session: Session, column: Column[Any], since: int, without: Collection[int]) -> Iterator[int]:
    """Whom the lines of replaced orders name."""
    query = _standing(since, without).with_only_columns(ImportChange.before["lines"])
    orders = session.scalars(
        query.where(ImportChange.table_name == ORDERS).execution_options(yield_per=_ORDERS_AT_A_TIME)
    )
    for lines in orders:
        yield from {line[column.name] for line in lines or ()}


def _standing(since: int, without: Collection[int]) -> Select[Any]:
    """The ids of the changes of later imports that can still be undone: an earlier one cannot have met what came."""
    return (
        select(ImportChange.id)
        .join(ImportBatch, ImportBatch.id == ImportChange.batch_id)
        .where(
            ImportChange.batch_id > since,
            ImportChange.batch_id.not_in(without),
            ImportBatch.undone_at.is_(None),
        )
    )
