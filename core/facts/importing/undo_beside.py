"""Undoing imports beside the facts: what they made owed, and the people and departments that joined by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from core.access.tables import Department, StaffMember
from core.facts import leads, update_clock
from core.facts.importing.bulk import chunks
from core.facts.importing.overwritten import MADE, SINCE, from_json
from core.facts.importing.undo_found import Reckoning
from core.facts.importing.undo_needed import remembered
from core.facts.importing.undo_tables import referring
from core.facts.tables import Customer, ImportBatch, ImportChange, Lead
from core.obligations.tables import Obligation
from core.policy.model import Policy
from core.store.records import Base

SUBJECTS: dict[str, Any] = {leads.SUBJECT: Lead, update_clock.SUBJECT: Customer}
"""What the ledger calls the records that imports bring."""
_OF_LEADS = Obligation.subject_kind == leads.SUBJECT
_OF_CUSTOMERS = Obligation.subject_kind == update_clock.SUBJECT


def settle_beside(session: Session, found: Reckoning, policy: Policy, now: datetime) -> None:
    """Bring ledger and directory in line, once the facts are as they were."""
    _said_again(session, found)
    _reopen(session, found, now)
    _cancel_made(session, found, now)
    _cancel_orphans(session, now)
    update_clock.bring_in_line(session, policy, _owing_otherwise(session, found), taken_back=True, now=now)
    for record in (StaffMember, Department):
        _leave_directory(session, found, record)


def is_anything_beside(session: Session, found: Reckoning) -> bool:
    """Whether `settle_beside` finds something to bring in line. What is owed about customers follows from the facts: it
    never is all there is."""
    ledger, people = Obligation.__tablename__, StaffMember.__tablename__
    changed = {key for table, key in found.changes if table == ledger}
    for chunk in chunks([*changed, *_made(session, found, Obligation)]):
        for entry in session.scalars(select(Obligation).where(Obligation.id.in_(chunk), _OF_LEADS)):
            if not _kept(found, entry) and (entry.id in changed or not _is_over(found, entry)):
                return True
    return any(table == people for table, _ in found.changes) or any(
        set(made) - set(_named(session, found, record, dict.fromkeys(made, min(found.batches))))
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


def _said_again(session: Session, found: Reckoning) -> None:
    """What stood in the ledger of leads already says again what it said, unless its lead is kept as it is."""
    columns = Base.metadata.tables[Obligation.__tablename__].c
    for entries, changes in _changed_in_ledger(session, found, _OF_LEADS):
        for change in changes:
            entry = entries.get(change.record_id)
            if entry is not None and not _kept(found, entry):
                for column, value in change.before.items():
                    setattr(entry, column, from_json(columns[column], value))
    session.flush()


def _reopen(session: Session, found: Reckoning, now: datetime) -> None:
    """What the imports met of what was owed about customers is owed again, unless the customer is kept as it is. All
    else about it follows from the facts."""
    for entries, changes in _changed_in_ledger(session, found, _OF_CUSTOMERS):
        met = {change.record_id for change in changes if change.before.keys() & {"done_at", "cancelled_at"}}
        again = {
            (entry.kind, entry.subject_id): entry
            for key, entry in sorted(entries.items(), reverse=True)
            if key in met and not _kept(found, entry)
        }
        for key in [each for each in again if each[1] in found.stand_ins.customers]:
            again.pop(key).cancelled_at = now  # its facts are those of the one that it was merged into
        subjects = {subject for _, subject in again}
        for entry in session.scalars(select(Obligation).where(update_clock.open_about(subjects))):
            if (entry.kind, entry.subject_id) in again:
                entry.cancelled_at = now  # its facts join what was owed before
        session.flush()
        for entry in again.values():
            entry.done_at = entry.cancelled_at = None
        session.flush()


def _changed_in_ledger(
    session: Session, found: Reckoning, about: ColumnElement[bool]
) -> Iterator[tuple[dict[int, Obligation], Sequence[ImportChange]]]:
    """What stood in the ledger already and was changed by the imports, with their changes, newest first."""
    name = Obligation.__tablename__
    changed = [(change.change_ids, key) for (table, key), change in found.changes.items() if table == name]
    for chunk in chunks(changed):
        entries = select(Obligation).where(Obligation.id.in_([key for _, key in chunk]), about)
        ids = [each for change_ids, _ in chunk for each in change_ids]
        newest_first = select(ImportChange).where(ImportChange.id.in_(ids)).order_by(ImportChange.id.desc())
        yield {entry.id: entry for entry in session.scalars(entries)}, session.scalars(newest_first).all()


def _owing_otherwise(session: Session, found: Reckoning) -> set[int]:
    """The customers of whom something else may be owed now: those with other values, those of whom the imports changed
    what is owed, and those of whom it is owed since then or later. What is owed since earlier had other facts."""
    customers = Customer.__tablename__
    ids = {key for table, key in found.restored if table == customers}
    since = (_OF_CUSTOMERS, Obligation.triggered_at >= found.since)
    running = (Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None))
    ids.update(session.scalars(select(Obligation.subject_id).where(*since, *running)))
    for entries, _ in _changed_in_ledger(session, found, _OF_CUSTOMERS):
        away = found.stand_ins.customers
        ids.update(away.get(entry.subject_id, entry.subject_id) for entry in entries.values())
    return ids


def _cancel_made(session: Session, found: Reckoning, now: datetime) -> None:
    """What the imports made owed of leads is owed no more; what somebody has done by now stays on record."""
    for chunk in chunks(_made(session, found, Obligation)):
        for entry in session.scalars(select(Obligation).where(Obligation.id.in_(chunk), _OF_LEADS)):
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
    """People and departments that joined the directory by the imports, or by others that were undone before, leave it,
    unless something names them."""
    if record is StaffMember:
        _former_departments(session, found)
    joined = _joined(session, found, record)
    mention = Obligation.owner_id if record is StaffMember else Obligation.department_id
    for chunk in chunks(joined):
        session.execute(
            update(Obligation)
            .where(mention.in_(chunk), Obligation.cancelled_at.is_not(None))
            .values({mention.key: None})
        )
    going = joined.keys() - set(_named(session, found, record, joined))
    for chunk in chunks(sorted(going)):
        session.execute(delete(record).where(record.id.in_(chunk)))


def _joined(session: Session, found: Reckoning, record: Any) -> dict[int, int]:
    """Those who joined by imports that are undone now, and still are in the directory, with their import."""
    undone = select(ImportBatch.id).where(ImportBatch.undone_at.is_not(None))
    query = select(ImportChange.batch_id, ImportChange.before[MADE]).where(
        ImportChange.batch_id.in_(undone) | ImportChange.batch_id.in_(found.batches),
        ImportChange.table_name == record.__tablename__,
        ImportChange.before[MADE].as_string().is_not(None),
    )
    joined = {key: batch for batch, made in session.execute(query) for key in made}
    stored = {
        key for ids in chunks(joined) for key in session.scalars(select(record.id).where(record.id.in_(ids)))
    }
    return {key: joined[key] for key in stored}


def _former_departments(session: Session, found: Reckoning) -> None:
    """Whom the imports put into a department is in none again, if still in that one; so are the leads that followed."""
    name = StaffMember.__tablename__
    ids = [change.change_ids[-1] for (table, _), change in found.changes.items() if table == name]
    for chunk in chunks(ids):
        for change in session.scalars(select(ImportChange).where(ImportChange.id.in_(chunk))):
            person = session.get(StaffMember, change.record_id)
            if person is not None and person.department_id == change.before[SINCE]:
                person.department_id = change.before["department_id"]
                _leads_leave(session, person, change.before[SINCE])
    session.flush()


def _leads_leave(session: Session, owner: StaffMember, former: int) -> None:
    """Take back what `leads.follow_owners` did."""
    values = {"department_id": owner.department_id}
    followed = (Lead.owner_id == owner.id) & (Lead.department_id == former)
    session.execute(update(Lead).where(followed).values(values))
    owed = (Obligation.owner_id == owner.id) & (Obligation.department_id == former)
    session.execute(update(Obligation).where(owed, Obligation.subject_kind == leads.SUBJECT).values(values))


def _named(session: Session, found: Reckoning, record: Any, joined: Mapping[int, int]) -> Iterable[int]:
    """Those of the people or departments (with the import by which they joined) to whom anything refers, or something
    goes back with another undoing. Who has left stays too: files that name them go to whoever took over."""
    if not joined:
        return
    for chunk in chunks(joined):
        for column in referring(record.__table__):
            yield from session.scalars(select(column).where(column.in_(chunk)).distinct())
        if record is StaffMember:
            left = StaffMember.id.in_(chunk) & StaffMember.left_at.is_not(None)
            yield from session.scalars(select(StaffMember.id).where(left))
    yield from remembered(session, record.__table__, min(joined.values()), found.batches)
