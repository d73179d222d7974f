from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core.amounts import from_units, to_units
from core.dates import DateRange, business_date, business_midnight, months_before


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
    ],
)
def test_months_before_keeps_the_day_or_takes_the_last_of_a_shorter_month(day, months, earlier):
    assert months_before(day, months) == earlier


def test_a_window_of_twelve_months_ends_with_as_of_and_starts_the_day_after_last_year():
    window = DateRange.last_months(12, date(1997, 9, 30))
    assert window == DateRange(date(1996, 10, 1), date(1997, 10, 1))
    assert date(1997, 9, 30) in window
    assert date(1996, 9, 30) not in window


def test_thirty_days_are_thirty_days():
    window = DateRange.last_days(30, date(2026, 11, 21))
    assert (window.end - window.start).days == 30
    assert window.end == date(2026, 11, 22)


def test_the_business_day_turns_at_midnight_in_shanghai():
    assert business_date(datetime(2026, 11, 20, 15, 59, tzinfo=UTC), "Asia/Shanghai") == date(2026, 11, 20)
    assert business_date(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "Asia/Shanghai") == date(2026, 11, 21)
    assert business_midnight(date(2026, 11, 21), "Asia/Shanghai") == datetime(2026, 11, 20, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "units"),
    [("12.34", 123400), ("-0.00005", -1), ("0.00005", 1), ("34.5678", 345678), ("0.00004", 0)],
)
def test_amounts_are_ten_thousandths_rounded_half_up(value, units):
    assert to_units(Decimal(value)) == units


def test_an_amount_of_four_decimals_comes_back_exactly():
    assert from_units(to_units(Decimal("34.5678"))) == Decimal("34.5678")
