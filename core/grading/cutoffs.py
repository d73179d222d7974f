"""Where the scores begin and end among the graded customers, and what would take one further. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from core.grading.ranks import SCORES
from core.policy.model import Policy

Numbers = npt.NDArray[np.int64]

MEASURES = ("recency_days", "frequency", "monetary")


@dataclass(frozen=True)
class MeasureExplanation:
    """One measure of a graded customer, against all graded customers.

    `bounds[i]` is the worst value at which a customer now scores `i + 2` or more (recency_days: the most
    days; the others: the least orders or ten-thousandths of the currency unit); None where nobody does.
    `percent_rank` runs from 0 to 1, `upper` is the digit of the cell. `next_score` and `next_value` say what
    would score more while everybody else stays as they are; None at the top.
    """

    measure: str
    value: int
    score: int
    percent_rank: float
    upper: bool
    bounds: tuple[int | None, ...]
    next_score: int | None
    next_value: int | None


@dataclass(frozen=True)
class Field:
    """The measures of all graded customers, each so that more is better: `r` is minus the days."""

    r: Numbers
    f: Numbers
    m: Numbers

    def tier_and_rank(self, at: int, policy: Policy) -> tuple[str, int]:
        """The tier and the value rank from zero of the customer in row `at`."""
        n = len(self.r)
        scores = np.stack([_scores(_ranks(each), n) for each in (self.r, self.f, self.m)])
        total = scores.sum(axis=0)
        below = (total < total[at]) | ((total == total[at]) & (self.m < self.m[at]))
        rank = int(below.sum())
        r, f, m = (int(each) for each in scores[:, at])
        rule = policy.tiers
        if _reaches(rank, n, rule.high_from_rank):
            return "high", rank
        if r >= rule.potential_r_from and max(f, m) >= rule.potential_f_or_m_from:
            return "potential", rank
        return ("mid" if _reaches(rank, n, rule.low_below_rank) else "low"), rank

    def place_of(self, row: Mapping[str, Any]) -> int:
        """A row of the field with the measures of `row`: the customer, or one who is graded the same."""
        same = (self.r == -row["recency_days"]) & (self.f == row["frequency"]) & (self.m == row["monetary"])
        return int(np.argmax(same))

    def moved(self, at: int, r: int, f: int, m: int) -> Field:
        """The same field with other measures in row `at`."""
        parts = [each.copy() for each in (self.r, self.f, self.m)]
        for part, value in zip(parts, (r, f, m), strict=True):
            part[at] = value
        return Field(*parts)


def measures(row: Mapping[str, Any], field: Field, policy: Policy) -> tuple[MeasureExplanation, ...]:
    """The three measures of the graded customer in `row` (a row of the mart's grades) within `field`."""
    explained = []
    for name, score_name, values in zip(
        MEASURES, ("r_score", "f_score", "m_score"), (field.r, field.f, field.m), strict=True
    ):
        sign = -1 if name == "recency_days" else 1
        own, n = sign * row[name], len(values)
        scores = _scores(_ranks(values), n)
        ordered = np.sort(values)
        rank = int(np.searchsorted(ordered, own))
        following = _next(ordered, row[score_name], sign)
        explained.append(
            MeasureExplanation(
                measure=name,
                value=row[name],
                score=row[score_name],
                percent_rank=rank / max(n - 1, 1),
                upper=_reaches(rank, n, policy.cells.upper_from_rank),
                bounds=tuple(_bound(values, scores, score, sign) for score in range(2, SCORES + 1)),
                next_score=following and following[0],
                next_value=following and following[1],
            )
        )
    return tuple(explained)


def _ranks(values: Numbers) -> Numbers:
    return np.searchsorted(np.sort(values), values).astype("int64")


def _scores(ranks: Numbers, n: int) -> Numbers:
    return np.minimum(SCORES * ranks // max(n - 1, 1) + 1, SCORES)


def _reaches(rank: int, n: int, share: float) -> bool:
    return rank >= Fraction(str(share)) * max(n - 1, 1)


def _bound(values: Numbers, scores: Numbers, score: int, sign: int) -> int | None:
    having = values[scores >= score]
    return sign * int(having.min()) if len(having) else None


def _next(ordered: Numbers, score: int, sign: int) -> tuple[int, int] | None:
    """The next score a customer can reach alone, and the value that takes it there.

    A score needs k others strictly below. With the customer itself taken out of its place further down, the
    k-th of the others is `ordered[k]`, so the least value that will do lies one above it.
    """
    n = len(ordered)
    if score == SCORES or n == 1:
        return None
    needed = -(-score * (n - 1) // SCORES)
    value = int(ordered[needed]) + 1
    reached = min(SCORES * int(_others_below(ordered, value)) // (n - 1) + 1, SCORES)
    if sign < 0 and value > 0:
        return None  # somebody bought on the last day: nobody can be more recent
    return reached, sign * value


def _others_below(ordered: Numbers, value: int) -> int:
    """How many of the others lie below `value`, for a customer whose present place is below it too."""
    return int(np.searchsorted(ordered, value)) - 1
