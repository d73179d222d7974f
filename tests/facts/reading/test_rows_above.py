"""What is told of the rows above a header: their words, and nothing by which a person can be reached."""

from __future__ import annotations

import re

import pytest

from core.facts.reading.rows_above import _EMAIL, RowsAbove


def told(*cells):
    above = RowsAbove()
    above.add(cells)
    return above.told[0]


@pytest.mark.parametrize(
    "number",
    [
        *(
            "15412341234",
            "154 1234 1234",
            "154－1234－1234",
            "154.1234.1234",
            "154 123 41234",
            "154·1234·1234",
        ),
        *(
            "+86 154-1234-1234",
            "8615412341234",
            "１５４１２３４１２３４",
            "154\u200b1234\u200b1234",
            "154—1234—1234",
        ),
        *(
            "0571-88881234",
            "(0571)88881234",
            "（0571）8888 1234",
            "0571－88881234",
            "８８８８１２３４",
            "8881234",
        ),
        *("+852 9123 1234", "+86-571-88881234"),
    ],
)
def test_a_number_keeps_at_most_seven_digits_however_it_is_written(number):
    line = told("制表：张三", f"电话：{number}，转财务")
    assert "****" in line
    assert line.startswith("“制表：张三 电话：")
    assert line.endswith("，转财务”")
    assert len(re.findall(r"\d", line)) <= 7


@pytest.mark.parametrize("number", ["33010619900307123x", "330106 19900307 123X", "330106199003071234"])
def test_an_identity_number_shows_no_place_and_no_year(number):
    line = told(f"证件 {number}")
    assert "****" in line
    assert not re.search("3301|1990", line)


@pytest.mark.parametrize("address", ["ｚｈａｎｇ＠ａ.com", "zhang@a.com", "张三丰@例子.com"])
def test_an_address_keeps_its_first_character(address):
    assert "***@" in told(f"财务 邮箱：{address}")
    assert not re.search("hang|ｈ|三丰", told(f"财务 邮箱：{address}"))


@pytest.mark.parametrize(
    "line",
    [
        *("统计日期：20261001-20261031", "2026-10-01 至 2026-10-31", "2025-2026年", "第 1 期", "单位：万元"),
        *("2026年10月01日 00:00:00", "共 123,456 户（含 1200 家门店）"),
    ],
)
def test_days_and_smaller_numbers_are_told_as_they_stand(line):
    assert told(f"客户资料表 {line}") == f"“客户资料表 {line}”"


def test_an_address_begins_where_its_run_of_letters_does_or_nowhere():
    """From every letter of a long line on, the search would take seconds."""
    assert _EMAIL.match("wang@a.com")
    assert not _EMAIL.match("wang@a.com", 1)
