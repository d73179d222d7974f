"""Where new customers are, filled in where the file leaves it open: counted, and never against what is given."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.facts.checking import CleanedField
from core.facts.importing import preview
from core.facts.importing.places_filled import fill
from core.facts.tables import Customer, ImportBatch
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
