"""The cycle's part in warning: hits become work orders, routed and dosed. The decision itself is in `routing`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.tables import StaffMember
from core.dates import ONE_DAY, business_date, business_midnight
from core.facts.tables import Customer
from core.facts.visibility import STANDS
from core.policy.model import Policy
from core.store.engine import Store
from core.warning.orders import one_writer, start_clock
from core.warning.routing import Decision, Person, Unclosed, Warned, decide
from core.warning.states import UNCLOSED, Status
from core.warning.tables import WorkOrder, WorkOrderHit

_IDS_A_QUERY = 5_000

Reasons = dict[int, dict[str, tuple[dict[str, Any], dict[str, Any]]]]
"""Customer id -> indicator -> (observed, threshold)."""


@dataclass(frozen=True)
class WarningResult:
    """What a cycle did."""

    warnings: int
    """Indicators that hit, counted per customer."""
    opened: int
    """Work orders given to somebody or to the pool, new or from the backlog."""
    backlog: int
    """Work orders that wait now."""
    joined: int
    """Orders that further indicators joined."""
    withdrawn: int


@dataclass(frozen=True)
class _Place:
    """Where a customer's order goes."""

    person: Person
    department_id: int | None


def raise_work_orders(  # noqa: PLR0917 - facts, policy, as_of: the order of every rule
    actor: Actor,
    store: Store,
    hits: pd.DataFrame,
    grades: pd.DataFrame,
    policy: Policy,
    as_of: date,
    *,
    now: datetime,
) -> WarningResult:
    """Turn the hits of a cycle into work orders; once more with the same hits changes nothing.

    `hits`: customer_id, indicator, observed (dict), threshold (dict), one row for each indicator that hit.
    `grades`: customer_id, value_tier, monetary (ten-thousandths). An `as_of` before the business day of `now`
    is a rehearsal: everything new waits in the backlog, and nothing leaves it.
    """
    actor.require(Permission.RUN_CYCLE)
    today = business_date(now, policy.business.time_zone)
    reasons = _reasons(hits)
    with store.write() as session:
        one_writer(session)
        places = _places(session, reasons)
        decision = decide(
            _warned(reasons, places, grades),
            _unclosed(session),
            cooling=_cooling(session, policy, today),
            given_today=_given(session, policy, today),
            limit=policy.work_orders.new_per_person_a_day,
            as_of=as_of,
            rehearsal=as_of < today,
        )
        _save(session, decision, _Cycle(reasons, places, policy, as_of, now))
        session.flush()
        waiting = select(func.count()).where(WorkOrder.status == Status.BACKLOG)
        result = WarningResult(
            warnings=len(hits),
            opened=len(decision.opened) + len(decision.released),
            backlog=session.scalar(waiting) or 0,
            joined=len(decision.joined),
            withdrawn=len(decision.withdrawn),
        )
        audit.record(session, actor, "warning.cycle", "warning", as_of.isoformat(), now=now, **asdict(result))
        session.commit()
    return result


def _reasons(hits: pd.DataFrame) -> Reasons:
    found: Reasons = {}
    columns = (hits["customer_id"], hits["indicator"], hits["observed"], hits["threshold"])
    for customer_id, indicator, observed, threshold in zip(*columns, strict=True):
        found.setdefault(int(customer_id), {})[str(indicator)] = (_plain(observed), _plain(threshold))
    return found


