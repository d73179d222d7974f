"""The counts of quality in the mart, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core.access.tables import StaffMember
from core.access.vault import open_vault
from core.facts import identity, quality
from core.facts.quality import save_quality
from core.facts.tables import Customer
from core.store.mart import refresh_mart
from tests.factmaking import add_customer

TODAY = date(2026, 11, 3)


def counted(store, policy, as_of=TODAY):
    mart = refresh_mart(store)
    save_quality(store, mart, policy, as_of)
    return mart.table("customer_quality").order_by("customer_id").to_pyarrow().to_pylist()


def test_without_customers_the_table_is_empty(store, policy):
    assert counted(store, policy) == []


def test_one_row_a_customer_holds_counts_and_nothing_else(store, actors, policy):
    with store.write() as session:
        first = add_customer(
            session, "A", name="张晓明", city="未知", birthday=date(1990, 5, 1), consent=False,
            department_id=actors.east, account_manager_id=actors.staff.staff_id,
        )  # fmt: skip
        second = add_customer(session, "B", name="", kind="company", sku_count=3)
        session.commit()
    assert counted(store, policy) == [
        {"customer_id": first, "expected": 10, "filled": 6, "checked": 4, "passed": 3},
        {"customer_id": second, "expected": 11, "filled": 1, "checked": 1, "passed": 1},
    ]


@pytest.mark.parametrize("rows_a_batch", [50_000, 2])
def test_a_phone_of_too_many_customers_is_nobodys(store, policy, monkeypatch, rows_a_batch):
    monkeypatch.setattr(quality, "_ROWS_A_BATCH", rows_a_batch)
    with store.write() as session:
        for number in range(7):
            key = add_customer(session, f"C{number}", name="张")
            phone = "10000001234" if number < 4 else f"1000000200{number // 6}"
            identity.put(open_vault(store), session.get_one(Customer, key), "phone", phone)
        session.commit()
    assert [row["passed"] for row in counted(store, policy)] == [1, 1, 1, 1, 2, 2, 2]


def test_a_manager_counts_as_gone_from_the_day_after(store, actors, policy, now):
    with store.write() as session:
        add_customer(session, "A", name="张", account_manager_id=actors.staff.staff_id)
        session.execute(
            update(StaffMember).where(StaffMember.id == actors.staff.staff_id).values(left_at=now)
        )
        session.commit()
    assert [row["passed"] for row in counted(store, policy)] == [1]
    assert [row["passed"] for row in counted(store, policy, TODAY - timedelta(days=1))] == [2]
