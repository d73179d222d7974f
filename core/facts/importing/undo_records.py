"""Undoing imports in the facts: values put back, lines of replaced orders put back, added records taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Table, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from core.facts.duplicates.merging_back import went_over
from core.facts.importing.bulk import chunks
from core.facts.importing.overwritten import from_json
from core.facts.importing.undo_found import Reckoning
from core.facts.importing.undo_tables import LINES, ORDERS, batched, follows_of
from core.facts.importing.undo_values import Record, values_before
from core.facts.stand_ins import naming, target
from core.facts.tables import Customer, CustomerMerge, ImportChange, Order, OrderLine
from core.store.records import Base


def take_back(session: Session, found: Reckoning) -> None:
    """Do in the running transaction what was reckoned. First values are put back, because a value may refer to a
    record that goes."""
    _heal_later(session, found)
    restored = sorted(found.restored)
    for name, records in groupby(restored, key=lambda record: record[0]):
        if name != ORDERS:
            _put_back(session, found, Base.metadata.tables[name], [key for _, key in records])
    for table in batched():
        if table.name == LINES:
            _undo_lines(session, found, [key for name, key in restored if name == ORDERS])
        else:
            _remove(session, found, table)


def _heal_later(session: Session, found: Reckoning) -> None:
    """Let the imports that overwrote the same records since put back what was there before these imports."""
    for chunk in chunks(found.overtaken):
        own = _before(session, [found.overtaken[key] for key in chunk], found)
        for change in session.scalars(select(ImportChange).where(ImportChange.id.in_(chunk))):
            record = found.overtaken[change.id]
            known = found.changes.get(record)
            change.before = {**change.before, **own[record]} if known and known.there else {}
    session.flush()


def _before(session: Session, records: Iterable[Record], found: Reckoning) -> dict[Record, dict[str, Any]]:
    """What was stored of each record before the first of the imports, as far as they overwrote it."""
    changes = found.changes
    return values_before(session, {each: changes[each].change_ids for each in records if each in changes})


def _put_back(session: Session, found: Reckoning, table: Table, ids: Sequence[int]) -> None:
    for chunk in chunks(ids):
        stored = _before(session, [(table.name, key) for key in chunk], found)
        before = {record: found.stand_ins.stand_in(table, values)[0] for record, values in stored.items()}
        _let_merges_know(session, found, table, stored)
        names = sorted({name for values in before.values() for name in values})
        columns = [table.c.id, *(table.c[name] for name in names)]
        current = {
            row.id: row._mapping for row in session.execute(select(*columns).where(table.c.id.in_(chunk)))
        }
        rows = []
        for key, now in current.items():
            values = before[table.name, key]
            row = {n: from_json(table.c[n], values[n]) if n in values else now[n] for n in names}
            if "version" in row:  # it counts on: whoever has the record open must notice
                row["version"] = now["version"] + 1
            rows.append({f"new_{name}": value for name, value in row.items()} | {"which": key})
        if not rows:
            continue
        statement = update(table).where(table.c.id == bindparam("which"))
        session.connection().execute(statement.values({n: bindparam(f"new_{n}") for n in names}), rows)
        if "version" in names:
            after = {row["which"]: row["new_version"] for row in rows}
            _count_on(session, found, table, {key: before[table.name, key] for key in after}, after)


def _let_merges_know(
    session: Session, found: Reckoning, table: Table, stored: Mapping[Record, Mapping[str, Any]]
) -> None:
    """What was a merged-away customer's goes back to it when the merge is undone."""
    away = found.stand_ins.customers
    for column in naming(table):
        if target(column) is Customer.__table__:
            owners = {key: values.get(column.name) for (_, key), values in stored.items()}
            if came := {key: owner for key, owner in owners.items() if owner is not None and owner in away}:
                went_over(session, column, came)


def _count_on(
    session: Session,
    found: Reckoning,
    table: Table,
    before: Mapping[int, Mapping[str, Any]],
    after: Mapping[int, int],
) -> None:
    """Tell the imports whose work is on top again that the version of these records is another one now."""
    earlier = {values["batch_id"] for values in before.values()} - {None}
    mine = ImportChange.table_name == table.name
    known = {
        (change.batch_id, change.record_id): change
        for change in session.scalars(
            select(ImportChange).where(
                mine, ImportChange.batch_id.in_(earlier), ImportChange.record_id.in_(before)
            )
        )
    }
    new = []
    for key, values in before.items():
        batch, version, record = values["batch_id"], values["version"], (table.name, key)
        change = known.get((batch, key))
        if change is not None and found.unedited(record, change.version_after, version):
            change.version_after = after[key]
        elif change is None and batch is not None and found.unedited(record, 1, version):
            new.append(_added_by(batch, table, key, after[key]))
    if new:
        session.execute(insert(ImportChange), new)
    session.flush()


def _added_by(batch_id: int, table: Table, key: int, version: int) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "table_name": table.name,
        "record_id": key,
        "before": {},
        "version_after": version,
    }


def _undo_lines(session: Session, found: Reckoning, replaced: Sequence[int]) -> None:
    lines = Base.metadata.tables[LINES]
    ours = lines.c.batch_id.in_(found.batches)
    touched = list(session.scalars(select(lines.c.order_id).where(ours).distinct()))
    _remove(session, found, lines)
    for chunk in chunks(replaced):
        # Their order may have gone to another customer with a merge, or back with its undoing.
        owners = dict(session.execute(select(Order.id, Order.customer_id).where(Order.id.in_(chunk))).all())
        before = _before(session, [(ORDERS, key) for key in chunk], found)
        rows = [
            {name: from_json(lines.c[name], value) for name, value in line.items()}
            | {"customer_id": owners[order]}
            for (_, order), values in before.items()
            for line in (found.stand_ins.stand_in(lines, each)[0] for each in values["lines"])
        ]
        if rows:
            session.execute(insert(lines), rows)
    empty = ~exists().where(OrderLine.order_id == Order.id)
    for chunk in chunks(touched):
        session.execute(delete(Order).where(Order.id.in_(chunk), empty))


def _remove(session: Session, found: Reckoning, table: Table) -> None:
    """Delete what the imports added to a table and what follows it, but for what is kept."""
    ours = table.c.batch_id.in_(found.batches)
    kept = set(found.kept_of(table.name))
    if not kept:
        for column in follows_of(table):
            gone = select(table.c.id).where(ours)
            session.execute(delete(column.table).where(column.in_(gone)))
        _forget_merges(session, table, select(table.c.id).where(ours))
        session.execute(delete(table).where(ours))
        return
    going = [key for key in session.scalars(select(table.c.id).where(ours)) if key not in kept]
    for chunk in chunks(going):
        for column in follows_of(table):
            session.execute(delete(column.table).where(column.in_(chunk)))
        _forget_merges(session, table, chunk)
        session.execute(delete(table).where(table.c.id.in_(chunk)))


def _forget_merges(session: Session, table: Table, going: Any) -> None:
    """Merges of customers that go; all of them have been undone, and the audit trail knows of them."""
    if table is Customer.__table__:
        either = or_(CustomerMerge.kept_id.in_(going), CustomerMerge.gone_id.in_(going))
        session.execute(delete(CustomerMerge).where(either))
