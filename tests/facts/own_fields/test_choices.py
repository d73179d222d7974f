"""Which line of a form is which choice that records hold."""

from __future__ import annotations

import pytest

from core.errors import Refused
from core.facts.catalogue.model import Choice
from core.facts.own_fields.choices import rewordings, worded_choices
from core.facts.own_fields.words import Words

LOW, HIGH = Choice("c1", "低", "Low", ("较小",)), Choice("c2", "高", "High")


def told(*lines: Words) -> list[str]:
    """What the lines would do to the choices that are there."""
    return [f"{each.choice.code} {'/'.join(each.words)}" for each in rewordings((LOW, HIGH), lines)]


def test_another_order_rewords_nothing() -> None:
    assert told(("高", "High"), ("低", "Low")) == []
    stored = worded_choices((LOW, HIGH), [("高", "High"), ("低", "Low")])
    assert stored == [["c2", "高", "High"], ["c1", "低", "Low", "较小"]]


def test_a_new_line_anywhere_rewords_nothing_and_gets_a_code_that_none_had() -> None:
    lines = [("高", "High"), ("中", "Middle"), ("低", "Low"), ("无", "")]
    assert told(*lines) == []
    assert [code for code, *_ in worded_choices((LOW, HIGH), lines)] == ["c2", "c3", "c1", "c4"]


def test_a_line_with_one_word_of_before_is_that_choice_wherever_it_stands() -> None:
    assert told(("高", "Very high"), ("低", "Low")) == ["c2 高/Very high"]
    assert told(("很高", "High"), ("低", "Low"), ("无", "None")) == ["c2 很高/High"]


def test_lines_new_in_both_words_take_the_places_that_are_left_and_it_is_told() -> None:
    assert told(("高", "High"), ("较低", "Lower")) == ["c1 较低/Lower"]
    assert told(("小", "Small"), ("大", "Large")) == ["c1 小/Small", "c2 大/Large"]
    stored = worded_choices((LOW, HIGH), [("高", "High"), ("较低", "Lower")])
    assert stored == [["c2", "高", "High"], ["c1", "较低", "Lower", "低", "Low", "较小"]]


def test_spelling_alone_is_no_rewording() -> None:
    assert told(("低", "LOW "), ("高", "High")) == []


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([("小", "Small"), ("高", "High"), ("无", "None")], "nobody could tell which is which"),
        ([("低", "Low")], "has 2 to 50"),
        ([("低", "Low"), ("低", "Lower")], "the same name"),
    ],
)
def test_what_nobody_could_tell_apart_is_refused(lines: list[Words], sentence: str) -> None:
    for look in (rewordings, worded_choices):
        with pytest.raises(Refused, match=sentence):
            look((LOW, HIGH), lines)


def test_a_choice_that_records_may_hold_is_not_taken_away() -> None:
    three = (LOW, HIGH, Choice("c3", "无", "None"))
    with pytest.raises(Refused, match="not taken away"):
        worded_choices(three, [("低", "Low"), ("高", "High")])
