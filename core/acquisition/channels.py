"""What a channel brings for its money, and the tier that follows from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.acquisition.shares import Share
from core.policy.model import ChannelTiers


class ChannelTier(StrEnum):
    """What is suggested for a channel."""

    CORE = "core"
    POTENTIAL = "potential"
    INEFFICIENT = "inefficient"
    TOO_FEW = "too_few"


class Remark(StrEnum):
    """Why a figure of a channel is missing or has to be read with care."""

    COST_WITHOUT_LEADS = "cost_without_leads"
    NO_COST = "no_cost"
    COST_OF_OTHER_MONTHS = "cost_of_other_months"
    COST_OF_SOME_MONTHS = "cost_of_some_months"
    NOBODY_WON = "nobody_won"
    COST_NOT_DIVISIBLE = "cost_not_divisible"


@dataclass(frozen=True)
class Yield:
    """What a channel, or the whole company, got for what it spent."""

    conversion: Share
    """Won within the window, of the leads whose window is over."""
    cost: int | None
    """Ten-thousandths of the currency unit; None where no cost is known."""

    @property
    def acquisition_cost(self) -> Fraction | None:
        """Cost for each lead won, in ten-thousandths; None where nothing is known to divide or nobody was won."""
        if self.cost is None or not self.conversion.k:
            return None
        return Fraction(self.cost, self.conversion.k)


def channel_tier(channel: Yield, company: Yield, rule: ChannelTiers) -> ChannelTier:
    """The tier of a channel beside the company as a whole, over the same leads' months.

    The first that holds:

    ============  ==================================================================================
    too_few       fewer leads past their window than `smallest_leads`
    inefficient   conversion at most `inefficient_conversion_up_to` times the company's, or cost of a
                  customer at least `inefficient_cost_from` times the company's, or money spent and
                  nobody won
    core          conversion at least `core_conversion_from` times the company's, and cost of a
                  customer known and at most `core_cost_up_to` times the company's
    potential     everything else; also where a cost is not known, because nobody can say then that
                  more money belongs there
    ============  ==================================================================================

    Ratios are compared exactly: a channel on the threshold is on its good side for core, on its bad side for
    inefficient.
    """
    if channel.conversion.n < max(1, rule.smallest_leads):
        return ChannelTier.TOO_FEW
    if _inefficient(channel, company, rule):
        return ChannelTier.INEFFICIENT
    return ChannelTier.CORE if _core(channel, company, rule) else ChannelTier.POTENTIAL


def _inefficient(channel: Yield, company: Yield, rule: ChannelTiers) -> bool:
    if channel.cost and not channel.conversion.k:
        return True
    bad = Fraction(str(rule.inefficient_conversion_up_to))
    if company.conversion.k and _conversion(channel) <= bad * _conversion(company):
        return True
    cost, usual = channel.acquisition_cost, company.acquisition_cost
    if cost is None or not usual:
        return False
    return cost >= Fraction(str(rule.inefficient_cost_from)) * usual


def _core(channel: Yield, company: Yield, rule: ChannelTiers) -> bool:
    cost, usual = channel.acquisition_cost, company.acquisition_cost
    if cost is None or usual is None:
        return False
    good = _conversion(channel) >= Fraction(str(rule.core_conversion_from)) * _conversion(company)
    return good and cost <= Fraction(str(rule.core_cost_up_to)) * usual


def _conversion(figures: Yield) -> Fraction:
    return Fraction(figures.conversion.k, figures.conversion.n)


def remark(
    channel: Yield,
    leads: int,
    *,
    cost_divisible: bool,
    months_without_cost: int,
    cost_of_other_months: bool = False,
) -> Remark | None:
    """What has to be said beside the figures of a channel; the first that holds.

    `cost_of_other_months`: whether it cost something outside the months that are looked at.
    """
    if not cost_divisible:
        return Remark.COST_NOT_DIVISIBLE
    if channel.cost is not None and not leads:
        return Remark.COST_WITHOUT_LEADS
    if channel.cost is None:
        return Remark.COST_OF_OTHER_MONTHS if cost_of_other_months else Remark.NO_COST
    if channel.conversion.n and not channel.conversion.k:
        return Remark.NOBODY_WON
    return Remark.COST_OF_SOME_MONTHS if months_without_cost else None
