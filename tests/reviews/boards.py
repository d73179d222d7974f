"""A pilot in its third week for tests: of the East, with a baseline of four weeks and two KPIs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from core.access.actor import Actor
from core.obligations.tables import Obligation
from core.reviews.board_queries import cards
from core.reviews.board_service import CardDraft, add_card
from core.reviews.pilot_service import create_pilot
from core.reviews.pilots import Kpi, Plan
from core.reviews.tables import Card, Pilot
from core.store.engine import Store
from tests.conftest import NOW

TODAY = date(2026, 11, 3)
START = date(2026, 10, 19)
"""A Monday; the tests' day lies in the third week from it."""
WEEK = timedelta(days=7)
RESPONSE, SCORE = "warning_response_on_time", "satisfied_share"
BEFORE_START = NOW - timedelta(days=20)


def plan(**given: Any) -> Plan:
    usual: dict[str, Any] = {
        "name": "Answer within a day",
        "standard": "Every warned customer is called on the same day.",
        "starts_on": START,
        "weeks": 13,
        "baseline_weeks": 4,
        "kpis": (Kpi(RESPONSE, 0.9), Kpi(SCORE)),
    }
    return Plan(**usual | given)


def begin(actor: Actor, store: Store, *, now: datetime = BEFORE_START, **given: Any) -> int:
    return create_pilot(actor, store, plan(**given), now=now)


def add(actor: Actor, store: Store, pilot_id: int, title: str = "Card", **given: Any) -> int:
    stage = given.pop("stage", "found")
    return add_card(actor, store, pilot_id, CardDraft(title, **given), stage=stage, now=NOW)


def titles(actor: Actor, store: Store, pilot_id: int, stage: str) -> list[str]:
    return [each.title for each in cards(actor, store, pilot_id) if each.stage == stage]


def positions(store: Store, pilot_id: int, stage: str) -> list[int]:
    with store.read() as session:
        query = select(Card.position).where(Card.pilot_id == pilot_id, Card.stage == stage)
        return sorted(session.scalars(query))


def owed(store: Store, card_id: int) -> list[Obligation]:
    with store.read() as session:
        query = select(Obligation).where(Obligation.kind == "card", Obligation.subject_id == card_id)
        found = list(session.scalars(query.order_by(Obligation.id)))
        session.expunge_all()
    return found


def version(store: Store, card_id: int) -> int:
    with store.read() as session:
        return session.get_one(Card, card_id).version


def pilot_version(store: Store, pilot_id: int) -> int:
    with store.read() as session:
        return session.get_one(Pilot, pilot_id).version


def weekly(
    code: str, start: date, numerator: int, denominator: int, department: int | None
) -> dict[str, Any]:
    return {
        "measure": code,
        "grain": "week",
        "start": start,
        "numerator": numerator,
        "denominator": denominator,
        "department_id": department,
    }
