"""Reads of churn warning: the worklist, one work order, counts, and how each indicator stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.dates import ONE_DAY, business_date, business_midnight
from core.facts.tables import Customer
from core.facts.visibility import shown_name, visible_customer
from core.obligations.clock import State, state
from core.obligations.tables import Obligation
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.mart import current_mart
from core.warning.orders import RESPONSE, SUBJECT, visible
from core.warning.routing import TIER_ORDER
from core.warning.states import IN_HAND, UNCLOSED, Status
from core.warning.tables import WorkOrder, WorkOrderHit
from core.warning.work_order import WorkOrderView, work_order

__all__ = [
    "INDICATOR_COLUMNS",
    "WORKLIST_COLUMNS",
    "WorkOrderView",
    "WorklistCounts",
    "indicator_states",
    "unclosed_order",
    "work_order",
    "worklist",
    "worklist_counts",
]

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
_INSTANTS = ("raised_at", "opened_at", "due_at", "closed_at")
_URGENCY = {State.LATE: 0, State.PENDING: 1}
_IN_PROGRESS, _WAITS, _OVER = 2, 3, 4


def worklist(
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
) -> pd.DataFrame:
    """The work orders in reach, the most urgent first and then the most valuable: `WORKLIST_COLUMNS`.

    Late ones come first, then those with a running clock by the time left, those in progress, the backlog,
    and what is over. `mine` keeps those assigned to the actor, `pool` those assigned to nobody; each
    collection keeps its codes or ids, empty keeps all, but no `statuses` means those not closed.
    `indicators` is a list of codes, `monetary` in ten-thousandths of the currency unit, `obligation` one of
    pending, late, met, missed or missing;
    `seconds_left` until due, negative when late, missing without a running clock.
    """
    actor.require(Permission.WORK_ORDERS)
    query = _orders(actor).where(WorkOrder.status.in_(list(statuses) or UNCLOSED))
    if mine:
        query = query.where(_own(actor))
    if pool:
        query = query.where(WorkOrder.assignee_id.is_(None))
    if value_tiers:
        query = query.where(WorkOrder.value_tier.in_(value_tiers))
    if assignee_ids:
        query = query.where(WorkOrder.assignee_id.in_(assignee_ids))
    if department_ids:
        query = query.where(WorkOrder.department_id.in_(department_ids))
    if indicators:
        hit = select(WorkOrderHit.work_order_id).where(WorkOrderHit.indicator.in_(indicators))
        query = query.where(WorkOrder.id.in_(hit))
    with store.read() as session:
        found = session.execute(query).all()
        why = _indicators(session, query)
    rows = [_row(actor, each, why, now) for each in found]
    if obligations:
        rows = [each for each in rows if each["obligation"] in obligations]
    rows.sort(key=_urgency)
    frame = pd.DataFrame(rows[:limit], columns=list(WORKLIST_COLUMNS))
    for column in _INSTANTS:
        frame[column] = pd.to_datetime(frame[column], utc=True)
    return frame.astype({"assignee_id": "Int64", "department_id": "Int64", "seconds_left": "Int64"})


def _own(actor: Actor) -> ColumnElement[bool]:
    """Given to the actor. Who is not in the staff directory has none; the pool is nobody's."""
    return false() if actor.staff_id is None else WorkOrder.assignee_id == actor.staff_id


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


def _indicators(session: Session, query: Select[*tuple[Any, ...]]) -> dict[int, list[str]]:
    """Work order -> codes of what it was raised for, of the orders that `query` finds."""
    ids = query.with_only_columns(WorkOrder.id)
    found: dict[int, list[str]] = {}
    hits = select(WorkOrderHit.work_order_id, WorkOrderHit.indicator).where(
        WorkOrderHit.work_order_id.in_(ids)
    )
    for order_id, indicator in session.execute(hits.order_by(WorkOrderHit.id)):
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


def _urgency(row: dict[str, Any]) -> tuple[float, ...]:
    """The order of the worklist; the id makes it total."""
    group = _IN_PROGRESS
    if row["status"] == Status.BACKLOG:
        group = _WAITS
    elif row["status"] in (Status.CLOSED, Status.WITHDRAWN):
        group = _OVER
    elif row["seconds_left"] is not None:
        group = _URGENCY[State(row["obligation"])]
    time_left = row["seconds_left"] if group < _IN_PROGRESS else 0
    return group, time_left, TIER_ORDER.index(row["value_tier"]), -row["monetary"], row["id"]


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
    running = and_(Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None))
    in_hand = WorkOrder.status.in_(IN_HAND)

    counted = {
        "mine": and_(in_hand, _own(actor)),
        "late": and_(in_hand, running, Obligation.due_at < now),
        "due_today": and_(in_hand, running, Obligation.due_at >= now, Obligation.due_at < tomorrow),
        "open": in_hand,
        "backlog": WorkOrder.status == Status.BACKLOG,
        "closed_30_days": and_(WorkOrder.status == Status.CLOSED, WorkOrder.closed_at >= month),
    }
    query = (
        _orders(actor)
        .where(or_(WorkOrder.status.in_(UNCLOSED), WorkOrder.closed_at >= month))
        .with_only_columns(
            *(func.sum(case((each, 1), else_=0)).label(name) for name, each in counted.items())
        )
    )
    with store.read() as session:
        numbers = session.execute(query).one()
    return WorklistCounts(*(int(each or 0) for each in numbers))


def unclosed_order(actor: Actor, store: Store, customer_id: int) -> int | None:
    """The id of the customer's unclosed work order; None when there is none in reach."""
    actor.require(Permission.WORK_ORDERS)
    query = (
        select(WorkOrder.id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .where(visible(actor), WorkOrder.customer_id == customer_id, WorkOrder.status.in_(UNCLOSED))
    )
    with store.read() as session:
        return session.scalar(query)


INDICATOR_COLUMNS = ("indicator", "state")


def indicator_states(actor: Actor, store: Store, customer_id: int) -> pd.DataFrame:
    """How every indicator stood for one customer in the last cycle: indicator, state, and what it observed.

    `state` is hit, clear or no_data. Empty before the first cycle.
    """
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        visible_customer(actor, session, customer_id)
    mart = current_mart(store, having="indicators")
    if mart is None:
        return pd.DataFrame(columns=list(INDICATOR_COLUMNS))
    rows = mart.rows("indicators")
    found = rows.filter(pc.equal(rows["customer_id"], customer_id)).sort_by("indicator")
    frame: pd.DataFrame = found.drop_columns("customer_id").to_pandas(date_as_object=True)
    return frame
