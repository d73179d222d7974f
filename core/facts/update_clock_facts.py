"""Reads of what makes records owed: the facts that stand, and the people who can be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access.actor import Role
from core.access.tables import Account, StaffMember
from core.dates import business_date
from core.facts.tables import BehaviourEvent, ImportBatch, Interaction, OrderLine
from core.facts.update_clock_rule import Fact, People
from core.policy.model import Policy


def first_day(policy: Policy, at: datetime) -> date:
    """The day of the oldest fact that owes anything when it comes on record `at`."""
    today = business_date(at, policy.business.time_zone)
    return today - timedelta(days=policy.update_clock.not_older_than_days)


def facts_of(session: Session, policy: Policy, floors: Mapping[int, date]) -> dict[int, list[Fact]]:
    """Customer -> the facts that stand, in the order in which they came on record, as far as they were fresh then and
    are not older than the customer's floor."""
    rules = policy.update_clock
    ids, floor = list(floors), min(floors.values(), default=date.max)
    rows: list[Any] = []
    if rules.transactions and ids:
        rows += [(*row, None) for row in _imported(session, OrderLine, OrderLine.ordered_on, ids, floor)]
    if rules.interactions and ids:
        rows += _contacts(session, ids, floor)
    if rules.behaviour and ids:
        found = _imported(session, BehaviourEvent, BehaviourEvent.occurred_on, ids, floor)
        people = _operations(session) if found else []
        # The same customer comes to the same person as long as operations stay as they are.
        rows += [(*row, people[row[0] % len(people)] if people else None) for row in found]
    facts = defaultdict(list)
    first_days: dict[datetime, date] = {}
    for customer, _batch, at, day, asks in sorted(rows, key=lambda row: (row[2], row[1] or 0)):
        if at not in first_days:
            first_days[at] = first_day(policy, at)
        if day >= max(floors[customer], first_days[at]):
            facts[customer].append(Fact(at, day, asks))
    return facts


def _imported(session: Session, record: Any, day: Any, ids: Collection[int], floor: date) -> Sequence[Any]:
    """What each import brought of each customer: customer, import, when, last day."""
    brought = (
        select(record.customer_id, record.batch_id, func.max(day).label("day"))
        .where(record.customer_id.in_(ids), day >= floor)
        .group_by(record.customer_id, record.batch_id)
        .subquery()
    )
    query = select(brought.c.customer_id, ImportBatch.id, ImportBatch.committed_at, brought.c.day)
    return session.execute(query.join(ImportBatch, ImportBatch.id == brought.c.batch_id)).all()


def _contacts(session: Session, ids: Collection[int], floor: date) -> Sequence[Any]:
    """What each import, and whoever logged one, brought of each customer: customer, import, when, last day, and who had
    the last contact; of two at one instant it must not depend on the order of rows."""
    together = (Interaction.customer_id, Interaction.batch_id, Interaction.logged_at)
    last_first = (
        Interaction.staff_id.is_(None),
        Interaction.occurred_at.desc(),
        Interaction.staff_id.desc(),
    )
    brought = (
        select(
            *together,
            Interaction.staff_id,
            Interaction.occurred_at,
            func.max(Interaction.occurred_on).over(partition_by=together).label("day"),
            func.row_number().over(partition_by=together, order_by=last_first).label("place"),
        )
        .where(Interaction.customer_id.in_(ids), Interaction.occurred_on >= floor)
        .subquery()
    )
    # Of contacts logged by earlier versions it is known only when they took place.
    at = func.coalesce(brought.c.logged_at, ImportBatch.committed_at, brought.c.occurred_at)
    query = (
        select(brought.c.customer_id, brought.c.batch_id, at, brought.c.day, brought.c.staff_id)
        .outerjoin(ImportBatch, ImportBatch.id == brought.c.batch_id)
        .where(brought.c.place == 1)
    )
    return session.execute(query).all()


def _operations(session: Session) -> Sequence[int]:
    """The people of operations who answer for behaviour."""
    return session.scalars(
        select(StaffMember.id)
        .join(Account, Account.staff_id == StaffMember.id)
        .where(Account.role == Role.OPERATIONS, Account.disabled_at.is_(None), StaffMember.left_at.is_(None))
        .order_by(StaffMember.id)
    ).all()


def known_people(session: Session) -> People:
    """Everybody in the directory."""
    accounts = session.execute(
        select(Account.staff_id, Account.role, Account.department_id, Account.disabled_at)
        .where(Account.staff_id.is_not(None))
        .order_by(Account.id)
    )
    left = session.execute(
        select(StaffMember.id, StaffMember.successor_id).where(StaffMember.left_at.is_not(None))
    )
    return People(
        {
            staff: None if disabled else (Role(role), department)
            for staff, role, department, disabled in accounts
            if staff is not None
        },
        {person.id: person.successor_id for person in left},
    )
