"""What a preview shows of the rows: samples by what becomes of them, and what is overwritten, old and new."""

from __future__ import annotations

import pytest

from core.facts.importing import Change, preview
from tests.factmaking import add_own_field

CUSTOMERS = ["客户编号", "客户名称", "手机号", "城市", "部门", "年收入"]


def cells(seen):
    return [(each.row, each.record, each.field, each.old, each.new) for each in seen.changes]


def test_changed_cells_of_customers_are_shown_old_and_new_with_personal_values_masked(bring):
    bring(
        "customers",
        [
            CUSTOMERS,
            ["A", "张晓明", "13800001234", "杭州", "华东", 5],
            ["B", "李红", None, "宁波", None, None],
        ],
    )
    again = [CUSTOMERS, ["A", "张小明", "13900005678", "宁波", "华北", "6万"], ["B", "李红", None, None, None, None],
             ["C", "王五", "13900005678", None, None, None]]  # fmt: skip
    seen = bring("customers", again, command=preview, mode="both")
    assert (seen.changes_total, cells(seen)) == (5, [
        (2, "A", "name", "张**", "张**"),
        (2, "A", "city", "杭州", "宁波"),
        (2, "A", "annual_revenue", "5", "60000"),
        (2, "A", "phone", "138****1234", "139****5678"),
        (2, "A", "department", "华东", "华北"),
    ])  # fmt: skip
    assert [row["customer_code"] for row in seen.samples["new"]] == ["C"]
    assert [row["customer_code"] for row in seen.samples["unchanged"]] == ["B"]
    assert seen.to_json()["changes"][1]["new"] == "宁波"


def test_new_customers_that_share_a_phone_are_suspected_to_be_one(bring):
    bring("customers", [CUSTOMERS, ["A", "张晓明", "13800001234", None, None, None]])
    rows = [
        ["B", "张先生", "13800001234"],
        ["C", "李红", "13800005678"],
        ["D", "李女士", "13800005678"],
        ["E", "王", "13800009999"],
    ]
    seen = bring("customers", [CUSTOMERS[:3], *rows], command=preview)
    assert seen.counts.suspected_duplicates == 3
    assert [row["customer_code"] for row in seen.samples["suspected_duplicate"]] == ["B", "C", "D"]


def test_changed_lines_are_paired_by_their_number(bring):
    header = ["客户编号", "订单编号", "行号", "下单时间", "金额", "产品名称", "销售"]
    stored = [
        ["A", "1", "1", "2026-10-01", 10, "Tea", "王伟"],
        ["A", "1", "2", "2026-10-01", 20, "Cup", "王伟"],
    ]
    bring("transactions", [header, *stored], create_customers=True)
    changed = [
        ["A", "1", "1", "2026-10-01", 12, None, "王伟"],
        ["A", "1", "2", "2026-10-01", 20, "Cup", "李红"],
    ]
    seen = bring("transactions", [header, *changed], command=preview, mode="both")
    assert (seen.changes_total, cells(seen)) == (3, [
        (2, "1", "amount", "10", "12"), (2, "1", "product_name", "Tea", ""), (3, "1", "salesperson", "王伟", "李红"),
    ])  # fmt: skip


def test_orders_whose_lines_cannot_be_told_apart_are_shown_by_lines_and_amount(bring):
    header = ["客户编号", "订单编号", "下单时间", "金额"]
    stored = [["A", "1", "2026-10-01", 10], ["A", "1", "2026-10-01", 20], ["A", "2", "2026-10-02", 1]]
    bring("transactions", [header, *stored], create_customers=True)
    again = [
        ["A", "1", "2026-10-01", 10],
        ["A", "2", "2026-10-02", "1.5"],
        ["A", "3", "2026-10-03", 5],
        ["A", "3", "2026-10-03", 5],
    ]
    seen = bring("transactions", [header, *again], command=preview, mode="both")
    assert (seen.changes_total, cells(seen)) == (3, [
        (2, "1", "lines", "2", "1"), (2, "1", "amount", "30", "10"), (3, "2", "amount", "1", "1.5"),
    ])  # fmt: skip
    assert [row["order_no"] for row in seen.samples["new"]] == ["3", "3"]
    assert len(seen.samples["suspected_duplicate"]) == 1


def test_changed_cells_of_leads_are_shown(bring):
    header = ["lead_code", "arrived_at", "name", "phone", "owner", "channel", "customer_code"]
    bring("customers", [["客户编号", "客户名称"], ["A", "甲"], ["B", "乙"]])
    bring("leads", [header, ["L1", "2026-10-01 09:00", "张三", "13800001234", "王伟", "抖音", "A"]])
    again = [header, ["L1", "2026-10-01 09:00", None, "13900005678", "李红", "门店", "B"]]
    seen = bring("leads", again, command=preview, mode="both")
    assert (seen.changes_total, sorted(cells(seen), key=lambda cell: cell[2])) == (4, [
        (2, "L1", "channel", "抖音", "门店"),
        (2, "L1", "customer_code", "A", "B"),
        (2, "L1", "owner", "王伟", "李红"),
        (2, "L1", "phone", "138****1234", "139****5678"),
    ])  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_changed_costs_are_shown(bring):
    header = ["月份", "渠道", "活动", "费用"]
    bring("channel_costs", [header, ["2026-09", "抖音", None, 100]])
    seen = bring("channel_costs", [header, ["2026-09", "抖音", None, 120]], command=preview, mode="both")
    assert seen.changes == (Change(2, "2026-09 抖音", "cost", "100", "120"),)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("table", "header"), [("customers", "客户编号"), ("leads", "lead_code")])
def test_changed_cells_of_own_fields_are_shown_and_personal_ones_masked(bring, store, table, header):
    with store.write() as session:
        for code, personal in (("size", False), ("nickname", True)):
            add_own_field(session, table, code, personal=personal)
        session.commit()
    also = {"customers": ("客户名称", "甲"), "leads": ("arrived_at", "2026-10-01")}[table]
    top = [header, also[0], "size", "nickname"]
    bring(table, [top, ["X", also[1], "S", "小明"]])
    seen = bring(table, [top, ["X", also[1], "L", "大力"]], command=preview, mode="both")
    assert sorted(cells(seen)) == [(2, "X", "own_nickname", "小***", "大***"), (2, "X", "own_size", "S", "L")]
