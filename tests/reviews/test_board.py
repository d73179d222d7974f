"""The board as rules: the order of a column and what a card may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.policy.service import default_policy
from core.reviews.board import placed, title_of
from core.reviews.labels import RULES


@pytest.mark.parametrize(
    ("column", "card", "before", "expected"),
    [
        ([1, 2, 3], 3, 1, [3, 1, 2]),
        ([1, 2, 3], 1, None, [2, 3, 1]),
        ([1, 2, 3], 1, 3, [2, 1, 3]),
        ([1, 2], 9, 2, [1, 9, 2]),
        ([1, 2], 9, 7, [1, 2, 9]),
        ([1, 2], 1, 1, [2, 1]),
        ([], 9, None, [9]),
    ],
)
def test_a_card_is_put_before_another_or_at_the_end(
    column: list[int], card: int, before: int | None, expected: list[int]
) -> None:
    assert placed(column, card, before) == expected


@given(st.lists(st.integers(0, 30), unique=True), st.integers(0, 30), st.none() | st.integers(0, 30))
def test_a_move_loses_no_card_and_keeps_the_others_in_order(
    column: list[int], card: int, before: int | None
) -> None:
    after = placed(column, card, before)
    assert sorted(after) == sorted({*column, card})
    assert [each for each in after if each != card] == [each for each in column if each != card]


def test_a_title_is_one_line_and_neither_empty_nor_endless() -> None:
    assert title_of("  two\nlines\x00 ") == "two lines"
    with pytest.raises(Refused, match="a title"):
        title_of(" \n ")
    with pytest.raises(Refused, match="121 characters; at most 120"):
        title_of("x" * 121)


def test_the_rules_a_card_may_concern_are_values_of_the_policy() -> None:
    values = default_policy().values()
    for rule in RULES:
        section, _, key = rule.partition(".")
        assert key in values[section]
