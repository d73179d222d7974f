"""Commands on weekly meetings: opened, written down, decided in, closed for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.errors import Refused, StaleEdit
from core.facts.written import written
from core.language import mark
from core.policy.queries import policy_at
from core.reviews.board import Stage
from core.reviews.board_records import account_name
from core.reviews.board_service import CardDraft, enter_card
from core.reviews.meeting_queries import record_of, visible_meeting, worked_out
from core.reviews.meetings import LONGEST_ATTENDEES, LONGEST_MINUTES
from core.reviews.pilot_records import one_writer, open_pilot
from core.reviews.pilots import monday_of
from core.reviews.tables import WeeklyMeeting
from core.store.engine import Store

SUBJECT = "weekly_meeting"


def open_meeting(actor: Actor, store: Store, pilot_id: int, *, now: datetime) -> int:
    """The meeting of the pilot in the present week: a new one, or the one there is; its id."""
    actor.require(Permission.PILOTS)
    today = business_date(now, policy_at(store, now.date()).business.time_zone)
    week = monday_of(today)
    with store.write() as session:
        one_writer(session)
        pilot = open_pilot(actor, session, pilot_id)
        if today < pilot.starts_on:
            raise Refused(
                mark("The pilot starts on {day}. Its first weekly meeting is in that week."),
                day=pilot.starts_on,
            )
        found = session.scalar(
            select(WeeklyMeeting.id).where(WeeklyMeeting.pilot_id == pilot.id, WeeklyMeeting.week == week)
        )
        if found is not None:
            return found
        meeting = WeeklyMeeting(
            pilot_id=pilot.id, week=week, agenda=[], opened_at=now, opened_by=actor.account_id
        )
        session.add(meeting)
        session.flush()
        audit.record(session, actor, "meeting.opened", SUBJECT, meeting.id, now=now, week=week.isoformat())
        session.commit()
        return meeting.id


def write_minutes(
    actor: Actor,
    store: Store,
    meeting_id: int,
    *,
    attendees: str,
    minutes: str,
    expected_version: int,
    now: datetime,
) -> int:
    """Keep who was there and what was said; the version afterwards."""
    present, said = written(attendees, LONGEST_ATTENDEES), written(minutes, LONGEST_MINUTES)
    actor.require(Permission.PILOTS)
    with store.write() as session:
        one_writer(session)
        meeting = _open_meeting(actor, session, meeting_id)
        _check_version(meeting, expected_version)
        if (meeting.attendees, meeting.minutes) != (present, said):
            meeting.attendees, meeting.minutes = present, said
            _save(session, actor, meeting, "meeting.written", now)
        return meeting.version


def decide(actor: Actor, store: Store, meeting_id: int, draft: CardDraft, *, now: datetime) -> int:
    """A decision of the meeting: a card in the stage `planned` that says where it comes from; its id."""
    actor.require(Permission.PILOTS)
    policy = policy_at(store, now.date())
    with store.write() as session:
        one_writer(session)
        meeting = _open_meeting(actor, session, meeting_id)
        pilot = open_pilot(actor, session, meeting.pilot_id)
        if draft.owner_id is None or draft.due_on is None:
            raise Refused(mark("A decision names who does it and by when: choose an owner and a due day."))
        card = enter_card(
            session,
            actor,
            pilot,
            draft,
            stage=Stage.PLANNED,
            policy=policy,
            meeting_id=meeting.id,
            now=now,
        )
        session.commit()
        return card.id


def close_meeting(
    actor: Actor,
    store: Store,
    meeting_id: int,
    *,
    attendees: str | None = None,
    minutes: str | None = None,
    expected_version: int,
    now: datetime,
) -> None:
    """Close the meeting: its agenda and all names stay as they are now, and nothing of it is changed any more.

    `attendees` and `minutes` are kept in the same step; None leaves what is stored.
    """
    present = None if attendees is None else written(attendees, LONGEST_ATTENDEES)
    said = None if minutes is None else written(minutes, LONGEST_MINUTES)
    actor.require(Permission.PILOTS)
    frozen = worked_out(actor, store, meeting_id, now=now)
    with store.write() as session:
        one_writer(session)
        meeting = _open_meeting(actor, session, meeting_id)
        _check_version(meeting, expected_version)
        if present is not None:
            meeting.attendees = present
        if said is not None:
            meeting.minutes = said
        if not meeting.attendees:
            raise Refused(mark("Write down who was there before you close the meeting."))
        meeting.closed_at, meeting.closed_by = now, actor.account_id
        meeting.agenda = [*frozen.to_json(), *record_of(session, meeting).to_json()]
        _save(session, actor, meeting, "meeting.closed", now)


def _open_meeting(actor: Actor, session: Session, meeting_id: int) -> WeeklyMeeting:
    meeting = visible_meeting(actor, session, meeting_id)
    if meeting.closed_at is not None:
        raise Refused(
            mark("{name} has closed this meeting; it is a record and is not changed any more."),
            name=account_name(session, meeting.closed_by),
        )
    return meeting


def _check_version(meeting: WeeklyMeeting, expected_version: int) -> None:
    if meeting.version != expected_version:
        raise StaleEdit(
            mark(
                "Somebody saved these minutes in the meantime. Copy what you wrote, look at theirs, "
                "and save again."
            )
        )


def _save(session: Session, actor: Actor, meeting: WeeklyMeeting, action: str, now: datetime) -> None:
    meeting.version += 1
    audit.record(session, actor, action, SUBJECT, meeting.id, now=now)
    session.commit()
