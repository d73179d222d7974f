"""The clock in business hours: nights, weekends and holidays stand still."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.obligations.business_days import BusinessHours
from core.obligations.clock import due_after
from core.policy.service import default_policy

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEK = frozenset(range(1, 8))
OFFICE = BusinessHours("Asia/Shanghai", 9 * 60, 18 * 60, frozenset({1, 2, 3, 4, 5}), "CN")
ALWAYS = BusinessHours("Europe/Berlin", 0, 24 * 60, WEEK)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("triggered", "hours", "due"),
    [
        ("2026-11-17 10:00", 4, "2026-11-17 14:00"),
        ("2026-11-17 16:00", 4, "2026-11-18 11:00"),
        ("2026-11-17 20:00", 1, "2026-11-18 10:00"),
        ("2026-11-20 17:00", 2, "2026-11-23 10:00"),  # over a weekend
        ("2026-11-17 09:00", 9, "2026-11-17 18:00"),  # not the next morning
        ("2026-11-17 10:00", 24, "2026-11-19 16:00"),
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # over the National Day
        ("2026-02-13 17:00", 2, "2026-02-14 10:00"),  # a Saturday that is worked instead
        ("2026-11-21 12:00", 0, "2026-11-21 12:00"),
    ],
)
def test_only_open_hours_count(triggered: str, hours: float, due: str) -> None:
    assert due_after(at(triggered), hours, OFFICE) == at(due)


def test_the_companys_own_days_weigh_more_than_the_calendar() -> None:
    own = replace(OFFICE, days_off=frozenset({date(2026, 11, 18)}), days_on=frozenset({date(2026, 11, 21)}))
    assert due_after(at("2026-11-17 17:00"), 2, own) == at("2026-11-19 10:00")
    assert due_after(at("2026-11-20 17:00"), 2, own) == at("2026-11-21 10:00")


def test_the_hours_of_the_policy_are_those_of_the_office() -> None:
    assert BusinessHours.of(default_policy()) == OFFICE
    rules = replace(
        default_policy().business_hours,
        closes="24:00",
        weekdays="6, 7",
        holidays_of="",
        extra_days_on="2026-11-18",
    )
    weekend = BusinessHours.of(replace(default_policy(), business_hours=rules))
    assert [weekend.is_open(date(2026, 11, day)) for day in (17, 18, 21)] == [False, True, True]
    assert weekend.span(date(2026, 11, 21))[1] == at("2026-11-22 00:00")


@pytest.mark.parametrize(("opens", "closes"), [(600, 600), (900, 600), (0, 1441)])
def test_a_day_that_does_not_end_after_it_begins_is_no_business_day(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        replace(OFFICE, opens=opens, closes=closes)


def test_a_company_that_never_opens_is_a_mistake_in_the_rules() -> None:
    with pytest.raises(ValueError, match="do not end"):
        due_after(at("2026-11-17 10:00"), 1, replace(OFFICE, weekdays=frozenset()))


INSTANTS = st.integers(0, 1_000_000).map(lambda minutes: at("2025-01-01 00:00") + timedelta(minutes=minutes))
MINUTES = st.integers(0, 100 * 60)
CALENDARS = st.builds(
    BusinessHours,
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]),
    st.integers(0, 700),
    st.integers(701, 1440),
    st.sets(st.integers(1, 7), min_size=1).map(frozenset),
    st.sampled_from(["", "CN"]),
)


@given(INSTANTS, MINUTES)
def test_where_it_is_always_open_business_hours_are_wall_hours(instant: datetime, minutes: int) -> None:
    assert due_after(instant, minutes / 60, ALWAYS) == due_after(instant, minutes / 60)


@settings(deadline=None)
@given(INSTANTS, MINUTES, MINUTES, CALENDARS)
def test_two_spans_one_after_the_other_are_one_span(
    instant: datetime, first: int, second: int, calendar: BusinessHours
) -> None:
    # Quarters of an hour, which are exact in binary.
    first, second = first // 15 * 15, second // 15 * 15
    between = due_after(instant, first / 60, calendar)
    assert due_after(between, second / 60, calendar) == due_after(instant, (first + second) / 60, calendar)


@settings(deadline=None)
@given(INSTANTS, st.integers(0, 10_000), MINUTES, st.integers(0, 600), CALENDARS)
def test_a_later_start_or_a_longer_span_is_never_due_earlier(
    instant: datetime, later: int, minutes: int, longer: int, calendar: BusinessHours
) -> None:
    due = due_after(instant, minutes / 60, calendar)
    assert due >= instant + timedelta(minutes=minutes) - timedelta(microseconds=1)
    assert due_after(instant + timedelta(minutes=later), minutes / 60, calendar) >= due
    assert due_after(instant, (minutes + longer) / 60, calendar) >= due
