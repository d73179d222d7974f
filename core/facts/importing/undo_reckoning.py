"""What undoing imports would take away, put back, and leave as it is. Reads only.

Records that the imports added go, unless something else hangs on them by now. Records that they overwrote get their
values back, unless somebody changed them since. Batches that were committed together count as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, func, or_, select
from sqlalchemy.orm import Session

from core.facts.duplicates.merging_versions import Steps, merge_steps, unedited
from core.facts.importing.bulk import chunks
from core.facts.importing.overwritten import MADE
from core.facts.importing.request import Progress, silent
from core.facts.tables import Customer, CustomerMerge, ImportBatch, ImportChange, OrderLine
from core.language import Message, mark
from core.store.records import Base, follows, label_of

ORDERS, LINES = "orders", OrderLine.__tablename__
Record = tuple[str, int]
"""Table and id."""

OVERWRITTEN = Message(mark("A later import changed it."))
EDITED = Message(mark("It was edited since."))
LOOKING = Message(mark("Looking at what has changed since"))
MERGED = Message(mark("Its customer was merged with another since."))
_NEEDED = mark("Something that came later belongs to it: {what}.")


@dataclass(frozen=True)
class Change:
    """What became of one record that the imports found stored. `change_ids` are in the order of the imports."""

    change_ids: tuple[int, ...]
    there: bool
    """Whether it is to remain: it was there before, and not only because an import was undone around it."""
    version_after: int | None


@dataclass
class Reckoning:
    """What undoing `batches` (ids, together one import) comes to."""

    batches: tuple[int, ...]
    since: datetime
    """When they were committed."""
    changes: dict[Record, Change] = field(default_factory=dict)
    kept: dict[Record, Message] = field(default_factory=dict)
    overtaken: dict[int, Record] = field(default_factory=dict)
    """Changes of later imports that follow directly on what these imports left: change id -> record."""
    going: dict[str, int] = field(default_factory=dict)
    """Table -> how many of its records go."""
    merge_steps: Steps = field(default_factory=dict)

    def unedited(self, record: Record, before: int | None, after: int | None) -> bool:
        """Whether nobody edited a record between these versions of it; merging it and taking that back is no edit."""
        table, key = record
        if before is None or after is None or table != Customer.__tablename__:
            return before == after
        return unedited(self.merge_steps, key, before, after)

    @property
    def restored(self) -> list[Record]:
        """The records that get their values back."""
        return [
            record
            for record, change in self.changes.items()
            if change.there and record not in self.kept and has_batch(record[0])
        ]

    def kept_of(self, table: str) -> list[int]:
        return [key for name, key in self.kept if name == table]

    def stays(self, table: str) -> list[int]:
        """Records of a table that bear these batches and do not go: what is kept, and what is only put back."""
        put_back = [key for (name, key), change in self.changes.items() if name == table and change.there]
        return sorted({*self.kept_of(table), *put_back})


def batched() -> list[Table]:
    """The tables whose records bear the import that brought them, those that refer to others first."""
    return [t for t in reversed(Base.metadata.sorted_tables) if _bears_batch(t)]


def has_batch(table: str) -> bool:
    """Whether a change of this table is one of a record or an order, not of what stands beside the facts."""
    return table == ORDERS or _bears_batch(Base.metadata.tables[table])


def _bears_batch(table: Table) -> bool:
    return "batch_id" in table.c and table.name != ImportChange.__tablename__


def reckon(session: Session, batches: Sequence[ImportBatch], progress: Progress = silent) -> Reckoning:
    """What undoing these batches comes to, as things stand."""
    tables = batched()
    progress(0.05, LOOKING)
    found = Reckoning(tuple(batch.id for batch in batches), min(batch.committed_at for batch in batches))
    found.merge_steps = merge_steps(session)
    _read_changes(session, found)
    _later_changes(session, found)
    merged = select(CustomerMerge.kept_id).where(
        CustomerMerge.undone_at.is_(None), CustomerMerge.merged_at >= found.since
    )
    for number, table in enumerate(tables):
        progress(0.3 + 0.6 * number / len(tables), LOOKING)
        _edited(session, found, table)
        _merged(session, found, table, merged)
        _needed(session, found, table)
    _orders(session, found)
    for table in tables:
        found.going[table.name] = _count_going(session, found, table)
    return found


def _read_changes(session: Session, found: Reckoning) -> None:
    there = cast(ImportChange.before, String) != "{}"
    query = (
        select(
            ImportChange.id, ImportChange.table_name, ImportChange.record_id, ImportChange.version_after,
            there, ImportChange.before["batch_id"].as_integer(),
        )
        .where(ImportChange.batch_id.in_(found.batches), ImportChange.before[MADE].as_string().is_(None))
        .order_by(ImportChange.id)
    )  # fmt: skip
    for key, table, record, version, was_there, batch in session.execute(query):
        first = found.changes.get((table, record))
        if first is None:
            found.changes[table, record] = Change((key,), was_there and batch not in found.batches, version)
        else:
            found.changes[table, record] = Change((*first.change_ids, key), first.there, version)


def _later_changes(session: Session, found: Reckoning) -> None:
    """What other imports made since of records that these imports added or overwrote."""
    before = ImportChange.before
    query = (
        select(
            ImportChange.id, ImportChange.table_name, ImportChange.record_id, before["version"].as_integer()
        )
        .join(ImportBatch, ImportBatch.id == ImportChange.batch_id)
        .where(
            ImportChange.batch_id.not_in(found.batches),
            ImportChange.batch_id > min(found.batches),
            ImportBatch.undone_at.is_(None),
            before["batch_id"].as_integer().in_(found.batches),
        )
        .order_by(ImportChange.id)
    )
    for key, table, record, version in session.execute(query):
        own = found.changes.get((table, record))
        left = own.version_after if own else 1
        if version is None or found.unedited(
            (table, record), left, version
        ):  # otherwise somebody edited it in between
            found.overtaken[key] = (table, record)
        found.kept.setdefault((table, record), OVERWRITTEN)


def _edited(session: Session, found: Reckoning, table: Table) -> None:
    """Records that another import or a person has changed since."""
    version = table.c.get("version")
    own = [key for (name, key) in found.changes if name == table.name]
    for chunk in chunks(own):
        columns = [table.c.id, table.c.batch_id, *([] if version is None else [version])]
        for key, batch, *versions in session.execute(select(*columns).where(table.c.id.in_(chunk))):
            if batch not in found.batches:
                found.kept.setdefault((table.name, key), OVERWRITTEN)
            elif versions and not found.unedited(
                (table.name, key), found.changes[table.name, key].version_after, versions[0]
            ):
                found.kept.setdefault((table.name, key), EDITED)
    if version is not None:
        changed = select(table.c.id, version).where(table.c.batch_id.in_(found.batches), version != 1)
        for key, now in session.execute(changed):
            record = (table.name, key)
            if record not in found.changes and not found.unedited(record, 1, now):
                found.kept.setdefault(record, EDITED)


def _merged(session: Session, found: Reckoning, table: Table, merged: Any) -> None:
    """Facts of a customer who was merged since: the merge knows them by their ids, and moves them back by these."""
    if "customer_id" not in table.c:
        return
    for key in session.scalars(
        select(table.c.id).where(table.c.batch_id.in_(found.batches), table.c.customer_id.in_(merged))
    ):
        found.kept.setdefault((table.name, key), MERGED)


def _needed(session: Session, found: Reckoning, table: Table) -> None:
    """Added records on which something hangs that stays."""
    ours = table.c.batch_id.in_(found.batches)
    for column in references(table):
        child = column.table
        hangs = select(table.c.id).join(child, column == table.c.id).where(ours)
        if child is CustomerMerge.__table__:
            hangs = hangs.where(CustomerMerge.undone_at.is_(None))
        if _bears_batch(child):
            others = hangs.where(or_(child.c.batch_id.is_(None), child.c.batch_id.not_in(found.batches)))
            _need(session, found, table, child, [others])
            kept = found.kept_of(child.name)
            _need(session, found, table, child, [hangs.where(child.c.id.in_(each)) for each in chunks(kept)])
        else:
            _need(session, found, table, child, [hangs])


def _need(session: Session, found: Reckoning, table: Table, child: Table, queries: Collection[Any]) -> None:
    what = Message(label_of(child.name))
    for query in queries:
        for key in session.scalars(query.distinct()):
            change = found.changes.get((table.name, key))
            if change is None or not change.there:
                found.kept.setdefault((table.name, key), Message(_NEEDED, {"what": what}))


def references(table: Table) -> Iterator[Any]:
    """The columns anywhere that refer to the records of a table and hold them fast."""
    for column in referring(table):
        # An order has no batch: its lines say whose it is, and refer to the customer themselves. Of customers merged
        # into one the merge says it.
        if not follows(column) and column.table.name != ORDERS and column.table is not table:
            yield column


def follows_of(table: Table) -> list[Any]:
    """The columns whose records go with those of a table."""
    return [column for column in referring(table) if follows(column)]


def referring(table: Table) -> Iterator[Any]:
    """Every column that refers to the records of a table."""
    for other in Base.metadata.sorted_tables:
        yield from (key.parent for key in other.foreign_keys if key.column.table is table)


def _orders(session: Session, found: Reckoning) -> None:
    """Replaced orders whose lines are not the imports' any more, or stay for another reason."""
    orders = [key for (name, key) in found.changes if name == ORDERS]
    kept_lines = set(found.kept_of(LINES))
    lines = OrderLine.__table__
    for chunk in chunks(orders):
        others: ColumnElement[bool] = lines.c.batch_id.not_in(found.batches)
        for key in session.scalars(
            select(lines.c.order_id).where(lines.c.order_id.in_(chunk), others).distinct()
        ):
            found.kept.setdefault((ORDERS, key), OVERWRITTEN)
    for chunk in chunks(kept_lines):
        for key in session.scalars(select(lines.c.order_id).where(lines.c.id.in_(chunk)).distinct()):
            if (ORDERS, key) in found.changes:
                found.kept.setdefault((ORDERS, key), MERGED)


def _count_going(session: Session, found: Reckoning, table: Table) -> int:
    ours = session.scalar(select(func.count()).select_from(table).where(table.c.batch_id.in_(found.batches)))
    staying = 0
    for chunk in chunks(found.stays(table.name)):
        staying += session.scalar(
            select(func.count()).select_from(table).where(
                table.c.id.in_(chunk), table.c.batch_id.in_(found.batches)
            )
        ) or 0  # fmt: skip
    return (ours or 0) - staying
