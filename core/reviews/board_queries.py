"""Reads of a board: its cards, one card with its history, and a mark by which a change is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Account, StaffMember
from core.dates import business_date
from core.errors import NotFound
from core.language import mark
from core.policy.queries import policy_at
from core.reviews.board import CardView, Stage
from core.reviews.pilot_records import visible_pilot
from core.reviews.tables import Card, CardEntry, WeeklyMeeting
from core.store.engine import Store


@dataclass(frozen=True)
class Entry:
    """Something that was done to a card, or said about it."""

    kind: str
    """created, moved, edited, comment"""
    at: datetime
    by: str | None
    """The display name; None for the system."""
    detail: Mapping[str, Any]
    """As stored, see `CardEntry`; an owner is named."""
    text: str | None


@dataclass(frozen=True)
class CardPage:
    """One card in full."""

    card: CardView
    body: str
    created_at: datetime
    meeting_week: date | None
    """The week of the meeting that decided it."""
    entries: tuple[Entry, ...]
    """The newest first."""
    today: date


@dataclass(frozen=True)
class BoardMark:
    """Differs as soon as anything on a board does."""

    pilot_id: int
    pilot_version: int
    last_entry: int | None
    """Every command on a card leaves an entry, so the last one tells of all of them."""
    ended: bool
    """The pilot has ended: the board is a record."""


def mark_of_board(actor: Actor, store: Store, pilot_id: int) -> BoardMark:
    """How the board of a pilot in reach stands, for a question asked every other second."""
    actor.require(Permission.PILOTS)
    with store.read() as session:
        pilot = visible_pilot(actor, session, pilot_id)
        last = (
            select(func.max(CardEntry.id))
            .join(Card, Card.id == CardEntry.card_id)
            .where(Card.pilot_id == pilot_id)
        )
        return BoardMark(pilot_id, pilot.version, session.scalar(last), pilot.ended_at is not None)


def cards(actor: Actor, store: Store, pilot_id: int) -> list[CardView]:
    """The cards of a board in reach, by stage and place."""
    actor.require(Permission.PILOTS)
    with store.read() as session:
        visible_pilot(actor, session, pilot_id)
        found = _views(session, Card.pilot_id == pilot_id)
    order = {stage: at for at, stage in enumerate(Stage)}
    return [card for _, card in sorted(found, key=lambda each: (order[Stage(each[1].stage)], each[0]))]


def card(actor: Actor, store: Store, card_id: int, *, now: datetime) -> CardPage:
    """One card with its history; NotFound unless its board is in reach."""
    actor.require(Permission.PILOTS)
    zone = policy_at(store, now.date()).business.time_zone
    with store.read() as session:
        record = session.get(Card, card_id)
        if record is None:
            raise NotFound(mark("There is no such card, or you may not see it."))
        visible_pilot(actor, session, record.pilot_id)
        [(_, view)] = _views(session, Card.id == card_id)
        week = session.scalar(select(WeeklyMeeting.week).where(WeeklyMeeting.id == record.meeting_id))
        return CardPage(
            card=view,
            body=record.body,
            created_at=record.created_at,
            meeting_week=week,
            entries=tuple(_entries(session, card_id)),
            today=business_date(now, zone),
        )


def _views(session: Session, condition: Any) -> list[tuple[int, CardView]]:
    """(Place in its column, card) of the cards that meet the condition."""
    comments = (
        select(CardEntry.card_id, func.count().label("count"))
        .join(Card, Card.id == CardEntry.card_id)
        .where(CardEntry.kind == "comment", condition)
        .group_by(CardEntry.card_id)
        .subquery()
    )
    query = (
        select(
            Card.position,
            Card.id,
            Card.version,
            Card.stage,
            Card.kind,
            Card.title,
            Card.measure,
            Card.rule,
            Card.owner_id,
            StaffMember.name,
            Card.due_on,
            func.coalesce(comments.c.count, 0),
            Card.settled_at,
            Card.pilot_id,
        )
        .outerjoin(StaffMember, StaffMember.id == Card.owner_id)
        .outerjoin(comments, comments.c.card_id == Card.id)
        .where(condition)
    )
    return [(position, CardView(*rest)) for position, *rest in session.execute(query)]


def _entries(session: Session, card_id: int) -> list[Entry]:
    query = (
        select(CardEntry, Account.display_name)
        .outerjoin(Account, Account.id == CardEntry.by)
        .where(CardEntry.card_id == card_id)
        .order_by(CardEntry.id.desc())
    )
    names = dict(session.execute(select(StaffMember.id, StaffMember.name)).all())
    return [
        Entry(each.kind, each.at, by, _named(each.detail, names), each.text)
        for each, by in session.execute(query)
        if not _only_sorted(each)
    ]


def _only_sorted(entry: CardEntry) -> bool:
    """A card put higher or lower in its own column: no news to anybody."""
    return entry.kind == "moved" and entry.detail["from"] == entry.detail["to"]


def _named(detail: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    named = dict(detail)
    if "owner" in named:
        named["owner"] = [names.get(each) for each in named["owner"]]
    return named
