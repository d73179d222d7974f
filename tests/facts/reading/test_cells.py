"""How cells of a workbook are shown."""

# ruff: noqa: DTZ001 - cells know no time zone
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.facts.reading.cells import lost_digits, shown, shown_column


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", None),
        ("  \u3000", None),
        (" padded ", " padded "),
        ("NA", "NA"),
        ("00123", "00123"),
        ("=1+1", "=1+1"),
        (5.0, "5"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (-12.5, "-12.5"),
        (19.99 * 3, "59.97"),
        (0.1 + 0.2, "0.3"),
        (2.9999999999999996, "3"),
        (13812345678.0, "13812345678"),
        (999999999999999.0, "999999999999999"),
        (123456789012345678.0, "123456789012346000"),
        (1e300, "1e+300"),
        (7, "7"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29), "2024-02-29"),
        (datetime(2024, 2, 29, 9, 5), "2024-02-29 09:05:00"),
        (datetime(2024, 2, 29, 9, 59, 59, 999_700), "2024-02-29 10:00:00"),
        (datetime(2024, 2, 29, 23, 59, 59, 999_700), "2024-03-01"),
        (datetime(2024, 2, 29, 9, 59, 59, 300), "2024-02-29 09:59:59"),
        (datetime(9999, 12, 31, 23, 59, 59, 999_700), "9999-12-31 23:59:59"),
        (time(8, 25), "08:25:00"),
        (time(8, 25, 59, 999_700), "08:26:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        (timedelta(minutes=-90), "-01:30:00"),
    ],
)
def test_a_cell_is_shown_as_a_person_sees_it(value: object, text: str | None) -> None:
    assert shown(value) == text


@given(some.integers(-(10**15) + 1, 10**15 - 1))
def test_every_whole_number_that_excel_can_keep_is_shown_exactly(number: int) -> None:
    assert shown(float(number)) == str(number)


@given(some.decimals(-(10**9), 10**9, places=4))
def test_every_amount_of_four_places_is_shown_exactly(amount: Decimal) -> None:
    assert Decimal(shown(float(amount)) or "") == amount


@given(
    some.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0)
    )
)
def test_every_moment_can_be_read_back_from_its_text(moment: datetime) -> None:
    assert datetime.fromisoformat(shown(moment) or "") == moment


CELLS = some.one_of(
    some.text(max_size=5),
    some.booleans(),
    some.integers(-3, 3),
    some.floats(),
    some.dates(),
    some.datetimes(),
)


@given(some.lists(CELLS))
def test_a_column_is_shown_as_its_cells_are(values: list[object]) -> None:
    assert shown_column(values) == [shown(value) for value in values]


def test_true_and_one_stay_apart_in_a_column() -> None:
    assert shown_column([1.0, True, 1, "1"]) == ["1", "TRUE", "1", "1"]


def test_numbers_from_sixteen_digits_on_are_found_among_other_cells() -> None:
    assert lost_digits(["1234567890123456", 1e15, 999999999999999.0, -1e15, True, ""]) == [1, 3]
    assert lost_digits(["1234567890123456"]) == []
