"""Campaigns, contracts, payments, products and outlets on both databases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core.access.tables import StaffMember
from core.facts.checking.check import check
from core.facts.cleaning.dates import Reading
from core.facts.fields import TABLES
from core.facts.importing import ImportRequest, commit_import, preview
from core.facts.importing.records import plan
from core.facts.importing.records_changed import changed_cells
from core.facts.importing.workspace import open_workspace
from core.facts.matching.match import match_headers
from core.facts.tables import Campaign, Contract, Customer, Outlet, OwnField, Payment, Product
from tests.factmaking import add_own_field
from tests.facts.conftest import records, staged_rows
from tests.facts.importing.results import counts, reasons, rejected

CONTRACTS = [
    ["合同编号", "客户编号", "合同名称", "签订日期", "开始日期", "结束日期", "合同金额", "负责人"],
    ["HT-001", "A", "=1+1", "2026-01-05", "2026-02-01", "2099-12-31", "12万", "李经理"],
    ["0002", "B", None, "2026/3/1", None, None, 500, None],
]
PAYMENTS = [
    ["回款编号", "客户编号", "合同编号", "应收日期", "应收金额", "回款日期", "回款金额"],
    ["1", None, "HT-001", "2026-03-01", 60000, "2026-03-02", 60000],
    ["2", "A", "HT-001", "2027-03-01", 60000, None, None],
    ["3", "B", None, "2026-05-01", 500, None, None],
]
PRODUCTS = [
    ["产品编码", "产品名称", "品类", "单价", "库存数量", "库龄"],
    ["007", "张*", "饮料", "48.00", 360, 45],
    ["008", "NA", None, None, None, None],
]
OUTLETS = [
    ["门店编号", "门店名称", "所属客户编号", "门店类型", "城市", "地址", "开业日期"],
    ["S1", "悦邻店", "A", "便利店", "杭州市", "文三路 100 号", "2020-05-01"],
    ["S2", "沐岚副食", None, "小店", None, None, None],
]
CAMPAIGNS = [["活动编号", "活动名称", "渠道", "开始日期", "结束日期", "预算"],
             ["HD1", "糖酒会", "展会", "2026-12-01", "2026-12-05", "5万"]]  # fmt: skip
ALL = {
    "campaigns": (CAMPAIGNS, Campaign),
    "contracts": (CONTRACTS, Contract),
    "products": (PRODUCTS, Product),
    "outlets": (OUTLETS, Outlet),
}


def stored(store, record):
    return records(store, select(record).order_by(record.code))


@pytest.mark.parametrize("table", ALL)
def test_what_is_stored_is_known_again_in_every_mode(bring, store, table):
    rows, record = ALL[table]
    first = bring(table, rows, create_customers=True)
    assert counts(first) == (len(rows) - 1, 0, 0, 0)
    before = [vars(each) | {"_sa_instance_state": None} for each in stored(store, record)]
    for mode in ("add", "update", "both"):
        assert counts(bring(table, [rows[0], *reversed(rows[1:])], mode=mode)) == (0, 0, len(rows) - 1, 0)
    assert [vars(each) | {"_sa_instance_state": None} for each in stored(store, record)] == before


def test_a_contract_has_its_customer_its_owner_and_days_to_come(bring, store):
    result = bring("contracts", CONTRACTS, create_customers=True)
    assert result.customers_created == 2
    second, first = stored(store, Contract)
    (li,) = records(store, select(StaffMember))
    customers = {each.code: each.id for each in records(store, select(Customer))}
    assert (first.code, first.title, first.amount, first.owner_id) == ("HT-001", "=1+1", 1_200_000_000, li.id)
    assert (first.signed_on, first.ends_on) == (date(2026, 1, 5), date(2099, 12, 31))
    assert (first.customer_id, first.batch_id) == (customers["A"], result.batch)
    assert (second.code, second.customer_id, second.owner_id) == ("0002", customers["B"], None)


def test_what_names_an_unknown_customer_is_refused_with_what_to_do(bring, store):
    result = bring("contracts", CONTRACTS)
    assert counts(result) == (0, 0, 0, 2)
    assert rejected(store, result)[1][1] == "B (客户编号)"
    assert reasons(store, result)[2] == (
        "No customer has the code A. Import the customers first, or have new customers created from this file."
    )


def test_other_values_are_refused_or_replace_what_is_stored_and_blanks_keep_it(bring, store):
    bring("contracts", CONTRACTS, create_customers=True)
    other = [CONTRACTS[0], ["HT-001", None, None, "2026-01-06", None, None, 120000, None]]
    other[1][1] = "A"
    result = bring("contracts", other)
    assert counts(result) == (0, 0, 0, 1)
    assert reasons(store, result)[2].startswith("Contract HT-001 is already stored with other values.")
    assert counts(bring("contracts", other, mode="update")) == (0, 1, 0, 0)
    changed = stored(store, Contract)[1]
    assert (changed.signed_on, changed.title, changed.ends_on) == (
        date(2026, 1, 6),
        "=1+1",
        date(2099, 12, 31),
    )
    assert changed.owner_id is not None


def test_updating_refuses_what_is_not_stored(bring, store):
    result = bring("products", PRODUCTS, mode="update")
    assert counts(result) == (0, 0, 0, 2)
    assert reasons(store, result)[2] == (
        "Product 007 is not stored yet. Import it in a mode that adds what is new."
    )


def test_contradicting_rows_are_all_refused_in_any_order_and_equal_ones_are_one(bring, store):
    one, two = ["P1", "Tea", None, "1", None, None], ["P1", "Tea", None, "2", None, None]
    for rows in ([one, two], [two, one]):
        result = bring("products", [PRODUCTS[0], *rows])
        assert counts(result) == (0, 0, 0, 2)
        assert (
            reasons(store, result)[2] == "Rows 2 and 3 name the same record with different values. Keep one."
        )
    assert counts(bring("products", [PRODUCTS[0], one, one])) == (1, 0, 1, 0)


def test_a_payment_may_name_its_contract_and_then_needs_no_customer(bring, store):
    bring("contracts", CONTRACTS, create_customers=True)
    assert counts(bring("payments", PAYMENTS)) == (3, 0, 0, 0)
    first, second, third = stored(store, Payment)
    contract = stored(store, Contract)[1]
    assert (first.customer_id, first.contract_id) == (contract.customer_id, contract.id)
    assert (first.amount, first.paid_on, first.paid_amount) == (600_000_000, date(2026, 3, 2), 600_000_000)
    assert (second.due_on, second.paid_on) == (date(2027, 3, 1), None)
    assert third.contract_id is None
    assert counts(bring("payments", PAYMENTS)) == (0, 0, 3, 0)


def test_a_payment_of_an_unknown_or_foreign_contract_or_of_nobody_is_refused(bring, store):
    bring("contracts", CONTRACTS, create_customers=True)
    rows = [
        PAYMENTS[0],
        ["1", "A", "HT-9", "2026-03-01", 1, None, None],
        ["2", "B", "HT-001", "2026-03-01", 1, None, None],
        ["3", None, None, "2026-03-01", 1, None, None],
    ]
    result = bring("payments", rows)
    assert counts(result) == (0, 0, 0, 3)
    assert reasons(store, result) == {
        2: "No contract has the code HT-9. Import the contracts first, or leave the cell blank and name the customer.",
        3: "Contract HT-001 belongs to another customer. Correct the contract or the customer.",
        4: "Customer code is missing. Fill it in.",
    }


def test_the_age_of_stock_is_the_day_it_arrived_and_said_as_cleaned(bring, store):
    seen = bring("products", PRODUCTS, command=preview)
    (cleaned,) = [each for each in seen.cleaned if each.field == "stocked_on"]
    assert (cleaned.cells, cleaned.samples) == (1, (("45", "2026-09-19"),))
    bring("products", PRODUCTS)
    first, second = stored(store, Product)
    assert (first.code, first.name, first.stocked_on) == ("007", "张*", date(2026, 9, 19))
    assert (first.unit_price, first.stock_quantity) == (480_000, 3_600_000)
    assert (second.name, second.category, second.stocked_on) == ("NA", None, None)


def test_the_age_of_stock_counts_from_the_day_of_the_count_and_a_given_day_wins(bring, store):
    rows = [
        ["产品编码", "库龄（天）", "盘点日期", "入库日期"],
        ["A", 10, "2026-10-31", None],
        ["B", 10, None, "2026-10-01"],
        ["C", 99999, None, None],
    ]
    result = bring("products", rows)
    assert counts(result) == (2, 0, 0, 1)
    assert reasons(store, result)[4] == "A stock age of 99999 days cannot be right. Correct it."
    assert [each.stocked_on for each in stored(store, Product)] == [date(2026, 10, 21), date(2026, 10, 1)]
    (note,) = bring("products", rows, command=preview).notes
    assert note.sentence.startswith("Rows in which the day and the age")


@pytest.mark.parametrize("mode", ["add", "update", "both"])
def test_the_same_file_counts_ages_of_stock_from_the_day_of_its_first_import(bring, store, now, mode):
    def later(command):
        return lambda actor, store, request, *, now: command(
            actor, store, request, now=now + timedelta(days=20)
        )

    rows = [["产品编码", "库龄（天）"], ["P", 30]]
    (note,) = bring("products", rows, command=preview).notes
    assert (note.values, "from today" in note.sentence) == ({"rows": 1, "day": date(2026, 11, 3)}, True)
    bring("products", rows)
    (note,) = bring("products", rows, command=later(preview)).notes
    assert (note.values, "first imported" in note.sentence) == ({"rows": 1, "day": date(2026, 11, 3)}, True)
    assert counts(bring("products", rows, command=later(commit_import), mode=mode)) == (0, 0, 1, 0)
    assert [each.stocked_on for each in stored(store, Product)] == [date(2026, 10, 4)]
    other = [*rows, ["Q", 30]]
    assert counts(bring("products", other, command=later(commit_import), mode="both")) == (1, 1, 0, 0)
    assert {each.stocked_on for each in stored(store, Product)} == {date(2026, 10, 24)}


def test_a_store_may_belong_to_nobody_and_is_of_a_kind(bring, store):
    bring("outlets", OUTLETS, create_customers=True)
    first, second = stored(store, Outlet)
    assert (first.kind, first.city, first.opened_on) == ("convenience", "杭州市", date(2020, 5, 1))
    assert (second.kind, second.customer_id) == ("family", None)


def test_what_would_end_before_it_starts_is_refused(bring, store):
    bring("campaigns", CAMPAIGNS)
    earlier = [["活动编号", "结束日期"], ["HD1", "2026-11-01"]]
    result = bring("campaigns", earlier, mode="update")
    assert reasons(store, result) == {
        2: "Campaign HD1 would end before it starts. Correct one of the two days."
    }


def test_own_fields_are_stored_kept_and_compared(bring, store, now):
    with store.write() as session:
        for code, kind in (("rank", "integer"), ("renewal", "date"), ("old", "text")):
            add_own_field(session, "contracts", code, kind)
        session.commit()
    header = [*CONTRACTS[0], "rank", "renewal", "old"]
    bring("contracts", [header, [*CONTRACTS[1], 3, "2027-01-01", "=x"]], create_customers=True)
    (first,) = stored(store, Contract)
    assert first.own == {"rank": 3, "renewal": "2027-01-01", "old": "=x"}
    with store.write() as session:
        session.scalars(select(OwnField).where(OwnField.code == "old")).one().retired_at = now
        session.commit()
    again = [header[:-1], [*CONTRACTS[1], None, "2027-01-01"]]
    assert counts(bring("contracts", again)) == (0, 0, 1, 0)
    again[1][8] = 4
    assert counts(bring("contracts", again, mode="both")) == (0, 1, 0, 0)
    assert stored(store, Contract)[0].own == {"rank": 4, "renewal": "2027-01-01", "old": "=x"}


def test_the_code_of_a_merged_customer_means_the_one_it_was_merged_into(bring, store):
    bring("contracts", CONTRACTS, create_customers=True)
    with store.write() as session:
        one, two = session.scalars(select(Customer).order_by(Customer.code))
        two.merged_into_id = one.id
        session.commit()
        kept = one.id
    rows = [OUTLETS[0], ["S9", "x", "B", None, None, None, None]]
    assert counts(bring("outlets", rows)) == (1, 0, 0, 0)
    assert counts(bring("satisfaction", [["客户编号", "评价时间", "评分"], ["B", "2026-10-01", 5]])) == (
        1,
        0,
        0,
        0,
    )
    assert counts(bring("satisfaction", [["客户编号", "评价时间", "评分"], ["A", "2026-10-01", 5]])) == (
        0,
        0,
        1,
        0,
    )
    with store.read() as session:
        assert session.scalar(select(Outlet.customer_id)) == kept
        assert session.scalar(select(func.count()).select_from(Customer)) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_check_can_tell_every_cell_that_changes(bring, store, tmp_path):
    """Asked of the room itself: how the check shows it is told where the check is tested."""
    bring("contracts", CONTRACTS, create_customers=True)
    header, first, _ = CONTRACTS
    other = [header, ["HT-001", "B", "=1+2", *first[3:5], "2030-01-01", 120000, "王"]]
    staged = staged_rows(other, tmp_path / "staged")
    matching = match_headers(TABLES["contracts"], staged.headers)
    reading = Reading(date(2026, 11, 3), "Asia/Shanghai")
    with store.read() as session:
        changes = in_workspace(session, check(staged, matching, reading), tmp_path, "both")
    assert changes == (
        [
            (2, "HT-001", "title", "=1+1", "=1+2"),
            (2, "HT-001", "ends_on", date(2099, 12, 31), date(2030, 1, 1)),
            (2, "HT-001", "customer_code", "A", "B"),
            (2, "HT-001", "owner", "李经理", "王"),
        ],
        4,
    )


def in_workspace(session, checked, folder, mode):
    request = ImportRequest.of("x", "x", "contracts", mode=mode)
    with open_workspace(session, checked, folder, request) as work:
        plan(work)
        return changed_cells(work, 100)
