"""What undoing imports would take away, put back, and leave as it is. Reads only.

Records that the imports added go, unless something else hangs on them by now. Records that they overwrote get their
values back, unless somebody changed them since. Batches that were committed together count as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, func, select
from sqlalchemy.orm import Session

from core.facts.duplicates.merging_versions import merge_steps
from core.facts.importing.bulk import chunks
from core.facts.importing.overwritten import MADE
from core.facts.importing.request import Progress, silent
from core.facts.importing.undo_found import EDITED, MERGED, OVERWRITTEN, Change, Reckoning
from core.facts.importing.undo_needed import needed
from core.facts.importing.undo_tables import LINES, ORDERS, batched
from core.facts.importing.undo_values import stand_ins, values_before
from core.facts.stand_ins import BLANK, naming
from core.facts.tables import CustomerMerge, ImportBatch, ImportChange, OrderLine
from core.language import Message, mark
from core.store.records import Base

_LOOKING = Message(mark("Looking at what has changed since"))
_NO_CUSTOMER = Message(mark("The customer that it belonged to before is not stored any more."))


def reckon(session: Session, batches: Sequence[ImportBatch], progress: Progress = silent) -> Reckoning:
    """What undoing these batches comes to, as things stand."""
    tables = batched()
    progress(0.05, _LOOKING)
    found = Reckoning(tuple(batch.id for batch in batches), min(batch.committed_at for batch in batches))
    found.merge_steps = merge_steps(session)
    _read_changes(session, found)
    _later_changes(session, found)
    _look_at_values(session, found)
    merged = select(CustomerMerge.kept_id).where(
        CustomerMerge.undone_at.is_(None), CustomerMerge.merged_at >= found.since
    )
    for number, table in enumerate(tables):
        progress(0.3 + 0.6 * number / len(tables), _LOOKING)
        _edited(session, found, table)
        _merged(session, found, table, merged)
        needed(session, found, table)
    _orders(session, found)
    for table in tables:
        found.going[table.name] = _count_going(session, found, table)
    found.differing = {
        record: found.differing[record] for record in found.restored if record in found.differing
    }
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


def _look_at_values(session: Session, found: Reckoning) -> None:
    """Records that named somebody or something for which something else stands now, and what cannot be put back."""
    there = {record: change.change_ids for record, change in found.changes.items() if change.there}
    found.stand_ins, concerned = stand_ins(session, found.batches, there)
    before = values_before(session, {record: there[record] for record in concerned if record in there})
    for record, values in before.items():
        name, _ = record
        if name == ORDERS:
            found.differing[record] = BLANK
            continue
        table = Base.metadata.tables[name]
        put_back, why = found.stand_ins.stand_in(table, values)
        blank = {name for name, value in put_back.items() if value is None}
        if any(column.name in blank and not column.nullable for column in naming(table)):
            found.kept[record] = _NO_CUSTOMER
        elif why is not None:
            found.differing[record] = why


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
