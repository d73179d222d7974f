"""Pilots as rules: what can be piloted, and where a pilot stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import Refused
from core.reviews.pilots import (
    Kpi,
    Plan,
    Standing,
    check,
    last_week,
    monday_of,
    pilotable,
    standing,
    week_number,
    worse_than,
)
from tests.reviews.boards import RESPONSE, START, plan


def refused(wanted: Plan) -> str:
    with pytest.raises(Refused) as refusal:
        check(wanted)
    return str(refusal.value)


def test_a_sound_plan_is_accepted_with_and_without_baseline() -> None:
    check(plan())
    check(plan(baseline_weeks=0))


@pytest.mark.parametrize("weeks", [0, -1, 53])
def test_a_pilot_without_weeks_or_with_more_than_a_year_is_refused(weeks: int) -> None:
    assert "from 1 to 52 weeks" in refused(plan(weeks=weeks))


def test_a_start_within_a_week_is_refused_with_the_monday_to_choose() -> None:
    assert "2026-10-26" in refused(plan(starts_on=date(2026, 10, 21)))


def test_a_negative_baseline_is_refused() -> None:
    assert "0 means none" in refused(plan(baseline_weeks=-1))


def test_a_pilot_longer_with_its_baseline_than_figures_go_back_is_refused() -> None:
    assert "last 53 weeks together" in refused(plan(weeks=40, baseline_weeks=13))
    check(plan(weeks=40, baseline_weeks=12))


def test_a_kpi_whose_weeks_are_known_only_months_later_is_refused_and_not_offered() -> None:
    assert "known only when the window" in refused(plan(kpis=(Kpi("lead_conversion"),)))
    assert "lead_conversion" not in pilotable()
    assert "churn" not in pilotable()
    assert RESPONSE in pilotable()


def test_a_pilot_without_a_name_or_with_endless_words_is_refused() -> None:
    assert "a name" in refused(plan(name="  "))
    assert "at most 60 fit" in refused(plan(name="n" * 61))
    assert "at most 2000 fit" in refused(plan(standard="s" * 2001))


@pytest.mark.parametrize("code", ["no_such_measure", "churn"])
def test_a_kpi_that_is_unknown_or_not_measured_by_week_is_refused(code: str) -> None:
    assert f"“{code}” is not measured by week" in refused(plan(kpis=(Kpi(code),)))


def test_a_pilot_is_held_against_one_to_six_kpis_each_named_once() -> None:
    assert "from 1 to 6 KPIs" in refused(plan(kpis=()))
    assert "named twice" in refused(plan(kpis=(Kpi(RESPONSE), Kpi(RESPONSE, 0.5))))


def test_a_target_that_nothing_can_reach_is_refused() -> None:
    assert "from 0 % to 100 %" in refused(plan(kpis=(Kpi(RESPONSE, 1.2),)))
    assert "above 0" in refused(plan(kpis=(Kpi("average_order_value", -1.0),)))
    check(plan(kpis=(Kpi("average_order_value", 1500.0),)))


def test_the_wrong_side_of_a_target_depends_on_what_is_better() -> None:
    assert worse_than(0.6, 0.7, higher_is_better=True)
    assert not worse_than(0.7, 0.7, higher_is_better=True)
    assert worse_than(0.7, 0.6, higher_is_better=False)


@pytest.mark.parametrize(
    ("today", "ended_on", "expected", "week"),
    [
        (START - timedelta(days=1), None, Standing.COMING, 0),
        (START, None, Standing.RUNNING, 1),
        (START + timedelta(days=6), None, Standing.RUNNING, 1),
        (START + timedelta(days=7), None, Standing.RUNNING, 2),
        (START + timedelta(days=90), None, Standing.RUNNING, 13),
        (START + timedelta(days=91), None, Standing.OVERDUE, 13),
        (START + timedelta(days=9), START + timedelta(days=8), Standing.ENDED, 2),
        (START + timedelta(days=9), START - timedelta(days=1), Standing.CALLED_OFF, 2),
    ],
)
def test_where_a_pilot_stands_on_a_day(
    today: date, ended_on: date | None, expected: Standing, week: int
) -> None:
    assert standing(START, 13, ended_on, today) is expected
    assert week_number(START, 13, today) == week


def test_a_pilot_ended_before_it_started_has_no_week() -> None:
    ended_on = START - timedelta(days=3)
    assert last_week(START, 13, ended_on) < START
    assert week_number(START, 13, ended_on) == 0


def test_the_last_week_is_that_of_the_end_or_the_planned_one() -> None:
    assert last_week(START, 2, None) == START + timedelta(days=7)
    assert last_week(START, 13, START + timedelta(days=9)) == START + timedelta(days=7)


def test_weeks_begin_on_monday_and_the_baseline_lies_before_the_start() -> None:
    assert monday_of(date(2026, 11, 8)) == date(2026, 11, 2)
    assert plan().baseline_from == date(2026, 9, 21)
    assert replace(plan(), baseline_weeks=0).baseline_from == START
    assert plan().ends_before == START + timedelta(weeks=13)
