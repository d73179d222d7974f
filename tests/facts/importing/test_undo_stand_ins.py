"""Undoing gives nothing to who has left or to a merged-away customer: whoever stands for them gets it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.importing.undo import undo_plan
from core.facts.tables import Contract, Customer, Lead, OrderLine, Outlet, Payment
from core.language import translate
from core.operations.staff import hand_over
from core.store.engine import Store
from tests.conftest import Actors
from tests.factmaking import add_customer, served_by
from tests.facts.conftest import Bring, records
from tests.facts.importing.undoing import CUSTOMERS, ORDERS, differing, reasons, undo

HOUR = timedelta(hours=1)
AWAY = "Its customer was merged into another since: it goes to that one."
LEFT = "Whoever had it has left: it goes to the person who took over."
FILES: dict[str, tuple[type[Any], list[str], list[Any]]] = {
    "contracts": (
        Contract,
        ["Contract code", "Customer code", "Signed on", "Contract amount"],
        ["2026-09-01", "10"],
    ),
    "payments": (Payment, ["Payment code", "Customer code", "Due on", "Amount due"], ["2026-09-01", "10"]),
    "leads": (Lead, ["Lead code", "Customer code", "Name", "Arrived at"], ["Ada", "2026-10-01"]),
    "outlets": (Outlet, ["Outlet code", "Customer code", "Outlet name"], ["Shop"]),
}


def people(bring: Bring, *codes: str) -> None:
    bring("customers", [CUSTOMERS, *([code, code, None] for code in codes)])


def merged(store: Store, actors: Actors, kept: str, gone: str, now: datetime) -> int:
    found = {c.code: c for c in records(store, select(Customer))}
    versions = (found[kept].version, found[gone].version)
    return merge(
        actors.manager, store, found[kept].id, found[gone].id, {}, expected_versions=versions, now=now
    )


def owner(store: Store, record: type[Any]) -> str:
    (code,) = records(store, select(Customer.code).join(record, record.customer_id == Customer.id))
    return str(code)


@pytest.mark.parametrize("table", FILES)
def test_what_was_a_merged_away_customers_comes_back_to_the_kept_one_and_goes_back_with_each_merge(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str
) -> None:
    record, headers, values = FILES[table]
    people(bring, "G", "K", "T", "X")
    bring(table, [headers, ["A1", "G", *values]])
    moved = bring(table, [headers, ["A1", "X", *values]], mode="both")
    first = merged(store, actors, "K", "G", now + HOUR)
    second = merged(store, actors, "T", "K", now + HOUR)
    told = undo(store, actors, moved, now + HOUR)
    assert (told.restored, told.kept_total, differing(told)) == (1, 0, {"A1": AWAY})
    assert owner(store, record) == "T"
    undo_merge(actors.manager, store, second, now=now + 3 * HOUR)
    assert owner(store, record) == "K"
    undo_merge(actors.manager, store, first, now=now + 3 * HOUR)
    assert owner(store, record) == "G"


@pytest.mark.parametrize("table", FILES)
def test_what_was_moved_away_while_two_were_one_comes_back_to_the_one_it_came_from(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str
) -> None:
    record, headers, values = FILES[table]
    people(bring, "G", "K", "X")
    bring(table, [headers, ["A1", "G", *values]])
    merge_id = merged(store, actors, "K", "G", now)
    moved = bring(table, [headers, ["A1", "X", *values]], mode="both")
    undo_merge(actors.manager, store, merge_id, now=now + HOUR)
    assert owner(store, record) == "X"
    assert undo(store, actors, moved, now).differing == ()
    assert owner(store, record) == "G"


def test_lines_of_an_order_come_back_to_whom_their_order_belongs_by_now(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    people(bring, "G")
    bring("transactions", [ORDERS, ["G", "1", "2026-10-01", "5"]])
    added = bring("customers", [CUSTOMERS, ["K", "K", None]])
    merge_id = merged(store, actors, "K", "G", now)
    replaced = bring("transactions", [ORDERS, ["G", "1", "2026-10-01", "7"]], mode="both")
    undo_merge(actors.manager, store, merge_id, now=now)
    assert undo(store, actors, added, now).removed == {"customers": 1}
    assert undo(store, actors, replaced, now).kept_total == 0
    assert [line.amount for line in records(store, select(OrderLine))] == [50_000]
    assert owner(store, OrderLine) == "G"


def test_an_import_of_which_all_records_stay_can_be_undone_once_what_keeps_them_is_gone(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    """What it made owed would be cancelled, but that alone is no undoing."""
    people(bring, "C1", "C2")
    day = f"{now:%Y-%m-%d}"
    result = bring("transactions", [ORDERS, ["C1", "1", day, "5"], ["C2", "1", day, "5"]])
    merge_id = merged(store, actors, "C1", "C2", now + HOUR)
    told = undo(store, actors, result, now + HOUR)
    assert set(reasons(told).values()) == {"Its customer was merged with another since."}
    assert "would take nothing back" in translate(told.blocked[0], "en")
    undo_merge(actors.manager, store, merge_id, now=now + HOUR)
    told = undo(store, actors, result, now + HOUR)
    assert (told.removed, told.kept_total) == ({"order_lines": 2}, 0)


MANAGED = ["Customer code", "Name", "Account manager"]


def test_a_customer_comes_back_to_whoever_took_over_from_who_left(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    with store.write() as session:
        for code in ("C1", "C2"):
            add_customer(session, code, **served_by(actors.staff))
        session.commit()
    result = bring("customers", [MANAGED, ["C1", "C1", "Walt"], ["C2", "Cem", None]], mode="both")
    hand_over(
        actors.administrator,
        store,
        actors.staff.staff_id or 0,
        actors.west_supervisor.staff_id or 0,
        now=now + HOUR,
    )
    assert reasons(undo_plan(actors.manager, store, result.batch or 0)) == {"C2": "It was edited since."}
    assert differing(undo(store, actors, result, now + HOUR)) == {"C1": LEFT}
    found = {c.code: (c.account_manager_id, c.department_id) for c in records(store, select(Customer))}
    assert set(found.values()) == {(actors.west_supervisor.staff_id, actors.west)}


def test_a_lead_and_a_contract_come_back_to_whoever_took_over_and_a_line_to_who_sold_it(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    leads = ["Lead code", "Name", "Arrived at", "Owner"]
    contracts = ["Contract code", "Customer code", "Signed on", "Contract amount", "Owner"]
    sold = [*ORDERS, "Salesperson"]
    people(bring, "C1")
    files = {
        "leads": (leads, ["L1", "Ada", "2026-10-01"]),
        "contracts": (contracts, ["A1", "C1", "2026-09-01", "10"]),
        "transactions": (sold, ["C1", "1", "2026-10-01", "5"]),
    }
    for table, (headers, row) in files.items():
        bring(table, [headers, [*row, "Emil"]])
    results = {
        table: bring(table, [headers, [*row, "Walt"]], mode="both") for table, (headers, row) in files.items()
    }
    hand_over(
        actors.administrator, store, actors.staff.staff_id or 0, actors.supervisor.staff_id or 0, now=now
    )
    told = {table: differing(undo(store, actors, result, now)) for table, result in results.items()}
    assert told == {"leads": {"L1": LEFT}, "contracts": {"A1": LEFT}, "transactions": {}}
    assert records(store, select(Lead.owner_id)) == [actors.supervisor.staff_id]
    assert records(store, select(Contract.owner_id)) == [actors.supervisor.staff_id]
    assert records(store, select(OrderLine.salesperson_id)) == [actors.staff.staff_id]
