"""Retention, repurchase and order value of customers who can be counted on the fingers."""

from __future__ import annotations

from datetime import date

import pytest

from tests.measures.conftest import NOVEMBER, OCTOBER, SEPTEMBER


def test_retention_is_of_the_three_months_before_and_counts_back_from_the_end_of_the_period(
    company, measured, actors
):
    with company() as it:
        stays, leaves, comes, returns = (it.customer(actors.east) for _ in range(4))
        it.order(it.customer(), (date(2025, 1, 5), 1))  # since when orders are known
        it.order(stays, (date(2026, 7, 1), 10))
        it.order(stays, (date(2026, 10, 31), 10))
        it.order(leaves, (date(2026, 6, 30), 10))
        it.order(comes, (date(2026, 8, 1), 10))
        it.order(returns, (date(2026, 5, 1), 10))
        it.order(returns, (date(2026, 9, 1), 10), (date(2026, 9, 9), -10))  # came back and gave it back
    figures = measured()
    # October: August to October, of May to July.
    assert figures.counts("retention")[OCTOBER] == (1, 3)
    # September: July to September, of April to June.
    assert figures.counts("retention")[SEPTEMBER] == (0, 2)
    # November runs: from 4 August to 3 November, of 4 May to 3 August.
    assert figures.counts("retention")[NOVEMBER] == (1, 3)
    assert not figures.all("retention")[NOVEMBER].complete


def test_retention_and_repurchase_are_not_measured_where_the_months_before_are_not_known(company, measured):
    with company() as it:
        customer = it.customer()
        it.order(customer, (date(2026, 5, 20), 10))
        it.order(customer, (date(2026, 8, 20), 10))
    figures = measured()
    assert figures.all("retention")[SEPTEMBER].value is None
    assert figures.all("retention")[OCTOBER].value == 1.0
    assert figures.counts("repurchase") == {}


def test_repurchase_is_of_twelve_months_of_orders_of_positive_net_amount(company, measured):
    with company() as it:
        it.order(it.customer(), (date(2025, 1, 5), 1))
        once, twice, taken_back, early = (it.customer() for _ in range(4))
        for each in (once, twice, taken_back):
            it.order(each, (date(2026, 3, 1), 10))
        it.order(twice, (date(2026, 3, 2), 10))
        it.order(taken_back, (date(2026, 3, 2), 10), (date(2026, 3, 3), -10))
        it.order(early, (date(2025, 10, 31), 10))
        it.order(early, (date(2025, 11, 1), 10))
    figures = measured().counts("repurchase")
    assert figures[OCTOBER] == (1, 4)  # November 2025 to October 2026: `early` ordered once
    assert figures[SEPTEMBER] == (2, 4)  # October 2025 to September 2026: `early` ordered twice


def test_an_order_counts_with_what_its_lines_in_the_month_come_to(company, measured, actors):
    with company() as it:
        customer = it.customer(actors.west, "华东")
        it.order(customer, (date(2026, 10, 1), 100))
        it.order(customer, (date(2026, 10, 2), 400), (date(2026, 10, 31), -100))
        it.order(customer, (date(2026, 10, 5), 50), (date(2026, 10, 6), -50))
    figures = measured()
    october = figures.all("average_order_value")[OCTOBER]
    assert (october.value, october.n) == (200.0, 2)
    # 100 and 300: standard deviation 141.42, by the root of two 100, times 1.96.
    assert (round(october.low, 2), round(october.high, 2)) == (4.00, 396.00)
    assert figures.counts("average_order_value") == {OCTOBER: (4_000_000, 2)}
    assert figures.departments("average_order_value", OCTOBER)[actors.west] == (4_000_000, 2)


def test_a_return_leaves_the_order_in_its_month_and_is_no_order_of_its_own(company, measured):
    with company() as it:
        it.order(it.customer(), (date(2026, 6, 10), 1000), (date(2026, 10, 20), -100))
    june, figures = date(2026, 6, 1), measured()
    assert figures.counts("average_order_value") == {june: (10_000_000, 1)}
    assert figures.all("average_order_value")[june].value == 1000.0


@pytest.mark.parametrize("code", ["average_order_value", "retention", "repurchase"])
def test_no_later_return_changes_a_past_month(company, measured, code):
    """July to September come out as they did before all was given back in October."""
    with company() as it:
        it.order(it.customer(), (date(2025, 1, 5), 1))
        given_back, kept = it.customer(), it.customer()
        for customer in (given_back, kept):
            it.order(customer, (date(2026, 4, 1), 10))
        for customer, back in ((given_back, True), (kept, False)):
            returned = [(date(2026, 10, 20), -10)] if back else []
            it.order(customer, (date(2026, 7, 1), 10), *returned)
    then = measured(date(2026, 10, 10)).counts(code)
    now = measured().counts(code)
    months = [date(2026, month, 1) for month in (7, 8, 9)]
    assert [now.get(month) for month in months] == [then.get(month) for month in months]
    assert any(month in now for month in months)


def test_an_order_given_back_in_the_later_months_still_made_a_customer_of_those_before(company, measured):
    with company() as it:
        it.order(it.customer(), (date(2025, 1, 5), 1))
        it.order(it.customer(), (date(2026, 7, 1), 10), (date(2026, 8, 5), -10))
    figures = measured()
    assert figures.counts("retention")[OCTOBER] == (0, 1)
    assert OCTOBER not in figures.counts("repurchase")  # within the twelve months it came to nothing


def test_one_order_has_a_value_but_no_interval(company, measured):
    with company() as it:
        it.order(it.customer(), (date(2026, 10, 1), 100))
    october = measured().all("average_order_value")[OCTOBER]
    assert (october.value, october.low, october.enough) == (100.0, None, False)


def test_weeks_begin_on_monday(company, measured):
    with company() as it:
        customer = it.customer()
        it.order(customer, (date(2026, 10, 25), 1))  # Sunday
        it.order(customer, (date(2026, 10, 26), 1))
        it.order(customer, (date(2026, 11, 1), 1))
    assert {start: n for start, (_, n) in measured().counts("average_order_value", "week").items()} == {
        date(2026, 10, 19): 1,
        date(2026, 10, 26): 2,
    }


def test_what_comes_after_the_day_is_not_seen(company, measured):
    with company() as it:
        customer = it.customer()
        it.order(customer, (date(2026, 10, 1), 1))
        it.order(customer, (date(2026, 10, 20), 1))
    figures = measured(date(2026, 10, 10))
    assert figures.counts("average_order_value") == {OCTOBER: (10_000, 1)}
    assert not figures.all("average_order_value")[OCTOBER].complete


def test_an_order_of_millions_is_counted_exactly(company, measured):
    with company() as it:
        it.order(it.customer(), (date(2026, 10, 1), 50_000_000))
        it.order(it.customer(), (date(2026, 10, 2), 10_000_000))
    reading = measured().all("average_order_value")[OCTOBER]
    assert reading.value == 30_000_000
    assert reading.interval is not None
