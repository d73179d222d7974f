"""The worklist and the numbers above it. Pages read both at every run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.dates import ONE_DAY, business_date, business_midnight
from core.facts.tables import Customer
from core.facts.visibility import shown_name
from core.obligations.clock import State, state
from core.obligations.tables import Obligation
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.records import UtcDateTime
from core.warning.orders import RESPONSE, SUBJECT, visible
from core.warning.routing import TIER_ORDER
from core.warning.states import IN_HAND, UNCLOSED, Status
from core.warning.tables import WorkOrder, WorkOrderHit

WORKLIST_COLUMNS = (
    "id",
    "version",
    "customer_id",
    "customer_code",
    "name",
    "value_tier",
    "monetary",
    "status",
    "indicators",
    "as_of",
    "raised_at",
    "opened_at",
    "due_at",
    "seconds_left",
    "obligation",
    "assignee_id",
    "assignee",
    "department_id",
    "department",
    "outcome",
    "closed_at",
)
_OF_THE_ORDER = (
    "id",
    "version",
    "customer_id",
    "value_tier",
    "monetary",
    "status",
    "as_of",
    "raised_at",
    "opened_at",
    "assignee_id",
    "department_id",
    "outcome",
    "closed_at",
)
_IDS_A_QUERY = 5_000
_ACTORS_KEPT = 64
_INSTANTS = ("raised_at", "opened_at", "due_at", "closed_at")


def worklist_rows(
    actor: Actor,
    store: Store,
    *,
    now: datetime,
    mine: bool = False,
    pool: bool = False,
    statuses: Collection[str] = (),
    value_tiers: Collection[str] = (),
    indicators: Collection[str] = (),
    assignee_ids: Collection[int] = (),
    department_ids: Collection[int] = (),
    obligations: Collection[str] = (),
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """The work orders in reach, the most urgent first and then the most valuable: `WORKLIST_COLUMNS`.

    Late ones come first, then those with a running clock by the time left, those in progress, the backlog,
    and what is over. `mine` keeps those assigned to the actor, `pool` those assigned to nobody; each
    collection keeps its codes or ids, empty keeps all, but no `statuses` means those not closed.
    `indicators` is a list of codes, `monetary` in ten-thousandths of the currency unit, `obligation` one of
    pending, late, met, missed or None;
    `seconds_left` until due, negative when late, None without a running clock.
    """
    actor.require(Permission.WORK_ORDERS)
    kept: list[ColumnElement[bool]] = [WorkOrder.status.in_(list(statuses) or UNCLOSED)]
    if mine:
        kept.append(_own(actor))
    if pool:
        kept.append(WorkOrder.assignee_id.is_(None))
    if value_tiers:
        kept.append(WorkOrder.value_tier.in_(value_tiers))
    if assignee_ids:
        kept.append(WorkOrder.assignee_id.in_(assignee_ids))
    if department_ids:
        kept.append(WorkOrder.department_id.in_(department_ids))
    if indicators:
        hit = select(WorkOrderHit.work_order_id).where(WorkOrderHit.indicator.in_(indicators))
        kept.append(WorkOrder.id.in_(hit))
    if obligations:
        kept.append(or_(*(_STANDS[State(each)] for each in obligations)))
    query = _orders(actor).where(*kept).order_by(*_URGENCY).limit(limit)
    with store.read() as session:
        found = session.execute(query, {"now": now}).all()
        why = _indicators(session, [each.id for each in found])
    return [_row(actor, each, why, now) for each in found]


def worklist(actor: Actor, store: Store, **asked: Any) -> pd.DataFrame:
    """What `worklist_rows` gives, as a frame: for files and analysis, while pages show the rows."""
    frame = pd.DataFrame(worklist_rows(actor, store, **asked), columns=list(WORKLIST_COLUMNS))
    for column in _INSTANTS:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame.astype({"assignee_id": "Int64", "department_id": "Int64", "seconds_left": "Int64"})


def _own(actor: Actor) -> ColumnElement[bool]:
    """Given to the actor. Who is not in the staff directory has none; the pool is nobody's."""
    return false() if actor.staff_id is None else WorkOrder.assignee_id == actor.staff_id


@lru_cache(maxsize=_ACTORS_KEPT)
def _orders(actor: Actor) -> Select[*tuple[Any, ...]]:
    owed = and_(
        Obligation.subject_kind == SUBJECT,
        Obligation.subject_id == WorkOrder.id,
        Obligation.kind == RESPONSE,
        Obligation.cancelled_at.is_(None),
    )
    return (
        select(
            *(getattr(WorkOrder, column) for column in _OF_THE_ORDER),
            Customer.code.label("customer_code"),
            Customer.name,
            StaffMember.name.label("assignee"),
            Department.name.label("department"),
            Obligation.due_at,
            Obligation.done_at,
            Obligation.cancelled_at,
        )
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .outerjoin(StaffMember, StaffMember.id == WorkOrder.assignee_id)
        .outerjoin(Department, Department.id == WorkOrder.department_id)
        .outerjoin(Obligation, owed)
        .where(visible(actor))
    )


