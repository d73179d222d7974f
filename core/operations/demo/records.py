"""How the people of the demo company keep the update clock: they check the records of customers they spoke with."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import select

from core.access.actor import Actor, Role
from core.access.tables import Account, Department, StaffMember
from core.facts import update_clock
from core.obligations.tables import Obligation
from core.operations.demo import words
from core.operations.demo.company import SEED
from core.store.engine import Store

_FORGOTTEN = 0.03


def complete_records(store: Store, until: datetime) -> None:
    """Confirm every record that its owner got to before `until`.

    When that is follows from the customer's id, so a load that was cut off goes on as it would have gone.
    """
    late = {each.name: each.answers_late for each in words.departments()}
    query = (
        select(Obligation, StaffMember, Department.name, Account.id)
        .join(StaffMember, StaffMember.id == Obligation.owner_id)
        .join(Department, Department.id == StaffMember.department_id)
        .outerjoin(Account, Account.staff_id == StaffMember.id)
        .where(Obligation.kind == update_clock.KIND, Obligation.done_at.is_(None))
        .order_by(Obligation.triggered_at, Obligation.id)
    )
    with store.read() as session:
        owed = [
            (
                entry.subject_id,
                entry.triggered_at,
                Actor(account, person.name, Role.SUPERVISOR, person.department_id),
                place,
            )
            for entry, person, place, account in session.execute(query)
        ]
    for customer_id, triggered_at, person, department in owed:
        hours = _hours(customer_id, late[department])
        at = triggered_at + timedelta(hours=hours)
        if at < until:
            update_clock.confirm(person, store, customer_id, now=at)


def _hours(customer_id: int, answers_late: float) -> float:
    """After how many hours the record of that customer is looked at."""
    random = np.random.default_rng((SEED, customer_id))
    if random.random() < _FORGOTTEN:
        return float(random.uniform(120, 400))
    return float(random.uniform(26, 60) if random.random() < answers_late else random.uniform(0.5, 22))
