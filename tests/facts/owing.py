"""Customers of whom something is owed, for tests: what happens to them, and what the ledger says then."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from core.facts.contacts_service import log_contact
from core.facts.duplicates.merge_service import merge
from core.facts.importing import commit_import
from core.facts.quality.reminders import remind
from core.facts.service import edit_customer
from core.facts.tables import Customer
from core.obligations.tables import Obligation
from tests.factmaking import add_customer, served_by
from tests.facts.conftest import records

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ORDERS = ["Customer code", "Order number", "Order time", "Amount"]
VISITS = ["Customer code", "Contact time", "Contact kind", "Staff"]
PEOPLE = ["Customer code", "Account manager", "Department"]
FULL = {
    "region": "East", "province": "Zhejiang", "city": "Hangzhou", "channel": "Shop",
    "birthday": date(1990, 5, 1), "consent": True,
}  # fmt: skip


def at(moment):
    """`commit_import` at another instant, for `bring`."""
    return lambda actor, store, request, *, now: commit_import(actor, store, request, now=moment)


def add(store, person=None, code="C1", **fields):
    with store.write() as session:
        key = add_customer(session, code, **({} if person is None else served_by(person)), **fields)
        session.commit()
    return key


def order(bring, moment, number="1", code="C1", day="2026-11-02"):
    return bring("transactions", [ORDERS, [code, number, day, "10"]], at(moment)).batch


def contact(store, actor, customer, moment):
    log_contact(
        actor,
        store,
        customer,
        occurred_at=moment,
        kind="call",
        direction=None,
        content="moved house",
        now=moment,
    )


def reassign(store, actors, customer, moment, person=None):
    (record,) = records(store, select(Customer).where(Customer.id == customer))
    person = person or actors.west_staff
    changes = {"account_manager_id": person.staff_id, "department_id": person.department_id}
    edit_customer(actors.manager, store, customer, changes, record.version, now=moment)


def merge_of(store, actors, kept, gone, moment, **taken):
    versions = {each.id: each.version for each in records(store, select(Customer))}
    expected = (versions[kept], versions[gone])
    return merge(actors.manager, store, kept, gone, taken, expected_versions=expected, now=moment)


def ledger(store, *columns):
    """Of what is owed now, by customer."""
    running = (Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None))
    with store.read() as session:
        query = select(*columns).where(*running).order_by(Obligation.subject_id, Obligation.kind)
        return [tuple(row) for row in session.execute(query)]


def whose(store):
    return ledger(store, Obligation.kind, Obligation.owner_id, Obligation.department_id)


def since(store):
    return ledger(store, Obligation.subject_id, Obligation.triggered_at, Obligation.due_at)


def owed_both(store, actors, bring, now):
    """C1 of Emil in the east is asked about, and its record is owed after an order."""
    customer = add(store, actors.staff)
    remind(actors.manager, store, [customer], now=now)
    order(bring, now)
    return customer


def all_of(person):
    return [(kind, person.staff_id, person.department_id) for kind in ("data_fix", "record_update")]
