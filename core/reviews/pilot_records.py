"""Pilots as records: who sees which, one writer at a time, and the plan that a record holds."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from core.access.actor import Actor, Reach
from core.errors import NotFound, Refused
from core.language import mark
from core.reviews.pilots import Kpi, Plan
from core.reviews.tables import Pilot


def sees(actor: Actor, pilot: Pilot) -> bool:
    """Whether the pilot is in reach: the company's people see all, a department's those that include it.

    Whoever is bound to a department or to own customers, but linked to no department, sees none.
    """
    if actor.reach is Reach.COMPANY:
        return True
    if actor.department_id is None:
        return False
    return not pilot.department_ids or actor.department_id in pilot.department_ids


def visible_pilot(actor: Actor, session: Session, pilot_id: int) -> Pilot:
    """The pilot of this id in reach; NotFound otherwise."""
    pilot = session.get(Pilot, pilot_id)
    if pilot is None or not sees(actor, pilot):
        raise NotFound(mark("There is no such pilot, or you may not see it."))
    return pilot


def open_pilot(actor: Actor, session: Session, pilot_id: int) -> Pilot:
    """The pilot of this id in reach, refused once it has ended."""
    pilot = visible_pilot(actor, session, pilot_id)
    if pilot.ended_at is not None:
        raise Refused(mark("This pilot has ended; its board is a record and is not changed any more."))
    return pilot


def plan_of(pilot: Pilot) -> Plan:
    """What was decided about the pilot."""
    return Plan(
        name=pilot.name,
        standard=pilot.standard,
        starts_on=pilot.starts_on,
        weeks=pilot.weeks,
        baseline_weeks=pilot.baseline_weeks,
        kpis=tuple(Kpi(each["measure"], each["target"]) for each in pilot.kpis),
        department_ids=tuple(pilot.department_ids),
        regions=tuple(pilot.regions),
    )


def one_writer(session: Session) -> None:
    """Wait for other writers of pilots, boards and meetings, before the first statement of the transaction.

    SQLite has one writer anyway. PostgreSQL's LOCK takes no snapshot, so what is read next is what they left.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE pilots IN SHARE ROW EXCLUSIVE MODE"))
