"""Reads of pilots: those in reach, one of them with where it stands, and who can be named on its cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.dates import business_date
from core.facts.tables import Customer
from core.facts.visibility import STANDS
from core.policy.queries import policy_at
from core.reviews.pilot_kept import kept_as_of
from core.reviews.pilot_records import plan_of, sees, visible_pilot
from core.reviews.pilots import Plan, Standing, standing, week_number
from core.reviews.tables import Pilot
from core.store.engine import Store


@dataclass(frozen=True)
class PilotView:
    """A pilot as it stands on a day."""

    id: int
    version: int
    plan: Plan
    departments: tuple[str | None, ...]
    """The names of the departments in its scope; None for one that does not exist any more. Empty: all."""
    standing: Standing
    week: int
    """Which of its weeks it is in, from 1; 0 before the start, the last one after the end."""
    ended_on: date | None
    """The business day on which somebody ended it."""
    kept_as_of: date | None
    """The day as of which the figures kept at its end were worked out; None while it has not ended."""
    today: date


def pilots(actor: Actor, store: Store, *, now: datetime) -> list[PilotView]:
    """The pilots in reach: those not ended first, among these the latest start first."""
    actor.require(Permission.PILOTS)
    zone = policy_at(store, now.date()).business.time_zone
    with store.read() as session:
        found = [each for each in session.scalars(select(Pilot)) if sees(actor, each)]
        names = _departments(session)
        views = [_view(each, names, zone, now) for each in found]
    return sorted(
        views, key=lambda each: (each.ended_on is not None, -each.plan.starts_on.toordinal(), each.id)
    )


def pilot(actor: Actor, store: Store, pilot_id: int, *, now: datetime) -> PilotView:
    """One pilot in reach; NotFound otherwise."""
    actor.require(Permission.PILOTS)
    zone = policy_at(store, now.date()).business.time_zone
    with store.read() as session:
        return _view(visible_pilot(actor, session, pilot_id), _departments(session), zone, now)


def people(actor: Actor, store: Store, pilot_id: int) -> pd.DataFrame:
    """Who can own a card of this pilot: id, name. Those of its departments and those without one, nobody who left."""
    actor.require(Permission.PILOTS)
    with store.read() as session:
        scope = visible_pilot(actor, session, pilot_id).department_ids
        query = select(StaffMember.id, StaffMember.name).where(StaffMember.left_at.is_(None))
        if scope:
            query = query.where(
                or_(StaffMember.department_id.in_(scope), StaffMember.department_id.is_(None))
            )
        return pd.DataFrame(session.execute(query.order_by(StaffMember.name)).all(), columns=["id", "name"])


def scopes(actor: Actor, store: Store) -> tuple[dict[int, str], list[str]]:
    """What a pilot can be bound to: department id -> name, and the regions that customers are in."""
    actor.require(Permission.PUBLISH)
    with store.read() as session:
        regions = session.scalars(
            select(Customer.region)
            .where(STANDS, Customer.region.is_not(None))
            .distinct()
            .order_by(Customer.region)
        )
        return _departments(session), [str(each) for each in regions]


def _departments(session: Session) -> dict[int, str]:
    query = select(Department.id, Department.name).order_by(Department.id)
    return dict(session.execute(query).all())


def _view(pilot: Pilot, names: dict[int, str], zone: str, now: datetime) -> PilotView:
    plan, today = plan_of(pilot), business_date(now, zone)
    ended_on = None if pilot.ended_at is None else business_date(pilot.ended_at, zone)
    return PilotView(
        id=pilot.id,
        version=pilot.version,
        plan=plan,
        departments=tuple(names.get(each) for each in plan.department_ids),
        standing=standing(plan.starts_on, plan.weeks, ended_on, today),
        week=week_number(plan.starts_on, plan.weeks, min(today, ended_on or today)),
        ended_on=ended_on,
        kept_as_of=None if pilot.kept is None else kept_as_of(pilot.kept),
        today=today,
    )
