"""What a month's report is made of, read from the measures, the ledger and the ends of the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import Department
from core.dates import ONE_DAY, business_date, business_midnight, months_before
from core.errors import Refused
from core.grading.labels import LIFECYCLE_STAGE_LABELS, VALUE_TIER_LABELS
from core.language import mark
from core.measures.catalogue import MEASURES
from core.measures.cells import TABLE, Stamp, stamp_of
from core.measures.movement import MONTH_ENDS
from core.measures.periods import last_periods
from core.measures.queries import Reading, by_department, movement, readings
from core.obligations.clock import State
from core.obligations.queries import ledger
from core.policy.model import Evidence, Policy
from core.policy.queries import policy_at, policy_version
from core.reviews.document import Counts, DepartmentCounts, Meta, Movement, ObligationLine, StageCount
from core.reviews.report_compose import Material, Readings
from core.store.engine import Store
from core.store.mart import Mart, current_mart


@dataclass(frozen=True)
class Ground:
    """What the measures were worked out from, and by which rules."""

    mart: Mart
    stamp: Stamp
    policy: Policy

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months that have figures, the oldest first."""
        return tuple(each.start for each in last_periods("month", self.stamp.as_of))


def ground(store: Store) -> Ground | None:
    """The newest measures; None before the first were worked out."""
    mart = current_mart(store, having=TABLE)
    if mart is None:
        return None
    stamp = stamp_of(mart.rows(TABLE))
    return Ground(mart, stamp, policy_version(store, stamp.policy_version))


def month_over(month: date, zone: str, *, now: datetime) -> bool:
    """Whether the month that begins on `month` has ended in the business time zone."""
    return months_before(month, -1) <= business_date(now, zone)


def gather(actor: Actor, store: Store, on: Ground, month: date, revision: int, *, now: datetime) -> Material:
    """The material of a month whose figures were worked out, as far as the actor sees it.

    It is judged by the rules in force on the month's last day, or on the last day seen of it, whatever rules have
    come since.
    """
    departments = _departments(store)
    zone = on.policy.business.time_zone
    before, after = months_before(month, 1), months_before(month, -1)
    if month not in on.months:
        raise Refused(mark("There are no figures of this month. Choose one of the last thirteen months."))
    as_of = min(on.stamp.as_of, after - ONE_DAY)
    judged_by = policy_at(store, as_of)
    due = _due(actor, store, month, zone, now=now)
    meta = Meta(
        month=month,
        revision=revision,
        as_of=as_of,
        drafted_at=now,
        # Figures of the last day are final only when they were worked out after it.
        complete=on.stamp.as_of >= after and month_over(month, zone, now=now),
        data_version=on.mart.version,
        policy_version=judged_by.version,
        policy_versions=tuple(sorted({judged_by.version, on.policy.version, *map(int, due.policy_version)})),
        time_zone=zone,
        currency=on.policy.business.currency,
    )
    trend = readings(actor, store, "month", evidence=judged_by.evidence)
    entered = _entered(trend, month)
    return Material(
        meta=meta,
        targets=judged_by.targets,
        departments=departments,
        now=_figures(actor, store, on, month, entered, evidence=judged_by.evidence),
        before=_figures(actor, store, on, before, _month_before(entered), evidence=judged_by.evidence),
        trend=trend,
        movement=_movement(movement(actor, store, month)),
        stages=_stages(on.mart, before, month),
        obligations=_obligations(due, departments),
        entered=entered,
    )


def _entered(trend: Mapping[str, Sequence[Reading]], month: date) -> dict[str, date]:
    """Code -> the newest month, this one at the latest, whose cases have all had their time; of those that need it."""
    ripe = {
        code: [each.start for each in trend[code] if each.complete and each.start <= month]
        for code, measure in MEASURES.items()
        if measure.matures
    }
    return {code: max(starts) for code, starts in ripe.items() if starts}


def _month_before(entered: Mapping[str, date]) -> dict[str, date]:
    return {code: months_before(each, 1) for code, each in entered.items()}


def _figures(
    actor: Actor, store: Store, on: Ground, month: date, entered: Mapping[str, date], *, evidence: Evidence
) -> Readings:
    """The figures of the month, but of the measures in `entered` those of the month named there."""

    def of(start: date, codes: Sequence[str] | None = None) -> Readings:
        if start not in on.months:
            return {}
        return by_department(actor, store, start, codes=codes, evidence=evidence)

    figures = dict(of(month))
    for code, start in entered.items():
        figures[code] = of(start, [code]).get(code, {})
    return figures


def _departments(store: Store) -> dict[int, str]:
    with store.read() as session:
        return {each.id: each.name for each in session.scalars(select(Department))}


def _movement(frame: pd.DataFrame) -> tuple[Movement, ...]:
    tiers = list(VALUE_TIER_LABELS)
    rows = [
        Movement(str(before), str(now), int(customers))
        for before, now, customers in frame.itertuples(index=False, name=None)
    ]
    return tuple(sorted(rows, key=lambda row: (tiers.index(row.before), tiers.index(row.now))))


def _stages(mart: Mart, before: date, month: date) -> tuple[StageCount, ...]:
    if not mart.has(MONTH_ENDS):
        return ()
    ends = mart.table(MONTH_ENDS)
    wanted = ends.filter(ends.month.isin([before, month]))
    rows = wanted.group_by(["month", "lifecycle_stage"]).aggregate(n=wanted.count()).to_pyarrow().to_pylist()
    counted = {(row["month"], row["lifecycle_stage"]): int(row["n"]) for row in rows}
    if not counted:
        return ()
    return tuple(
        StageCount(stage, counted.get((before, stage), 0), counted.get((month, stage), 0))
        for stage in LIFECYCLE_STAGE_LABELS
    )


def _due(actor: Actor, store: Store, month: date, zone: str, *, now: datetime) -> pd.DataFrame:
    """What was due in the month, as it stands at `now`."""
    return ledger(
        actor,
        store,
        now=now,
        due_from=business_midnight(month, zone),
        due_before=business_midnight(months_before(month, -1), zone),
    )


def _obligations(due: pd.DataFrame, departments: Mapping[int, str]) -> tuple[ObligationLine, ...]:
    """What was due, by kind and department."""
    counted: dict[str, dict[int | None, dict[str, int]]] = {}
    for (kind, department, state), rows in due.groupby(["kind", "department_id", "state"], dropna=False):
        of_kind = counted.setdefault(str(kind), {})
        of_kind.setdefault(None if pd.isna(department) else int(department), {})[str(state)] = len(rows)
    return tuple(
        ObligationLine(
            kind=kind,
            company=_counts(*of_kind.values()),
            departments=tuple(
                DepartmentCounts(each, None if each is None else departments[each], _counts(of_kind[each]))
                for each in sorted(of_kind, key=lambda each: (each is None, departments.get(each or 0, "")))
            ),
        )
        for kind, of_kind in sorted(counted.items())
    )


def _counts(*states: Mapping[str, int]) -> Counts:
    return Counts(**{str(state): sum(each.get(state, 0) for each in states) for state in State})
