"""Reads of measures. They come from the mart as counts, which are added up for whom and where is asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.access.actor import Actor, Permission, Reach
from core.errors import NotAllowed
from core.grading.labels import NO_TIER
from core.language import mark
from core.measures.catalogue import MEASURES, Measure
from core.measures.cells import CLUSTERS, TABLE, Stamp, stamp_of
from core.measures.movement import MONTH_ENDS
from core.measures.periods import Grain, Period, last_periods, period
from core.measures.readings import Change, Counts, Reading, Standing, change, reading, standing
from core.policy.model import Evidence
from core.statistics import Clusters
from core.store.engine import Store
from core.store.mart import Mart, current_mart

__all__ = [
    "COMPANY",
    "Change",
    "Reading",
    "Scope",
    "Standing",
    "by_department",
    "change",
    "movement",
    "readings",
    "scope_readings",
    "standing",
    "worked_out_at",
]

_Totals = Mapping[tuple[str, date], Counts]


@dataclass(frozen=True)
class Scope:
    """Whose cases count; an empty part means all."""

    department_ids: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()


COMPANY = Scope()


def readings(
    actor: Actor,
    store: Store,
    grain: Grain,
    *,
    codes: Collection[str] | None = None,
    scope: Scope = COMPANY,
    since: date | None = None,
    evidence: Evidence | None = None,
) -> dict[str, list[Reading]]:
    """Code -> its figures by time, as `scope_readings` gives them.

    Who sees measures sees those of the whole company; parts of it only within reach.
    """
    actor.require(Permission.SEE_MEASURES)
    if not _may_see(actor, scope):
        raise NotAllowed(
            mark(
                "Measures of other departments are not yours to see. Choose the company or your own department."
            )
        )
    return scope_readings(store, grain, codes=codes, scope=scope, since=since, evidence=evidence)


def scope_readings(
    store: Store,
    grain: Grain,
    *,
    codes: Collection[str] | None,
    scope: Scope,
    since: date | None = None,
    evidence: Evidence | None = None,
) -> dict[str, list[Reading]]:
    """Code -> its figures by time (None: of all measures), one for each period that is worked out, from `since` on.

    A period without cases has a reading without value. A measure that has no figures of this grain has an empty
    list; one that does not know departments has no value in a scope. Judged by `evidence`, or else by the limits
    in force when the figures were worked out. Nobody's right is checked: that is the caller's part.
    """
    chosen = _measures(codes)
    mart = current_mart(store, having=TABLE)
    if mart is None:
        return {measure.code: [] for measure in chosen}
    stamp = _judging(mart, evidence)
    totals = _totals(mart, mart.saved_ns(TABLE), grain, scope)
    periods = [each for each in last_periods(grain, stamp.as_of) if since is None or each.start >= since]
    return {
        measure.code: [_reading(measure, each, totals, stamp) for each in periods]
        if grain == "month" or measure.weekly
        else []
        for measure in chosen
    }


def by_department(
    actor: Actor,
    store: Store,
    month: date,
    *,
    codes: Collection[str] | None = None,
    evidence: Evidence | None = None,
) -> dict[str, dict[int | None, Reading]]:
    """Code -> department -> its figure of the month that begins on `month`; under None the whole company's.

    Departments are those with cases in any month, within the actor's reach; what belongs to none counts in the
    company only. A measure that does not know departments has the company's figure alone. Judged by `evidence`, or
    else by the limits in force when the figures were worked out.
    """
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=TABLE)
    if mart is None:
        return {measure.code: {} for measure in _measures(codes)}
    stamp, saved = _judging(mart, evidence), mart.saved_ns(TABLE)
    shown = period("month", month)
    departments = _in_reach(actor, _departments(mart, saved))
    result: dict[str, dict[int | None, Reading]] = {}
    for measure in _measures(codes):
        whom: list[int | None] = [None, *(departments if measure.by_department else ())]
        result[measure.code] = {
            each: _reading(measure, shown, _totals(mart, saved, "month", _scope_of(each)), stamp)
            for each in whom
        }
    return result


def worked_out_at(store: Store) -> date | None:
    """The day as of which the measures were worked out; None before the first cycle."""
    mart = current_mart(store, having=TABLE)
    return None if mart is None else stamp_of(mart.rows(TABLE)).as_of


def movement(actor: Actor, store: Store, month: date) -> pd.DataFrame:
    """How many customers moved from which value tier to which in the month that begins on `month`.

    Columns: tier_before (at the end of the month before), tier_now, customers; NO_TIER for none. Who had none and
    has none is left out.
    """
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=MONTH_ENDS)
    if mart is None:
        return pd.DataFrame(columns=["tier_before", "tier_now", "customers"])
    ends = mart.table(MONTH_ENDS)
    before = ends.filter(ends.month == (month - timedelta(days=1)).replace(day=1))
    now = ends.filter(ends.month == month)
    pairs = now.left_join(before, "customer_id").select(
        tier_before=before.value_tier.fill_null(NO_TIER), tier_now=now.value_tier.fill_null(NO_TIER)
    )
    pairs = pairs.filter((pairs.tier_before != NO_TIER) | (pairs.tier_now != NO_TIER))
    counted = pairs.group_by(["tier_before", "tier_now"]).aggregate(customers=pairs.count())
    frame: pd.DataFrame = counted.order_by(["tier_before", "tier_now"]).to_pandas()
    return frame


def _measures(codes: Collection[str] | None) -> list[Measure]:
    return [MEASURES[code] for code in (MEASURES if codes is None else codes)]


def _judging(mart: Mart, evidence: Evidence | None) -> Stamp:
    stamp = stamp_of(mart.rows(TABLE))
    return stamp if evidence is None else replace(stamp, evidence=evidence)


def _may_see(actor: Actor, scope: Scope) -> bool:
    if actor.reach is Reach.COMPANY or scope == COMPANY:
        return True
    return actor.department_id is not None and scope.department_ids == (actor.department_id,)


def _reading(measure: Measure, shown: Period, totals: _Totals, stamp: Stamp) -> Reading:
    counts = totals.get((measure.code, shown.start), Counts())
    window = timedelta(days=stamp.window_days if measure.matures else 0)
    complete = shown.over(stamp.as_of - window)
    return reading(measure, shown.start, counts, stamp.evidence, complete=complete)


def _scope_of(department: int | None) -> Scope:
    return COMPANY if department is None else Scope(department_ids=(department,))


def _in_reach(actor: Actor, departments: tuple[int, ...]) -> tuple[int, ...]:
    if actor.reach is Reach.COMPANY:
        return departments
    return () if actor.department_id is None else (actor.department_id,)


@lru_cache(maxsize=128)
def _totals(mart: Mart, _saved_ns: int, grain: Grain, scope: Scope) -> _Totals:
    """The counts of every measure and period in the scope; kept, because pages ask for the same again and again."""
    cells = mart.rows(TABLE)
    wanted = pc.equal(cells["grain"], grain)
    if scope != COMPANY:
        known = [measure.code for measure in MEASURES.values() if measure.by_department]
        wanted = pc.and_(wanted, pc.is_in(cells["measure"], pa.array(known)))
    if scope.department_ids:
        chosen = pa.array(scope.department_ids, pa.int64())
        wanted = pc.and_(wanted, pc.is_in(cells["department_id"], chosen))
    if scope.regions:
        wanted = pc.and_(wanted, pc.is_in(cells["region"], pa.array(scope.regions, pa.string())))
    sums = (
        cells.filter(wanted)
        .group_by(["measure", "start"], use_threads=False)
        .aggregate([(name, "sum") for name in ("numerator", "denominator", "squares", *CLUSTERS)])
    )
    return {
        (row["measure"], row["start"]): Counts(
            row["numerator_sum"], row["denominator_sum"], row["squares_sum"], _clusters(row)
        )
        for row in sums.to_pylist()
    }


def _clusters(row: dict[str, Any]) -> Clusters | None:
    found = [row[f"{name}_sum"] for name in CLUSTERS]
    return None if None in found else Clusters(*found)


@lru_cache(maxsize=8)
def _departments(mart: Mart, _saved_ns: int) -> tuple[int, ...]:
    found = pc.unique(mart.rows(TABLE)["department_id"]).drop_null().to_pylist()
    return tuple(sorted(found))
