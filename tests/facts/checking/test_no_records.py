"""Rows that stand among the records of a file and are none: each is refused with its reason, and no record with it."""

from __future__ import annotations

import pytest

from core.facts.checking.no_records import _Codes, rows_without_record
from core.facts.fields import TABLES
from core.facts.matching.match import match_headers
from core.language import translate
from tests.facts.conftest import staged_rows

CUSTOMERS = ["客户编号", "客户名称", "手机号", "城市"]
FULL = ["C001", "甲公司", "15412341234", "杭州市"]
SUM, NOTE = "a row of sums", "a note of the report"
HEADER, HEADING = "repeats the names of the columns", "a heading, it seems"


@pytest.fixture
def none_of(tmp_path):
    def run(table, rows):
        staged = staged_rows(rows, tmp_path)
        found = rows_without_record(staged, match_headers(TABLES[table], staged.headers))
        return {row: translate(why, "en") for row, why in sorted(found.items())}

    return run


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("合计：3户", SUM),
        ("总 计", SUM),
        ("本页合计：", SUM),
        ("本期合计", SUM),
        ("小计(C002)", SUM),
        ("合计金额（大写）：叁佰伍拾元整", SUM),
        ("合计（大写）叁佰伍拾元整", SUM),
        ("期初余额", SUM),
        ("门店数：1", SUM),
        ("Grand total: 3", SUM),
        ("制表人：张三", NOTE),
        ("审核：", NOTE),
        ("第1页 共1页", NOTE),
        ("第1页，打印：张三", NOTE),
        ("第一页共三页", NOTE),
        ("第 2 页（共 3 页）", NOTE),
        ("共 3 条记录", NOTE),
        ("共3户，合计300元", NOTE),
        ("共3页 第1页", NOTE),
        ("金额单位：人民币万元", NOTE),
        ("说明：本表仅供内部使用", NOTE),
        ("打印时间:2026-11-03 10:00", NOTE),
        ("---以下空白---", NOTE),
        ("必填", NOTE),
        ("Page 1 of 3", NOTE),
        ("Prepared by: Lee", NOTE),
        ("客户编号", HEADER),
    ],
)
@pytest.mark.parametrize("width", [1, 4])
def test_what_is_no_code_is_refused_in_a_narrow_table_as_in_a_wide_one(none_of, width, cell, reason):
    blank = [cell, None, None, None]
    found = none_of("customers", [CUSTOMERS[:width], FULL[:width], blank[:width]])
    assert list(found) == [3]
    assert reason in found[3]


@pytest.mark.parametrize(
    "code",
    [
        *(
            "C-合1",
            "合计科技",
            "统计局",
            "总部",
            "第1店",
            "1/3",
            "Total",
            "Total Energies",
            "说明书",
            "备注",
            "单位A",
        ),
        *("Note 7", "以下店", "--", "2026-10-01", "total-1", "数量1", "编号：001", "客户", "Customer"),
        *("第一页传媒", "第一页共享空间", "共1家便利店", "单位：张三", "累计(中国)公司"),
    ],
)
@pytest.mark.parametrize("width", [1, 4])
def test_a_code_that_only_looks_a_little_like_it_is_taken(none_of, width, code):
    row = [code, "乙公司", "15412341235", "上海市"]
    assert none_of("customers", [CUSTOMERS[:width], FULL[:width], row[:width]]) == {}


ORDERS = ["客户编号", "订单号", "下单日期", "数量", "金额"]


def test_the_sum_of_a_customer_is_told_from_a_customer_by_the_rest_of_its_row(none_of):
    found = none_of(
        "transactions",
        [
            ORDERS,
            ["C001", "O1", "2026-10-01", "1", "100"],
            ["C001 小计", None, None, "3", "¥300.00"],
            ["C001 汇总", None, "2026-10-31", "-", "300元"],
            ["C001 Total", None, None, None, "300"],
            ["销售汇总", "O2", "2026-10-02", "1", "100"],
            ["汇总科技有限公司", None, "2026-10-02", "1", "100"],
            ["汇总表", None, None, "4", "400"],
        ],
    )
    assert {row: SUM in why for row, why in found.items()} == dict.fromkeys((3, 4, 5, 8), True)


def test_a_sum_beside_counted_things_is_no_product(none_of):
    rows = [
        ["产品编号", "产品名称", "单价", "库存数量"],
        ["P1", "苹果", "5", "10"],
        ["合计", "2 种", None, "30"],
    ]
    assert list(none_of("products", rows)) == [3]


@pytest.mark.parametrize(
    "second",
    [
        ["客户编号", "客户名称", None, "城市"],
        ["customer_code", "name", "Phone", None],
        ["会员编号", "姓名", None, None],
    ],
)
def test_a_header_on_a_second_page_or_in_another_language_is_no_customer(none_of, second):
    (why,) = none_of("customers", [CUSTOMERS, FULL, second]).values()
    assert HEADER in why


def test_a_row_with_a_value_beside_names_of_fields_is_a_customer(none_of):
    assert none_of("customers", [CUSTOMERS, FULL, ["客户编号", "客户名称", "15412341235", None]]) == {}


def test_a_heading_over_groups_of_rows_is_no_customer(none_of):
    rows = [
        CUSTOMERS,
        ["华东区", None, None, None],
        FULL,
        ["华北区", None, None, None],
        ["C002", "乙", None, None],
        FULL,
    ]
    assert {row: HEADING in why for row, why in none_of("customers", rows).items()} == {2: True, 4: True}


@pytest.mark.parametrize(
    "rows",
    [
        [["华东店"], ["C001"], ["C002"]],
        [["华东店", None, None, None], FULL, ["华北店", "乙", None, None], FULL],
        [["华东店", None, None, None], FULL, ["C002", None, None, None], FULL],
        [["华东店", None, None, None], ["华北店", None, None, None], FULL],
    ],
)
def test_a_word_alone_is_a_code_where_other_rows_have_such_codes_or_no_more_cells(none_of, rows):
    assert none_of("customers", [CUSTOMERS[: len(rows[0])], *rows]) == {}


def test_the_one_in_charge_is_not_quoted(none_of):
    (why,) = none_of(
        "customers", [CUSTOMERS, FULL, ["制表人：张三丰 15412341234", None, None, None]]
    ).values()
    assert why == "This is a note of the report (“制表人”), not a record. Nothing of it was taken."


def test_only_rows_whose_code_matches_as_a_whole_are_read_as_a_whole(none_of, monkeypatch):
    read, cells = [], _Codes._cells
    monkeypatch.setattr(_Codes, "_cells", lambda codes, rows: read.extend(rows) or cells(codes, rows))
    pages = [[f"网页-{number:03}", "乙公司", "15412341235", "上海市"] for number in range(100)]
    found = none_of("customers", [CUSTOMERS, *pages, ["合计：100户", None, None, None], CUSTOMERS])
    assert list(found) == read == [102, 103]
