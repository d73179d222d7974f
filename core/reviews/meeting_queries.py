"""Reads of weekly meetings: those of a pilot, and one with its agenda, worked out or frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Account, StaffMember
from core.dates import business_date
from core.errors import NotFound
from core.language import mark
from core.measures.queries import worked_out_at
from core.policy.queries import policy_at
from core.reviews.board_queries import cards
from core.reviews.meeting_record import Agenda, Decided, Record
from core.reviews.meetings import agenda
from core.reviews.pilot_kept import kept_as_of
from core.reviews.pilot_kpis import kpi_weeks
from core.reviews.pilot_records import visible_pilot
from core.reviews.pilots import last_week
from core.reviews.tables import Card, Pilot, WeeklyMeeting
from core.store.engine import Store


@dataclass(frozen=True)
class MeetingHead:
    """A meeting in the list of its pilot."""

    id: int
    week: date
    """The Monday of the week in which it is held."""
    closed: bool


@dataclass(frozen=True)
class MeetingView:
    """A meeting with everything it is about."""

    id: int
    version: int
    pilot_id: int
    pilot: str
    """Its name, like every other name as it stood at the close."""
    week: date
    agenda: Agenda
    """As it stood at the close; worked out at this moment while the meeting is open."""
    decided: tuple[Decided, ...]
    """The cards this meeting made; as they stood at the close."""
    attendees: str
    minutes: str
    opened_at: datetime
    opened_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    currency: str
    """Of the business, at the close where there was one."""
    zone: str
    """Its time zone, likewise."""


def meetings(actor: Actor, store: Store, pilot_id: int) -> list[MeetingHead]:
    """The meetings of a pilot in reach, the latest first."""
    actor.require(Permission.PILOTS)
    with store.read() as session:
        visible_pilot(actor, session, pilot_id)
        query = select(WeeklyMeeting.id, WeeklyMeeting.week, WeeklyMeeting.closed_at)
        found = session.execute(
            query.where(WeeklyMeeting.pilot_id == pilot_id).order_by(WeeklyMeeting.week.desc())
        )
        return [MeetingHead(key, week, closed_at is not None) for key, week, closed_at in found]


def meeting(actor: Actor, store: Store, meeting_id: int, *, now: datetime) -> MeetingView:
    """One meeting of a pilot in reach; NotFound otherwise."""
    actor.require(Permission.PILOTS)
    with store.read() as session:
        held = visible_meeting(actor, session, meeting_id)
        closed = held.closed_at is not None
        record = Record.from_json(held.agenda) if closed else record_of(session, held)
        session.expunge_all()
    business = policy_at(store, (held.closed_at or now).date()).business
    return MeetingView(
        id=held.id,
        version=held.version,
        pilot_id=held.pilot_id,
        pilot=record.pilot,
        week=held.week,
        agenda=Agenda.from_json(held.agenda) if closed else worked_out(actor, store, held.id, now=now),
        decided=record.decided,
        attendees=record.attendees,
        minutes=held.minutes,
        opened_at=held.opened_at,
        opened_by=record.opened_by,
        closed_at=held.closed_at,
        closed_by=record.closed_by,
        currency=business.currency,
        zone=business.time_zone,
    )


def record_of(session: Session, held: WeeklyMeeting) -> Record:
    """What the minutes of the meeting name, as it stands in this transaction."""
    names = dict(
        session.execute(
            select(Account.id, Account.display_name).where(Account.id.in_([held.opened_by, held.closed_by]))
        ).all()
    )
    made = (
        select(Card.id, Card.title, StaffMember.name, Card.due_on, Card.measure)
        .outerjoin(StaffMember, StaffMember.id == Card.owner_id)
        .where(Card.meeting_id == held.id)
        .order_by(Card.id)
    )
    return Record(
        pilot=session.get_one(Pilot, held.pilot_id).name,
        attendees=held.attendees,
        opened_by=names.get(held.opened_by or 0),
        closed_by=names.get(held.closed_by or 0),
        decided=tuple(Decided(*row) for row in session.execute(made)),
    )


def worked_out(actor: Actor, store: Store, meeting_id: int, *, now: datetime) -> Agenda:
    """The agenda of a meeting as its board and its KPIs stand at this moment."""
    zone = policy_at(store, now.date()).business.time_zone
    with store.read() as session:
        record = visible_meeting(actor, session, meeting_id)
        pilot = session.get_one(Pilot, record.pilot_id)
        earlier = session.execute(
            select(WeeklyMeeting.id, WeeklyMeeting.week)
            .where(WeeklyMeeting.pilot_id == pilot.id, WeeklyMeeting.week < record.week)
            .order_by(WeeklyMeeting.week.desc())
        ).all()
        of_card = dict(
            session.execute(select(Card.id, Card.meeting_id).where(Card.pilot_id == pilot.id)).all()
        )
        session.expunge_all()
    ended_on = None if pilot.ended_at is None else business_date(pilot.ended_at, zone)
    return agenda(
        record.week,
        (pilot.starts_on, last_week(pilot.starts_on, pilot.weeks, ended_on)),
        kpi_weeks(actor, store, pilot.id, now=now, before=record.week),
        cards(actor, store, pilot.id),
        earlier_meetings=[(each.id, each.week) for each in earlier],
        meeting_of_card=of_card,
        today=business_date(now, zone),
        as_of=worked_out_at(store) if pilot.kept is None else kept_as_of(pilot.kept),
    )


def visible_meeting(actor: Actor, session: Session, meeting_id: int) -> WeeklyMeeting:
    """The meeting of this id of a pilot in reach; NotFound otherwise."""
    record = session.get(WeeklyMeeting, meeting_id)
    if record is None:
        raise NotFound(mark("There is no such meeting, or you may not see it."))
    visible_pilot(actor, session, record.pilot_id)
    return record
