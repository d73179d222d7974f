"""The cases behind a point of a pilot's chart: the leads, work orders or answers that a week counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, Row, and_, case, func

from core.access.actor import Actor, Permission
from core.access.tables import StaffMember
from core.dates import business_midnight
from core.facts.visibility import shown_name
from core.policy.queries import policy_at
from core.reviews.case_sources import SOURCES, Source
from core.reviews.pilot_records import plan_of, visible_pilot
from core.reviews.pilots import ONE_WEEK, Plan
from core.store.engine import Store


@dataclass(frozen=True)
class Case:
    """One case of a week."""

    kind: str
    """`lead`, `work_order` or `customer`: what `id` is the number of."""
    id: int
    name: str
    owner: str | None
    """None: it lies in the pool."""
    at: datetime
    """When it was due, closed or answered: what puts it into its week."""
    done_at: datetime | None
    """When what was owed was done; None while it is not, and where nothing was owed."""
    word: str | None
    """The code of the outcome, or the score; None where neither is counted."""
    good: bool
    """Whether it counts for the measure."""


@dataclass(frozen=True)
class WeekCases:
    """What a week counts, as it stands now."""

    n: int
    """All cases of the pilot in that week."""
    good: int
    shown: tuple[Case, ...]
    """Those within the actor's reach, first those that do not count for the measure, then by time."""


def has_cases(measure: str) -> bool:
    """Whether a week of the measure can be listed: others count fields, orders or customers over long windows."""
    return measure in SOURCES


def week_cases(
    actor: Actor, store: Store, pilot_id: int, measure: str, week: date, *, now: datetime, limit: int
) -> WeekCases | None:
    """The cases of the pilot in the week that begins on that Monday, and the first `limit` of those in reach.

    They are as they stand now: what was handed over, cancelled or imported since the figures were worked out
    makes a difference. None where `has_cases` denies the measure.
    """
    actor.require(Permission.PILOTS)
    actor.require(Permission.SEE_DETAILS)
    source = SOURCES.get(measure)
    zone = policy_at(store, now.date()).business.time_zone
    with store.read() as session:
        plan = plan_of(visible_pilot(actor, session, pilot_id))
        if source is None:
            return None
        counted = source.query().where(_of_week(source, plan, week, zone, now))
        good = func.sum(case((source.good, 1), else_=0))
        n, kept = session.execute(counted.with_only_columns(func.count(), good)).one()
        listed = counted.with_only_columns(*_columns(source)).where(source.reach(actor))
        rows = session.execute(listed.order_by(source.good, source.at, source.number).limit(limit)).all()
    return WeekCases(int(n), int(kept or 0), tuple(_case(actor, source, row) for row in rows))


def _columns(source: Source) -> list[Label[Any]]:
    return [
        source.number.label("id"),
        source.name.label("name"),
        StaffMember.name.label("owner"),
        source.at.label("at"),
        source.done_at.label("done_at"),
        source.word.label("word"),
        source.good.label("good"),
    ]


def _case(actor: Actor, source: Source, row: Row[Any]) -> Case:
    word = None if row.word is None else str(row.word)
    name = shown_name(actor, row.name)
    return Case(source.kind, row.id, name, row.owner, row.at, row.done_at, word, bool(row.good))


def _of_week(source: Source, plan: Plan, week: date, zone: str, now: datetime) -> ColumnElement[bool]:
    """In the week, the departments and the regions of the pilot; nothing that is due only later."""
    starts, ends = (business_midnight(day, zone) for day in (week, week + ONE_WEEK))
    conditions = [source.counts, source.at >= starts, source.at < min(ends, now)]
    if plan.department_ids:
        conditions.append(source.department.in_(plan.department_ids))
    if plan.regions:
        conditions.append(source.region.in_(plan.regions))
    return and_(*conditions)
