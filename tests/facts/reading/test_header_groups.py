"""Which two lines of a text file are a header of two rows."""

from __future__ import annotations

import pytest

from core.facts.reading.header_groups import merged_before
from core.facts.reading.source import Area

NAMES = (None, "姓名", "手机号")
DATA = ("C1", "张三", "15412345678")


def areas(titles: tuple, names: tuple = NAMES, below: tuple = DATA) -> tuple[Area, ...]:
    return merged_before(1, titles, names, below)


def test_a_title_reaches_over_the_blanks_beside_it_and_a_name_over_the_blank_below() -> None:
    assert areas(("客户编号", "联系方式", None)) == (Area(1, 1, 1, 2), Area(1, 0, 2, 0))


@pytest.mark.parametrize(
    ("titles", "names", "below"),
    [
        (("客户编号", "联系方式", None), (None, "张三", "北京"), DATA),
        (("客户编号", "联系方式", None), (None, "姓名", "15412345678"), DATA),
        (("客户编号", "联系方式", None), (None, "姓名", "姓名"), DATA),
        (("客户编号", "联系方式", None), (None, "姓名", "手机号"), (None, "姓名", "手机号")),
        (("客户编号", "姓名", "联系方式"), ("编号", "姓名", "手机号"), DATA),
        (("客户编号", None, "联系方式"), (None, "姓名", "手机号"), DATA),
        (("客户编号", None, None), (None, "姓名", "手机号"), DATA),
        (("联系方式", None, None), ("姓名", None, "手机号"), DATA),
        (("客户编号", "姓名", "手机号"), (None, None, None), DATA),
    ],
    ids=[
        "words that are no names", "a number", "a name twice", "names again in the next line", "titles over one column",
        "a name beside a name", "names beside a name that has none below", "a column with neither", "a blank line",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_none(titles: tuple, names: tuple, below: tuple) -> None:
    assert areas(titles, names, below) == ()
