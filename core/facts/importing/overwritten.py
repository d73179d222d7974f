"""What an import overwrites, written down before it does, so that it can be undone.

Records that an import adds bear its batch and are not written down again: a large file of new rows costs nothing
more. A change whose `before` is empty says that the record was not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, func, insert, select
from sqlalchemy.orm import Session

from core.access.tables import Department, StaffMember
from core.facts.importing.bulk import chunks
from core.facts.leads import FIRST_RESPONSE
from core.facts.tables import ImportChange, OrderLine
from core.obligations.tables import Obligation
from core.store.records import Base, UtcDateTime

MADE = "made"
"""In `before` of a change: the ids of records beside the facts that the import made (people, departments, what is
owed); the record's own id then says nothing."""
SINCE = "since"
"""In `before` of a person: the department that the import put them into."""
_ORDERS = "orders"
_STAFF, _DEPARTMENTS, _OWED = (t.__tablename__ for t in (StaffMember, Department, Obligation))
_MOVING = ("triggered_at", "due_at", "done_at", "cancelled_at", "owner_id", "department_id", "policy_version")
"""What an import may change of an obligation that stands already."""


def as_json(value: Any) -> Any:
    """A stored value as JSON holds it: instants and days in ISO 8601, bytes in hexadecimal."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def from_json(column: Column[Any], value: Any) -> Any:
    """The value that `as_json` was given, of this column."""
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.type.python_type is date else value


def log_overwritten(
    session: Session, record: type[Base], batch_id: int, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Write down what these rows are about to overwrite. Each names its record by `which`, beside the new values
    by column; values that stay the same are left out."""
    table = Base.metadata.tables[record.__tablename__]
    for chunk in chunks(rows):
        names = sorted({name for row in chunk for name in row if name != "which"})
        found = session.execute(
            select(table.c.id, *(table.c[name] for name in names)).where(
                table.c.id.in_([row["which"] for row in chunk])
            )
        )
        stored = {row.id: row._mapping for row in found}
        log_changes(
            session,
            batch_id,
            table.name,
            (
                (
                    row["which"],
                    {
                        n: stored[row["which"]][n]
                        for n in row
                        if n != "which" and row[n] != stored[row["which"]][n]
                    },
                    row.get("version"),
                )
                for row in chunk
            ),
        )


def log_changes(
    session: Session, batch_id: int, table: str, rows: Iterable[tuple[int, Mapping[str, Any], int | None]]
) -> None:
    """Write down changes: record, its values before, its version right after."""
    for chunk in chunks(rows):
        session.execute(
            insert(ImportChange),
            [
                {
                    "batch_id": batch_id,
                    "table_name": table,
                    "record_id": key,
                    "before": {name: as_json(value) for name, value in before.items()},
                    "version_after": version,
                }
                for key, before, version in chunk
            ],
        )


def log_replaced_orders(session: Session, batch_id: int, order_ids: Sequence[int]) -> None:
    """Write down the lines of orders that are about to be replaced."""
    lines = OrderLine.__table__
    for chunk in chunks(order_ids):
        before: dict[int, list[dict[str, Any]]] = defaultdict(list)
        batches: dict[int, int] = {}
        found = session.execute(select(lines).where(lines.c.order_id.in_(chunk)).order_by(lines.c.id))
        for line in found:
            before[line.order_id].append({name: as_json(value) for name, value in line._mapping.items()})
            batches[line.order_id] = line.batch_id
        log_changes(
            session,
            batch_id,
            _ORDERS,
            ((key, {"batch_id": batches[key], "lines": before[key]}, None) for key in sorted(before)),
        )


@dataclass(frozen=True)
class Beforehand:
    """The directory and the ledger as an import found them, as far as it may change them."""

    staff: Mapping[int, int | None]
    last_department: int
    last_owed: int
    open: Mapping[int, dict[str, Any]]


def beforehand(session: Session) -> Beforehand:
    """To be asked before an import saves, for `log_beside` after it."""

    def last(record: Any) -> int:
        return session.scalar(select(func.coalesce(func.max(record.id), 0))) or 0

    staff = {
        row.id: row.department_id
        for row in session.execute(select(StaffMember.id, StaffMember.department_id))
    }
    return Beforehand(staff, last(Department), last(Obligation), _owed(session, None))


def log_beside(session: Session, batch_id: int, before: Beforehand) -> None:
    """Write down what an import made or changed beside the facts: people, departments, and what is owed."""
    session.flush()
    now = {
        row.id: row.department_id
        for row in session.execute(select(StaffMember.id, StaffMember.department_id))
    }
    _log_made(session, batch_id, _STAFF, sorted(now.keys() - before.staff.keys()))
    settled = [key for key, home in before.staff.items() if home != now.get(key)]
    log_changes(
        session,
        batch_id,
        _STAFF,
        ((key, {"department_id": before.staff[key], SINCE: now[key]}, None) for key in sorted(settled)),
    )
    # Ids grow, and nobody else's are seen in this transaction: what is above the last one before is the import's.
    for record, last in ((Department, before.last_department), (Obligation, before.last_owed)):
        made = session.scalars(select(record.id).where(record.id > last).order_by(record.id))
        _log_made(session, batch_id, record.__tablename__, made)
    after = _owed(session, before.open)
    log_changes(
        session,
        batch_id,
        _OWED,
        (
            (key, {name: said[name] for name in said if said[name] != after[key][name]}, None)
            for key, said in before.open.items()
            if said != after[key]
        ),
    )


def log_owed(
    session: Session, batch_id: int, before_and_now: Mapping[int, tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """Write down what obligations said before, where they say something else now: id -> what `owed_now` said then and
    says now."""
    changed = []
    for key, (before, now) in sorted(before_and_now.items()):
        differs = {name: before[name] for name in _MOVING if before[name] != now[name]}
        if differs:
            changed.append((key, differs, None))
    log_changes(session, batch_id, _OWED, changed)


def owed_now(entry: Obligation) -> dict[str, Any]:
    """What an import may change of an obligation, as it stands."""
    return {name: getattr(entry, name) for name in _MOVING}


def _owed(session: Session, which: Iterable[int] | None) -> dict[int, dict[str, Any]]:
    """Obligations as they stand: the open ones, or those. First responses are written down by who changes them."""
    columns = [getattr(Obligation, name) for name in _MOVING]
    query = select(Obligation.id, *columns)
    if which is None:
        found = session.execute(
            query.where(
                Obligation.done_at.is_(None),
                Obligation.cancelled_at.is_(None),
                Obligation.kind != FIRST_RESPONSE,
            )
        )
        return {key: dict(zip(_MOVING, values, strict=True)) for key, *values in found}
    return {
        key: dict(zip(_MOVING, values, strict=True))
        for chunk in chunks(which)
        for key, *values in session.execute(query.where(Obligation.id.in_(chunk)))
    }


def _log_made(session: Session, batch_id: int, table: str, ids: Iterable[int]) -> None:
    log_changes(session, batch_id, table, ((chunk[0], {MADE: chunk}, None) for chunk in chunks(ids)))
