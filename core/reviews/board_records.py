"""Cards as records: which an actor may change, the order of a column, what was done to a card, what it owes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actor import Actor
from core.access.tables import Account, StaffMember
from core.dates import ONE_DAY, business_midnight
from core.errors import NotFound, StaleEdit
from core.language import Message, mark
from core.obligations import service as obligations
from core.policy.model import Policy
from core.reviews.board import Stage, placed
from core.reviews.labels import CARD_STAGES
from core.reviews.pilot_records import open_pilot
from core.reviews.tables import Card, CardEntry, Pilot

CARD = "card"
"""Kind and subject of what the owner of a card owes: to have it settled by the end of its day."""


def open_card(actor: Actor, session: Session, card_id: int) -> Card:
    """The card of this id on a board in reach that is still worked at."""
    card = session.get(Card, card_id)
    if card is None:
        raise NotFound(mark("There is no such card, or you may not see it."))
    open_pilot(actor, session, card.pilot_id)
    return card


def check_version(session: Session, card: Card, expected_version: int) -> None:
    """Refuse to overwrite what somebody else did to the card, and say who did what."""
    if card.version == expected_version:
        return
    last = session.scalars(
        select(CardEntry)
        .where(CardEntry.card_id == card.id, CardEntry.kind.in_(("moved", "edited")))
        .order_by(CardEntry.id.desc())
    ).first()
    name = Message(mark("Somebody")) if last is None else account_name(session, last.by)
    if last is not None and last.kind == "moved":
        raise StaleEdit(
            mark("{name} has moved this card to “{stage}” in the meantime. Look at it again."),
            name=name,
            stage=Message(CARD_STAGES[last.detail["to"]]),
        )
    raise StaleEdit(mark("{name} has changed this card in the meantime. Look at it again."), name=name)


def account_name(session: Session, account_id: int | None) -> str | Message:
    """Who has this account."""
    name = session.scalar(select(Account.display_name).where(Account.id == account_id))
    return name or Message(mark("The system"))


def put(session: Session, card: Card, stage: Stage, before: int | None) -> bool:
    """Put the card into the column of `stage` before the card `before` (None: at its end). Whether it moved.

    The columns it leaves and joins are numbered anew from 0.
    """
    left, joined = _column(session, card.pilot_id, card.stage), _column(session, card.pilot_id, stage)
    order = placed([each.id for each in joined], card.id, before)
    if card.stage == stage and order == [each.id for each in left]:
        return False
    of_id = {each.id: each for each in (*joined, card)}
    # The column it joins comes last: where both are the same, its numbering counts.
    for column in ([each for each in left if each is not card], [of_id[each] for each in order]):
        for position, each in enumerate(column):
            each.position = position
    card.stage = stage
    return True


def _column(session: Session, pilot_id: int, stage: str) -> list[Card]:
    query = select(Card).where(Card.pilot_id == pilot_id, Card.stage == stage)
    return list(session.scalars(query.order_by(Card.position, Card.id)))


def note(
    session: Session,
    actor: Actor,
    card: Card,
    kind: str,
    *,
    now: datetime,
    detail: Mapping[str, object] | None = None,
    text: str | None = None,
) -> None:
    """Add to the card's history: created, moved, edited or comment."""
    session.add(
        CardEntry(
            card_id=card.id, kind=kind, at=now, by=actor.account_id, detail=dict(detail or {}), text=text
        )
    )


def is_owed(card: Card) -> bool:
    """Whether somebody owes that the card be settled by a day."""
    return card.owner_id is not None and card.due_on is not None and card.stage != Stage.SETTLED


def due_time(card: Card, policy: Policy) -> datetime | None:
    """The end of the card's last day in the business time zone."""
    if card.due_on is None:
        return None
    return business_midnight(card.due_on + ONE_DAY, policy.business.time_zone)


def take_up_again(session: Session, card: Card, policy: Policy, *, now: datetime) -> None:
    """A settled card is not settled after all: what it owed is owed again, to whom and until when it now says."""
    due_at = obligations.reopen(session, CARD, CARD, card.id)
    if due_at is not None and is_owed(card) and due_at == due_time(card, policy):
        hand_on(session, card)
        return
    obligations.settle(session, CARD, CARD, card.id, at=now)
    owe(session, card, policy, now=now)


def hand_on(session: Session, card: Card) -> None:
    """What is owed goes to the owner that the card now names; its clock runs on."""
    owner = session.get_one(StaffMember, card.owner_id)
    obligations.reassign(session, CARD, [card.id], owner_id=owner.id, department_id=owner.department_id)


def owe(session: Session, card: Card, policy: Policy, *, now: datetime) -> None:
    """Enter in the ledger what the card's owner owes, if anybody owes anything."""
    due_at = due_time(card, policy)
    if not is_owed(card) or due_at is None:
        return
    owner = session.get_one(StaffMember, card.owner_id)
    obligations.owe(
        session,
        kind=CARD,
        subject_kind=CARD,
        subject_id=card.id,
        owner_id=owner.id,
        department_id=owner.department_id,
        triggered_at=now,
        due_at=due_at,
        policy_version=policy.version,
    )


def move_unsettled_cards(
    session: Session, actor: Actor, from_staff: int, to_staff: int, *, now: datetime
) -> int:
    """Hand the cards that `from_staff` has not settled on boards still worked at to `to_staff`; how many.

    Session-level, for handing over: it checks no permission, writes no audit line and commits nothing.
    """
    person = session.get_one(StaffMember, to_staff)
    query = (
        select(Card)
        .join(Pilot, Pilot.id == Card.pilot_id)
        .where(Card.owner_id == from_staff, Card.stage != Stage.SETTLED, Pilot.ended_at.is_(None))
    )
    cards = session.scalars(query).all()
    for card in cards:
        card.owner_id = person.id
        card.version += 1
        note(session, actor, card, "edited", now=now, detail={"owner": [from_staff, person.id]})
    obligations.reassign(
        session,
        CARD,
        [card.id for card in cards],
        owner_id=person.id,
        department_id=person.department_id,
    )
    return len(cards)
