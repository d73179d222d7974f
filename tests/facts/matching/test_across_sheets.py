"""Sheets of one file whose matches do not go together."""

from __future__ import annotations

import pytest

from core.facts.fields import TABLES
from core.facts.matching.across_sheets import ignored_codes
from core.facts.matching.suggested import suggest
from core.language import translate

MEMBERS, LINES = ["No", "姓名", "手机号"], ["No", "下单时间", "金额"]


def matched(members, lines):
    return ignored_codes(
        {
            0: ("名单", suggest(TABLES["customers"], MEMBERS, [], members)),
            1: ("明细", suggest(TABLES["transactions"], LINES, [], lines)),
        }
    )


def test_a_column_that_names_customers_in_one_sheet_and_is_ignored_in_theirs_is_told():
    found = matched({}, {"No": "customer_code"})
    assert list(found) == [0]
    assert translate(found[0], "en") == (
        "The sheet 明细 names its customers by No, but the sheet 名单 ignores that column. Match it with Customer code "
        "there too, or the two will not find each other."
    )


@pytest.mark.parametrize(("members", "lines"), [
    ({"No": "customer_code"}, {"No": "customer_code"}),
    ({"No": "customer_code"}, {}),
    ({}, {}),
])  # fmt: skip
def test_sheets_that_name_customers_alike_or_not_at_all_are_not_told(members, lines):
    assert matched(members, lines) == {}
