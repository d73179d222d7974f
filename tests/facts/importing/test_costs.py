"""Channel costs on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.facts.tables import ChannelCost
from tests.facts.conftest import records
from tests.facts.importing.results import counts, reasons

HEADER = ["月份", "渠道", "推广活动", "费用"]
TWO = [HEADER, ["2026年10月", "抖音直播", None, 8600], ["2026-10", "抖音直播", "品牌日", "1,200.50"]]


def costs(store):
    found = records(store, select(ChannelCost).order_by(ChannelCost.month, ChannelCost.campaign))
    return [(cost.month, cost.channel, cost.campaign, cost.amount) for cost in found]


def test_costs_come_without_any_lead(bring, store):
    result = bring("channel_costs", TWO)
    assert counts(result) == (2, 0, 0, 0)
    assert costs(store) == [
        (date(2026, 10, 1), "抖音直播", "", 86_000_000),
        (date(2026, 10, 1), "抖音直播", "品牌日", 12_005_000),
    ]


@pytest.mark.parametrize("mode", ["add", "update", "both"])
def test_the_same_costs_again_are_unchanged(bring, store, mode):
    bring("channel_costs", TWO)
    assert counts(bring("channel_costs", TWO, mode=mode)) == (0, 0, 2, 0)
    assert len(costs(store)) == 2


def test_another_cost_is_refused_or_replaces_as_asked(bring, store):
    bring("channel_costs", TWO)
    other = [HEADER, ["2026-10-15", "抖音直播", "", 9000], ["2026-09", "行业展会", None, 1]]
    result = bring("channel_costs", other)
    assert counts(result) == (1, 0, 0, 1)
    assert reasons(store, result)[2].startswith(
        "Another cost of channel 抖音直播 in 2026-10 is stored already."
    )
    assert counts(bring("channel_costs", other, mode="both")) == (0, 1, 1, 0)
    assert costs(store)[1] == (date(2026, 10, 1), "抖音直播", "", 90_000_000)


def test_updating_refuses_costs_that_are_not_stored(bring, store):
    result = bring("channel_costs", TWO, mode="update")
    assert counts(result) == (0, 0, 0, 2)
    assert reasons(store, result)[2].startswith("No cost of channel 抖音直播 in 2026-10 is stored yet.")


def test_one_cost_told_of_twice_is_taken_once_or_not_at_all(bring, store):
    rows = [HEADER, ["2026-10", "小程序", None, 5], ["2026/10", "小程序", None, 6]]
    result = bring("channel_costs", rows)
    assert counts(result) == (0, 0, 0, 2)
    assert reasons(store, result)[2] == "Rows 2 and 3 name the same record with different values. Keep one."
    assert counts(bring("channel_costs", [HEADER, *rows[1:2], *rows[1:2]])) == (1, 0, 1, 0)


def test_a_cost_below_zero_or_of_a_month_to_come_is_refused(bring, store):
    rows = [
        HEADER,
        ["2026-10", "小程序", None, -5],
        ["2026-12", "小程序", None, 5],
        ["13/2026", "小程序", None, 5],
    ]
    told = reasons(store, bring("channel_costs", rows))
    assert told[2] == "-5 is below zero. A cost is a number from 0 up."
    assert told[3].startswith("“2026-12” cannot be right: months from 1990-01 to 2026-11 are taken.")
    assert told[4].startswith("“13/2026” cannot be right")
