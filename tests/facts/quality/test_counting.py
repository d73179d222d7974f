"""The counts of quality in the mart, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from core.access.tables import StaffMember
from core.access.vault import open_vault
from core.facts import identity
from core.facts.quality import counting as quality
from core.facts.quality.counting import save_quality
from core.facts.quality.rules import EXPECTED, FIELDS, bit
from core.facts.tables import Customer
from core.store.mart import current_mart, refresh_mart
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
        {"customer_id": first, "expected": 10, "filled": 6, "checked": 4, "passed": 3}
        | {"held": bits("name", "city", "department", "account_manager", "birthday", "consent")}
        | {"missing": bits("phone", "region", "province", "channel"), "wrong": bits("city")}
        | {"department_id": actors.east, "company": False, "fresh": True},
        {"customer_id": second, "expected": 11, "filled": 1, "checked": 1, "passed": 1}
        | {"held": bits("sku_count"), "wrong": 0, "department_id": None, "company": True, "fresh": True}
        | {"missing": sum(bit(f) for f in EXPECTED["company"] if f != "sku_count")},
    ]


def bits(*fields):
    return sum(bit(field) for field in fields)


def by_field(store):
    rows = current_mart(store).table("customer_quality_fields").to_pyarrow().to_pylist()
    return {(row["department_id"], row["field"]): row for row in rows}


def test_counts_by_field_and_department_add_up_to_the_record(store, actors, policy, now):
    with store.write() as session:
        add_customer(session, "A", name="张晓明", city="未知", department_id=actors.east)
        add_customer(session, "B", name="李", city="杭州", department_id=actors.east)
        old = add_customer(session, "C", kind="company", name="测试", department_id=actors.west)
        session.get_one(Customer, old).updated_at = now - timedelta(
            days=policy.data_quality.fresh_within_days + 1
        )
        session.commit()
    counted(store, policy)
    found = by_field(store)
    names = ("customers", "expected", "filled", "checked", "passed", "fresh")
    assert [found[actors.east, "city"][name] for name in names] == [2, 2, 2, 2, 1, 2]
    assert [found[actors.east, "birthday"][name] for name in names] == [2, 2, 0, 0, 0, 2]
    assert [found[actors.west, "birthday"][name] for name in names] == [0, 0, 0, 0, 0, 0]
    assert [found[actors.west, "name"][name] for name in names] == [1, 1, 1, 1, 0, 0]
    for department in (actors.east, actors.west):
        whole = found[department, ""]
        for name in ("expected", "filled", "checked", "passed"):
            assert whole[name] == sum(found[department, field][name] for field in FIELDS)
    assert found[actors.east, ""]["complete_squares"] == 3 * 3 + 3 * 3
    assert {name for (_, name) in found} == {"", *FIELDS}


def test_a_customer_merged_into_another_is_not_counted(store, policy):
    with store.write() as session:
        kept = add_customer(session, "A", name="张")
        gone = add_customer(session, "B", name="张")
        session.get_one(Customer, gone).merged_into_id = kept
        session.commit()
    assert [row["customer_id"] for row in counted(store, policy)] == [kept]


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
