"""The funnel as it is shown: stages with their shares, and which step stands out. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from core.acquisition.funnel import StageBands
from core.acquisition.shares import Share
from core.policy.model import Evidence


@dataclass(frozen=True)
class StageView:
    """A stage with its bands, and its shares of the leads whose window is over."""

    bands: StageBands
    of_start: Share
    of_previous: Share | None
    """None at the first stage."""

    @property
    def stage(self) -> str:
        return self.bands.stage


@dataclass(frozen=True)
class FunnelView:
    """The funnel at the end of `as_of`. It is complete: without leads every count is 0."""

    as_of: date
    window_days: int
    evidence: Evidence
    stages: tuple[StageView, ...]

    @property
    def leads(self) -> int:
        return self.stages[0].bands.entrants

    @property
    def matured(self) -> int:
        """Leads whose window is over: n of the shares of start."""
        return self.stages[0].bands.matured


class Standing(StrEnum):
    """Whether a step can be called the worst."""

    STANDS_OUT = "stands_out"
    NONE_STANDS_OUT = "none_stands_out"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Bottleneck:
    """The step at which most leads stay behind, where the cases bear it out."""

    standing: Standing
    step: tuple[str, str] | None = None
    """The weakest: from which stage to which; None where there are too few cases."""
    share: Share | None = None
    """Of those at the first of the two, the share that went on."""
    rival: tuple[str, str] | None = None
    """The step from which the weakest cannot be told, where none stands out."""
    steps: int = 0
    """How many steps had cases enough to be compared."""


def funnel_view(
    counted: tuple[StageBands, ...], as_of: date, window_days: int, evidence: Evidence
) -> FunnelView:
    """Shares of start and of the stage before, from what `bands` counted."""
    entered = counted[0].matured
    previous = [None, *(Share(here.matured_went_on, here.matured) for here in counted[:-1])]
    stages = tuple(
        StageView(each, Share(each.matured, entered), of_previous)
        for each, of_previous in zip(counted, previous, strict=True)
    )
    return FunnelView(as_of, window_days, evidence, stages)


def bottleneck(view: FunnelView) -> Bottleneck:
    """The worst step, said only where its interval ends below the intervals of all other steps.

    Intervals that do not even touch are asked for, where a test of the difference would ask for less: the worst
    of several is picked after looking at all of them. Steps without cases enough are left aside; two have to
    remain, for one alone is the worst of nothing.
    """
    steps = [
        ((before.stage, here.stage), here.of_previous)
        for before, here in pairwise(view.stages)
        if here.of_previous is not None and here.of_previous.enough(view.evidence)
    ]
    if len(steps) < 2:
        return Bottleneck(Standing.TOO_FEW, steps=len(steps))
    (worst, share), *others = sorted(steps, key=lambda step: (step[1].value, step[1].interval.high))
    rivals = [step for step, other in others if not share.interval.below(other.interval)]
    if rivals:
        return Bottleneck(Standing.NONE_STANDS_OUT, worst, share, rivals[0], len(steps))
    return Bottleneck(Standing.STANDS_OUT, worst, share, steps=len(steps))
