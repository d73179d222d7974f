"""What the header of a column of numbers says of its unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.facts.cleaning.header_units import ANOTHER, UNKNOWN, header_unit
from core.facts.cleaning.header_units_told import unit_notes
from core.facts.cleaning.numbers import number_reader, reader_in
from core.facts.fields import TABLES
from core.language import Message, translate

AMOUNT = TABLES["transactions"].field("amount")
STOCK = TABLES["products"].field("stock_quantity")
AGE = TABLES["products"].field("stock_days")
USES = TABLES["usage"].field("uses")
SCORE = TABLES["satisfaction"].field("score")


def own(kind: str, name: str, unit: str = ""):
    return replace(
        AMOUNT, code="own_1", kind=kind, label=name, synonyms_zh=(name,), synonyms_en=(), unit=unit, own=True
    )


@pytest.mark.parametrize(
    ("field", "header", "factor"),
    [
        (AMOUNT, "金额（分）", "0.01"),
        (AMOUNT, "Amount (cents)", "0.01"),
        (AMOUNT, "金额(角)", "0.1"),
        (AMOUNT, "金额（百元）", "100"),
        (AMOUNT, "Amount ('000)", "1000"),
        (AMOUNT, "Amount (000s)", "1000"),
        (AMOUNT, "Amount (in thousands)", "1000"),
        (AMOUNT, "金额（W）", "10000"),
        (AMOUNT, "金额(RMB 10k)", "10000"),
        (AMOUNT, "Amount (kRMB)", "1000"),
        (AMOUNT, "金额(含税,万元)", "10000"),
        (AMOUNT, "单价(万元/台)", "10000"),
        (AMOUNT, "金额（百万元）", "1000000"),
        (AMOUNT, "金额（单位万元）", "10000"),
        (AMOUNT, "金额（单位为万元）", "10000"),
        (AMOUNT, "金额（含税万元）", "10000"),
        (AMOUNT, "金额（不含税万元）", "10000"),
        (AMOUNT, "金额（万元含税）", "10000"),
        (AMOUNT, "金额（未税万元）", "10000"),
        (TABLES["customers"].field("annual_revenue"), "年营业额（单位万元）", "10000"),
        (STOCK, "库存数量（千件）", "1000"),
        (STOCK, "库存数量(万)", "10000"),
        (USES, "使用次数（万次）", "10000"),
        (own("amount", "授信额度", "万元"), "授信额度（元）", "0.0001"),
        (own("amount", "授信额度", "万元"), "授信额度（亿元）", "10000"),
        (own("amount", "载重", "吨"), "载重（千吨）", "1000"),
        (own("integer", "人数", "人"), "人数（万人）", "10000"),
        (own("amount", "功率", "W"), "Power (kW)", "1000"),
    ],
)  # fmt: skip
def test_a_unit_that_is_known_multiplies_or_divides(field, header, factor):
    unit = header_unit(field, header)
    assert unit is not None
    assert (unit.factor, unit.doubt) == (Decimal(factor), "")


@pytest.mark.parametrize(
    ("field", "header"),
    [
        (AMOUNT, "金额"),
        (AMOUNT, "金额（元）"),
        (AMOUNT, "金额（必填）"),
        (AMOUNT, "金额（选填，元）"),
        (AMOUNT, "金额（如：1.5万）"),
        (AMOUNT, "金额（元，保留两位小数）"),
        (AMOUNT, "金额（不含税）"),
        (AMOUNT, "金额（含税元）"),
        (AMOUNT, "金额（单位元）"),
        (AMOUNT, "金额（2026年10月）"),
        (AMOUNT, "Amount (RMB)"),
        (AMOUNT, "单价（元/千克）"),
        (STOCK, "库存数量（箱）"),
        (STOCK, "Stock (pcs)"),
        (AGE, "库龄（天）"),
        (AGE, "库龄（天，截至6月30日）"),
        (AGE, "Stock age (days, at month end)"),
        (SCORE, "评分（1-5分，必填）"),
        (SCORE, "Score (1 to 5)"),
        (own("amount", "授信额度", "万元"), "授信额度（万元）"),
        (own("amount", "授信额度", "万元"), "授信额度（必填）"),
        (own("amount", "功率", "W"), "功率（W，必填）"),
        (own("amount", "授信额度（万元）"), "授信额度（万元）"),
        (own("integer", "人数"), "人数（人）"),
        (TABLES["customers"].field("name"), "客户名称（万元）"),
    ],
)
def test_what_changes_no_number_is_not_mentioned(field, header):
    assert header_unit(field, header) is None


@pytest.mark.parametrize(
    ("field", "header", "doubt"),
    [
        (AMOUNT, "金额（万件）", UNKNOWN),
        (AMOUNT, "金额（请按万元填写）", UNKNOWN),
        (AMOUNT, "年营业额（元/月）", UNKNOWN),
        (AMOUNT, "单价（元/千件）", UNKNOWN),
        (STOCK, "库存数量（打）", UNKNOWN),
        (AGE, "库龄（估）", UNKNOWN),
        (AGE, "库龄（实时）", UNKNOWN),
        (AGE, "库龄（月末）", UNKNOWN),
        (SCORE, "评分（客户）", UNKNOWN),
        (SCORE, "满意度（1-5，5为最高）", UNKNOWN),
        (SCORE, "满意度（1最差5最好）", UNKNOWN),
        (SCORE, "满意度（1=非常不满意，5=非常满意）", UNKNOWN),
        (SCORE, "评分（5级）", UNKNOWN),
        (SCORE, "评分（5分量表）", UNKNOWN),
        (SCORE, "评分（满分：5）", UNKNOWN),
        (SCORE, "评分（1/2/3/4/5）", UNKNOWN),
        (SCORE, "Score (1-5 scale)", UNKNOWN),
        (SCORE, "Score (max 5)", UNKNOWN),
        (own("amount", "载重", "吨"), "载重（元）", UNKNOWN),
        (own("integer", "人数", "人"), "人数（家）", UNKNOWN),
        (own("amount", "功率"), "功率（W）", UNKNOWN),
        (own("integer", "功率", "瓦"), "Power (10 W)", UNKNOWN),
        (own("integer", "功率"), "功率（10W）", UNKNOWN),
        (own("amount", "温度"), "温度（K）", UNKNOWN),
        (own("amount", "功率", "千瓦"), "功率（W）", UNKNOWN),
        (own("amount", "功率", "W"), "功率（元）", UNKNOWN),
        (STOCK, "库存数量（W）", UNKNOWN),
        (AGE, "库龄（月）", ANOTHER),
        (AGE, "库龄（周）", ANOTHER),
        (AGE, "Stock age (months)", ANOTHER),
        (AGE, "库龄（个月）", ANOTHER),
        (AGE, "库龄（小时）", ANOTHER),
        (AGE, "库龄（月，截至6月30日）", ANOTHER),
        (AGE, "Stock age (in months)", ANOTHER),
        (SCORE, "评分（百分制）", ANOTHER),
        (SCORE, "评分（10分制）", ANOTHER),
        (SCORE, "满意度（%）", ANOTHER),
        (SCORE, "评分（满分100）", ANOTHER),
        (SCORE, "评分（7分量表）", ANOTHER),
        (SCORE, "评分（十分制）", ANOTHER),
        (SCORE, "Score (0-10)", ANOTHER),
    ],
)
def test_what_may_change_the_numbers_is_never_passed_over(field, header, doubt):
    unit = header_unit(field, header)
    assert unit is not None
    assert (unit.factor, unit.doubt) == (1, doubt)


@pytest.mark.parametrize(
    ("header", "text", "expected"),
    [
        ("金额（分）", "12345", (1_234_500, True)),
        ("金额（分）", "0", (0, False)),
        (
            "金额（分）",
            "5元",
            "“5元” has a unit of its own, and the header says 分 too. Write the plain number.",
        ),
        (
            "金额（万元）",
            "1.5w",
            "“1.5w” has a unit of its own, and the header says 万元 too. Write the plain number.",
        ),
    ],
)
def test_a_cell_with_a_unit_beside_that_of_the_header_is_refused(header, text, expected):
    found = reader_in(header_unit(AMOUNT, header), number_reader(AMOUNT))(text)
    assert (translate(found, "en") if isinstance(found, Message) else found) == expected


def test_pieces_of_a_thousand_come_to_whole_numbers_or_are_refused():
    read = reader_in(header_unit(USES, "使用次数（千次）"), number_reader(USES))
    assert read("1.5") == (1500, True)
    assert isinstance(read("0.0005"), Message)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("金额（分）", ["F: the header says 分, so its numbers were divided by 100."]),
        ("金额（百元）", ["F: the header says 百元, so its numbers were multiplied by 100."]),
        ("金额（万件）", ["F: the header says 万件; its numbers were taken as they stand."]),
    ],
)
def test_what_was_done_with_the_numbers_is_said(header, said):
    assert [translate(note, "en") for note in unit_notes(header_unit(AMOUNT, header), "F")] == said


@pytest.mark.parametrize(
    ("header", "currency", "named"),
    [
        ("Amount (USD)", "CNY", "USD"),
        ("金额（万美元）", "CNY", "美元"),
        ("Amount (HK$)", "USD", "HK$"),
        ("Amount (¥)", "USD", "¥"),
        ("金额（人民币）", "USD", "人民币"),
        ("Amount (US$)", "HKD", "US$"),
    ],
)
def test_a_header_that_names_another_currency_than_the_company_s_is_told(header, currency, named):
    unit = header_unit(AMOUNT, header, currency)
    assert unit is not None
    assert (unit.currency, unit.doubt) == (named, "")


@pytest.mark.parametrize(
    "header", ["Amount (USD)", "Amount ($)", "金额（美元）", "金额（本币）", "Amount (US$)"]
)
def test_a_header_that_names_the_company_s_own_currency_says_nothing_new(header):
    assert header_unit(AMOUNT, header, "USD") is None
