"""What the people of the demo company did about their work orders in the past weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select

from core.access.actor import Actor, Role
from core.access.tables import Account, Department, StaffMember
from core.operations.demo import words
from core.store.engine import Store
from core.warning import service
from core.warning.tables import WorkOrder

_FORGOTTEN = 0.06
"""Share of work orders that nobody takes up."""
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


def draw_response(random: np.random.Generator, answers_late: float) -> Response | None:
    """How an order is answered by a department that is late in a share of `answers_late`; None if never. Pure."""
    late = random.random() < answers_late
    contacted = random.uniform(27, 70) if late else random.uniform(1.5, 23)
    outcome = str(random.choice(list(_OUTCOMES), p=list(_OUTCOMES.values())))
    lessons = words.toml("notes.toml")["win_back"]
    resolved = contacted + random.uniform(20, 400)
    response = Response(
        claimed=contacted * random.uniform(0.2, 0.9),
        contacted=contacted,
        resolved=resolved,
        closed=resolved + random.uniform(1, 60),
        kind=str(random.choice(list(_KINDS), p=list(_KINDS.values()))),
        reached=outcome != "unreachable",
        outcome=outcome,
        lesson=lessons[int(random.integers(len(lessons)))],
    )
    return None if random.random() < _FORGOTTEN else response


@dataclass(frozen=True)
class Opened:
    """A work order to be answered, when its clock began, and by whom."""

    order_id: int
    opened_at: datetime
    owner: Actor
    response: Response
    done: int = 0
    """How many steps were taken already."""


def newly_opened(store: Store, random: np.random.Generator, since: datetime) -> list[Opened]:
    """The orders whose clock began at `since`, with the answer each will get; those in the pool stay there."""
    late = {d.name: d.answers_late for d in words.departments()}
    with store.read() as session:
        departments = {d.id: d.name for d in session.scalars(select(Department))}
        accounts = {a.staff_id: a.id for a in session.scalars(select(Account)) if a.staff_id is not None}
        found = session.execute(
            select(WorkOrder.id, StaffMember)
            .join(StaffMember, StaffMember.id == WorkOrder.assignee_id)
            .where(WorkOrder.status == "open", WorkOrder.opened_at == since)
            .order_by(WorkOrder.id)
        ).all()
        owners = [
            (order_id, Actor(accounts.get(p.id), p.name, Role.STAFF, p.department_id, p.id))
            for order_id, p in found
        ]
    drawn = [
        (order_id, owner, draw_response(random, late.get(departments.get(owner.department_id or 0, ""), 0.1)))
        for order_id, owner in owners
    ]
    return [Opened(order_id, since, owner, answer) for order_id, owner, answer in drawn if answer]


def live_until(store: Store, orders: list[Opened], until: datetime) -> list[Opened]:
    """Take every step that falls before `until`; the orders that are not closed yet, with the steps done."""
    return [left for order in orders if (left := _advance(store, order, until)) is not None]


def _advance(store: Store, order: Opened, until: datetime) -> Opened | None:
    response, done = order.response, order.done
    hours = (response.claimed, response.contacted, response.resolved, response.closed)
    steps = (_claim, _contact, _resolve, _close)
    for hour, step in zip(hours[done:], steps[done:], strict=True):
        at = order.opened_at + timedelta(hours=hour)
        if at >= until:
            return Opened(order.order_id, order.opened_at, order.owner, response, done)
        step(store, order, at)
        done += 1
    return None


def _version(store: Store, order: Opened) -> int:
    with store.read() as session:
        return session.scalars(select(WorkOrder.version).where(WorkOrder.id == order.order_id)).one()


def _claim(store: Store, order: Opened, at: datetime) -> None:
    service.claim(order.owner, store, order.order_id, _version(store, order), now=at)


def _contact(store: Store, order: Opened, at: datetime) -> None:
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


def _resolve(store: Store, order: Opened, at: datetime) -> None:
    service.record_outcome(
        order.owner,
        store,
        order.order_id,
        outcome=order.response.outcome,
        note=None,
        expected_version=_version(store, order),
        now=at,
    )


def _close(store: Store, order: Opened, at: datetime) -> None:
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
