"""Where the cases of a measure lie that a pilot can be held against: for each the query, and what a case is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, select, true
from sqlalchemy.orm import InstrumentedAttribute

from core.access.actor import Actor
from core.access.tables import StaffMember
from core.facts.leads import FIRST_RESPONSE, leads_in_reach
from core.facts.leads import SUBJECT as LEAD
from core.facts.tables import Customer, Lead, Satisfaction
from core.facts.visibility import may_see
from core.measures.workings.ledger import KEPT_OUTCOMES
from core.measures.workings.satisfaction import SATISFIED_FROM
from core.obligations.tables import Obligation
from core.warning.orders import RESPONSE, visible
from core.warning.orders import SUBJECT as WORK_ORDER
from core.warning.tables import WorkOrder

CUSTOMER = "customer"


@dataclass(frozen=True)
class Source:
    """The cases of one measure: `n` of the measure counts the rows, its numerator those that are `good`."""

    query: Callable[[], Select[Any]]
    """Of no columns yet, over the tables that the others name; StaffMember is whose the case is."""
    kind: str
    """What `number` is the number of."""
    number: InstrumentedAttribute[int]
    name: InstrumentedAttribute[str]
    at: Any
    """When it was due, closed or answered: what puts it into its week."""
    done_at: Any
    word: Any
    good: ColumnElement[bool]
    department: Any
    region: Any
    reach: Callable[[Actor], ColumnElement[bool]]
    counts: ColumnElement[bool]
    """Which rows are cases at all."""


def _leads() -> Select[Any]:
    return (
        select()
        .select_from(Obligation)
        .join(Lead, Lead.id == Obligation.subject_id)
        .outerjoin(StaffMember, StaffMember.id == Obligation.owner_id)
    )


def _owed_orders() -> Select[Any]:
    return (
        select()
        .select_from(Obligation)
        .join(WorkOrder, WorkOrder.id == Obligation.subject_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .outerjoin(StaffMember, StaffMember.id == Obligation.owner_id)
    )


def _orders() -> Select[Any]:
    return (
        select()
        .select_from(WorkOrder)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .outerjoin(StaffMember, StaffMember.id == WorkOrder.assignee_id)
    )


def _answers() -> Select[Any]:
    return (
        select()
        .select_from(Satisfaction)
        .join(Customer, Customer.id == Satisfaction.customer_id)
        .outerjoin(StaffMember, StaffMember.id == Customer.account_manager_id)
    )


def _owed(kind: str, subject: str) -> ColumnElement[bool]:
    return and_(
        Obligation.kind == kind, Obligation.subject_kind == subject, Obligation.cancelled_at.is_(None)
    )


_IN_TIME = and_(Obligation.done_at.is_not(None), Obligation.done_at <= Obligation.due_at)
_ANSWERS = Source(
    query=_answers,
    kind=CUSTOMER,
    number=Customer.id,
    name=Customer.name,
    at=Satisfaction.scored_at,
    done_at=literal(None),
    word=Satisfaction.score,
    good=Satisfaction.score >= SATISFIED_FROM,
    department=Customer.department_id,
    region=Customer.region,
    reach=may_see,
    counts=true(),
)
SOURCES: Mapping[str, Source] = {
    "first_response_on_time": Source(
        query=_leads,
        kind=LEAD,
        number=Lead.id,
        name=Lead.name,
        at=Obligation.due_at,
        done_at=Obligation.done_at,
        word=literal(None),
        good=_IN_TIME,
        department=Obligation.department_id,
        region=Lead.region,
        reach=leads_in_reach,
        counts=_owed(FIRST_RESPONSE, LEAD),
    ),
    "warning_response_on_time": Source(
        query=_owed_orders,
        kind=WORK_ORDER,
        number=WorkOrder.id,
        name=Customer.name,
        at=Obligation.due_at,
        done_at=Obligation.done_at,
        word=literal(None),
        good=_IN_TIME,
        department=Obligation.department_id,
        region=Customer.region,
        reach=visible,
        counts=_owed(RESPONSE, WORK_ORDER),
    ),
    "win_back": Source(
        query=_orders,
        kind=WORK_ORDER,
        number=WorkOrder.id,
        name=Customer.name,
        at=WorkOrder.closed_at,
        done_at=WorkOrder.closed_at,
        word=WorkOrder.outcome,
        good=WorkOrder.outcome.in_(KEPT_OUTCOMES),
        department=WorkOrder.department_id,
        region=Customer.region,
        reach=visible,
        counts=WorkOrder.outcome.is_not(None),
    ),
    "satisfaction": _ANSWERS,
    "satisfied_share": _ANSWERS,
}
