"""Where customers are, filled in where the file leaves it open: counted, and never against what is given."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access.actor import SYSTEM
from core.facts.checking.results import CleanedField
from core.facts.importing import preview
from core.facts.importing.places_filled import fill, follow
from core.facts.importing.undo import undo_import
from core.facts.tables import Customer, ImportBatch
from tests.conftest import NOW
from tests.facts.conftest import records

HEADER = ["客户编号", "客户名称", "手机号", "大区", "省份", "城市"]


@pytest.mark.parametrize(
    ("row", "filled"),
    [
        ({"phone": "057187654321"}, {"region": "华东", "province": "浙江省", "city": "杭州市"}),
        ({"city": "杭州"}, {"region": "华东", "province": "浙江省"}),
        ({"province": "浙江"}, {"region": "华东"}),
        ({"province": "浙江", "phone": "057187654321"}, {"region": "华东", "city": "杭州市"}),
        (
            {"address": "广东省深圳市南山区", "phone": "057187654321"},
            {"region": "华南", "province": "广东省", "city": "深圳市"},
        ),
        ({"province": "广东", "phone": "057187654321"}, {"region": "华南"}),
        ({"region": "华北", "phone": "057187654321"}, {}),
        ({"region": "华北", "province": "北京", "city": "北京"}, {}),
        ({"phone": "+14155550100"}, {}),
        ({"name": "甲"}, {}),
    ],
)
def test_a_place_is_filled_in_unless_it_contradicts_what_is_given(row, filled):
    before = dict(row)
    fill([row])
    assert row == before | filled


def test_filled_cells_are_counted_among_the_cleaned_ones_and_the_file_again_changes_nothing(bring, store):
    rows = [HEADER, ["A", "甲", "057187654321", None, None, None], ["B", "乙", None, None, None, "杭州"]]
    seen = bring("customers", rows, command=preview)
    assert seen.cleaned == (
        CleanedField("region", 2, (("", "华东"),), "filled"),
        CleanedField("province", 2, (("", "浙江省"),), "filled"),
        CleanedField("city", 1, (("", "杭州市"),), "filled"),
    )
    bring("customers", rows)
    first = records(store, select(Customer).order_by(Customer.code))
    assert [(c.region, c.province, c.city) for c in first] == [
        ("华东", "浙江省", "杭州市"),
        ("华东", "浙江省", "杭州"),
    ]
    assert records(store, select(ImportBatch))[0].cleaned_cells == 5
    assert bring("customers", rows, mode="both").unchanged == 2


PORT = {"region": "华东", "province": "江苏省", "city": "连云港市"}
CITY = {"region": "华东", "province": "上海市", "city": "上海"}
NONE = {"region": None, "province": None, "city": None}


@pytest.mark.parametrize(
    ("stored", "row", "becomes"),
    [
        (PORT, {"city": "广州"}, {"region": "华南", "province": "广东省", "city": "广州"}),
        (CITY, {"city": "北京"}, {"region": "华北", "province": "北京市", "city": "北京"}),
        (PORT, {"city": "苏州"}, PORT | {"city": "苏州"}),
        (PORT, {"province": "广东"}, {"region": "华南", "province": "广东", "city": None}),
        (PORT, {"province": "广东", "phone": "02087654321"},
         {"region": "华南", "province": "广东", "city": "广州市"}),
        (PORT, {"region": "东区"}, PORT | {"region": "东区"}),
        (PORT | {"region": "东区"}, {"city": "广州"}, {"region": "东区", "province": "广东省", "city": "广州"}),
        (PORT, {"city": "Springfield"}, PORT | {"city": "Springfield"}),
        (PORT, {"city": "广州", "region": "华东"}, PORT | {"city": "广州"}),
        (PORT, {"phone": "057187654321"}, PORT),
        (NONE, {"phone": "057187654321"}, {"region": "华东", "province": "浙江省", "city": "杭州市"}),
        (NONE | {"province": "浙江省"}, {"phone": "057187654321"},
         {"region": "华东", "province": "浙江省", "city": "杭州市"}),
        (NONE | {"city": "广州市"}, {"phone": "057187654321"},
         {"region": "华南", "province": "广东省", "city": "广州市"}),
        (NONE, {"name": "甲"}, NONE),
    ],
)  # fmt: skip
def test_a_place_that_a_file_gives_takes_along_what_followed_from_the_one_before(stored, row, becomes):
    changes = {name: value for name, value in row.items() if value != stored.get(name)}
    filled = follow(row, changes, stored)
    assert stored | {name: value for name, value in changes.items() if name in stored} == becomes
    told = {name: value for name, value in row.items() if name in stored}
    differs = {name: value for name, value in becomes.items() if value and value != stored[name]}
    assert filled == {name: value for name, value in differs.items() if name not in told}


def places(store):
    return {c.code: (c.region, c.province, c.city) for c in records(store, select(Customer))}


def test_a_customer_known_by_the_code_alone_is_filled_in_when_the_phone_comes_and_the_check_lists_it(
    bring, store
):
    bring("transactions", [["客户编号", "日期", "金额"], ["A", "2026-10-01", 5]], create_customers=True)
    rows = [HEADER, ["A", "甲", "057187654321", None, None, None]]
    seen = bring("customers", rows, mode="both", command=preview)
    assert [(each.field, each.old, each.new) for each in seen.changes if each.field not in ("name", "phone")] == [
        ("region", "", "华东"), ("province", "", "浙江省"), ("city", "", "杭州市"),
    ]  # fmt: skip
    assert {(each.field, each.cells) for each in seen.cleaned if each.kind == "filled"} == {
        ("region", 1), ("province", 1), ("city", 1),
    }  # fmt: skip
    bring("customers", rows, mode="both")
    assert places(store) == {"A": ("华东", "浙江省", "杭州市")}
    assert bring("customers", rows, mode="both").unchanged == 1


def test_a_city_that_changes_leaves_no_province_behind_and_undoing_brings_all_back(bring, store):
    bring(
        "customers", [HEADER, ["A", "甲", "051887654321", None, None, None], ["B", "乙", *[None] * 3, "上海"]]
    )
    before = places(store)
    assert before == {"A": ("华东", "江苏省", "连云港市"), "B": ("华东", "上海市", "上海")}
    rows = [["客户编号", "城市"], ["A", "广州"], ["B", "北京"]]
    seen = bring("customers", rows, mode="both", command=preview)
    assert [(each.record, each.field, each.old, each.new) for each in seen.changes] == [
        ("A", "city", "连云港市", "广州"), ("A", "region", "华东", "华南"), ("A", "province", "江苏省", "广东省"),
        ("B", "city", "上海", "北京"), ("B", "region", "华东", "华北"), ("B", "province", "上海市", "北京市"),
    ]  # fmt: skip
    result = bring("customers", rows, mode="both")
    assert places(store) == {"A": ("华南", "广东省", "广州"), "B": ("华北", "北京市", "北京")}
    assert bring("customers", rows, mode="both").unchanged == 2
    undo_import(SYSTEM, store, result.batch, now=NOW)
    assert places(store) == before
