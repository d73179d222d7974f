"""What the people of the demo company did about their work orders in the past weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import numpy as np
from sqlalchemy import select

from core.access.actor import Actor, Role
from core.access.tables import Account, Department, StaffMember
from core.operations.demo import words
from core.operations.demo.company import SEED
from core.operations.demo.records import complete_records
from core.store.engine import Store
from core.warning import service
from core.warning.states import IN_HAND, Status
from core.warning.tables import WorkOrder

_OVERLOOKED = 0.06
"""Share of work orders that are taken up only after days."""
_OUTCOMES = {"won_back": 0.34, "retained": 0.26, "lost": 0.24, "unreachable": 0.1, "not_at_risk": 0.06}
_KINDS = {"call": 0.6, "visit": 0.25, "message": 0.15}


@dataclass(frozen=True)
class Response:
    """How one work order is answered: hours from its opening to each step, and what came of it."""

    claimed: float
    contacted: float
    resolved: float
    closed: float
    kind: str
    reached: bool
    outcome: str
    lesson: dict[str, Any]
    """Cause, offer, proposal and debrief, from the word list."""


def draw_response(random: np.random.Generator, answers_late: float, *, from_pool: bool = False) -> Response:
    """How an order is answered by a department that is late in a share of `answers_late`. Pure.

    One from the pool is nobody's, and waits until the supervisor goes through what lies there.
    """
    contacted = random.uniform(*_contact_between(random, answers_late, from_pool))
    outcome = str(random.choice(list(_OUTCOMES), p=list(_OUTCOMES.values())))
    lessons = words.toml("notes.toml")["win_back"]
    resolved = contacted + random.uniform(20, 400)
    return Response(
        claimed=contacted * random.uniform(0.6, 0.95),
        contacted=contacted,
        resolved=resolved,
        closed=resolved + random.uniform(1, 60),
        kind=str(random.choice(list(_KINDS), p=list(_KINDS.values()))),
        reached=outcome != "unreachable",
        outcome=outcome,
        lesson=lessons[int(random.integers(len(lessons)))],
    )


def _contact_between(
    random: np.random.Generator, answers_late: float, from_pool: bool
) -> tuple[float, float]:
    """After how many hours at the earliest and at the latest the first contact is made."""
    late, overlooked = random.random() < answers_late, random.random() < _OVERLOOKED
    if from_pool:
        return 260, 400
    if overlooked:
        return 120, 240
    return (27, 70) if late else (1.5, 23)


@dataclass(frozen=True)
class Given:
    """A work order that somebody is to answer: when its clock began, who does, and how."""

    order_id: int
    version: int
    opened_at: datetime
    owner: Actor
    response: Response
    done: int
    """How many steps were taken already."""


def live_until(store: Store, until: datetime) -> None:
    """Take every step on work orders that falls before `until` and was not taken yet.

    How an order is answered follows from its id, so a load that was cut off goes on as it would have gone.
    """
    for order in _in_hand(store):
        _advance(store, order, until)
    complete_records(store, until)


def _in_hand(store: Store) -> list[Given]:
    """The orders whose clock has begun and that are not closed; those in the pool with their supervisor."""
    places = {each.name: each for each in words.departments()}
    with store.read() as session:
        departments = {each.id: places[each.name] for each in session.scalars(select(Department))}
        people = {each.id: each for each in session.scalars(select(StaffMember))}
        accounts = {a.staff_id: a.id for a in session.scalars(select(Account)) if a.staff_id is not None}
        supervisors = {each.name: each for each in people.values()}
        # The demo company's customers all have a department, and what is in hand was opened.
        orders = session.scalars(
            select(WorkOrder)
            .where(WorkOrder.status.in_(IN_HAND), WorkOrder.department_id.in_(departments))
            .order_by(WorkOrder.id)
        )
        found = []
        for order in orders:
            department = departments[cast("int", order.department_id)]
            person = people.get(order.assignee_id or 0) or supervisors[department.supervisor]
            owner = Actor(accounts.get(person.id), person.name, Role.STAFF, person.department_id, person.id)
            response = draw_response(
                np.random.default_rng((SEED, order.id)),
                department.answers_late,
                from_pool=order.routed_to_id is None,
            )
            done = IN_HAND.index(Status(order.status))
            opened_at = cast("datetime", order.opened_at)
            found.append(Given(order.id, order.version, opened_at, owner, response, done))
    return found


def _advance(store: Store, order: Given, until: datetime) -> None:
    response = order.response
    hours = (response.claimed, response.contacted, response.resolved, response.closed)
    steps = (_claim, _contact, _resolve, _close)
    for hour, step in zip(hours[order.done :], steps[order.done :], strict=True):
        at = order.opened_at + timedelta(hours=hour)
        if at >= until:
            return
        step(store, order, at)


def _version(store: Store, order: Given) -> int:
    with store.read() as session:
        return session.scalars(select(WorkOrder.version).where(WorkOrder.id == order.order_id)).one()


def _claim(store: Store, order: Given, at: datetime) -> None:
    service.claim(order.owner, store, order.order_id, order.version, now=at)


def _contact(store: Store, order: Given, at: datetime) -> None:
    lesson, reached = order.response.lesson, order.response.reached
    service.log_attempt(
        order.owner,
        store,
        order.order_id,
        kind=order.response.kind,
        reached=reached,
        cause=lesson["cause"] if reached else None,
        offer=lesson["offer"] if reached else None,
        proposal=lesson["proposal"] if reached else None,
        content=lesson["offer"] if reached else "未接通",
        occurred_at=at,
        now=at,
    )


def _resolve(store: Store, order: Given, at: datetime) -> None:
    service.record_outcome(
        order.owner,
        store,
        order.order_id,
        outcome=order.response.outcome,
        note=None,
        expected_version=_version(store, order),
        now=at,
    )


def _close(store: Store, order: Given, at: datetime) -> None:
    lesson = order.response.lesson
    service.write_debrief(
        order.owner,
        store,
        order.order_id,
        root_cause=lesson["cause"],
        text=lesson["debrief"],
        expected_version=_version(store, order),
        now=at,
    )
    service.close(order.owner, store, order.order_id, expected_version=_version(store, order), now=at)
