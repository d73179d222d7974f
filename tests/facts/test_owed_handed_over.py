"""What is owed about a customer is owed by whoever serves the customer now, and no list shows it to others."""

from __future__ import annotations

from sqlalchemy import select, update

from core.access.tables import Account
from core.facts.importing.undo import undo_import
from core.facts.quality.asked import asked_of_me
from core.facts.service import edit_customer
from core.facts.tables import Customer
from core.facts.update_clock_queries import by_owner, late
from core.obligations.tables import Obligation
from core.operations.agenda import my_day
from core.operations.staff import hand_over
from tests.facts.conftest import records
from tests.facts.owing import (
    DAY,
    FULL,
    HOUR,
    PEOPLE,
    add,
    all_of,
    at,
    contact,
    ledger,
    order,
    owed_both,
    reassign,
    since,
    whose,
)


def test_an_edit_that_gives_the_customer_away_hands_over_what_is_owed(store, actors, bring, now):
    customer = owed_both(store, actors, bring, now)
    before = since(store)
    assert whose(store) == all_of(actors.staff)
    reassign(store, actors, customer, now + HOUR)
    assert whose(store) == all_of(actors.west_staff)
    assert since(store) == before, "its clock runs on"
    assert my_day(actors.staff, store, now=now + HOUR) == []
    assert {task.subject_id for task in my_day(actors.west_staff, store, now=now + HOUR)} == {customer}
    assert [each.customer_id for each in asked_of_me(actors.west_staff, store)] == [customer]


def test_an_import_that_gives_the_customer_away_hands_it_over_and_its_undoing_gives_it_back(
    store, actors, bring, now
):
    owed_both(store, actors, bring, now)
    before = since(store)
    moved = bring("customers", [PEOPLE, ["C1", "Walt", "West"]], at(now + HOUR), mode="both")
    assert whose(store) == all_of(actors.west_staff)
    undo_import(actors.manager, store, moved.batch, now=now + 2 * HOUR)
    assert whose(store) == all_of(actors.staff)
    assert since(store) == before


def test_to_give_a_customer_away_is_not_to_complete_its_record(store, actors, bring, now):
    customer = add(store, actors.staff)
    order(bring, now)
    reassign(store, actors, customer, now + HOUR)
    (walt,) = by_owner(actors.manager, store, since=now - HOUR, now=now + 3 * DAY)
    assert (walt.owner, walt.due, walt.kept) == ("Walt", 1, 0)


def test_to_give_away_and_to_edit_at_once_completes_it(store, actors, bring, now):
    customer = add(store, actors.staff)
    order(bring, now)
    changes = {"account_manager_id": actors.west_staff.staff_id, "city": "Ningbo"}
    edit_customer(actors.manager, store, customer, changes, 1, now=now + HOUR)
    assert ledger(store, Obligation.id) == []


def test_who_had_the_contact_goes_on_owing_it_while_they_may_edit_the_customer(store, actors, now):
    customer = add(store, actors.staff)
    contact(store, actors.operations, customer, now)
    reassign(store, actors, customer, now + HOUR)
    assert whose(store) == [("record_update", actors.operations.staff_id, actors.west)]


def test_who_leaves_hands_over_whatever_they_owe(store, actors, bring, now):
    owed_both(store, actors, bring, now)
    other = add(store, actors.west_staff, "C2")
    contact(store, actors.supervisor, add(store, actors.staff, "C3"), now)
    contact(store, actors.west_staff, other, now)
    hand_over(actors.manager, store, actors.staff.staff_id, actors.supervisor.staff_id, now=now + HOUR)
    assert whose(store) == [
        *all_of(actors.supervisor),
        ("record_update", actors.west_staff.staff_id, actors.west),
        ("record_update", actors.supervisor.staff_id, actors.east),
    ]


def test_whose_account_is_disabled_owes_nothing_new(store, actors, bring, now):
    with store.write() as session:
        session.execute(update(Account).where(Account.id == actors.staff.account_id).values(disabled_at=now))
        session.commit()
    owed_both(store, actors, bring, now)
    assert whose(store) == [
        (kind, actors.supervisor.staff_id, actors.east) for kind in ("data_fix", "record_update")
    ]


def test_no_list_shows_a_customer_whom_its_reader_may_not_see(store, actors, now):
    customer = add(store, actors.west_staff, name="Zhang San")
    with store.write() as session:
        for kind in ("record_update", "data_fix"):
            session.add(
                Obligation(
                    kind=kind, subject_kind="customer", subject_id=customer, owner_id=actors.staff.staff_id,
                    department_id=actors.east, triggered_at=now, due_at=now, policy_version=1,
                )
            )  # fmt: skip
        session.commit()
    for reader in (actors.staff, actors.supervisor):
        found = late(reader, store, now=now + HOUR)
        assert (found.total, list(found.first)) == (0, [])
        assert my_day(reader, store, now=now + HOUR) == []
        assert asked_of_me(reader, store) == []
    assert late(actors.manager, store, now=now + HOUR).total == 1


def test_giving_a_customer_away_asks_for_nothing_that_was_not_owed(store, actors, bring, now):
    customer = add(store, actors.staff, phone_index=b"2" * 16, **FULL)
    order(bring, now)
    (record,) = records(store, select(Customer))
    edit_customer(actors.staff, store, customer, {"city": None}, record.version, now=now + HOUR)
    reassign(store, actors, customer, now + 2 * HOUR)
    assert since(store) == []
