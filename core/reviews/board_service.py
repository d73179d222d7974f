"""Commands at the board of a pilot: cards added, edited, moved and commented on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.tables import StaffMember
from core.dates import business_date
from core.errors import Refused
from core.facts.written import written
from core.language import mark
from core.obligations import service as obligations
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.reviews.board import LONGEST_BODY, LONGEST_COMMENT, Kind, Stage, title_of
from core.reviews.board_records import (
    CARD,
    check_version,
    hand_on,
    is_owed,
    note,
    open_card,
    owe,
    put,
    take_up_again,
)
from core.reviews.labels import RULES
from core.reviews.pilot_records import one_writer, open_pilot
from core.reviews.tables import Card, Pilot
from core.store.engine import Store


@dataclass(frozen=True)
class CardDraft:
    """What a person writes on a card."""

    title: str
    kind: str = Kind.PROBLEM
    body: str = ""
    measure: str | None = None
    """The code of the measure it concerns."""
    rule: str | None = None
    """A key of `core.reviews.labels.RULES`."""
    owner_id: int | None = None
    """A person of the staff directory."""
    due_on: date | None = None
    """The last day; with an owner the card is owed until its end in the business time zone."""


def add_card(
    actor: Actor, store: Store, pilot_id: int, draft: CardDraft, *, stage: str = Stage.FOUND, now: datetime
) -> int:
    """Put a new card at the end of the column `stage`; its id."""
    actor.require(Permission.PILOTS)
    policy = policy_at(store, now.date())
    with store.write() as session:
        one_writer(session)
        pilot = open_pilot(actor, session, pilot_id)
        card = enter_card(session, actor, pilot, draft, stage=Stage(stage), policy=policy, now=now)
        session.commit()
        return card.id


def enter_card(
    session: Session,
    actor: Actor,
    pilot: Pilot,
    draft: CardDraft,
    *,
    stage: Stage,
    policy: Policy,
    meeting_id: int | None = None,
    now: datetime,
) -> Card:
    """A new card within a running transaction, with its history, what it owes and its audit line."""
    card = Card(
        pilot_id=pilot.id,
        stage=stage,
        position=session.scalar(select(func.count()).where(Card.pilot_id == pilot.id, Card.stage == stage)),
        kind=Kind(draft.kind),
        title=title_of(draft.title),
        meeting_id=meeting_id,
        created_at=now,
        created_by=actor.account_id,
        settled_at=now if stage is Stage.SETTLED else None,
    )
    _write(session, pilot, card, draft, policy=policy, now=now)
    session.add(card)
    session.flush()
    note(session, actor, card, "created", now=now, detail={"stage": stage})
    owe(session, card, policy, now=now)
    audit.record(session, actor, "card.created", CARD, card.id, now=now, stage=stage)
    return card


def edit_card(
    actor: Actor, store: Store, card_id: int, draft: CardDraft, *, expected_version: int, now: datetime
) -> None:
    """Write the card anew. Whoever owes it and until when follows, in the same transaction.

    A new owner takes over what is owed with its clock running. A new day ends the old one: in time it counts
    nowhere, late stays on record as late.
    """
    with _changing(actor, store, card_id, now) as (session, card, policy):
        check_version(session, card, expected_version)
        before, owed = _fields(card), is_owed(card)
        _write(session, session.get_one(Pilot, card.pilot_id), card, draft, policy=policy, now=now)
        after = _fields(card)
        changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        if not changed:
            return
        if owed and is_owed(card) and "due_on" not in changed:
            hand_on(session, card)
        elif owed or is_owed(card):
            obligations.settle(session, CARD, CARD, card.id, at=now)
            owe(session, card, policy, now=now)
        card.version += 1
        note(session, actor, card, "edited", now=now, detail=changed)
        audit.record(session, actor, "card.edited", CARD, card.id, now=now, fields=sorted(changed))


def move_card(
    actor: Actor,
    store: Store,
    card_id: int,
    stage: str,
    *,
    before_card_id: int | None = None,
    expected_version: int,
    now: datetime,
) -> int:
    """Put the card into the column `stage`, before another card or at its end; its version afterwards.

    Settling meets what its owner owes; moved back, it is owed again as if it had never been settled. Of two who
    move a card at once the second is told who was first and where it lies now.
    """
    wanted = Stage(stage)
    with _changing(actor, store, card_id, now) as (session, card, policy):
        check_version(session, card, expected_version)
        was = card.stage
        if not put(session, card, wanted, before_card_id):
            return card.version
        if wanted != was and Stage.SETTLED in (was, wanted):
            _settle(session, card, policy, now)
        card.version += 1
        note(session, actor, card, "moved", now=now, detail={"from": was, "to": wanted})
        audit.record(session, actor, "card.moved", CARD, card.id, now=now, stage=wanted)
    return card.version


def comment(actor: Actor, store: Store, card_id: int, text: str, *, now: datetime) -> None:
    """Say something about a card. What others are about to do with it is not refused for that."""
    said = written(text, LONGEST_COMMENT)
    if not said:
        raise Refused(mark("Write something before you save the comment."))
    with _changing(actor, store, card_id, now) as (session, card, _policy):
        note(session, actor, card, "comment", now=now, text=said)
        audit.record(session, actor, "card.commented", CARD, card.id, now=now)


@contextmanager
def _changing(
    actor: Actor, store: Store, card_id: int, now: datetime
) -> Iterator[tuple[Session, Card, Policy]]:
    """One change of one card in reach: saved when the block ends, not at all if it raises."""
    actor.require(Permission.PILOTS)
    policy = policy_at(store, now.date())
    with store.write() as session:
        one_writer(session)
        yield session, open_card(actor, session, card_id), policy
        session.commit()


def _write(
    session: Session, pilot: Pilot, card: Card, draft: CardDraft, *, policy: Policy, now: datetime
) -> None:
    """Check what is new on the card and write it there."""
    if draft.owner_id is not None and draft.owner_id != card.owner_id:
        _check_owner(session, pilot, draft.owner_id)
    today = business_date(now, policy.business.time_zone)
    if draft.due_on is not None and draft.due_on != card.due_on and draft.due_on < today:
        raise Refused(mark("The due day is over already. Choose today or a later day."))
    kpis = [each["measure"] for each in pilot.kpis]
    if draft.measure is not None and draft.measure not in (card.measure, *kpis):
        raise Refused(mark("This is no KPI of the pilot. Choose one of the list."))
    if draft.rule is not None and draft.rule not in RULES:
        raise Refused(mark("There is no such rule. Choose one of the list."))
    card.kind, card.title = Kind(draft.kind), title_of(draft.title)
    card.body = written(draft.body, LONGEST_BODY)
    card.measure, card.rule = draft.measure, draft.rule
    card.owner_id, card.due_on = draft.owner_id, draft.due_on


def _check_owner(session: Session, pilot: Pilot, staff_id: int) -> None:
    person = session.get(StaffMember, staff_id)
    if person is None:
        raise Refused(mark("There is no such person in the staff directory, or not in your department."))
    if person.left_at is not None:
        raise Refused(mark("{name} has left already. Choose somebody who is here."), name=person.name)
    outside = pilot.department_ids and person.department_id not in (None, *pilot.department_ids)
    if outside:
        raise Refused(mark("{name} belongs to no department of this pilot."), name=person.name)


def _settle(session: Session, card: Card, policy: Policy, now: datetime) -> None:
    """Settled: what is owed is done. Taken up again: it was not done after all."""
    if card.stage == Stage.SETTLED:
        card.settled_at = now
        obligations.fulfil(session, CARD, CARD, card.id, at=now)
    else:
        card.settled_at = None
        take_up_again(session, card, policy, now=now)


def _fields(card: Card) -> dict[str, object]:
    """What a person wrote on the card, as the history keeps it."""
    return {
        "title": card.title,
        "body": card.body,
        "kind": card.kind,
        "measure": card.measure,
        "rule": card.rule,
        "owner": card.owner_id,
        "due_on": None if card.due_on is None else card.due_on.isoformat(),
    }
