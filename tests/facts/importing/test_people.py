"""Customers on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access.tables import Department, StaffMember
from core.access.vault import open_vault
from core.facts.tables import Customer
from tests.facts.conftest import records
from tests.facts.importing.results import counts, reasons

HEADER = ["客户编号", "客户名称", "手机号", "城市"]
ZHANG = ["A", "张晓明", "100 0000 1234", "杭州市"]
LI = ["B", "李娜", "10000001235", None]


def customers(store):
    return {c.code: c for c in records(store, select(Customer).order_by(Customer.code))}


def test_customers_are_stored_with_phone_and_email_sealed(bring, store):
    rows = [
        [*HEADER, "邮箱", "生日", "同意联系", "年营业额"],
        [*ZHANG, "Zhang@Example.com", "1990-05-01", "是", "1.5万"],
    ]
    result = bring("customers", rows)
    assert counts(result) == (1, 0, 0, 0)
    found = customers(store)["A"]
    vault = open_vault(store)
    assert vault.open(found.phone_sealed, f"customers.phone.{found.id}") == "10000001234"
    assert vault.open(found.email_sealed, f"customers.email.{found.id}") == "zhang@example.com"
    assert found.phone_index == vault.index("10000001234", "phone")
    assert (found.name, found.kind, found.city, found.consent) == ("张晓明", "person", "杭州市", True)
    assert (found.birthday.isoformat(), found.annual_revenue) == ("1990-05-01", 150_000_000)
    assert (found.batch_id, found.version) == (result.batch, 1)


@pytest.mark.parametrize("mode", ["add", "update", "both"])
def test_the_same_customers_again_are_unchanged(bring, store, mode):
    bring("customers", [HEADER, ZHANG, LI])
    assert counts(bring("customers", [HEADER, ZHANG, LI], mode=mode)) == (0, 0, 2, 0)
    assert [c.version for c in customers(store).values()] == [1, 1]


def test_adding_refuses_a_customer_stored_with_other_values(bring, store):
    bring("customers", [HEADER, ZHANG])
    result = bring("customers", [HEADER, ["A", "张晓明", "10000001234", "宁波市"], LI])
    assert counts(result) == (1, 0, 0, 1)
    assert reasons(store, result)[2].startswith("The customer is already stored with other values.")
    assert customers(store)["A"].city == "杭州市"


@pytest.mark.parametrize("mode", ["update", "both"])
def test_replacing_overwrites_with_what_is_given_and_keeps_the_rest(bring, store, mode):
    bring("customers", [HEADER, ZHANG])
    result = bring("customers", [HEADER, ["A", None, "10000009999", None]], mode=mode)
    assert counts(result) == (0, 1, 0, 0)
    found = customers(store)["A"]
    assert (found.name, found.city, found.version) == ("张晓明", "杭州市", 2)
    assert open_vault(store).open(found.phone_sealed, f"customers.phone.{found.id}") == "10000009999"


def test_updating_refuses_customers_that_are_not_stored(bring, store):
    result = bring("customers", [HEADER, ZHANG], mode="update")
    assert counts(result) == (0, 0, 0, 1)
    assert customers(store) == {}


def test_without_a_code_name_and_phone_say_who_is_meant(bring, store):
    bring("customers", [HEADER, ZHANG])
    result = bring("customers", [HEADER, [None, "张晓明", "+86 10000001234", "宁波市"]], mode="both")
    assert counts(result) == (0, 1, 0, 0)
    assert customers(store)["A"].city == "宁波市"


def test_a_new_customer_without_a_code_is_given_one_and_known_again(bring, store):
    rows = [HEADER, [None, "王芳", "10000001236", None]]
    assert counts(bring("customers", rows)) == (1, 0, 0, 0)
    (found,) = customers(store).values()
    assert found.code == f"N{found.id:08d}"
    assert counts(bring("customers", rows)) == (0, 0, 1, 0)


def test_a_name_and_phone_that_several_customers_have_is_refused(bring, store):
    bring("customers", [HEADER, ZHANG, ["C", *ZHANG[1:]]])
    result = bring("customers", [HEADER, [None, *ZHANG[1:]]], mode="both")
    assert counts(result) == (0, 0, 0, 1)
    assert reasons(store, result)[2].startswith("Several customers have this name and phone.")


def test_rows_with_and_without_code_that_mean_one_customer_must_agree(bring, store):
    rows = [HEADER, ZHANG, [None, "张晓明", "10000001234", "宁波市"]]
    assert counts(bring("customers", rows)) == (0, 0, 0, 2)
    assert counts(bring("customers", [HEADER, ZHANG, [None, *ZHANG[1:]]])) == (1, 0, 1, 0)


def test_managers_and_departments_join_the_directory(bring, store):
    header = [*HEADER, "部门", "客户经理"]
    result = bring("customers", [header, [*ZHANG, "客户一部", "李经理"], [*LI, "客户一部", "王经理"]])
    assert counts(result) == (2, 0, 0, 0)
    (department,) = records(store, select(Department))
    staff = {p.name: p for p in records(store, select(StaffMember))}
    assert {p.department_id for p in staff.values()} == {department.id}
    found = customers(store)["A"]
    assert (found.department_id, found.account_manager_id) == (department.id, staff["李经理"].id)
    assert counts(bring("customers", [header, [*ZHANG, "客户一部", "李经理"]])) == (0, 0, 1, 0)


def test_a_manager_nobody_knew_is_a_change_of_a_customer_who_had_none(bring, store):
    bring("customers", [HEADER, ZHANG])
    named = [[*HEADER, "部门", "客户经理"], [*ZHANG, "客户一部", "李经理"]]
    assert counts(bring("customers", named)) == (0, 0, 0, 1)
    assert counts(bring("customers", named, mode="both")) == (0, 1, 0, 0)
    (li,) = records(store, select(StaffMember))
    (department,) = records(store, select(Department))
    found = customers(store)["A"]
    assert (found.account_manager_id, found.department_id) == (li.id, department.id)


def test_refused_customers_leave_nobody_in_the_directory(bring, store):
    bring("customers", [[*HEADER, "生日", "客户经理"], [*ZHANG, "2099-01-01", "李经理"], [*LI, None, None]])
    assert records(store, select(StaffMember)) == []


def test_a_formula_in_a_name_is_kept_as_text(bring, store):
    bring("customers", [HEADER, ["A", "=cmd|' /C calc'!A0", None, None]])
    assert customers(store)["A"].name == "=cmd|' /C calc'!A0"


def test_customers_created_by_their_orders_can_be_filled_in_later(bring, store):
    bring("transactions", [["客户编号", "日期", "金额"], ["A", "2026-10-01", 5]], create_customers=True)
    assert customers(store)["A"].name == ""
    assert counts(bring("customers", [HEADER, ZHANG], mode="both")) == (0, 1, 0, 0)
    assert customers(store)["A"].name == "张晓明"
