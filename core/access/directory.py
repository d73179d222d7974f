"""The staff directory: people and departments named in files, whether or not they have an account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.errors import NotFound, Refused
from core.language import mark
from core.store.engine import Store

MAX_NAME_LENGTH = 60


def department_ids(session: Session, names: set[str]) -> dict[str, int]:
    """Name -> id of each department; those not known yet are added to the running transaction."""
    known = {d.name: d.id for d in session.scalars(select(Department))}
    for name in sorted(names - known.keys()):
        department = Department(name=name)
        session.add(department)
        session.flush()
        known[name] = department.id
    return {name: known[name] for name in names}


def staff_ids(session: Session, names: dict[str, int | None]) -> dict[str, int]:
    """Name -> id of each person in `names` (name -> department id, None where the file names none).

    New people are added. Who has left is answered with the successor, so that a file which still names
    the leaver reaches the person who took over.
    """
    people = {person.name: person for person in session.scalars(select(StaffMember))}
    by_id = {person.id: person for person in people.values()}
    found: dict[str, int] = {}
    for name in sorted(names):
        person = people.get(name)
        if person is None:
            person = StaffMember(name=name, department_id=names[name])
            session.add(person)
            session.flush()
            by_id[person.id] = person
        elif person.department_id is None:
            person.department_id = names[name]
        found[name] = _who_serves(person, by_id).id
    return found


def known_departments(session: Session) -> dict[str, int]:
    """Name -> id of every department; adds none."""
    return {department.name: department.id for department in session.scalars(select(Department))}


def known_staff(session: Session) -> dict[str, int]:
    """Name -> id as `staff_ids` would answer, for everybody in the directory; adds nobody."""
    people = list(session.scalars(select(StaffMember)))
    by_id = {person.id: person for person in people}
    return {person.name: _who_serves(person, by_id).id for person in people}


def _who_serves(person: StaffMember, by_id: dict[int, StaffMember]) -> StaffMember:
    """The person, or, where they have left and handed over, who took over in the end."""
    while person.left_at is not None and person.successor_id is not None:
        person = by_id[person.successor_id]
    return person


def took_over(session: Session) -> dict[int, StaffMember]:
    """Who has left and handed over -> who took over from them in the end."""
    by_id = {person.id: person for person in session.scalars(select(StaffMember))}
    return {key: _who_serves(person, by_id) for key, person in by_id.items() if person.left_at is not None}


def add_department(actor: Actor, store: Store, name: str, *, now: datetime) -> int:
    """Add a department by hand; its id. Refused when there is one of that name."""
    actor.require(Permission.ADMINISTER)
    name = _entry_name(name)
    with store.write() as session:
        if session.scalar(select(Department.id).where(Department.name == name)) is not None:
            raise Refused(mark("There is a department of this name already."))
        department = Department(name=name)
        session.add(department)
        session.flush()
        audit.record(session, actor, "department.added", "department", department.id, now=now)
        session.commit()
        return department.id


def add_person(actor: Actor, store: Store, name: str, department_id: int | None, *, now: datetime) -> int:
    """Add a person to the directory by hand; the id. Refused when there is one of that name."""
    actor.require(Permission.ADMINISTER)
    name = _entry_name(name)
    with store.write() as session:
        if session.scalar(select(StaffMember.id).where(StaffMember.name == name)) is not None:
            raise Refused(
                mark("There is a person of this name already. Add what tells them apart, such as the city.")
            )
        if department_id is not None and session.get(Department, department_id) is None:
            raise NotFound(mark("There is no such department."))
        person = StaffMember(name=name, department_id=department_id)
        session.add(person)
        session.flush()
        audit.record(session, actor, "person.added", "staff", person.id, now=now)
        session.commit()
        return person.id


def _entry_name(name: str) -> str:
    trimmed = " ".join(name.split())
    if not 1 <= len(trimmed) <= MAX_NAME_LENGTH:
        raise Refused(mark("A name has 1 to {most} characters."), most=MAX_NAME_LENGTH)
    return trimmed
