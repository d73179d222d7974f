"""The staff directory: people and departments named in files, whether or not they have an account."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.tables import Department, StaffMember


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
        while person.left_at is not None and person.successor_id is not None:
            person = by_id[person.successor_id]
        found[name] = person.id
    return found
