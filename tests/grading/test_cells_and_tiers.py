"""The tables of cells, tiers and stages are total and disjoint; boundaries fall where they are written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta

import ibis
import pyarrow as pa
import pytest

from core.grading.cells import RFM_CELLS, rfm_cell
from core.grading.labels import LIFECYCLE_STAGE_LABELS, NO_TIER, RFM_CELL_LABELS, VALUE_TIER_LABELS
from core.grading.lifecycle import LIFECYCLE_STAGES, lifecycle_stage
from core.grading.ranks import score
from core.grading.tiers import VALUE_TIERS, value_tier
from core.policy.model import Policy

AS_OF = date(2026, 6, 30)


def ranks_of(n: int) -> Iterator[tuple[int, ...]]:
    return itertools.product(range(n), repeat=3)


def test_every_combination_of_ranks_falls_into_exactly_one_cell(policy: Policy) -> None:
    ranks = list(ranks_of(7))
    table = ibis.memtable(
        {"r": [r for r, _, _ in ranks], "f": [f for _, f, _ in ranks], "m": [m for *_, m in ranks]}
    )
    cells = table.select(cell=rfm_cell(table.r, table.f, table.m, ibis.literal(7), policy.cells)).to_pyarrow()
    expected = ["".join(str(int(rank >= 3)) for rank in each) for each in ranks]  # 3 of 7 is the middle: 3/6
    assert cells["cell"].to_pylist() == expected
    assert set(expected) == set(RFM_CELLS)
    assert len(RFM_CELLS) == 8


def test_every_combination_of_rank_and_scores_falls_into_exactly_one_tier(policy: Policy) -> None:
    n = 11  # ranks in tenths
    rows = [(rank, *scores) for rank in range(n) for scores in itertools.product(range(1, 6), repeat=3)]
    table = ibis.memtable(pa.table([pa.array(column) for column in zip(*rows, strict=True)], list("vrfm")))
    tiers = table.select(
        tier=value_tier(table.v, ibis.literal(n), (table.r, table.f, table.m), policy.tiers)
    ).to_pyarrow()
    seen = tiers["tier"].to_pylist()
    assert set(seen) == set(VALUE_TIERS)
    for (rank, r, f, m), tier in zip(rows, seen, strict=True):
        high = rank >= 8
        potential = not high and r >= 4 and (f >= 4 or m >= 4)
        low = not high and not potential and rank < 3
        assert [high, potential, low, not (high or potential or low)].count(True) == 1
        assert tier == ("high" if high else "potential" if potential else "low" if low else "mid")


@pytest.mark.parametrize(
    ("first", "last", "stage"),
    [
        (None, None, "prospect"),
        (0, 0, "new"),
        (90, 0, "new"),
        (90, 90, "new"),
        (91, 90, "active"),
        (91, 91, "dormant"),
        (400, 180, "dormant"),
        (400, 181, "lost"),
    ],
)
def test_stages_change_on_the_day_after_the_last_that_still_counts(
    policy: Policy, first: int | None, last: int | None, stage: str
) -> None:
    days = [None if ago is None else AS_OF - timedelta(days=ago) for ago in (first, last)]
    table = ibis.memtable(
        pa.table({"first": pa.array([days[0]], pa.date32()), "last": pa.array([days[1]], pa.date32())})
    )
    found = table.select(stage=lifecycle_stage(table.first, table.last, policy.lifecycle, AS_OF)).to_pyarrow()
    assert found["stage"].to_pylist() == [stage]


def test_every_pair_of_first_and_last_order_has_one_of_the_five_stages(policy: Policy) -> None:
    pairs = [(first, last) for first in range(0, 400, 7) for last in range(0, first + 1, 7)]
    days = [[AS_OF - timedelta(days=each[at]) for each in pairs] for at in (0, 1)]
    table = ibis.memtable(pa.table({"first": pa.array(days[0]), "last": pa.array(days[1])}))
    found = table.select(stage=lifecycle_stage(table.first, table.last, policy.lifecycle, AS_OF)).to_pyarrow()
    assert set(found["stage"].to_pylist()) | {"prospect"} == set(LIFECYCLE_STAGES)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 11, 100, 2357])
def test_scores_are_whole_rise_with_the_rank_and_run_from_one_to_five(n: int) -> None:
    table = ibis.memtable({"rank": list(range(n))})
    scores = table.select(score=score(table.rank, ibis.literal(n))).to_pyarrow()["score"].to_pylist()
    assert scores == sorted(scores)
    assert scores == [min(5, 5 * rank // max(n - 1, 1) + 1) for rank in range(n)]
    assert scores[0] == 1
    assert scores[-1] == (5 if n > 1 else 1)


def test_every_code_has_a_label_and_every_label_a_code() -> None:
    assert set(VALUE_TIER_LABELS) == {*VALUE_TIERS, NO_TIER}
    assert set(LIFECYCLE_STAGE_LABELS) == set(LIFECYCLE_STAGES)
    assert set(RFM_CELL_LABELS) == set(RFM_CELLS)
