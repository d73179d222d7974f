"""Dates, instants and months in any spelling, and what they lose."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.facts.cleaning.cells import reader
from core.facts.cleaning.dates import day_order, parse_instant
from core.facts.fields import Field
from core.language import Message, translate
from tests.facts.cleaning.readers import READING, reader_of

ORDERED_AT = reader_of("transactions", "ordered_at")
BIRTHDAY = reader_of("customers", "birthday")
MONTH = reader_of("channel_costs", "month")


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
    ("text", "taken"),
    [("1899-05-01", False), ("1900-02-28", False), ("1930-05-01", True), ("2026-11-04", False)],
)
def test_birthdays_lie_between_1900_and_today(text, taken):
    assert isinstance(BIRTHDAY(text), Message) is not taken


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


@pytest.mark.parametrize("text", ["1990", "2026", "１９９０", "1990年", "2099"])
@pytest.mark.parametrize("read", [BIRTHDAY, ORDERED_AT])
def test_a_year_alone_is_no_day_of_1905(text, read):
    assert "a year only" in translate(read(text), "en")


def test_the_number_of_a_day_is_still_one():
    assert isinstance(BIRTHDAY("1990.0"), Message)
    assert BIRTHDAY("2100") == (date(1905, 9, 30), True)
    assert BIRTHDAY("32994") == (date(1990, 5, 1), True)


def test_shops_may_be_older_than_1990_and_contracts_without_end():
    day = reader_of("outlets", "opened_on")
    assert day("1978-05-01") == (date(1978, 5, 1), False)
    assert isinstance(day("1900-01-01"), Message)
    own = Field("own_since", "date", "Since", ("自",), own=True)
    assert reader(own, READING)("1949-10-01") == (date(1949, 10, 1), False)
    end = reader_of("contracts", "ends_on")
    assert end("9999-12-31") == (None, True)
    start = reader_of("contracts", "starts_on")
    assert isinstance(start("9999-12-31"), Message)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026年10月1日 星期四", "2026-10-01T00:00:00"),
        ("2026-10-01（周四）", "2026-10-01T00:00:00"),
        ("2026年10月4日星期天 14:30", "2026-10-04T14:30:00"),
        ("01-OCT-2026", "2026-10-01T00:00:00"),
        ("1 October 2026 14:30", "2026-10-01T14:30:00"),
        ("Oct 1, 2026", "2026-10-01T00:00:00"),
    ],
)
def test_a_weekday_behind_a_day_and_a_month_in_letters_are_understood(text, moment):
    assert parse_instant(text) == (datetime.fromisoformat(moment), True)


@pytest.mark.parametrize("text", ["31-FEB-2026", "01-JU-2026", "01-XYZ-2026", "周四", "OCT-2026"])
def test_letters_that_name_no_day_are_a_problem(text):
    assert isinstance(parse_instant(text), Message)


def test_a_weekday_that_contradicts_its_day_is_a_problem():
    found = parse_instant("2026-10-01 周五")
    assert isinstance(found, Message)
    assert translate(found, "en") == (
        "“2026-10-01 周五” names a weekday that this day does not have. Correct it."
    )


@pytest.mark.parametrize("text", ["10月", "2026年", "1990", "soon"])
def test_what_is_no_month_is_asked_for_as_a_month(text):
    assert translate(MONTH(text), "en") == f"“{text}” is not a month. Write year and month, like 2026-11."
