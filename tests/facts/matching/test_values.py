"""Words of cells find their choices."""

from __future__ import annotations

import pytest

from core.facts.catalogue.model import Choice, Field
from core.facts.fields import TABLES
from core.facts.matching.values import not_understood, suggest_values, value_codes

STATUS = Field(
    "status", "choice", "Status", ("状态",),
    choices=(
        Choice("open", "待付款", "Open", ("未付款",)),
        Choice("paid", "已付款", "Paid", ("付讫",)),
        Choice("refunded", "已退款", "Refunded"),
    ),
)  # fmt: skip
CONSENT = TABLES["customers"].field("consent")
KIND = TABLES["customers"].field("kind")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("已付", "paid"),
        ("已付款（微信）", "paid"),
        ("Paid in full", "paid"),
        ("paied", "paid"),
        ("refund", "refunded"),
        ("Select", None),
        ("请选择", None),
        ("-", None),
        ("N/A", None),
        ("未知", None),
    ],
)
def test_what_a_word_stands_for_is_suggested_where_it_is_obvious(cell: str, code: str | None) -> None:
    assert suggest_values(STATUS, [cell]) == {cell: code}


@pytest.mark.parametrize("cell", ["部分支付", "Unpaid", "not paid", "已", "VIP", "3", "paid / refunded"])
def test_nothing_is_suggested_where_it_is_not(cell: str) -> None:
    assert suggest_values(STATUS, [cell]) == {}


def test_words_of_yes_and_no_are_told_by_how_they_begin() -> None:
    cells = ["已开通", "未开通", "不接收", "同意短信", "Declined", "也许"]
    assert suggest_values(CONSENT, cells) == {
        "已开通": "yes", "未开通": "no", "不接收": "no", "同意短信": "yes", "Declined": "no",
    }  # fmt: skip
    assert value_codes(CONSENT) == ("yes", "no")


def test_values_that_nobody_understands_are_counted_the_most_frequent_first() -> None:
    cells = ["个人", "散客", None, "公司", "集团", "散客", " ", "ＣＯＭＰＡＮＹ"]
    assert not_understood(KIND, cells) == {"散客": 2, "集团": 1}


def test_what_is_understood_needs_no_suggestion() -> None:
    assert suggest_values(KIND, ["个人", "B2B"]) == {}
