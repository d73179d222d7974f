"""The KPIs of a pilot by week: figures, the control chart over baseline and pilot, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import add

from core.access.actor import Actor, Permission
from core.dates import business_date
from core.measures.catalogue import MEASURES, Measure
from core.measures.queries import Change, Reading, Scope, Standing, change, scope_readings, standing
from core.measures.readings import reading
from core.policy.model import Evidence
from core.policy.queries import policy_at
from core.reviews.pilot_kept import kept_readings
from core.reviews.pilot_records import plan_of, visible_pilot
from core.reviews.pilots import Kpi, Plan, last_week
from core.statistics import XmR, xmr
from core.store.engine import Store

ENOUGH_BASELINE = 8
"""Measured weeks before the pilot from which the limits of its chart come from these weeks alone."""


@dataclass(frozen=True)
class KpiWeeks:
    """One KPI of a pilot, week by week."""

    kpi: Kpi
    weeks: tuple[Reading, ...]
    """From the first of the baseline to the last there is of the pilot; those still running included."""
    starts_on: date
    """The first week of the pilot; the weeks before it are the baseline."""
    chart: XmR
    """Of `weeks`, see `chart_of`; the weeks that are not complete count as gaps."""
    from_baseline: bool
    """Whether the limits come from the weeks before the pilot alone."""
    latest: Reading | None
    """The last complete week of the pilot that has a value; None without one."""
    standing: Standing
    """Of the latest to the target."""
    since: Change
    """The complete weeks of the pilot together against the baseline together; None in it where one lacks."""

    @property
    def measure(self) -> Measure:
        return MEASURES[self.kpi.measure]

    @property
    def points(self) -> int:
        """How many complete weeks have a value."""
        return sum(each.complete and each.value is not None for each in self.weeks)

    def is_signal(self, week: date) -> bool:
        """Whether the week lies outside the limits of the chart."""
        return any(self.weeks[at].start == week for at in self.chart.signals)

    def is_bad_signal(self, week: date) -> bool:
        """Whether the week lies outside the limits on the side that nobody wants."""
        at = next((at for at in self.chart.signals if self.weeks[at].start == week), None)
        value = None if at is None else self.weeks[at].value
        if value is None or self.chart.mean is None:
            return False
        return (value < self.chart.mean) is self.measure.higher_is_better


def kpi_weeks(
    actor: Actor, store: Store, pilot_id: int, *, now: datetime, before: date | None = None
) -> list[KpiWeeks]:
    """The KPIs of a pilot in reach, in the order of its plan. `before`: only weeks that begin before that Monday.

    Once the pilot has ended they are those kept at its end. A measure that is not known any more is left out.
    """
    actor.require(Permission.PILOTS)
    with store.read() as session:
        pilot = visible_pilot(actor, session, pilot_id)
        plan, kept, ended_at = plan_of(pilot), pilot.kept, pilot.ended_at
    policy = policy_at(store, (ended_at or now).date())
    ended_on = None if ended_at is None else business_date(ended_at, policy.business.time_zone)
    found = (
        kept_readings(kept, policy.evidence)
        if kept is not None
        else plan_readings(store, plan, policy.evidence)
    )
    until = last_week(plan.starts_on, plan.weeks, ended_on)
    return [
        weeks_of(
            kpi,
            plan.starts_on,
            [
                each
                for each in found.get(kpi.measure, [])
                if each.start <= until and (before is None or each.start < before)
            ],
            policy.evidence,
        )
        for kpi in plan.kpis
        if kpi.measure in MEASURES
    ]


def plan_readings(store: Store, plan: Plan, evidence: Evidence) -> dict[str, list[Reading]]:
    """Code -> the weeks of the plan's KPIs from its baseline on. The caller has checked who may see them."""
    codes = [kpi.measure for kpi in plan.kpis if kpi.measure in MEASURES]
    return scope_readings(
        store,
        "week",
        codes=codes,
        scope=Scope(plan.department_ids, plan.regions),
        since=plan.baseline_from,
        evidence=evidence,
    )


def weeks_of(kpi: Kpi, starts_on: date, weeks: Sequence[Reading], evidence: Evidence) -> KpiWeeks:
    """What these weeks say of a KPI of the pilot that starts on that Monday."""
    measure = MEASURES[kpi.measure]
    complete = [each for each in weeks if each.complete]
    piloted = [each for each in complete if each.start >= starts_on]
    latest = next((each for each in reversed(piloted) if each.value is not None), None)
    baseline = [each for each in complete if each.start < starts_on]
    together = pooled(measure, piloted, evidence)
    chart, from_baseline = chart_of(weeks, starts_on)
    return KpiWeeks(
        kpi=kpi,
        weeks=tuple(weeks),
        starts_on=starts_on,
        chart=chart,
        from_baseline=from_baseline,
        latest=latest,
        standing=Standing.NO_DATA if latest is None else standing(measure, latest, kpi.target),
        since=change(measure, together, pooled(measure, baseline, evidence))
        if together is not None
        else Change(None, None, None, None),
    )


def chart_of(weeks: Sequence[Reading], starts_on: date) -> tuple[XmR, bool]:
    """The control chart of the weeks, and whether its limits come from the weeks before the pilot alone.

    They do where enough of these are measured, so that what the pilot changes lies outside them. Otherwise they come
    from all weeks, widened by the very change, and are provisional. A week with too few cases is never a signal.
    """
    values = [each.value if each.complete else None for each in weeks]
    before = [value for value, each in zip(values, weeks, strict=True) if each.start < starts_on]
    from_baseline = sum(value is not None for value in before) >= ENOUGH_BASELINE
    limits = xmr(before if from_baseline else values)
    return replace(
        limits,
        signals=tuple(
            at
            for at, (value, each) in enumerate(zip(values, weeks, strict=True))
            if value is not None and each.enough and _outside(limits, value)
        ),
        provisional=limits.provisional or not from_baseline,
    ), from_baseline


def _outside(limits: XmR, value: float) -> bool:
    if limits.low is None or limits.high is None:
        return False
    hair = 1e-9 * max(
        1.0, abs(value)
    )  # equal values give limits that rounding alone would put them outside of
    return not limits.low - hair <= value <= limits.high + hair


def pooled(measure: Measure, weeks: Sequence[Reading], evidence: Evidence) -> Reading | None:
    """The figure of some weeks together; None where there is none."""
    known = [each for each in weeks if each.n]
    if not known:
        return None
    counts = reduce(add, (each.counts for each in known))
    return reading(measure, known[0].start, counts, evidence, complete=True)


def value_of_baseline(actor: Actor, store: Store, plan: Plan, code: str, evidence: Evidence) -> float | None:
    """The figure of the weeks before the pilot together; None where there are too few cases to hold a target to.

    For whoever may begin a pilot anywhere in the company.
    """
    actor.require(Permission.PUBLISH)
    found = plan_readings(store, replace(plan, kpis=(Kpi(code),)), evidence)
    weeks = [each for each in found.get(code, []) if each.complete and each.start < plan.starts_on]
    together = pooled(MEASURES[code], weeks, evidence)
    return together.value if together is not None and together.enough else None
