"""Who has to complete a customer's record by when, after something happened with the customer.

A transaction, interaction or behaviour event that comes on record makes an incomplete record owed: by the account
manager after a transaction; after an interaction by the person who had it, who has just heard what has changed; after
behaviour by a person of operations, who watch it. Where there is no such person, or one who may not edit the customer,
as an intern, it is the account manager, or the department's supervisor where that one may not either. The clock begins
when the fact comes on record, because nobody could be asked earlier. A customer owes one update at a time: later facts
join it, and the earliest due time counts. A fact that is older than the policy's days owes nothing, so that a load of
history buries nobody. A record that lacks nothing owes nothing either: to confirm every complete record after every
order would teach people to click without looking.

It is done when a person edits or confirms the record, or an import updates it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import ROLE_PERMISSIONS, ROLE_REACH, Actor, Permission, Reach, Role
from core.access.tables import Account, StaffMember
from core.dates import business_date
from core.facts.quality.rules import EXPECTED
from core.facts.tables import Customer
from core.facts.visibility import visible_customer
from core.obligations.business_days import BusinessHours
from core.obligations.clock import due_after
from core.obligations.tables import Obligation
from core.policy.model import Policy
from core.store.engine import Store

KIND = "record_update"
SUBJECT = "customer"
_KEPT_AS = {"phone": "phone_index", "department": "department_id", "account_manager": "account_manager_id"}
_FIELDS = sorted({field for fields in EXPECTED.values() for field in fields})
COLUMNS = (Customer.kind, *(getattr(Customer, _KEPT_AS.get(field, field)).label(field) for field in _FIELDS))
"""What `lacking` asks of a customer, under the names of the fields."""
_AT_A_TIME = 500


def lacking(row: Any) -> list[str]:
    """The expected fields in which nothing stands, of a row with COLUMNS; as `quality_rules` counts them."""
    return [field for field in EXPECTED[row.kind] if _blank(getattr(row, field))]


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def first_day(policy: Policy, now: datetime) -> date:
    """The day of the oldest fact that still owes anything."""
    today = business_date(now, policy.business.time_zone)
    return today - timedelta(days=policy.update_clock.not_older_than_days)


def owe(session: Session, policy: Policy, facts: Mapping[int, int | None], *, now: datetime) -> None:
    """Enter what is owed after facts that came on record now, in the running transaction.

    `facts`: customer -> the person who owes it; None for the account manager.
    """
    due_at = _due(policy, now)
    customers, owners = sorted(facts), _Owners.known_to(session)
    for start in range(0, len(customers), _AT_A_TIME):
        chunk = customers[start : start + _AT_A_TIME]
        session.execute(
            update(Obligation).where(_open(chunk), Obligation.due_at > due_at).values(due_at=due_at)
        )
        owing = set(session.scalars(select(Obligation.subject_id).where(_open(chunk))))
        query = select(Customer.id, Customer.department_id, Customer.account_manager_id, *COLUMNS).where(
            Customer.id.in_([each for each in chunk if each not in owing])
        )
        rows = []
        for row in session.execute(query):
            if lacking(row):
                rows.append(
                    {
                        "kind": KIND,
                        "subject_kind": SUBJECT,
                        "subject_id": row.id,
                        "owner_id": owners.of(row, facts[row.id]),
                        "department_id": row.department_id,
                        "triggered_at": now,
                        "due_at": due_at,
                        "policy_version": policy.version,
                    }
                )
        if rows:
            session.execute(insert(Obligation), rows)


@dataclass(frozen=True)
class _Owners:
    """Who can meet what is owed. `accounts`: person -> role and department. Whoever has no account is responsible all
    the same."""

    accounts: Mapping[int, tuple[Role, int | None]]

    @classmethod
    def known_to(cls, session: Session) -> _Owners:
        rows = session.execute(
            select(Account.staff_id, Account.role, Account.department_id)
            .where(Account.staff_id.is_not(None), Account.disabled_at.is_(None))
            .order_by(Account.id)
        )
        return cls({staff: (Role(role), department) for staff, role, department in rows if staff is not None})

    def of(self, customer: Any, wanted: int | None) -> int | None:
        """Whoever is wanted, else the account manager, as far as they may edit the customer; else the supervisor."""
        manager = customer.account_manager_id
        named = [each for each in (wanted, manager) if each is not None]
        able = [each for each in named if self._may_edit(each, customer)]
        if able or not named:
            return able[0] if able else None
        return next(
            (
                person
                for person, (role, department) in self.accounts.items()
                if role is Role.SUPERVISOR and department == customer.department_id
            ),
            None,
        )

    def _may_edit(self, person: int, customer: Any) -> bool:
        if person not in self.accounts:
            return True
        role, department = self.accounts[person]
        reach = ROLE_REACH[role]
        in_reach = (
            reach is Reach.COMPANY
            or (reach is Reach.DEPARTMENT and department == customer.department_id)
            or person == customer.account_manager_id
        )
        return in_reach and Permission.EDIT_CUSTOMERS in ROLE_PERMISSIONS[role]


def _due(policy: Policy, now: datetime) -> datetime:
    rules = policy.update_clock
    calendar = BusinessHours.of(policy) if rules.hours == "business" else None
    return due_after(now, rules.within_hours, calendar)


def after_contact(
    session: Session,
    policy: Policy,
    customer_id: int,
    *,
    staff_id: int | None,
    occurred_at: datetime,
    now: datetime,
) -> None:
    """A person has logged a contact: enter what is owed after it."""
    recent = business_date(occurred_at, policy.business.time_zone) >= first_day(policy, now)
    if policy.update_clock.interactions and recent:
        owe(session, policy, {customer_id: staff_id}, now=now)


def in_operations(session: Session, customer_ids: Collection[int]) -> dict[int, int | None]:
    """Customer -> the person of operations who answers for its behaviour; None where nobody of operations is in the
    directory. The same customer comes to the same person as long as operations stay as they are."""
    people = session.scalars(
        select(StaffMember.id)
        .join(Account, Account.staff_id == StaffMember.id)
        .where(Account.role == Role.OPERATIONS, Account.disabled_at.is_(None), StaffMember.left_at.is_(None))
        .order_by(StaffMember.id)
    ).all()
    return {key: people[key % len(people)] if people else None for key in customer_ids}


def updated(session: Session, customer_ids: Collection[int], *, at: datetime) -> None:
    """The records of these customers have been edited, confirmed or updated: nothing more is owed for them."""
    ids = sorted(customer_ids)
    session.flush()
    for start in range(0, len(ids), _AT_A_TIME):
        chunk = ids[start : start + _AT_A_TIME]
        session.execute(update(Obligation).where(_open(chunk)).values(done_at=at))


def _open(customer_ids: Collection[int]) -> ColumnElement[bool]:
    return (
        (Obligation.kind == KIND)
        & (Obligation.subject_kind == SUBJECT)
        & Obligation.subject_id.in_(customer_ids)
        & Obligation.done_at.is_(None)
        & Obligation.cancelled_at.is_(None)
    )


def confirm(actor: Actor, store: Store, customer_id: int, *, now: datetime) -> None:
    """Say that a customer's record has been checked and nothing more is known. Nothing owed changes nothing."""
    actor.require(Permission.EDIT_CUSTOMERS)
    with store.write() as session:
        customer = visible_customer(actor, session, customer_id, lock=True)
        if session.scalar(select(Obligation.id).where(_open([customer.id])).limit(1)) is None:
            return
        updated(session, [customer.id], at=now)
        audit.record(session, actor, "customer.confirmed", "customer", customer.id, now=now)
        session.commit()


def hand_over_updates(session: Session, from_staff: int, successor: StaffMember) -> None:
    """Give what a leaver still owes to the successor; its clock runs on."""
    owed = (
        Obligation.kind == KIND,
        Obligation.owner_id == from_staff,
        Obligation.done_at.is_(None),
        Obligation.cancelled_at.is_(None),
    )
    department = successor.department_id or Obligation.department_id
    session.execute(update(Obligation).where(*owed).values(owner_id=successor.id, department_id=department))
