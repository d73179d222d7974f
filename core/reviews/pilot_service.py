"""Commands on pilots: begun, changed and ended by whoever may speak for the company."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.tables import Department
from core.errors import Refused, StaleEdit
from core.language import Message, mark
from core.measures.catalogue import MEASURES
from core.measures.queries import worked_out_at
from core.obligations import service as obligations
from core.policy.queries import policy_at
from core.reviews import pilots
from core.reviews.board_records import CARD
from core.reviews.pilot_kept import to_json
from core.reviews.pilot_kpis import plan_readings, value_of_baseline
from core.reviews.pilot_records import one_writer, open_pilot, plan_of, visible_pilot
from core.reviews.pilots import Plan
from core.reviews.tables import Card, Pilot
from core.store.engine import Store


def create_pilot(actor: Actor, store: Store, plan: Plan, *, now: datetime) -> int:
    """Begin a pilot; its id."""
    actor.require(Permission.PUBLISH)
    _check(actor, store, plan, now)
    with store.write() as session:
        one_writer(session)
        _check_scope(session, plan)
        _refuse_taken_name(session, plan.name, None)
        pilot = Pilot(created_at=now, created_by=actor.account_id, **_columns(plan))
        session.add(pilot)
        session.flush()
        audit.record(session, actor, "pilot.created", "pilot", pilot.id, now=now, weeks=plan.weeks)
        session.commit()
        return pilot.id


def change_pilot(
    actor: Actor, store: Store, pilot_id: int, plan: Plan, *, expected_version: int, now: datetime
) -> None:
    """Change what was decided about a pilot that has not ended."""
    actor.require(Permission.PUBLISH)
    _check(actor, store, plan, now)
    with store.write() as session:
        one_writer(session)
        pilot = _of_version(actor, session, pilot_id, expected_version)
        _check_scope(session, plan, known=pilot.department_ids)
        _refuse_taken_name(session, plan.name, pilot.id)
        for column, value in _columns(plan).items():
            setattr(pilot, column, value)
        pilot.version += 1
        audit.record(session, actor, "pilot.changed", "pilot", pilot.id, now=now, weeks=plan.weeks)
        session.commit()


def end_pilot(actor: Actor, store: Store, pilot_id: int, *, expected_version: int, now: datetime) -> None:
    """End a pilot: its board becomes a record, its figures are kept, and what its cards still owed is no longer owed.

    What was late stays on record as late. Ended before its first day, it counts as called off.
    """
    actor.require(Permission.PUBLISH)
    with store.read() as session:
        plan = plan_of(visible_pilot(actor, session, pilot_id))
    # Read ahead of the transaction; a plan changed in between has another version, which is refused below.
    figures = plan_readings(store, plan, policy_at(store, now.date()).evidence)
    kept = to_json(figures, worked_out_at(store))
    with store.write() as session:
        one_writer(session)
        pilot = _of_version(actor, session, pilot_id, expected_version)
        for card_id in session.scalars(select(Card.id).where(Card.pilot_id == pilot.id)).all():
            obligations.settle(session, CARD, CARD, card_id, at=now)
        pilot.ended_at, pilot.kept = now, kept
        pilot.version += 1
        audit.record(session, actor, "pilot.ended", "pilot", pilot.id, now=now)
        session.commit()


def _check(actor: Actor, store: Store, plan: Plan, now: datetime) -> None:
    """Refuse a plan that cannot be measured, or whose target is already more than met by the weeks before."""
    pilots.check(plan)
    evidence = policy_at(store, now.date()).evidence
    for kpi in plan.kpis:
        measure = MEASURES[kpi.measure]
        before = value_of_baseline(actor, store, plan, kpi.measure, evidence)
        if kpi.target is None or before is None:
            continue
        if pilots.worse_than(kpi.target, before, measure.higher_is_better):
            raise Refused(
                mark(
                    "The target of “{measure}” is worse than the weeks before the pilot already were. "
                    "Set a better one, or none."
                ),
                measure=Message(measure.label),
            )


def _check_scope(session: Session, plan: Plan, known: list[int] | None = None) -> None:
    """A department that is not there cannot join a pilot; one that has gone since may stay in its record."""
    there = set(session.scalars(select(Department.id))) | set(known or ())
    if not set(plan.department_ids) <= there:
        raise Refused(mark("One of the departments does not exist any more. Choose the departments again."))


def _refuse_taken_name(session: Session, name: str, own_id: int | None) -> None:
    taken = session.scalar(select(Pilot.id).where(Pilot.name == name.strip(), Pilot.id != (own_id or 0)))
    if taken is not None:
        raise Refused(mark("There is a pilot of this name already. Give it another one."))


def _of_version(actor: Actor, session: Session, pilot_id: int, expected_version: int) -> Pilot:
    pilot = open_pilot(actor, session, pilot_id)
    if pilot.version != expected_version:
        raise StaleEdit(
            mark("Somebody changed this pilot in between. Look at it again and repeat your step.")
        )
    return pilot


def _columns(plan: Plan) -> dict[str, object]:
    tidy = replace(plan, name=plan.name.strip(), standard=plan.standard.strip())
    return {
        "name": tidy.name,
        "standard": tidy.standard,
        "starts_on": tidy.starts_on,
        "weeks": tidy.weeks,
        "baseline_weeks": tidy.baseline_weeks,
        "department_ids": list(tidy.department_ids),
        "regions": list(tidy.regions),
        "kpis": [{"measure": kpi.measure, "target": kpi.target} for kpi in tidy.kpis],
    }
