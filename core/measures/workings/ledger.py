"""What was owed and done: answers in time, and customers won back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

import ibis
import pyarrow as pa
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.dates import business_date
from core.facts.leads import FIRST_RESPONSE
from core.facts.leads import SUBJECT as LEAD
from core.facts.tables import Customer, Lead
from core.measures.periods import Grain
from core.measures.workings.sources import WHERE, Sources, cells
from core.obligations.tables import Obligation
from core.warning.orders import RESPONSE, SUBJECT
from core.warning.states import Outcome
from core.warning.tables import WorkOrder

CASES = pa.schema(
    {
        "on": pa.date32(),
        "department_id": pa.int64(),
        "region": pa.string(),
        "numerator": pa.int64(),
        "denominator": pa.int64(),
    }
)
"""What is read from the database: cases of a day and place, counted."""

KEPT_OUTCOMES = (Outcome.WON_BACK, Outcome.RETAINED)

_Place = tuple[date, int | None, str | None]


def first_response_on_time(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the first answers to leads due in the period those given in time."""
    return _cells("first_response_on_time", sources, sources.first_responses, grain)


def warning_response_on_time(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the first contacts of work orders due in the period those made in time."""
    return _cells("warning_response_on_time", sources, sources.warning_responses, grain)


def win_back(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the work orders closed with an outcome in the period those won back or retained."""
    return _cells("win_back", sources, sources.closed_orders, grain)


def _cells(code: str, sources: Sources, cases: pa.Table, grain: Grain) -> list[pa.Table]:
    within = sources.within(ibis.memtable(cases), "on", grain)
    counted = within.group_by(["start", *WHERE]).aggregate(
        numerator=within.numerator.sum(), denominator=within.denominator.sum()
    )
    return [cells(code, grain, counted)]


def read_first_responses(session: Session, since: datetime, until: datetime, zone: str) -> pa.Table:
    """The first answers to leads due from `since` on and by `until`, as CASES by the day they were due.

    The department is that of who owed it, the region the lead's.
    """
    query = (
        select(Obligation.due_at, Obligation.department_id, Lead.region, Obligation.done_at)
        .outerjoin(Lead, Lead.id == Obligation.subject_id)
        .where(Obligation.kind == FIRST_RESPONSE, Obligation.subject_kind == LEAD)
        .where(Obligation.cancelled_at.is_(None), Obligation.due_at >= since, Obligation.due_at <= until)
    )
    return _counted(_in_time(session.execute(query), zone))


def read_warning_responses(session: Session, since: datetime, until: datetime, zone: str) -> pa.Table:
    """The first contacts of work orders due from `since` on and by `until`, as CASES by the day they were due.

    The department is that of who owed it, the region the customer's.
    """
    query = (
        select(Obligation.due_at, Obligation.department_id, Customer.region, Obligation.done_at)
        .join(WorkOrder, WorkOrder.id == Obligation.subject_id)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .where(Obligation.kind == RESPONSE, Obligation.subject_kind == SUBJECT)
        .where(Obligation.cancelled_at.is_(None), Obligation.due_at >= since, Obligation.due_at <= until)
    )
    return _counted(_in_time(session.execute(query), zone))


def read_closed_orders(session: Session, since: datetime, until: datetime, zone: str) -> pa.Table:
    """The work orders closed with an outcome from `since` on and by `until`, as CASES by the day they were closed."""
    query = (
        select(WorkOrder.closed_at, WorkOrder.department_id, Customer.region, WorkOrder.outcome)
        .join(Customer, Customer.id == WorkOrder.customer_id)
        .where(WorkOrder.outcome.is_not(None), WorkOrder.closed_at >= since, WorkOrder.closed_at <= until)
    )
    return _counted(
        ((business_date(closed, zone), department, region), outcome in KEPT_OUTCOMES)
        for closed, department, region, outcome in session.execute(query)
        if closed is not None
    )


def _in_time(
    rows: Iterable[Row[datetime, int | None, str | None, datetime | None]], zone: str
) -> Iterable[tuple[_Place, bool]]:
    for due, department, region, done in rows:
        yield (business_date(due, zone), department, region), done is not None and done <= due


def _counted(cases: Iterable[tuple[_Place, bool]]) -> pa.Table:
    good: Counter[_Place] = Counter()
    every: Counter[_Place] = Counter()
    for place, is_good in cases:
        every[place] += 1
        good[place] += is_good
    rows = [(*place, good[place], n) for place, n in every.items()]
    columns = zip(*rows, strict=True) if rows else [()] * len(CASES)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, CASES, strict=True)]
    return pa.Table.from_arrays(arrays, schema=CASES)