def _plain(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them: numbers of analysis libraries unwrapped, days in ISO form."""
    unwrapped = {name: value.item() if hasattr(value, "item") else value for name, value in numbers.items()}
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in unwrapped.items()
    }


def _places(session: Session, customer_ids: Iterable[int]) -> dict[int, _Place]:
    """Customer -> its account manager (or who took over from one who left) and its department."""
    people = {person.id: person for person in session.scalars(select(StaffMember))}
    wanted = list(customer_ids)
    found = {}
    for first in range(0, len(wanted), _IDS_A_QUERY):
        query = select(Customer.id, Customer.account_manager_id, Customer.department_id).where(
            STANDS, Customer.id.in_(wanted[first : first + _IDS_A_QUERY])
        )
        for customer_id, manager_id, department_id in session.execute(query):
            person = people.get(manager_id) if manager_id is not None else None
            while person is not None and person.left_at is not None:
                person = people.get(person.successor_id) if person.successor_id is not None else None
            found[customer_id] = _place(person, department_id)
    return found


def _place(person: StaffMember | None, department_id: int | None) -> _Place:
    if person is None:
        return _Place(None, department_id)
    return _Place(person.id, person.department_id if department_id is None else department_id)


def _warned(reasons: Reasons, places: Mapping[int, _Place], grades: pd.DataFrame) -> list[Warned]:
    graded = grades[grades["customer_id"].isin(list(places))]
    columns = (graded["customer_id"], graded["value_tier"], graded["monetary"])
    value = {
        int(customer_id): (None if pd.isna(tier) else str(tier), 0 if pd.isna(monetary) else int(monetary))
        for customer_id, tier, monetary in zip(*columns, strict=True)
    }
    return [
        Warned(
            customer_id,
            frozenset(reasons[customer_id]),
            *value.get(customer_id, (None, 0)),
            person=place.person,
        )
        for customer_id, place in places.items()
    ]


def _unclosed(session: Session) -> list[Unclosed]:
    indicators: dict[int, set[str]] = {}
    hits = select(WorkOrderHit.work_order_id, WorkOrderHit.indicator).join(WorkOrder)
    for order_id, indicator in session.execute(hits.where(WorkOrder.closed_at.is_(None))):
        indicators.setdefault(order_id, set()).add(indicator)
    orders = select(WorkOrder.id, WorkOrder.customer_id, WorkOrder.as_of, WorkOrder.status)
    return [
        Unclosed(
            order_id, customer_id, as_of, frozenset(indicators.get(order_id, ())), status == Status.BACKLOG
        )
        for order_id, customer_id, as_of, status in session.execute(
            orders.where(WorkOrder.status.in_(UNCLOSED))
        )
    ]


def _cooling(session: Session, policy: Policy, today: date) -> set[int]:
    """Customers whose order was closed less than the cooldown ago, in business days."""
    first_day = today - timedelta(days=policy.work_orders.cooldown_days - 1)
    since = business_midnight(first_day, policy.business.time_zone)
    query = select(WorkOrder.customer_id).where(
        WorkOrder.status == Status.CLOSED, WorkOrder.closed_at >= since
    )
    return set(session.scalars(query))


def _given(session: Session, policy: Policy, today: date) -> dict[Person, int]:
    """How many orders each person was given since the business day began; None counts the pool's."""
    begin = business_midnight(today, policy.business.time_zone)
    end = business_midnight(today + ONE_DAY, policy.business.time_zone)
    query = (
        select(WorkOrder.routed_to_id, func.count())
        .where(WorkOrder.opened_at >= begin, WorkOrder.opened_at < end)
        .group_by(WorkOrder.routed_to_id)
    )
    return {person: count for person, count in session.execute(query)}  # noqa: C416 - typed, unlike dict()


@dataclass(frozen=True)
class _Cycle:
    """What the saving of a decision needs to know of the cycle."""

    reasons: Reasons
    places: Mapping[int, _Place]
    policy: Policy
    as_of: date
    now: datetime

    def renew(self, order: WorkOrder, warned: Warned) -> None:
        """Bring an order that is new or waited to what holds now."""
        place = self.places[warned.customer_id]
        order.as_of = self.as_of
        order.policy_version = self.policy.version
        order.value_tier = warned.value_tier
        order.monetary = warned.monetary
        order.assignee_id = place.person
        order.department_id = place.department_id
        order.version += 1

    def new(self, warned: Warned) -> WorkOrder:
        waits = Status.BACKLOG
        order = WorkOrder(customer_id=warned.customer_id, status=waits, raised_at=self.now, version=0)
        self.renew(order, warned)
        return order

    def hits(self, order_id: int, customer_id: int, indicators: Iterable[str]) -> list[dict[str, Any]]:
        """The rows of WorkOrderHit; written without an object each, for there are many."""
        why = self.reasons[customer_id]
        return [
            {
                "work_order_id": order_id,
                "indicator": each,
                "as_of": self.as_of,
                "observed": why[each][0],
                "threshold": why[each][1],
                "policy_version": self.policy.version,
            }
            for each in sorted(indicators)
        ]


def _save(session: Session, decision: Decision, cycle: _Cycle) -> None:
    opened = [cycle.new(each) for each in decision.opened]
    waiting = [cycle.new(each) for each in decision.waiting]
    session.add_all(opened + waiting)

    leaving = dict(decision.released)
    stored = _orders(session, [*leaving, *decision.withdrawn])
    released = [stored[order_id] for order_id in leaving]
    for order, warned in zip(released, leaving.values(), strict=True):
        cycle.renew(order, warned)
    for order_id in decision.withdrawn:
        stored[order_id].status = Status.WITHDRAWN
        stored[order_id].closed_at = cycle.now
        stored[order_id].version += 1
    # What is shown are the reasons of the day on which the clock begins, not of the day the wait began.
    _forget_hits(session, list(leaving))
    session.flush()

    for order in opened + released:
        start_clock(session, order, cycle.policy, now=cycle.now)
    hits = [
        row
        for order in opened + waiting + released
        for row in cycle.hits(order.id, order.customer_id, cycle.reasons[order.customer_id])
    ] + [
        row
        for joined in decision.joined
        if joined.order_id not in leaving
        for row in cycle.hits(joined.order_id, joined.customer_id, joined.indicators)
    ]
    if hits:
        session.execute(insert(WorkOrderHit), hits)


def _orders(session: Session, ids: list[int]) -> dict[int, WorkOrder]:
    found: dict[int, WorkOrder] = {}
    for first in range(0, len(ids), _IDS_A_QUERY):
        query = select(WorkOrder).where(WorkOrder.id.in_(ids[first : first + _IDS_A_QUERY]))
        found |= {order.id: order for order in session.scalars(query)}
    return found


def _forget_hits(session: Session, ids: list[int]) -> None:
    for first in range(0, len(ids), _IDS_A_QUERY):
        some = ids[first : first + _IDS_A_QUERY]
        session.execute(delete(WorkOrderHit).where(WorkOrderHit.work_order_id.in_(some)))
