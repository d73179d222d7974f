"""Whoever serves a customer is asked to put its data right: one open request a customer, in the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.facts.quality.counting import faulty
from core.facts.tables import Customer
from core.facts.update_clock_facts import known_people
from core.facts.visibility import may_see, visible_customer
from core.obligations import service as obligations
from core.obligations.clock import due_after
from core.obligations.tables import Obligation
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.store.engine import Store

KIND = "data_fix"
SUBJECT = "customer"
_IDS_A_QUERY = 5_000


@dataclass(frozen=True)
class Reminded:
    """What a reminder came to: customers asked for now, and those of them that nobody serves; customers that were
    asked for already; people who owe something new."""

    customers: int
    nobodys: int
    already: int
    people: int


def remind(actor: Actor, store: Store, customer_ids: Collection[int], *, now: datetime) -> Reminded:
    """Ask the account managers of these customers, as far as they are in reach, to put their data right.

    It is due within the days of the policy. A customer that is asked for already is left as it is; what nobody
    serves is owed by its department.
    """
    actor.require(Permission.SEE_MEASURES)
    policy = policy_at(store, now.date())
    with store.write() as session:
        wanted = sorted(set(customer_ids))
        asked = {each for ids in _chunks(wanted) for each in session.scalars(_asked_for(ids))}
        people = known_people(session)
        rows = [
            _owed(row.id, people.responsible(row), row.department_id, policy, now)
            for ids in _chunks([each for each in wanted if each not in asked])
            for row in session.execute(
                select(Customer.id, Customer.account_manager_id, Customer.department_id)
                .where(may_see(actor), Customer.id.in_(ids))
                .order_by(Customer.id)
            )
        ]
        new = obligations.enter(session, rows)
        owners = {each["owner_id"] for each in new} - {None}
        reminded = Reminded(
            customers=len(new),
            nobodys=sum(each["owner_id"] is None for each in new),
            already=len(asked) + len(rows) - len(new),
            people=len(owners),
        )
        audit.record(
            *(session, actor, "quality.reminded", "customer", None),
            now=now,
            customers=reminded.customers,
            people=reminded.people,
        )
        session.commit()
    return reminded


def unasked(actor: Actor, store: Store, customer_ids: Collection[int]) -> list[int]:
    """Those of these customers that nobody is asked to correct yet."""
    actor.require(Permission.SEE_MEASURES)
    with store.read() as session:
        asked = set(session.scalars(select(Obligation.subject_id).where(*OPEN)))
    return [each for each in customer_ids if each not in asked]


def edited(session: Session, policy: Policy, customer_ids: Collection[int], *, at: datetime) -> None:
    """Somebody changed these records: what was asked for is done where nothing is missing or wrong any more."""
    asked = session.scalars(_asked_for(customer_ids)).all()
    if asked:
        session.flush()
        left = faulty(session, policy, business_date(at, policy.business.time_zone), asked)
        _settle(session, Obligation.subject_id.in_(set(asked) - left), done_at=at)


def nothing_more(actor: Actor, store: Store, customer_id: int, *, now: datetime) -> None:
    """Say that a customer's data were checked and nothing can be put right: what was asked for is done. Where nothing
    was asked for, nothing changes."""
    actor.require(Permission.EDIT_CUSTOMERS)
    with store.write() as session:
        customer = visible_customer(actor, session, customer_id, lock=True)
        if not session.scalars(_asked_for([customer.id])).all():
            return
        _settle(session, Obligation.subject_id == customer.id, done_at=now)
        audit.record(session, actor, "quality.nothing_more", "customer", customer.id, now=now)
        session.commit()


def settle(session: Session, passed: Collection[int], known: Collection[int], *, at: datetime) -> int:
    """After a count: what is right now (`passed`) is done, what is no customer any more is owed by nobody. How many
    requests were done."""
    asked = set(session.scalars(select(Obligation.subject_id).where(*OPEN)))
    done, gone = asked & set(passed), asked - set(known)
    for ids in _chunks(sorted(done)):
        _settle(session, Obligation.subject_id.in_(ids), done_at=at)
    for ids in _chunks(sorted(gone)):
        _settle(session, Obligation.subject_id.in_(ids), cancelled_at=at)
    return len(done)


OPEN = (
    Obligation.kind == KIND,
    Obligation.subject_kind == SUBJECT,
    Obligation.done_at.is_(None),
    Obligation.cancelled_at.is_(None),
)


def _settle(session: Session, condition: ColumnElement[bool], **values: Any) -> None:
    session.flush()
    session.execute(
        update(Obligation).where(*OPEN, condition).values(**values),
        execution_options={"synchronize_session": False},
    )


def _asked_for(ids: Collection[int]) -> Any:
    return select(Obligation.subject_id).where(*OPEN, Obligation.subject_id.in_(ids))


def _owed(
    customer_id: int, owner: int | None, department: int | None, policy: Policy, now: datetime
) -> dict[str, Any]:
    days = timedelta(days=policy.data_quality.fix_within_days)
    return {
        "kind": KIND,
        "subject_kind": SUBJECT,
        "subject_id": customer_id,
        "owner_id": owner,
        "department_id": department,
        "triggered_at": now,
        "due_at": due_after(now, days / timedelta(hours=1)),
        "policy_version": policy.version,
    }


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    for first in range(0, len(ids), _IDS_A_QUERY):
        yield ids[first : first + _IDS_A_QUERY]
