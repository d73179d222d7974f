"""Undoing an import of customers that were merged since, or merged and made two again."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from core.errors import Refused
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.importing.undo import undo_import, undo_plan
from core.facts.service import edit_customer
from core.facts.tables import Customer, CustomerMerge, OrderLine
from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring, records
from tests.facts.importing.undoing import CUSTOMERS, ORDERS, reasons, state, undo


def test_facts_of_a_customer_merged_since_stay(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ada", "North"]])
    result = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "5"]])
    kept, gone = records(store, select(Customer).order_by(Customer.code))
    with store.write() as session:
        session.add(
            CustomerMerge(
                kept_id=kept.id, gone_id=gone.id, before={}, moved={}, version_after=2, merged_at=now
            )
        )
        session.commit()
    told = undo_plan(actors.manager, store, result.batch or 0)
    assert list(reasons(told).values()) == ["Its customer was merged with another since."]
    with pytest.raises(Refused, match="would take nothing back"):
        undo_import(actors.manager, store, result.batch or 0, now=now)
    assert len(records(store, select(OrderLine))) == 1


@pytest.mark.parametrize("mode", ["added", "overwritten", "overwritten twice"])
def test_customers_that_were_merged_and_are_two_again_are_undone_as_if_nothing_had_been(
    store: Store, actors: Actors, bring: Bring, now: datetime, mode: str
) -> None:
    rows = [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ada A", "North"]]
    if mode != "added":
        bring("customers", [CUSTOMERS, ["C1", "Ada", "West"], ["C2", "Ada A", "West"]])
    before = state(store)["customers"]
    result = bring("customers", rows, mode="both")
    _merge_and_part(store, actors, now)
    if mode == "overwritten twice":
        later = bring("customers", [CUSTOMERS, ["C1", "Ada", "East"], ["C2", "Ada A", "East"]], mode="both")
        _merge_and_part(store, actors, now)
        assert undo(store, actors, later, now).kept_total == 0
    told = undo(store, actors, result, now)
    assert (told.kept_total, told.added + told.restored) == (0, 2)
    assert state(store)["customers"] == before


def test_a_customer_who_was_edited_while_merged_is_kept(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    result = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ada A", "North"]])
    _merge_and_part(store, actors, now, city="Ulm")
    assert reasons(undo(store, actors, result, now)) == {"C1": "It was edited since."}
    assert [c.code for c in records(store, select(Customer))] == ["C1"]


def _merge_and_part(store: Store, actors: Actors, now: datetime, city: str | None = None) -> None:
    """Merge the two customers and make them two again; in between one of them may move to a city."""
    first, second = records(store, select(Customer).order_by(Customer.code))
    merged = merge(
        actors.manager,
        store,
        first.id,
        second.id,
        {},
        expected_versions=(first.version, second.version),
        now=now,
    )
    if city:
        edit_customer(actors.manager, store, first.id, {"city": city}, first.version + 1, now=now)
    undo_merge(actors.manager, store, merged, now=now)
