"""A share with what it was counted over, and when two shares differ. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.policy.model import Evidence
from core.statistics import Interval, newcombe, wilson


@dataclass(frozen=True)
class Share:
    """`k` of `n`."""

    k: int
    n: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None where there is nothing to divide by."""
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> Interval:
        """Where the share lies, at 95 %."""
        return wilson(self.k, self.n)

    def enough(self, evidence: Evidence) -> bool:
        """Whether there are cases enough to compare it with anything."""
        return self.n >= evidence.smallest_n and self.interval.width < evidence.widest_interval


class Verdict(StrEnum):
    """How a share stands beside another."""

    TOO_FEW = "too_few"
    BELOW = "below"
    ABOVE = "above"
    NO_DIFFERENCE = "no_difference"
    """None that could be told from chance."""


def compare(share: Share, other: Share, evidence: Evidence) -> Verdict:
    """The verdict on `share`: a difference is one whose interval at 95 % leaves 0 out.

    Both need cases enough: beside a handful of cases anything could be told.
    """
    if not (share.enough(evidence) and other.enough(evidence)):
        return Verdict.TOO_FEW
    difference = newcombe(share.k, share.n, other.k, other.n)
    if difference.high < 0:
        return Verdict.BELOW
    return Verdict.ABOVE if difference.low > 0 else Verdict.NO_DIFFERENCE
