"""Who leaves hands everything over, in one step."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import delete, select

from core.access import directory
from core.access.queries import actor_of_account, actor_of_session
from core.access.service import enable_account, reset_account, use_link
from core.access.tables import Account, AuditEntry, StaffMember
from core.errors import NotAllowed, NotFound, Refused
from core.facts.tables import Customer, Lead
from core.obligations.tables import Obligation
from core.operations.staff import HandOver, hand_over
from core.store.versions import data_version
from core.warning.service import claim, raise_work_orders
from core.warning.tables import WorkOrder
from tests.factmaking import add_customer, served_by
from tests.leadmaking import add_lead, owe_response

TODAY = date(2026, 11, 3)


@pytest.fixture
def warned(store, actors, policy, now):
    """A customer of the east's staff member with an open work order; its customer id and the order's id."""
    with store.write() as session:
        customer = add_customer(session, "C1", **served_by(actors.staff))
        add_customer(session, "C2", **served_by(actors.west_staff))
        session.commit()
    hits = pd.DataFrame(
        [{"customer_id": customer, "indicator": "no_purchase", "observed": {"recent": 0}, "threshold": {}}]
    )
    grades = pd.DataFrame([{"customer_id": customer, "value_tier": "high", "monetary": 10_000}])
    raise_work_orders(actors.system, store, hits, grades, policy, TODAY, now=now)
    with store.read() as session:
        return customer, session.scalar(select(WorkOrder.id))


def test_customers_and_unclosed_orders_move_to_the_successor(store, actors, warned, now):
    customer, order = warned
    claim(actors.staff, store, order, 1, now=now)
    with store.read() as session:
        before = data_version(session)
    later = now + timedelta(hours=1)
    moved = hand_over(actors.manager, store, actors.staff.staff_id, actors.west_staff.staff_id, now=later)
    assert moved == HandOver(customers=1, work_orders=1, leads=0)
    with store.read() as session:
        theirs = session.get_one(Customer, customer)
        assert theirs.account_manager_id == actors.west_staff.staff_id
        assert theirs.department_id == actors.west
        assert theirs.version == 2
        given = session.get_one(WorkOrder, order)
        assert (given.assignee_id, given.status) == (actors.west_staff.staff_id, "open")
        assert (given.claimed_at, given.department_id) == (None, actors.west)
        owed = session.scalar(select(Obligation))
        assert owed.owner_id == actors.west_staff.staff_id
        assert owed.due_at == now + timedelta(hours=24)
        leaver = session.get_one(StaffMember, actors.staff.staff_id)
        assert (leaver.left_at, leaver.successor_id) == (later, actors.west_staff.staff_id)
        assert data_version(session) == before + 1
        entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "staff.handed_over"))
        successor = actors.west_staff.staff_id
        assert entry.detail == {
            "successor": successor,
            "customers": 1,
            "work_orders": 1,
            "leads": 0,
            "cards": 0,
        }


def test_leads_that_are_neither_won_nor_lost_move_with_what_they_owe(store, actors, now):
    mine = {"owner_id": actors.staff.staff_id, "department_id": actors.east}
    with store.write() as session:
        others = {"owner_id": actors.supervisor.staff_id, "department_id": actors.east}
        for code, fields in (
            ("open", mine),
            ("won", mine | {"won_at": now}),
            ("lost", mine | {"lost_at": now}),
            ("other", others),
        ):
            owe_response(session, add_lead(session, code, now, **fields))
        session.commit()
    moved = hand_over(actors.manager, store, actors.staff.staff_id, actors.west_staff.staff_id, now=now)
    assert moved.leads == 1
    with store.read() as session:
        owners = dict(session.execute(select(Lead.code, Lead.owner_id)).all())
        assert owners["open"] == actors.west_staff.staff_id
        assert owners["won"] == owners["lost"] == actors.staff.staff_id
        (given,) = session.scalars(select(Lead).where(Lead.code == "open"))
        assert (given.department_id, given.version) == (actors.west, 2)
        query = select(Lead.code, Obligation.owner_id, Obligation.department_id).join(
            Obligation, Obligation.subject_id == Lead.id
        )
        owed = {code: (owner, department) for code, owner, department in session.execute(query)}
        assert owed["open"] == (actors.west_staff.staff_id, actors.west)
        assert owed["other"] == (actors.supervisor.staff_id, actors.east)


def test_an_order_that_waits_goes_on_waiting_with_the_successor(store, actors, warned, policy, now):
    _customer, order = warned
    with store.write() as session:
        waiting = session.get_one(WorkOrder, order)
        waiting.status, waiting.opened_at = "backlog", None
        session.execute(delete(Obligation))
        session.commit()
    hand_over(actors.manager, store, actors.staff.staff_id, actors.west_staff.staff_id, now=now)
    with store.read() as session:
        waiting = session.get_one(WorkOrder, order)
        assert (waiting.assignee_id, waiting.status) == (actors.west_staff.staff_id, "backlog")
        assert session.scalars(select(Obligation)).all() == []


def test_the_leavers_account_is_disabled_and_files_reach_the_successor(store, actors, now):
    hand_over(actors.manager, store, actors.staff.staff_id, actors.supervisor.staff_id, now=now)
    assert actor_of_account(store, actors.staff.account_id) is None
    with store.write() as session:
        found = directory.staff_ids(session, {actors.staff.name: None})
    assert found == {actors.staff.name: actors.supervisor.staff_id}


def test_nobody_hands_over_to_themselves_or_to_somebody_who_has_left(store, actors, now):
    staff, west = actors.staff.staff_id, actors.west_staff.staff_id
    with pytest.raises(Refused, match="themselves"):
        hand_over(actors.manager, store, staff, staff, now=now)
    hand_over(actors.manager, store, staff, west, now=now)
    with pytest.raises(Refused, match="has left"):
        hand_over(actors.manager, store, west, staff, now=now)
    with pytest.raises(Refused, match="has left"):
        hand_over(actors.manager, store, staff, actors.supervisor.staff_id, now=now)


def test_a_supervisor_hands_over_within_the_department_only(store, actors, warned, now):
    with pytest.raises(NotFound):
        hand_over(actors.supervisor, store, actors.west_staff.staff_id, actors.staff.staff_id, now=now)
    with pytest.raises(NotFound):
        hand_over(actors.supervisor, store, actors.staff.staff_id, actors.west_staff.staff_id, now=now)
    moved = hand_over(actors.supervisor, store, actors.staff.staff_id, actors.intern.staff_id, now=now)
    assert moved.customers == 1


def test_who_may_not_assign_work_may_not_hand_over(store, actors, now):
    for actor in (actors.staff, actors.intern, actors.operations):
        with pytest.raises(NotAllowed):
            hand_over(actor, store, actors.staff.staff_id, actors.supervisor.staff_id, now=now)


@pytest.fixture
def chief(store, actors, now):
    """The staff entry of the east to which the only administrator's account is linked."""
    with store.write() as session:
        person = StaffMember(name="Chief", department_id=actors.east)
        session.add(person)
        session.flush()
        account = session.get_one(Account, actors.administrator.account_id)
        account.staff_id = person.id
        session.commit()
    return person.id


def test_only_administrators_hand_over_for_an_administrator(store, actors, chief, now):
    for actor in (actors.manager, actors.supervisor):
        with pytest.raises(NotAllowed):
            hand_over(actor, store, chief, actors.staff.staff_id, now=now)
    assert actor_of_account(store, actors.administrator.account_id) is not None


def test_the_last_administrator_does_not_leave(store, actors, chief, now):
    with pytest.raises(Refused, match="last administrator"):
        hand_over(actors.administrator, store, chief, actors.staff.staff_id, now=now)
    with store.read() as session:
        assert session.get_one(StaffMember, chief).left_at is None


def test_the_leavers_sessions_do_not_come_back_with_the_account(store, actors, now):
    link = reset_account(actors.system, store, actors.staff.account_id, now=now)
    token = use_link(store, link, now=now)
    hand_over(actors.manager, store, actors.staff.staff_id, actors.west_staff.staff_id, now=now)
    enable_account(actors.system, store, actors.staff.account_id, now=now)
    assert actor_of_session(store, token, now=now) is None
