"""Conversion of leads and the cost of a customer."""

from __future__ import annotations

from datetime import date

from tests.measures.conftest import AUGUST, NOVEMBER, OCTOBER, SEPTEMBER

JULY = date(2026, 7, 1)


def test_only_leads_past_their_window_count_and_only_what_was_won_within_it(company, measured, actors):
    with company() as it:
        east = {"department_id": actors.east, "region": "华东"}
        it.lead(date(2026, 7, 10), won=date(2026, 8, 1), **east)
        it.lead(date(2026, 7, 10), won=date(2026, 10, 8), **east)  # the ninetieth day
        it.lead(date(2026, 7, 10), won=date(2026, 10, 9))
        it.lead(date(2026, 7, 31))
        it.lead(date(2026, 8, 5), won=date(2026, 8, 6))  # as of 3 November just past its window
        it.lead(date(2026, 8, 6), won=date(2026, 8, 6))
        it.lead(date(2026, 9, 6), won=date(2026, 9, 6))
    figures = measured()
    assert figures.counts("lead_conversion") == {JULY: (2, 4), AUGUST: (1, 1)}
    assert figures.departments("lead_conversion", JULY) == {None: (2, 4), actors.east: (2, 2)}
    assert figures.all("lead_conversion")[JULY].complete
    assert not figures.all("lead_conversion")[AUGUST].complete
    assert figures.all("lead_conversion")[SEPTEMBER].value is None


def test_a_customer_costs_what_the_channels_cost_for_each_one_won_in_the_month(company, measured):
    with company() as it:
        it.cost(OCTOBER, 3_000)
        it.cost(OCTOBER, 1_000)
        for day in (1, 31):
            it.lead(date(2026, 6, 1), won=date(2026, 10, day))
        it.cost(SEPTEMBER, 500)  # nobody was won
        it.lead(date(2026, 6, 1), won=date(2026, 8, 1))  # nothing is known of what it cost
    figures = measured()
    assert figures.all("acquisition_cost")[OCTOBER].value == 2_000.0
    assert figures.counts("acquisition_cost") == {OCTOBER: (40_000_000, 2), SEPTEMBER: (5_000_000, 0)}
    assert [figures.all("acquisition_cost")[month].value for month in (AUGUST, SEPTEMBER, NOVEMBER)] == [
        None
    ] * 3
