"""The words for codes of acquisition."""

from __future__ import annotations

from core.acquisition.channels import ChannelTier, Remark
from core.acquisition.funnel import LOST, OPEN, WENT_ON
from core.acquisition.shares import Verdict
from core.language import mark

BAND_LABELS: dict[str, str] = {
    WENT_ON: mark("Went on"),
    LOST: mark("Lost here"),
    OPEN: mark("Still within the window"),
}

CHANNEL_TIER_LABELS: dict[str, str] = {
    ChannelTier.CORE: mark("Core channel"),
    ChannelTier.POTENTIAL: mark("Potential channel"),
    ChannelTier.INEFFICIENT: mark("Inefficient channel"),
    ChannelTier.TOO_FEW: mark("Too few cases"),
}

REMARKS: dict[str, str] = {
    Remark.COST_WITHOUT_LEADS: mark("Money spent, no leads"),
    Remark.NO_COST: mark("No cost recorded"),
    Remark.COST_OF_OTHER_MONTHS: mark("Cost lies outside these months"),
    Remark.COST_OF_SOME_MONTHS: mark("Cost of some months missing"),
    Remark.NOBODY_WON: mark("Nobody won yet"),
    Remark.COST_NOT_DIVISIBLE: mark("Cost is known by channel only"),
}

VERDICTS: dict[str, str] = {
    Verdict.ABOVE: mark("Above the rest"),
    Verdict.BELOW: mark("Below the rest"),
    Verdict.NO_DIFFERENCE: mark("No difference to the rest"),
    Verdict.TOO_FEW: mark("Too few cases"),
}
