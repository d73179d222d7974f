"""What is owed about a customer after imports are undone follows from the facts that stand."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.facts import update_clock
from core.facts.duplicates.merge_service import undo_merge
from core.facts.importing.undo import undo_import, undo_plan
from core.facts.tables import ImportBatch, OrderLine
from core.obligations.tables import Obligation
from core.policy.queries import policy_at
from tests.facts.conftest import records
from tests.facts.owing import (
    DAY,
    HOUR,
    ORDERS,
    VISITS,
    add,
    at,
    contact,
    ledger,
    merge_of,
    order,
    owed_both,
    since,
)


def test_a_contact_that_joined_is_still_owed_when_the_import_before_it_is_undone(store, actors, bring, now):
    customer = add(store, actors.staff)
    batch = order(bring, now)
    contact(store, actors.staff, customer, now + HOUR)
    bring("interactions", [VISITS, ["C1", "2026-11-02 09:00", "Visit", "Emil"]], at(now + 2 * HOUR))
    assert since(store) == [(customer, now, now + DAY)]
    undo_import(actors.manager, store, batch, now=now + 3 * HOUR)
    assert since(store) == [(customer, now + HOUR, now + HOUR + DAY)]


@pytest.mark.parametrize("first", ["transactions", "customers"])
def test_two_imports_undone_in_either_order_leave_nothing_owed(store, actors, bring, now, first):
    add(store, actors.staff)
    batches = {"transactions": order(bring, now)}
    rows = [["Customer code", "Region"], ["C1", "North"]]
    batches["customers"] = bring("customers", rows, at(now + HOUR), mode="both").batch
    assert since(store) == [], "the second import has met it"
    undo_import(actors.manager, store, batches.pop(first), now=now + 2 * HOUR)
    (second,) = batches.values()
    undo_import(actors.manager, store, second, now=now + 3 * HOUR)
    assert since(store) == []
    assert records(store, select(OrderLine)) == []


def test_an_import_that_met_it_makes_it_owed_again_when_it_is_undone(store, actors, bring, now):
    customer = add(store, actors.staff)
    order(bring, now)
    rows = [["Customer code", "Region"], ["C1", "North"]]
    update_of = bring("customers", rows, at(now + HOUR), mode="both").batch
    order(bring, now + 2 * HOUR, number="2")
    assert since(store) == [(customer, now + 2 * HOUR, now + 2 * HOUR + DAY)]
    undo_import(actors.manager, store, update_of, now=now + 3 * HOUR)
    assert since(store) == [(customer, now, now + DAY)]


def test_an_import_of_which_everything_stays_can_be_undone_later_on(store, actors, bring, now):
    kept, gone = add(store, actors.staff, "C1"), add(store, actors.staff, "C2")
    rows = [ORDERS, ["C1", "1", "2026-11-02", "10"], ["C2", "2", "2026-11-02", "20"]]
    batch = bring("transactions", rows).batch
    merged = merge_of(store, actors, kept, gone, now + HOUR)
    assert undo_plan(actors.manager, store, batch).blocked
    undo_merge(actors.manager, store, merged, now=now + 2 * HOUR)
    undo_import(actors.manager, store, batch, now=now + 3 * HOUR)
    assert records(store, select(OrderLine)) == []
    assert since(store) == []
    (brought,) = records(store, select(ImportBatch).where(ImportBatch.id == batch))
    assert brought.undone_at == now + 3 * HOUR


def test_a_file_that_replaces_an_order_does_not_wind_the_clock_back(store, actors, bring, now):
    customer = add(store, actors.staff)
    order(bring, now)
    bring("transactions", [ORDERS, ["C1", "1", "2026-11-02", "11"]], at(now + 9 * HOUR), mode="both")
    assert since(store) == [(customer, now, now + DAY)]


def test_to_work_it_out_again_changes_nothing(store, actors, bring, now):
    customer = owed_both(store, actors, bring, now)
    contact(store, actors.staff, customer, now + HOUR)
    before = [list(row) for row in ledger(store, *Obligation.__table__.c)]
    with store.write() as session:
        for taken_back in (False, True):
            policy = policy_at(store, now.date())
            update_clock.bring_in_line(session, policy, [customer], taken_back=taken_back, now=now + 2 * HOUR)
        session.commit()
    assert [list(row) for row in ledger(store, *Obligation.__table__.c)] == before
