"""The values that an undoing puts back: what was stored before the first of its imports, and who gets it now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, select
from sqlalchemy.orm import Session

from core.access.tables import StaffMember
from core.facts.importing.bulk import chunks
from core.facts.importing.undo_tables import ORDERS, batched
from core.facts.stand_ins import Named, StandIns, naming, target
from core.facts.tables import Customer, ImportChange

Record = tuple[str, int]
"""Table and id."""


def values_before(
    session: Session, change_ids: Mapping[Record, Sequence[int]]
) -> dict[Record, dict[str, Any]]:
    """What was stored of each record, as JSON holds it, as far as these changes (in the order of the imports)
    overwrote it."""
    stored: dict[int, Mapping[str, Any]] = {}
    for chunk in chunks(key for ids in change_ids.values() for key in ids):
        query = select(ImportChange.id, ImportChange.before).where(ImportChange.id.in_(chunk))
        stored |= {row.id: row.before for row in session.execute(query)}
    found: dict[Record, dict[str, Any]] = {}
    for record, ids in change_ids.items():
        found[record] = {}
        for key in reversed(ids):
            found[record].update(stored[key])
    return found


def stand_ins(
    session: Session, batches: Sequence[int], changes: Mapping[Record, Sequence[int]]
) -> tuple[StandIns, set[Record]]:
    """Who stands now for what these imports overwrote, by these changes of theirs, and the records that named somebody
    or something for which something else stands now, or nothing."""
    lacking: set[Named] = set()
    concerned: set[Record] = set()
    overwritten = {name for name, _ in changes}
    for table in batched():
        for column in naming(table) if table.name in overwritten else ():
            for record_id, named, stored in session.execute(_no_more_as_it_was(column, batches)):
                concerned.add((table.name, record_id))
                if stored is None:
                    lacking.add((target(column).name, named))
    people = set(session.scalars(select(StaffMember.id)))
    orders = [record for record in changes if record[0] == ORDERS]
    for chunk in chunks(orders):
        for record, values in values_before(session, {each: changes[each] for each in chunk}).items():
            sellers = {line["salesperson_id"] for line in values.get("lines", ())} - {None}
            if sellers - people:
                concerned.add(record)
                lacking |= {(StaffMember.__tablename__, each) for each in sellers - people}
    return StandIns.of_now(session, lacking), concerned


def _no_more_as_it_was(column: Column[Any], batches: Sequence[int]) -> Select[Any]:
    """The records that named in this column, before these imports, who has left by now, was merged away or is stored
    no more: their id, what they named, and its id where it is stored."""
    named = target(column)
    key = ImportChange.before[column.name].as_integer()
    no_more: ColumnElement[bool] = named.c.id.is_(None)
    if named is StaffMember.__table__:
        no_more |= named.c.left_at.is_not(None)
    elif named is Customer.__table__:
        no_more |= named.c.merged_into_id.is_not(None)
    return (
        select(ImportChange.record_id, key, named.c.id)
        .outerjoin(named, named.c.id == key)
        .where(ImportChange.batch_id.in_(batches), ImportChange.table_name == column.table.name)
        .where(key.is_not(None), no_more)
    )
