"""The CDNOW sample graded: published and independently computed numbers, and every single grade."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import ibis
import pandas as pd
import pytest

from core.grading.ranks import rank_from_zero, score
from core.policy.service import default_policy
from tests.cdnow import repeat_counts, sample_lines
from tests.grading import oracle
from tests.grading.frames import grade_rows

SEPTEMBER = date(1997, 9, 30)
CUSTOMERS = sorted({line[0] for line in sample_lines()})


@cache
def graded(as_of: date) -> dict[int, dict[str, Any]]:
    return grade_rows(sample_lines(), CUSTOMERS, default_policy(), as_of)


def test_equal_repeat_counts_score_alike() -> None:
    counts = ibis.memtable({"x": list(repeat_counts())})
    ranked = counts.mutate(rank=rank_from_zero(counts.x), n=ibis._.count().over())
    rows = ranked.select("x", score=score(ranked.rank, ranked.n)).to_pyarrow().to_pylist()
    assert Counter((min(row["x"], 3), row["score"]) for row in rows) == {
        (0, 1): 1411,
        (1, 3): 439,
        (2, 4): 214,
        (3, 5): 293,
    }


def test_customers_with_only_orders_of_no_value_are_not_graded() -> None:
    rows = graded(SEPTEMBER)
    assert len(rows) == 2357
    assert sum(row["r_score"] is not None for row in rows.values()) == 2349
    assert sum(row["frequency"] == 1 for row in rows.values()) == 1403
    without = [row for row in rows.values() if row["r_score"] is None]
    assert [(row["value_tier"], row["lifecycle_stage"]) for row in without] == [("low", "prospect")] * 8


@pytest.mark.parametrize("as_of", [SEPTEMBER, date(1997, 12, 31), date(1998, 6, 30)])
def test_every_grade_equals_that_of_an_independent_computation(as_of: date) -> None:
    expected = oracle.grades(sample_lines(), CUSTOMERS, as_of)
    found = {
        customer: {name: value for name, value in row.items() if name != "value_rank"}
        for customer, row in graded(as_of).items()
    }
    assert found == expected


def test_equal_customers_have_equal_grades_throughout() -> None:
    measures = ("recency_days", "frequency", "monetary")
    decisions = ("r_score", "f_score", "m_score", "rfm_cell", "value_rank", "value_tier")
    grades: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
    for row in graded(SEPTEMBER).values():
        key = tuple(row[name] for name in measures)
        grades.setdefault(key, set()).add(tuple(row[name] for name in decisions))
    assert all(len(each) == 1 for each in grades.values())
    by_score = {name: {} for name in measures}
    for row in graded(SEPTEMBER).values():
        for name, column in zip(measures, ("r_score", "f_score", "m_score"), strict=True):
            assert by_score[name].setdefault(row[name], row[column]) == row[column] or row["r_score"] is None


def next_39_weeks_share(top: pd.Index, grades: pd.DataFrame) -> float:
    return grades.loc[top, "later"].sum() / grades["later"].sum()


def test_the_top_fifth_holds_two_thirds_of_what_is_spent_next() -> None:
    later: Counter[int] = Counter()
    for customer, _, day, amount in sample_lines():
        if day > SEPTEMBER:
            later[customer] += amount
    grades = pd.DataFrame.from_dict(graded(SEPTEMBER), orient="index").dropna(subset="r_score")
    grades["later"] = [later[customer] for customer in grades.index]
    fifth = round(len(grades) / 5)
    ranks = pd.DataFrame(
        {
            "r": grades["recency_days"].rank(ascending=False, method="max"),
            "f": grades["frequency"].rank(method="max"),
            "m": grades["monetary"].rank(method="max"),
        }
    )
    by_rank_sum = ranks.sum(axis=1).nlargest(fifth).index
    assert next_39_weeks_share(by_rank_sum, grades) == pytest.approx(0.670, abs=0.0005)
    oracle_top = grades["later"].nlargest(fifth).index
    assert next_39_weeks_share(oracle_top, grades) == pytest.approx(0.942, abs=0.0005)
    high = grades.index[grades["value_tier"] == "high"]
    assert len(high) == fifth
    assert next_39_weeks_share(high, grades) == pytest.approx(0.666, abs=0.0005)
