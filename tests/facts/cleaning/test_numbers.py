"""Amounts, costs, scores and days, and what a comma in them means."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amounts import from_units
from core.facts.cleaning.cells import reader
from core.facts.cleaning.commas import decimal_commas, minding_commas
from core.facts.cleaning.numbers import read_amount, read_score
from core.facts.fields import TABLES
from core.language import Message, translate
from tests.facts.cleaning.readers import READING, reader_of

COST = reader_of("channel_costs", "cost")


@pytest.mark.parametrize(
    ("text", "units", "tidied"),
    [
        ("12.5", 125000, False),
        ("-4", -40000, False),
        ("1,234.50", 12345000, True),
        ("１２３", 1230000, True),
        ("¥99", 990000, True),
        ("￥1,000元", 10000000, True),
        ("-¥5", -50000, True),
        ("(12.50)", -125000, True),
        ("1.5万", 150000000, True),
        ("0.00005", 1, True),
        ("-0.00005", -1, True),
        ("0.00004", 0, True),
        ("1e-2", 100, True),
        ("12 345.6", 123456000, True),
        ("- 5 元", -50000, True),
        ("\u202d12\u202c", 120000, True),
        ("1,234.50-", -12345000, True),
        ("−5", -50000, True),
        ("¥(1,234.50)", -12345000, True),
        ("(¥1,234.50)", -12345000, True),
        ("人民币100", 1000000, True),
        ("5瓶", 50000, True),
        ("3万-", -300000000, True),
    ],
)
def test_an_amount_is_exact_in_ten_thousandths(text, units, tidied):
    assert read_amount(text) == (units, tidied)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "12a",
        "1,23",
        "12,34,567.8",
        "1.2.3",
        "#DIV/0!",
        "TRUE",
        "10^3",
        "5²",
        "①",
        "12 34",
        "1½",
        "1000000000000",
        "1E+30",
        "--1",
        "٣x",
        "-5-",
        "5-3",
        "(-5)",
        "w",
    ],
)
def test_what_is_no_amount_is_a_problem(text):
    assert isinstance(read_amount(text), Message)


def test_w_is_ten_thousand_in_amounts_of_the_catalogue_alone():
    assert reader_of("transactions", "amount")("2.5w") == (250_000_000, True)
    assert COST("2.5W元") == (250_000_000, True)
    power = replace(TABLES["transactions"].field("amount"), code="own_1", own=True)
    for read in (reader(power, READING), reader_of("transactions", "quantity"), reader_of("usage", "uses")):
        assert isinstance(read("100W"), Message)
    assert reader(power, READING)("1.5万") == (150_000_000, True)


@pytest.mark.parametrize("text", ["$100", "US$ 5", "5美元", "5 USD", "€1,000"])
def test_another_currency_is_never_taken_for_your_own(text):
    found = read_amount(text)
    assert isinstance(found, Message)
    assert translate(found, "en") == (
        f"“{text}” names another currency, and amounts are not converted. Enter the amount in your currency."
    )


@pytest.mark.parametrize("text", ["$1,200.00", "US$1,200", "1200 USD", "1200美元", "1200"])
def test_the_signs_of_the_company_s_own_currency_stand_beside_its_amounts(text):
    read = reader(TABLES["transactions"].field("amount"), replace(READING, currency="USD"))
    assert read(text)[0] == 12_000_000


@pytest.mark.parametrize("text", ["¥100", "100人民币", "CNY 100", "HK$100", "€100"])
def test_what_is_another_currency_depends_on_the_company_s_own(text):
    found = reader(TABLES["transactions"].field("amount"), replace(READING, currency="USD"))(text)
    assert isinstance(found, Message)
    assert "names another currency" in translate(found, "en")


def test_a_dash_is_neither_nothing_nor_zero():
    found = read_amount("-")
    assert isinstance(found, Message)
    assert translate(found, "en") == (
        "“-” can mean 0 or that nothing is known. Enter 0, or leave the cell blank."
    )


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=4))
def test_every_amount_of_four_decimals_comes_back(value: Decimal):
    units, tidied = read_amount(f"{value:f}")
    assert from_units(units) == value
    assert not tidied
    assert read_amount(f"{value:,f}")[0] == units


def test_scores_are_1_to_5_in_digits_or_words():
    assert read_score("4") == (4, False)
    assert read_score("5分") == (5, True)
    assert read_score("非常满意") == (5, True)
    for text in ("0", "6", "3.5", "good"):
        assert isinstance(read_score(text), Message)


def test_a_cost_is_an_amount_from_zero_up():
    assert COST("8,600.50元") == (86_005_000, True)
    assert COST("0") == (0, False)
    assert isinstance(COST("-0.01"), Message)


@pytest.mark.parametrize(
    ("texts", "commas"),
    [
        (["1,200", "1,234.50"], False),
        (["1,200", "12"], False),
        (["12,50", "1,200"], None),
        (["12,50", "3,1", "1,200"], True),
        (["1.200,00", "1,200"], True),
        (["0,125", "0,250"], True),
        (["12,50", "12.50"], None),
        (["12,50 元", "1,234.5"], False),
        (["12,50", "1,234,567"], False),
        (["1.200,50", "1,234.5"], None),
    ],
)
def test_a_column_shows_what_its_commas_mean(texts, commas):
    assert decimal_commas(texts) is commas


@pytest.mark.parametrize(
    ("text", "commas", "expected"),
    [
        ("12,50", True, (125000, True)),
        ("1.200,00", True, (12000000, True)),
        ("-0,5", True, (-5000, True)),
        ("12", True, (120000, False)),
        ("€", True, None),
        ("1,200", True, "two ways"),
        ("1.200", True, "two ways"),
        ("1,200", None, "two ways"),
        ("12,50", None, "two ways"),
        ("12.50", None, (125000, False)),
        ("1,234.50", None, (12345000, True)),
    ],
)
def test_a_comma_that_could_be_either_is_refused(text, commas, expected):
    found = minding_commas(read_amount, commas)(text)
    if isinstance(expected, tuple):
        assert found == expected
    else:
        assert isinstance(found, Message)
        assert (expected or "is not a number") in translate(found, "en")


def test_exponents_are_listed_as_cleaned():
    assert read_amount("1e3") == (10_000_000, True)


@pytest.mark.parametrize("text", ["30天", "30 days", "30日", "３０天"])
def test_an_age_of_stock_may_say_that_it_is_days(text):
    assert reader_of("products", "stock_days")(text) == (30, True)
