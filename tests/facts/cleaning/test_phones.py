"""Phone numbers."""

from __future__ import annotations

import pytest

from core.facts.cleaning.phones import read_phone
from core.language import Message


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("10000001234", "10000001234"),
        ("+86 100-0000-1234", "10000001234"),
        ("0086 10000001234", "10000001234"),
        ("１００００００１２３４", "10000001234"),
        ("010-6552 9988", "01065529988"),
        ("+1 650-253-0000", "+16502530000"),
        ("10000001234.0", "10000001234"),
        ("15400001234", "15400001234"),  # of a prefix that nobody has been given
        ("6552998", "6552998"),
        ("65529988", "65529988"),
        ("400-800-1234", "4008001234"),
        ("75526001234", "075526001234"),  # a numeric cell has lost the zero
        ("+683 4002", "+6834002"),
    ],
)
def test_a_phone_becomes_its_digits(text, phone):
    assert read_phone(text) == (phone, phone != text)


@pytest.mark.parametrize(
    "text",
    [
        "1.38E+10",
        "none",
        "12",
        "12345",
        "95588",
        "123456",
        "+12345",
        "23800000000",
        "1234567890123456",
        "张三",
        "1380000123x",
    ],
)
def test_what_is_no_phone_is_a_problem_that_does_not_quote_it(text):
    problem = read_phone(text)
    assert isinstance(problem, Message)
    assert problem.values == {}


@pytest.mark.parametrize(
    "text",
    [
        "0571-87654321-802", "(0571) 87654321 802", "0571-87654321转802", "0571-87654321 ext. 802", "0571-87654321x802",
        "0571-87654321#802", "０５７１－８７６５４３２１－８０２", "400-820-8820-3", "13800138000-12", "87654321-802",
    ],
)  # fmt: skip
def test_an_extension_is_never_made_part_of_the_phone_number(text):
    outcome = read_phone(text)
    assert isinstance(outcome, Message)
    assert "extension" in outcome.sentence
    assert not outcome.values, "a message quotes no personal value"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0571-8765-4321", "057187654321"), ("010-6552-9988", "01065529988"), ("400-820-8820", "4008208820"),
        ("138-0013-8000", "13800138000"), ("138 0013 8000", "13800138000"), ("+1 202-555-0143", "+12025550143"),
        ("+44 20 7946 0958", "+442079460958"),
    ],
)  # fmt: skip
def test_a_number_in_groups_has_no_extension(text, number):
    assert read_phone(text) == (number, True)
