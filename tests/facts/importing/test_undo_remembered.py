"""Undoing imports in any order, where a later one remembers what an earlier one brought: nothing is lost on the way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, select

from core.access.tables import Department, StaffMember
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.service import edit_customer
from core.facts.tables import Contract, Customer, ImportBatch
from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring, records
from tests.facts.importing.undoing import ORDERS, differing, reasons, state, undo

CUSTOMERS = ["Customer code", "Name"]
CONTRACTS = ["Contract code", "Customer code", "Signed on", "Contract amount"]
PAYMENTS = ["Payment code", "Customer code", "Contract code", "Due on", "Amount due"]
LEADS = ["Lead code", "Name", "Arrived at", "Customer code"]
OUTLETS = ["Outlet code", "Outlet name", "Customer code"]
SOLD = [*ORDERS, "Salesperson"]
MANAGED = [*CUSTOMERS, "Account manager"]

File = tuple[str, list[list[Any]]]
CASES: dict[str, list[File]] = {
    "contract": [
        ("contracts", [CONTRACTS, ["A1", "C0", "2026-09-01", "10"]]),
        ("customers", [CUSTOMERS, ["C1", "Ada"]]),
        ("contracts", [CONTRACTS, ["A1", "C1", "2026-09-01", "10"]]),
        ("contracts", [CONTRACTS, ["A1", "C0", "2026-09-01", "11"]]),
    ],
    "contract of a payment": [
        ("payments", [PAYMENTS, ["P1", "C0", None, "2026-09-01", "10"]]),
        ("contracts", [CONTRACTS, ["A1", "C0", "2026-09-01", "10"], ["A2", "C0", "2026-09-01", "10"]]),
        ("payments", [PAYMENTS, ["P1", "C0", "A1", "2026-09-01", "10"]]),
        ("payments", [PAYMENTS, ["P1", "C0", "A2", "2026-09-01", "10"]]),
    ],
    "lead": [
        ("leads", [LEADS, ["L1", "Ada", "2026-10-01", None]]),
        ("customers", [CUSTOMERS, ["C1", "Ada"]]),
        ("leads", [LEADS, ["L1", "Ada", "2026-10-01", "C1"]]),
        ("leads", [LEADS, ["L1", "Ada", "2026-10-01", "C0"]]),
    ],
    "store": [
        ("outlets", [OUTLETS, ["S1", "Shop", None]]),
        ("customers", [CUSTOMERS, ["C1", "Ada"]]),
        ("outlets", [OUTLETS, ["S1", "Shop", "C1"]]),
        ("outlets", [OUTLETS, ["S1", "Shop", "C0"]]),
    ],
    "salesperson": [
        ("transactions", [SOLD, ["C0", "1", "2026-10-01", "10", "Wang"]]),
        ("customers", [MANAGED, ["C0", "Zed", "Zhang"]]),
        ("transactions", [SOLD, ["C0", "1", "2026-10-01", "20", "Zhang"]]),
        ("transactions", [SOLD, ["C0", "1", "2026-10-01", "30", "Wang"]]),
    ],
}
"""What is stored, then three imports, of which the last remembers what the first of them brought."""


@pytest.mark.parametrize("case", CASES)
def test_the_oldest_undone_first_takes_nothing_away_that_a_later_undoing_gives_back(
    store: Store, actors: Actors, bring: Bring, now: datetime, case: str
) -> None:
    bring("customers", [CUSTOMERS, ["C0", "Zed"]])
    stored, *later = CASES[case]
    bring(stored[0], stored[1])
    before = state(store)
    oldest, middle, newest = (bring(table, rows, mode="both") for table, rows in later)
    kept = undo(store, actors, oldest, now)
    for result in (newest, middle, oldest):
        undone = records(store, select(ImportBatch.undone_at).where(ImportBatch.id == result.batch))
        if undone == [None]:
            assert undo(store, actors, result, now).kept_total == 0
    assert state(store) == before
    if case != "salesperson":
        first = next(iter(reasons(kept).values()))
        assert first.startswith("Undoing a later import would give it something back: ")


@pytest.mark.parametrize("record", [StaffMember, Department])
def test_people_and_departments_stay_as_long_as_a_later_undoing_gives_something_back_to_them(
    store: Store, actors: Actors, bring: Bring, now: datetime, record: Any
) -> None:
    headers = [*CUSTOMERS, "Account manager" if record is StaffMember else "Department"]
    bring("customers", [headers, ["C1", "Ada", "Wang"]])
    older = bring("customers", [headers, ["C1", "Ada", "Zhang"], ["C2", "Ben", None]], mode="both")
    (customer,) = records(store, select(Customer).where(Customer.code == "C1"))
    edit_customer(actors.manager, store, customer.id, {"city": "Ulm"}, customer.version, now=now)
    newer = bring("customers", [headers, ["C1", "Ada", "Li"]], mode="both")
    assert reasons(undo(store, actors, older, now)) == {"C1": "A later import changed it."}
    assert undo(store, actors, newer, now).kept_total == 0
    (customer,) = records(store, select(Customer))
    held = customer.account_manager_id if record is StaffMember else customer.department_id
    assert records(store, select(record.name).where(record.id == held)) == ["Zhang"]
    assert "Li" not in records(store, select(record.name))


def test_a_person_stays_as_long_as_undoing_a_merge_gives_something_back_to_them(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [MANAGED, ["G", "Ada", "Li"]])
    result = bring("customers", [MANAGED, ["K", "Ada", "Zhang"], ["X", "Xu", None]])
    gone, kept, _ = records(store, select(Customer).order_by(Customer.code))
    taken = {"account_manager": True}
    done = merge(actors.manager, store, kept.id, gone.id, taken, expected_versions=(1, 1), now=now)
    assert undo(store, actors, result, now).removed == {"customers": 1}
    undo_merge(actors.manager, store, done, now=now)
    people = select(StaffMember.name).join(Customer, Customer.account_manager_id == StaffMember.id)
    assert records(store, people.order_by(Customer.code)) == ["Li", "Zhang"]


def test_who_took_over_from_somebody_is_still_reached_by_the_name_of_who_left(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    result = bring("customers", [MANAGED, ["C1", "Ada", "Zhang"]])
    with store.write() as session:
        zhang = session.scalars(select(StaffMember).where(StaffMember.name == "Zhang")).one()
        zhang.left_at, zhang.successor_id = now, actors.staff.staff_id
        session.commit()
    undo(store, actors, result, now)
    bring("customers", [MANAGED, ["C1", "Ada", "Zhang"]])
    assert records(store, select(Customer.account_manager_id)) == [actors.staff.staff_id]


def test_what_named_somebody_who_is_stored_no_more_comes_back_with_that_blank_and_is_listed(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    """An earlier version took people and customers away whom only an import remembered."""
    headers = [*CONTRACTS, "Owner"]
    bring("customers", [CUSTOMERS, ["C0", "Zed"], ["C1", "Ada"]])
    bring(
        "contracts",
        [headers, ["A1", "C0", "2026-09-01", "1", "Zhang"], ["A2", "C1", "2026-09-01", "1", None]],
    )
    bring("transactions", [SOLD, ["C0", "1", "2026-10-01", "10", "Zhang"]])
    contracts = bring(
        "contracts",
        [headers, ["A1", "C0", "2026-09-01", "2", "Li"], ["A2", "C0", "2026-09-01", "1", None]],
        mode="both",
    )
    orders = bring("transactions", [SOLD, ["C0", "1", "2026-10-01", "20", "Li"]], mode="both")
    with store.write() as session:
        session.execute(delete(StaffMember).where(StaffMember.name == "Zhang"))
        session.execute(delete(Customer).where(Customer.code == "C1"))
        session.commit()
    blank = "Somebody or something that it named is not stored any more: that place stays blank."
    told = undo(store, actors, contracts, now)
    assert reasons(told) == {"A2": "The customer that it belonged to before is not stored any more."}
    assert differing(told) == {"A1": blank}
    assert differing(undo(store, actors, orders, now)) == {"C0 · 1": blank}
    stored = {c.code: (c.amount, c.owner_id) for c in records(store, select(Contract))}
    assert stored == {"A1": (10_000, None), "A2": (10_000, None)}
