"""Who has to complete a customer's record by when, after something happened with the customer.

A transaction, interaction or behaviour event that comes on record makes an incomplete record owed: by the account
manager after a transaction; after an interaction by the person who had it, who has just heard what has changed; after
behaviour by a person of operations, who watch it. Where there is no such person, or one who may not edit the customer
or cannot sign in, it is the account manager, or the department's supervisor where that one cannot either. The clock
begins when the fact comes on record, because nobody could be asked earlier. A customer owes one update at a time: later
facts join it, and the earliest due time counts. A fact that is older than the policy's days owes nothing, so that a
load of history buries nobody. A record that lacks nothing owes nothing either: to confirm every complete record after
every order would teach people to click without looking.

It is done when a person edits or confirms the record, or an import updates it. To give a customer to somebody else
hands over what is owed with it.

All of this is one rule (`update_clock_rule`) over the facts that stand. Whatever happens to customers (facts, edits,
imports and their undoing, merges and theirs, people who leave) ends in `bring_in_line`, which may be called again at
any time and then changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.facts.quality.rules import EXPECTED
from core.facts.tables import Customer
from core.facts.update_clock_facts import facts_of, first_day, known_people
from core.facts.update_clock_rule import Owing, People, owing
from core.facts.visibility import STANDS, visible_customer
from core.obligations import service as obligations
from core.obligations.business_days import BusinessHours
from core.obligations.clock import due_after
from core.obligations.tables import Obligation
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.store.engine import Store

KIND = "record_update"
SUBJECT = "customer"
_KEPT_AS = {"phone": "phone_index", "department": "department_id", "account_manager": "account_manager_id"}
_FIELDS = sorted({field for fields in EXPECTED.values() for field in fields})
COLUMNS = (Customer.kind, *(getattr(Customer, _KEPT_AS.get(field, field)).label(field) for field in _FIELDS))
"""What `lacking` asks of a customer, under the names of the fields."""
_AT_A_TIME = 1_000


def lacking(row: Any) -> list[str]:
    """The expected fields in which nothing stands, of a row with COLUMNS; as `quality_rules` counts them."""
    return [field for field in EXPECTED[row.kind] if _blank(getattr(row, field))]


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def bring_in_line(
    session: Session,
    policy: Policy,
    customer_ids: Collection[int],
    *,
    now: datetime,
    answered: Collection[int] = (),
    taken_back: bool = False,
    happened: bool = True,
) -> None:
    """Work out anew, in the running transaction, what is owed about these customers and by whom.

    `answered`: those whose records have just been edited, confirmed or updated; `taken_back`: see `owing`. Where
    nothing `happened` to ask about (a record was edited, joined with another, or handed over), nothing is entered that
    was not owed before. Whatever else is asked about a customer goes to whoever serves it now. Called again, it changes
    nothing.
    """
    session.flush()
    people, done, due_at = known_people(session), frozenset(answered), _due(policy, now)
    ids = sorted({*customer_ids, *done})
    for start in range(0, len(ids), _AT_A_TIME):
        chunk = ids[start : start + _AT_A_TIME]
        entries = session.scalars(select(Obligation).where(open_about(chunk)).order_by(Obligation.id)).all()
        owed = {entry.subject_id: entry for entry in entries if entry.kind == KIND}
        rows = _customers(session, {entry.subject_id for entry in entries} | (set(chunk) - done))
        unanswered = {key: row for key, row in rows.items() if key not in done}
        found = _owing(session, policy, unanswered, owed, taken_back=taken_back, now=now)
        for entry in entries:
            row = rows.get(entry.subject_id)
            if row is None:  # what is no customer any more is the matter of who made it so
                continue
            asked = found.get(row.id) if entry.kind == KIND else None
            if entry.kind == KIND and (asked is None or not lacking(row)):
                _end(entry, met=asked is not None or row.id in done, now=now)
                continue
            if asked is not None:
                _run_on(entry, asked, policy, due_at)
            entry.owner_id = people.responsible(row, asked.asks if asked else None)
            entry.department_id = row.department_id
        session.flush()
        new = [
            _entered(rows[key], found[key], people, policy, due_at)
            for key in sorted(found.keys() - owed.keys() if happened else ())
        ]
        obligations.enter(session, new)


def _customers(session: Session, ids: Collection[int]) -> dict[int, Any]:
    """Those that are customers of their own: whose they are, and what `lacking` asks."""
    if not ids:
        return {}
    columns = (Customer.id, Customer.department_id, Customer.account_manager_id, *COLUMNS)
    return {row.id: row for row in session.execute(select(*columns).where(STANDS, Customer.id.in_(ids)))}


def _owing(
    session: Session,
    policy: Policy,
    customers: Mapping[int, Any],
    owed: Mapping[int, Obligation],
    *,
    taken_back: bool,
    now: datetime,
) -> dict[int, Owing]:
    """What the rule says of these customers, where anything is owed; those that lack nothing only if it is `owed`."""
    since = {key: owed[key].triggered_at if key in owed else None for key, row in customers.items()
             if key in owed or lacking(row)}  # fmt: skip
    facts = facts_of(session, policy, {key: first_day(policy, at or now) for key, at in since.items()})
    last = (
        select(Obligation.subject_id, func.max(Obligation.done_at).label("at"))
        .where(Obligation.kind == KIND, Obligation.subject_kind == SUBJECT, Obligation.subject_id.in_(facts))
        .where(Obligation.cancelled_at.is_(None))
        .group_by(Obligation.subject_id)
    )
    answered = {row.subject_id: row.at for row in session.execute(last)} if facts else {}
    found = {}
    for key, of_customer in facts.items():
        asked = owing(
            of_customer, answered_at=answered.get(key), entered_at=since[key], taken_back=taken_back, now=now
        )
        if asked is not None:
            found[key] = asked
    return found


def _run_on(entry: Obligation, asked: Owing, policy: Policy, due_now: datetime) -> None:
    """The clock goes on, and later facts join by the earlier due time. It begins anew where the facts that it began
    with have gone. `due_now`: of what comes on record now."""
    if asked.since != entry.triggered_at:
        entry.triggered_at, entry.due_at = asked.since, _due(policy, asked.since)
        entry.policy_version = policy.version
    else:
        entry.due_at = min(entry.due_at, due_now)


def _entered(customer: Any, asked: Owing, people: People, policy: Policy, due_at: datetime) -> dict[str, Any]:
    return {
        "kind": KIND,
        "subject_kind": SUBJECT,
        "subject_id": customer.id,
        "owner_id": people.responsible(customer, asked.asks),
        "department_id": customer.department_id,
        "triggered_at": asked.since,
        "due_at": due_at,
        "policy_version": policy.version,
    }


def _end(entry: Obligation, *, met: bool, now: datetime) -> None:
    """Nothing is owed any more: it is done, or what had made it owed has gone."""
    if met:
        entry.done_at = now
    else:
        entry.cancelled_at = now


def _due(policy: Policy, since: datetime) -> datetime:
    rules = policy.update_clock
    calendar = BusinessHours.of(policy) if rules.hours == "business" else None
    return due_after(since, rules.within_hours, calendar)


def after_contact(session: Session, policy: Policy, customer_id: int, *, now: datetime) -> None:
    """A person has logged a contact: enter what is owed after it."""
    if policy.update_clock.interactions:
        bring_in_line(session, policy, [customer_id], now=now)


def open_about(customer_ids: Collection[int]) -> ColumnElement[bool]:
    """The SQL condition of whatever is owed about these customers now."""
    return (
        (Obligation.subject_kind == SUBJECT)
        & Obligation.subject_id.in_(customer_ids)
        & Obligation.done_at.is_(None)
        & Obligation.cancelled_at.is_(None)
    )


def confirm(actor: Actor, store: Store, customer_id: int, *, now: datetime) -> None:
    """Say that a customer's record has been checked and nothing more is known. Nothing owed changes nothing."""
    actor.require(Permission.EDIT_CUSTOMERS)
    policy = policy_at(store, now.date())
    with store.write() as session:
        customer = visible_customer(actor, session, customer_id, lock=True)
        if (
            session.scalar(select(Obligation.id).where(open_about([customer.id]), Obligation.kind == KIND))
            is None
        ):
            return
        bring_in_line(session, policy, [], answered=[customer.id], now=now)
        audit.record(session, actor, "customer.confirmed", "customer", customer.id, now=now)
        session.commit()


def hand_on(
    session: Session, policy: Policy, leaver: int, customers: Collection[int], *, now: datetime
) -> None:
    """A person has left: what they owe about customers, theirs and others, goes to whoever has to meet it now."""
    running = (Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None))
    theirs = (Obligation.subject_kind == SUBJECT, Obligation.owner_id == leaver)
    owed = session.scalars(select(Obligation.subject_id).where(*theirs, *running))
    bring_in_line(session, policy, {*customers, *owed}, happened=False, now=now)
