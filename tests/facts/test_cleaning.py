"""Cells become values, or problems."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.amounts import from_units
from core.facts.cleaning.cells import read_code, read_email, read_text, read_yes_no, reader
from core.facts.cleaning.commas import decimal_commas, minding_commas
from core.facts.cleaning.dates import Reading, day_order, parse_instant
from core.facts.cleaning.numbers import read_amount, read_score
from core.facts.cleaning.phones import read_phone
from core.facts.fields import TABLES, Field
from core.language import Message, translate

TODAY = date(2026, 11, 3)
ORDERED_AT = reader(TABLES["transactions"].field("ordered_at"), Reading(TODAY, "Asia/Shanghai"))
BIRTHDAY = reader(TABLES["customers"].field("birthday"), Reading(TODAY, "Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-03", datetime(2026, 11, 3)),  # noqa: DTZ001
        ("2026/11/3", datetime(2026, 11, 3)),  # noqa: DTZ001
        ("2026.11.3", datetime(2026, 11, 3)),  # noqa: DTZ001
        ("2026年11月3日", datetime(2026, 11, 3)),  # noqa: DTZ001
        ("２０２６年１１月３日", datetime(2026, 11, 3)),  # noqa: DTZ001
        ("20261103", datetime(2026, 11, 3)),  # noqa: DTZ001
        ("20261103 143005", datetime(2026, 11, 3, 14, 30, 5)),  # noqa: DTZ001
        ("2026-11-03 14:30", datetime(2026, 11, 3, 14, 30)),  # noqa: DTZ001
        ("2026/11/3 2:30 PM", datetime(2026, 11, 3, 14, 30)),  # noqa: DTZ001
        ("2026年11月3日 下午2时30分", datetime(2026, 11, 3, 14, 30)),  # noqa: DTZ001
        ("2026/11/3 14:30:05.5", datetime(2026, 11, 3, 14, 30, 5, 500000)),  # noqa: DTZ001
        ("46329", datetime(2026, 11, 3)),  # noqa: DTZ001
        ("46329.5", datetime(2026, 11, 3, 12)),  # noqa: DTZ001
        ("2026-11-03T14:30:00+08:00", datetime(2026, 11, 3, 6, 30, tzinfo=UTC)),
        ("2026/11/03 06:30Z", datetime(2026, 11, 3, 6, 30, tzinfo=UTC)),
    ],
)
def test_a_date_is_understood_in_any_usual_spelling_and_only_iso_is_not_counted(text, moment):
    iso = text in ("2026-11-03", "2026-11-03 14:30", "2026-11-03T14:30:00+08:00")
    assert parse_instant(text) == (moment, not iso)


def test_a_number_of_a_day_may_count_from_1904():
    assert parse_instant("44867", days_from_1904=True) == (datetime(2026, 11, 3), True)  # noqa: DTZ001


def test_what_a_date_or_a_month_loses_is_counted():
    assert BIRTHDAY("1990-05-01") == (date(1990, 5, 1), False)
    assert BIRTHDAY("1990-05-01 00:00:00") == (date(1990, 5, 1), False)
    assert BIRTHDAY("1990-05-01 08:30") == (date(1990, 5, 1), True)
    assert MONTH("2026-10") == (date(2026, 10, 1), False)
    assert MONTH("2026年10月") == (date(2026, 10, 1), True)
    assert MONTH("2026-10-15") == (date(2026, 10, 1), True)


@pytest.mark.parametrize(
    "text", ["2026-02-30", "2026-11-03 25:00", "tomorrow", "11月3日", "2026-13-01", "-5", "0"]
)
def test_what_is_no_date_is_a_problem(text):
    assert isinstance(parse_instant(text), Message)


def test_a_day_before_the_year_is_read_only_when_the_column_shows_its_order():
    assert day_order(["1/12/2010", "31/12/2010"]) == "dmy"
    assert day_order(["12/1/2010 8:26", "12/31/2010 9:00"]) == "mdy"
    assert day_order(["1/2/2010"]) is None
    assert day_order(["31/12/2010", "12/31/2010"]) is None
    assert parse_instant("12/1/2010 8:26", "mdy") == (datetime(2010, 12, 1, 8, 26), True)  # noqa: DTZ001
    assert "year first" in parse_instant("12/1/2010", None).sentence


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("1899-12-31", False),
        ("1989-12-31", False),
        ("1990-01-01", True),
        ("2026-11-04", True),
        ("2026-11-05", False),
        ("2099-01-01", False),
        ("1", False),
        ("2026-11-04T17:00:00Z", False),  # already the fifth in Shanghai
    ],
)
def test_facts_lie_between_1990_and_tomorrow(text, taken):
    assert isinstance(ORDERED_AT(text), Message) is not taken


@pytest.mark.parametrize(
    ("text", "taken"), [("1899-05-01", False), ("1930-05-01", True), ("2026-11-04", False)]
)
def test_birthdays_lie_between_1900_and_today(text, taken):
    assert isinstance(BIRTHDAY(text), Message) is not taken


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
    ],
)
def test_what_is_no_amount_is_a_problem(text):
    assert isinstance(read_amount(text), Message)


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=4))
def test_every_amount_of_four_decimals_comes_back(value: Decimal):
    units, tidied = read_amount(f"{value:f}")
    assert from_units(units) == value
    assert not tidied
    assert read_amount(f"{value:,f}")[0] == units


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("00123", "00123"),
        ("ＡＢ１２", "AB12"),
        (" A  1 ", "A 1"),
        ("17850.0", "17850"),
        ("1.0", "1.0"),
        ("1E5", "1E5"),
    ],
)
def test_a_code_stays_text(text, code):
    assert read_code(text) == (code, code != text)


@pytest.mark.parametrize("text", ["1.23457E+17", "1.2E+11", "x" * 65])
def test_a_code_that_lost_digits_or_is_too_long_is_a_problem(text):
    assert isinstance(read_code(text), Message)


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


def test_an_email_is_written_small():
    assert read_email(" Zhang＠Example.COM") == ("zhang@example.com", True)
    assert read_email("a@b.cn") == ("a@b.cn", False)
    assert isinstance(read_email("not at all"), Message)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-x", "@SUM(1)", "NA", "null"])
def test_what_looks_like_a_formula_or_like_nothing_is_text(text):
    assert read_text(text) == (text, False)


def test_a_text_of_more_than_two_thousand_characters_is_a_problem():
    assert read_text("字" * 2000) == ("字" * 2000, False)
    assert isinstance(read_text("字" * 2001), Message)


def test_characters_that_nobody_sees_are_taken_out_and_counted():
    assert read_text("张\u200b三\x07") == ("张三", True)
    assert read_text("two\nlines\tand 👨\u200d👩") == ("two\nlines\tand 👨\u200d👩", False)
    assert read_text("\ufeff\u200b") == (None, True)
    assert read_code("\u200eC1") == ("C1", True)
    assert read_code("\u200b") == (None, True)
    assert read_phone("\u202d13812345678\u202c") == ("13812345678", True)


def test_a_code_keeps_what_is_no_other_width_of_something():
    assert read_code("Ａ①²") == ("A①²", True)
    assert read_code("A①") == ("A①", False)


def test_scores_are_1_to_5_in_digits_or_words():
    assert read_score("4") == (4, False)
    assert read_score("5分") == (5, True)
    assert read_score("非常满意") == (5, True)
    for text in ("0", "6", "3.5", "good"):
        assert isinstance(read_score(text), Message)


def test_yes_and_no_are_told_apart():
    assert [read_yes_no(t)[0] for t in ("是", "Yes", "1", "TRUE", "否", "no", "0")] == [True] * 4 + [
        False
    ] * 3
    assert isinstance(read_yes_no("perhaps"), Message)


MONTH = reader(TABLES["channel_costs"].field("month"), Reading(TODAY, "Asia/Shanghai"))
COST = reader(TABLES["channel_costs"].field("cost"), Reading(TODAY, "Asia/Shanghai"))


@pytest.mark.parametrize(
    "text",
    ["2026-10", "2026/10", "2026.10", "2026年10月", "２０２６年１０月份", "202610", "10/2026", "Oct 2026",
     "October, 2026", "2026 October", "2026-10-01", "2026年10月31日", "2026-10-15 08:00", "46300"],
)  # fmt: skip
def test_a_month_is_its_first_day_in_any_usual_spelling(text):
    assert MONTH(text)[0] == date(2026, 10, 1)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-12", "1989-12", "202613", "Ma 2026", "October", "10月", "soon"]
)
def test_what_is_no_month_up_to_now_is_a_problem(text):
    assert isinstance(MONTH(text), Message)


def test_a_cost_is_an_amount_from_zero_up():
    assert COST("8,600.50元") == (86_005_000, True)
    assert COST("0") == (0, False)
    assert isinstance(COST("-0.01"), Message)


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


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "“散客” is none of the choices: Person, Company."),
        ("zh_CN", "“散客”不在可选项中：个人、企业。"),
    ],
)
def test_a_refused_choice_names_those_there_are_in_the_readers_own_words(language, sentence):
    refusal = reader(TABLES["customers"].field("kind"), Reading(TODAY, "Asia/Shanghai"))("散客")
    assert isinstance(refusal, Message)
    assert translate(refusal, language) == sentence
    assert translate(Message.from_json(refusal.to_json()), language) == sentence


@pytest.mark.parametrize("text", ["1990", "2026", "１９９０", "1990年", "2099"])
@pytest.mark.parametrize("read", [BIRTHDAY, ORDERED_AT, MONTH])
def test_a_year_alone_is_no_day_of_1905(text, read):
    assert "a year only" in translate(read(text), "en")


def test_the_number_of_a_day_is_still_one():
    assert isinstance(BIRTHDAY("1990.0"), Message)
    assert BIRTHDAY("2100") == (date(1905, 9, 30), True)
    assert BIRTHDAY("32994") == (date(1990, 5, 1), True)


@pytest.mark.parametrize(
    "text",
    ["13812345678", "+86 138-1234-5678", "13812345678.0", "电话 138 1234 5678", "010-62345678", "+442079460000",
     "zhang@example.com", "微信/zhang＠example.com"],
)  # fmt: skip
def test_no_refusal_quotes_a_phone_or_an_email(text):
    for table, code in (("interactions", "kind"), ("customers", "consent"), ("customers", "birthday")):
        read = reader(TABLES[table].field(code), Reading(TODAY, "Asia/Shanghai"))
        said = translate(read(text), "en")
        assert "***" in said
        assert not any(part in said for part in ("1234", "6234", "7946", "zhang"))


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
    field = TABLES["products"].field("stock_days")
    assert reader(field, Reading(TODAY, "Asia/Shanghai"))(text) == (30, True)


def test_shops_may_be_older_than_1990_and_contracts_without_end():
    day = reader(TABLES["outlets"].field("opened_on"), Reading(TODAY, "Asia/Shanghai"))
    assert day("1978-05-01") == (date(1978, 5, 1), False)
    assert isinstance(day("1900-01-01"), Message)
    own = Field("own_since", "date", "Since", ("自",), own=True)
    assert reader(own, Reading(TODAY, "Asia/Shanghai"))("1949-10-01") == (date(1949, 10, 1), False)
    end = reader(TABLES["contracts"].field("ends_on"), Reading(TODAY, "Asia/Shanghai"))
    assert end("9999-12-31") == (None, True)
    start = reader(TABLES["contracts"].field("starts_on"), Reading(TODAY, "Asia/Shanghai"))
    assert isinstance(start("9999-12-31"), Message)