_NOW, _TOMORROW, _MONTH_AGO = (
    bindparam(name, type_=UtcDateTime()) for name in ("now", "tomorrow", "month_ago")
)
"""Given when a query runs, so that what is made of them is made once: that takes longer than the query."""

_STANDS: dict[State, ColumnElement[bool]] = {
    State.PENDING: and_(Obligation.done_at.is_(None), Obligation.due_at >= _NOW),
    State.LATE: and_(Obligation.done_at.is_(None), Obligation.due_at < _NOW),
    State.MET: Obligation.done_at <= Obligation.due_at,
    State.MISSED: Obligation.done_at > Obligation.due_at,
}
"""What `core.obligations.clock.state` tells of one record, as SQL."""


def _urgency() -> tuple[SQLColumnExpression[Any], ...]:
    waits, over = WorkOrder.status == Status.BACKLOG, WorkOrder.status.in_((Status.CLOSED, Status.WITHDRAWN))
    late, pending = _STANDS[State.LATE], _STANDS[State.PENDING]
    group = case((waits, 3), (over, 4), (late, 0), (pending, 1), else_=2)
    runs = case((or_(waits, over, Obligation.done_at.is_not(None)), None), else_=Obligation.due_at)
    tier = case(
        *((WorkOrder.value_tier == each, at) for at, each in enumerate(TIER_ORDER) if each is not None),
        else_=len(TIER_ORDER),
    )
    return group, runs, tier, WorkOrder.monetary.desc(), WorkOrder.id


_URGENCY = _urgency()
"""The order of the worklist; the id makes it total."""


def _indicators(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Work order -> codes of what it was raised for."""
    found: dict[int, list[str]] = {}
    for first in range(0, len(ids), _IDS_A_QUERY):
        hits = (
            select(WorkOrderHit.work_order_id, WorkOrderHit.indicator)
            .where(WorkOrderHit.work_order_id.in_(ids[first : first + _IDS_A_QUERY]))
            .order_by(WorkOrderHit.id)
        )
        for order_id, indicator in session.execute(hits):
            found.setdefault(order_id, []).append(indicator)
    return found


def _row(actor: Actor, found: Any, why: dict[int, list[str]], now: datetime) -> dict[str, Any]:
    stands = None if found.due_at is None else state(found, now)
    runs = stands in (State.PENDING, State.LATE)
    return {
        **found._mapping,
        "name": shown_name(actor, found.name),
        "indicators": why.get(found.id, []),
        "seconds_left": int((found.due_at - now).total_seconds()) if runs else None,
        "obligation": None if stands is None else str(stands),
    }


@dataclass(frozen=True)
class WorklistCounts:
    """How many work orders in reach stand where."""

    mine: int
    """Given to the actor and not closed."""
    late: int
    """Without a contact after the due time."""
    due_today: int
    """Still in time, due before the business day ends."""
    open: int
    """Given to somebody, or in the pool, and not closed."""
    backlog: int
    closed_30_days: int
    """Closed by somebody in the last 30 business days of the calendar, today included."""


def worklist_counts(actor: Actor, store: Store, *, now: datetime) -> WorklistCounts:
    """The numbers above the worklist."""
    actor.require(Permission.WORK_ORDERS)
    zone = policy_at(store, now.date()).business.time_zone
    today = business_date(now, zone)
    tomorrow = business_midnight(today + ONE_DAY, zone)
    month = business_midnight(today - timedelta(days=29), zone)
    with store.read() as session:
        instants = {"now": now, "tomorrow": tomorrow, "month_ago": month}
        numbers = session.execute(_counts(actor), instants).one()
    return WorklistCounts(*(int(each or 0) for each in numbers))


@lru_cache(maxsize=_ACTORS_KEPT)
def _counts(actor: Actor) -> Select[*tuple[Any, ...]]:
    in_hand = WorkOrder.status.in_(IN_HAND)
    due_today = and_(_STANDS[State.PENDING], Obligation.due_at < _TOMORROW)
    counted: dict[str, ColumnElement[bool]] = {
        "mine": and_(in_hand, _own(actor)),
        "late": and_(in_hand, _STANDS[State.LATE]),
        "due_today": and_(in_hand, due_today),
        "open": in_hand,
        "backlog": WorkOrder.status == Status.BACKLOG,
        "closed_30_days": and_(WorkOrder.status == Status.CLOSED, WorkOrder.closed_at >= _MONTH_AGO),
    }
    return (
        _orders(actor)
        .where(or_(WorkOrder.status.in_(UNCLOSED), WorkOrder.closed_at >= _MONTH_AGO))
        .with_only_columns(
            *(func.sum(case((each, 1), else_=0)).label(name) for name, each in counted.items())
        )
    )
