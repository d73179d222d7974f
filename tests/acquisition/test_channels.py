"""The tiers of channels: a total and disjoint table of cases."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from core.acquisition.channels import ChannelTier, Remark, Yield, channel_tier, remark
from core.acquisition.shares import Share
from core.policy.model import Policy

COMPANY = Yield(Share(20, 100), 20_000)
"""Conversion 20 %, a customer costs 1,000."""


def tier(policy: Policy, won: int, matured: int, cost: int | None, company: Yield = COMPANY) -> ChannelTier:
    return channel_tier(Yield(Share(won, matured), cost), company, policy.channel_tiers)


@pytest.mark.parametrize(
    ("won", "matured", "cost", "expected"),
    [
        (20, 29, 0, "too_few"),
        (6, 30, 6_000, "core"),  # on both thresholds of core
        (6, 30, 6_001, "potential"),
        (59, 300, 1_000, "potential"),  # cheap, but converts a little less than the company
        (20, 50, 30_000, "inefficient"),  # converts twice as well, but a customer costs 1.5 times as much
        (20, 50, 29_999, "potential"),
        (3, 30, 0, "inefficient"),  # half the company's conversion
        (4, 30, 0, "potential"),
        (0, 30, 1, "inefficient"),  # money spent and nobody won
        (15, 30, None, "potential"),  # nobody knows what it costs
        (0, 30, None, "inefficient"),
    ],
)
def test_a_channel_gets_its_tier_by_the_table(
    policy: Policy, won: int, matured: int, cost: int | None, expected: str
) -> None:
    assert tier(policy, won, matured, cost) == expected


def test_the_table_of_cases_is_total_and_disjoint(policy: Policy) -> None:
    """Each case written out for itself: exactly one of them holds for every channel, beside every company."""
    rule = policy.channel_tiers
    companies = [COMPANY, Yield(Share(0, 100), 5_000), Yield(Share(20, 100), None), Yield(Share(20, 100), 0)]
    figures = product((0, 1, 3, 6, 20, 40), (0, 29, 30, 40, 100), (None, 0, 1, 900, 6_000, 60_000))
    seen = set()
    for company, (won, matured, cost) in product(companies, figures):
        if won > matured:
            continue
        channel = Yield(Share(won, matured), cost)
        few = matured < rule.smallest_leads
        ratio = None if few or not company.conversion.k else Fraction(won, matured) / Fraction(20, 100)
        each, usual = channel.acquisition_cost, company.acquisition_cost
        dear = each is not None and bool(usual) and each / usual >= Fraction("1.5")
        cheap = each is not None and usual is not None and each <= usual
        bad = not few and (
            dear or (bool(cost) and not won) or (ratio is not None and ratio <= Fraction("0.5"))
        )
        # Where the company has won nobody, no cost of a customer is known and nothing can be called core.
        good = not few and not bad and cheap and ratio is not None and ratio >= 1
        cases = {
            ChannelTier.TOO_FEW: few,
            ChannelTier.INEFFICIENT: bad,
            ChannelTier.CORE: good,
            ChannelTier.POTENTIAL: not (few or bad or good),
        }
        assert sum(cases.values()) == 1
        assert cases[channel_tier(channel, company, rule)]
        seen.add(channel_tier(channel, company, rule))
    assert seen == set(ChannelTier)


@pytest.mark.parametrize(
    ("won", "matured", "cost", "leads", "divisible", "missing", "expected"),
    [
        (1, 30, 100, 40, True, 0, None),
        (1, 30, 100, 40, True, 2, Remark.COST_OF_SOME_MONTHS),
        (0, 30, 100, 40, True, 2, Remark.NOBODY_WON),
        (1, 30, None, 40, True, 0, Remark.NO_COST),
        (0, 0, 100, 0, True, 0, Remark.COST_WITHOUT_LEADS),
        (1, 30, None, 40, False, 0, Remark.COST_NOT_DIVISIBLE),
    ],
)
def test_what_is_missing_is_said(
    won: int,
    matured: int,
    cost: int | None,
    leads: int,
    divisible: bool,
    missing: int,
    expected: Remark | None,
) -> None:
    channel = Yield(Share(won, matured), cost)
    assert remark(channel, leads, cost_divisible=divisible, months_without_cost=missing) == expected


def test_a_cost_of_other_months_is_not_called_missing() -> None:
    channel = Yield(Share(1, 30), None)
    said = remark(channel, 40, cost_divisible=True, months_without_cost=0, cost_of_other_months=True)
    assert said == Remark.COST_OF_OTHER_MONTHS
