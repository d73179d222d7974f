"""Blank cells: they keep what is stored, unless a person says that they empty it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.facts.importing import commit_import, preview
from core.facts.tables import Campaign, Contract, Customer, Lead, Outlet, Product
from tests.factmaking import add_own_field
from tests.facts.conftest import records

CUSTOMERS = ["客户编号", "姓名", "手机", "城市", "渠道", "客户经理", "客户类型", "备注等级"]
FILES = {
    "customers": (Customer, CUSTOMERS, ["A", "张晓明", "10000001234", "杭州市", "门店", "李经理", "企业", "甲"]),
    "leads": (Lead, ["线索编号", "姓名", "手机", "线索时间", "渠道", "地区", "负责人", "备注等级"],
              ["L1", "张晓明", "10000001234", "2026-10-01 09:00", "门店", "华东", "李经理", "甲"]),
    "contracts": (Contract, ["合同编号", "客户编号", "合同名称", "签订日期", "合同金额", "负责人", "备注等级"],
                  ["HT-1", "A", "年度合同", "2026-01-05", "12万", "李经理", "甲"]),
    "products": (Product, ["产品编码", "产品名称", "品类", "单价", "库存数量", "备注等级"],
                 ["007", "矿泉水", "饮料", "2.00", 360, "甲"]),
    "outlets": (Outlet, ["门店编号", "客户编号", "门店名称", "门店类型", "城市", "地址", "备注等级"],
                ["S1", "A", "悦邻店", "便利店", "杭州市", "文三路 100 号", "甲"]),
    "campaigns": (Campaign, ["活动编号", "活动名称", "渠道", "开始日期", "预算"],
                  ["HD1", "糖酒会", "展会", "2026-12-01", "5万"]),
}  # fmt: skip
GOES = {
    "customers": {"city", "channel", "own"},
    "leads": {"region", "own"},
    "contracts": {"title", "own"},
    "products": {"name", "category", "unit_price", "stock_quantity", "own"},
    "outlets": {"name", "kind", "city", "address", "own"},
    "campaigns": {"name", "channel", "starts_on", "budget"},
}
"""Columns that a blank takes away. Names of people, contact data and who is in charge stay."""
SHOWN = {
    "customers": {"city", "channel", "own_level"},
    "leads": {"region", "own_level"},
    "contracts": {"title", "own_level"},
    "products": {"product_name", "category", "unit_price", "stock_quantity", "own_level"},
    "outlets": {"outlet_name", "kind", "city", "address", "own_level"},
    "campaigns": {"campaign_name", "channel", "starts_on", "budget"},
}
OWN = ("customers", "leads", "contracts", "products", "outlets")
NEEDED = {"leads": {3, 4}, "contracts": {1, 3, 4}, "products": set(), "outlets": set(), "campaigns": set()}
"""Cells that no row of the file may lack, beside the first."""


@pytest.fixture
def blanked(store, bring):
    def run(table, **asked):
        """What was stored before and after a file whose cells are blank where they may be, and the result."""
        with store.write() as session:
            for each in OWN:
                add_own_field(session, each, "level", zh="备注等级", en="Level")
            session.commit()
        if table != "customers":
            bring("customers", [CUSTOMERS, FILES["customers"][2]])
        record, headers, row = FILES[table]
        bring(table, [headers, row])
        (before,) = records(store, select(record))
        kept = {0} | NEEDED.get(table, set())
        blank = [cell if place in kept else None for place, cell in enumerate(row)]
        return (
            before,
            lambda: records(store, select(record))[0],
            lambda command=commit_import: bring(table, [headers, blank], command, **asked),
        )

    return run


def differing(before, after):
    columns = [c.name for c in type(before).__table__.columns]
    return {
        name for name in columns
        if name not in ("version", "batch_id", "updated_at") and getattr(before, name) != getattr(after, name)
    }  # fmt: skip


@pytest.mark.parametrize("table", FILES)
def test_blank_cells_keep_what_is_stored(blanked, table):
    before, after, go = blanked(table, mode="both")
    assert go().unchanged == 1
    assert differing(before, after()) == set()


@pytest.mark.parametrize("table", FILES)
def test_blank_cells_empty_what_is_stored_where_that_was_asked(blanked, table):
    before, after, go = blanked(table, mode="both", clear_blanks=True)
    assert go().updated == 1
    assert differing(before, after()) == GOES[table]
    assert go().unchanged == 1


@pytest.mark.parametrize("table", FILES)
def test_the_check_lists_every_value_that_would_go_and_no_other(blanked, table):
    _before, _after, go = blanked(table, mode="both", clear_blanks=True)
    seen = go(preview)
    assert {(each.field, each.new) for each in seen.changes} == {(field, "") for field in SHOWN[table]}
    assert seen.changes_total == len(SHOWN[table])


def test_own_values_that_the_file_does_not_name_stay(store, bring):
    with store.write() as session:
        for name, zh in (("level", "备注等级"), ("origin", "产地")):
            add_own_field(session, "products", name, zh=zh, en=name)
        session.commit()
    bring("products", [["产品编码", "备注等级", "产地"], ["007", "甲", "杭州"]])
    bring("products", [["产品编码", "备注等级"], ["007", None]], mode="both", clear_blanks=True)
    assert [each.own for each in records(store, select(Product))] == [{"origin": "杭州"}]
