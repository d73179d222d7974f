"""What customers say: the mean score, and the share of those who are satisfied."""

from __future__ import annotations

import ibis
import pyarrow as pa

from core.measures.periods import Grain
from core.measures.workings.sources import WHERE, Sources, cells

SATISFIED_FROM = 4


def answers(sources: Sources, grain: Grain) -> list[pa.Table]:
    """The answers given in the period."""
    given = sources.of_customers(sources.within(sources.satisfaction, "scored_on", grain))
    counted = given.group_by(["start", *WHERE]).aggregate(
        denominator=given.count(),
        score=given.score.sum(),
        squares=(given.score * given.score).sum().cast("float64"),
        satisfied=(given.score >= SATISFIED_FROM).cast("int64").sum(),
    )
    counted = ibis.memtable(counted.to_pyarrow())
    return [
        cells("satisfaction", grain, counted.rename(numerator="score")),
        cells("satisfied_share", grain, counted.rename(numerator="satisfied").drop("squares")),
    ]
