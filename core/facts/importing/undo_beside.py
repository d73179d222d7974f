"""Undoing imports beside the facts: what they made owed, and the people and departments that joined by them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.access.tables import Department, StaffMember
from core.facts import leads
from core.facts.importing.bulk import chunks
from core.facts.importing.overwritten import MADE, SINCE, from_json
from core.facts.importing.undo_reckoning import Reckoning, referring
from core.facts.tables import Customer, ImportChange, Lead
from core.obligations.tables import Obligation
from core.store.records import Base

SUBJECTS: dict[str, Any] = {leads.SUBJECT: Lead, "customer": Customer}
"""What the ledger calls the records that imports bring."""


def settle_beside(session: Session, found: Reckoning, now: datetime) -> None:
    """Bring ledger and directory in line, once the facts are as they were."""
    _owed_again(session, found)
    _cancel_made(session, found, now)
    _cancel_orphans(session, now)
    for record in (StaffMember, Department):
        _leave_directory(session, found, record)


def is_anything_beside(session: Session, found: Reckoning) -> bool:
    """Whether `settle_beside` finds something to bring in line."""
    ledger, people = Obligation.__tablename__, StaffMember.__tablename__
    changed = {key for table, key in found.changes if table == ledger}
    for chunk in chunks([*changed, *_made(session, found, Obligation)]):
        for entry in session.scalars(select(Obligation).where(Obligation.id.in_(chunk))):
            if not _kept(found, entry) and (entry.id in changed or not _is_over(found, entry)):
                return True
    return any(table == people for table, _ in found.changes) or any(
        set(made) - set(_named(session, record, made))
        for record in (StaffMember, Department)
        if (made := _made(session, found, record))
    )


def _is_over(found: Reckoning, entry: Obligation) -> bool:
    """Whether what an import made owed is owed no more, because somebody has done it or it was cancelled."""
    return entry.cancelled_at is not None or (entry.done_at is not None and entry.done_at > found.since)


def _made(session: Session, found: Reckoning, record: Any) -> list[int]:
    query = select(ImportChange.before[MADE]).where(
        ImportChange.batch_id.in_(found.batches),
        ImportChange.table_name == record.__tablename__,
        ImportChange.before[MADE].as_string().is_not(None),
    )
    return [key for ids in session.scalars(query) for key in ids]


def _kept(found: Reckoning, entry: Obligation) -> bool:
    subject = SUBJECTS.get(entry.subject_kind)
    return subject is not None and (subject.__tablename__, entry.subject_id) in found.kept


def _owed_again(session: Session, found: Reckoning) -> None:
    """What stood in the ledger already says again what it said, unless its record is kept as it is."""
    name = Obligation.__tablename__
    columns = Base.metadata.tables[name].c
    changed = [(change.change_ids, key) for (table, key), change in found.changes.items() if table == name]
    for chunk in chunks(changed):
        entries = {
            entry.id: entry
            for entry in session.scalars(
                select(Obligation).where(Obligation.id.in_([key for _, key in chunk]))
            )
        }
        ids = [each for change_ids, _ in chunk for each in change_ids]
        newest_first = select(ImportChange).where(ImportChange.id.in_(ids)).order_by(ImportChange.id.desc())
        for change in session.scalars(newest_first):
            entry = entries[change.record_id]
            if not _kept(found, entry):
                for column, value in change.before.items():
                    setattr(entry, column, from_json(columns[column], value))
    session.flush()


def _cancel_made(session: Session, found: Reckoning, now: datetime) -> None:
    """What the imports made owed is owed no more; what somebody has done by now stays on record."""
    for chunk in chunks(_made(session, found, Obligation)):
        for entry in session.scalars(select(Obligation).where(Obligation.id.in_(chunk))):
            if not _is_over(found, entry) and not _kept(found, entry):
                entry.cancelled_at = now
    session.flush()


def _cancel_orphans(session: Session, now: datetime) -> None:
    """What concerned a record that is gone counts nowhere, done or not."""
    for kind, record in SUBJECTS.items():
        session.execute(
            update(Obligation)
            .where(
                Obligation.subject_kind == kind,
                Obligation.cancelled_at.is_(None),
                Obligation.subject_id.not_in(select(record.id)),
            )
            .values(cancelled_at=now)
        )


def _leave_directory(session: Session, found: Reckoning, record: Any) -> None:
    """People and departments that joined the directory by the imports leave it, unless something names them."""
    if record is StaffMember:
        _former_departments(session, found)
    made = _made(session, found, record)
    mention = Obligation.owner_id if record is StaffMember else Obligation.department_id
    for chunk in chunks(made):
        session.execute(
            update(Obligation)
            .where(mention.in_(chunk), Obligation.cancelled_at.is_not(None))
            .values({mention.key: None})
        )
    going = set(made) - set(_named(session, record, made))
    for chunk in chunks(sorted(going)):
        session.execute(delete(record).where(record.id.in_(chunk)))


def _former_departments(session: Session, found: Reckoning) -> None:
    """Whom the imports put into a department is in none again, if still in that one."""
    name = StaffMember.__tablename__
    ids = [change.change_ids[-1] for (table, _), change in found.changes.items() if table == name]
    for chunk in chunks(ids):
        for change in session.scalars(select(ImportChange).where(ImportChange.id.in_(chunk))):
            person = session.get(StaffMember, change.record_id)
            if person is not None and person.department_id == change.before[SINCE]:
                person.department_id = change.before["department_id"]
    session.flush()


def _named(session: Session, record: Any, ids: Iterable[int]) -> Iterable[int]:
    """Those of the people or departments to whom anything refers."""
    for chunk in chunks(ids):
        for column in referring(record.__table__):
            yield from session.scalars(select(column).where(column.in_(chunk)).distinct())
