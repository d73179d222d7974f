"""What waits for somebody: a person's own day out of the ledger, and what a manager has to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission, Reach, within_reach
from core.access.tables import Department
from core.dates import ONE_DAY, business_date, business_midnight, months_before
from core.facts.quality import reminders as quality_reminders
from core.facts.tables import Customer, Lead
from core.facts.visibility import may_see, shown_name
from core.measures import queries as measures
from core.measures.catalogue import MEASURES
from core.obligations.tables import Obligation
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.reviews.pilot_records import sees
from core.reviews.tables import Card, Pilot, Report
from core.store.engine import Store
from core.warning.tables import WorkOrder

ORDER, LEAD, CARD, RECORD = "work_order", "lead", "card", "customer"
"""The kinds of subject that somebody can owe something for."""
FIX = quality_reminders.KIND
"""What is owed for a customer after a reminder of data quality."""
PILOT_ENDS_WITHIN = timedelta(days=14)


class When(StrEnum):
    """When a task is due: it is in exactly one of these."""

    LATE = "late"
    TODAY = "today"
    LATER = "later"


@dataclass(frozen=True)
class Task:
    """One thing that the reader owes."""

    id: int
    """Of the ledger's entry."""
    kind: str
    subject_kind: str
    subject_id: int
    about: str
    """The customer's or lead's name as the reader may see it, the card's title."""
    triggered_at: datetime
    due_at: datetime
    when: When
    new: bool
    """It came up today."""


def my_day(actor: Actor, store: Store, *, now: datetime) -> list[Task]:
    """What the actor still owes, across all rules with a clock, by due time: what is late comes first.

    Nothing for who is not in the staff directory.
    """
    actor.require(Permission.SEE_DETAILS)
    if actor.staff_id is None:
        return []
    zone = policy_at(store, now.date()).business.time_zone
    today = business_date(now, zone)
    midnight, next_midnight = (business_midnight(day, zone) for day in (today, today + ONE_DAY))
    with store.read() as session:
        rows = session.execute(_owed_by(actor, actor.staff_id)).all()
    return [
        Task(
            id=row.id,
            kind=row.kind,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            about=row.title or shown_name(actor, row.customer or row.lead or "") or row.code or "",
            triggered_at=row.triggered_at,
            due_at=row.due_at,
            when=_when(row.due_at, now, next_midnight),
            new=row.triggered_at >= midnight,
        )
        for row in rows
    ]


def _owed_by(actor: Actor, staff_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Obligation.id,
            Obligation.kind,
            Obligation.subject_kind,
            Obligation.subject_id,
            Obligation.triggered_at,
            Obligation.due_at,
            Customer.name.label("customer"),
            Lead.name.label("lead"),
            Card.title,
            func.coalesce(Customer.code, Lead.code).label("code"),
        )
        .outerjoin(WorkOrder, and_(Obligation.subject_kind == ORDER, WorkOrder.id == Obligation.subject_id))
        .outerjoin(
            Customer,
            Customer.id
            == case((Obligation.subject_kind == RECORD, Obligation.subject_id), else_=WorkOrder.customer_id),
        )
        .outerjoin(Lead, and_(Obligation.subject_kind == LEAD, Lead.id == Obligation.subject_id))
        .outerjoin(Card, and_(Obligation.subject_kind == CARD, Card.id == Obligation.subject_id))
        .where(Obligation.owner_id == staff_id, *_RUNNING)
        .where(or_(Obligation.subject_kind != RECORD, may_see(actor)))
        .order_by(Obligation.due_at, Obligation.id)
    )


_RUNNING = (Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None))


def _when(due_at: datetime, now: datetime, next_midnight: datetime) -> When:
    if due_at < now:
        return When.LATE
    return When.TODAY if due_at < next_midnight else When.LATER


@dataclass(frozen=True)
class Decision:
    """Something that waits for a manager.

    `kind` says what, and what the rest means:

    ===============  ==========================================================================
    late             `count` things of the kind `subject_kind` are late; `names` are their
                     departments with their number each. What is to be corrected of customers
                     is a kind of its own, FIX
    pool             `count` of them run a clock and are nobody's
    missed           measures whose whole interval misses the target in the month `on`: the
                     codes are in `names`
    pilot            the pilot `subject_id`, named in `names`, has its last day `on`
    report           the first report of the month `on` is drafted and can be published
    correction       the report of the month `on` is published; a revision of it is drafted
    ===============  ==========================================================================
    """

    kind: str
    count: int = 1
    names: tuple[tuple[str, int], ...] = ()
    """(name, number); a department without a name is the missing one."""
    subject_kind: str | None = None
    subject_id: int | None = None
    on: date | None = None


def own_scope(actor: Actor) -> measures.Scope:
    """Whose measures concern the actor: a department's head those of the department, everybody else the company's."""
    if actor.reach is Reach.DEPARTMENT and actor.department_id is not None:
        return measures.Scope(department_ids=(actor.department_id,))
    return measures.COMPANY


def decisions(actor: Actor, store: Store, *, now: datetime) -> list[Decision]:
    """What the actor has to decide, within reach; the most pressing first."""
    actor.require(Permission.SEE_MEASURES)
    policy = policy_at(store, now.date())
    today = business_date(now, policy.business.time_zone)
    with store.read() as session:
        found = [*_of_the_ledger(actor, session, now), *_pilots(actor, session, today)]
        found += _reports(actor, session)
    return sorted([*found, *_missed(actor, store, policy, today)], key=lambda each: _WEIGHT[each.kind])


_WEIGHT = {
    kind: weight for weight, kind in enumerate(("late", "pool", "missed", "pilot", "report", "correction"))
}


def _of_the_ledger(actor: Actor, session: Session, now: datetime) -> Iterable[Decision]:
    nobodys = Obligation.owner_id.is_(None)
    about = case((Obligation.kind == FIX, FIX), else_=Obligation.subject_kind)
    in_reach = or_(
        within_reach(actor, Obligation.department_id, Obligation.owner_id),
        and_(nobodys, Obligation.department_id.is_(None)),
    )
    query = (
        select(
            about,
            Department.name,
            func.sum(case((Obligation.due_at < now, 1), else_=0)),
            func.sum(case((nobodys, 1), else_=0)),
        )
        .outerjoin(Department, Department.id == Obligation.department_id)
        .where(in_reach, *_RUNNING)
        .group_by(about, Department.name)
    )
    late: dict[str, Counter[str]] = {}
    pool: Counter[str] = Counter()
    for subject_kind, department, overdue, unowned in session.execute(query):
        late.setdefault(subject_kind, Counter())[department or ""] += int(overdue)
        pool[subject_kind] += int(unowned)
    for subject_kind in sorted(late):
        names = tuple(
            sorted(
                ((name, count) for name, count in late[subject_kind].items() if count),
                key=lambda each: (-each[1], each[0]),
            )
        )
        if names:
            count = sum(each for _name, each in names)
            yield Decision("late", count=count, names=names, subject_kind=subject_kind)
        if pool[subject_kind]:
            yield Decision("pool", count=pool[subject_kind], subject_kind=subject_kind)


def _missed(actor: Actor, store: Store, policy: Policy, today: date) -> list[Decision]:
    """One decision for each month in which measures are judged last: most of them in the month just over."""
    months: dict[date, list[tuple[str, int]]] = {}
    # The last month judged of a measure whose cases mature is a window back; before it nothing is needed.
    since = months_before(today - timedelta(days=policy.funnel.window_days), 2).replace(day=1)
    found = measures.readings(actor, store, "month", scope=own_scope(actor), since=since)
    for code, by_month in found.items():
        judged = [each for each in by_month if each.complete]
        if not judged:
            continue
        last = judged[-1]
        if measures.standing(MEASURES[code], last, getattr(policy.targets, code)) == "missed":
            months.setdefault(last.start, []).append((code, last.n))
    return [
        Decision("missed", count=len(names), names=tuple(names), on=month)
        for month, names in sorted(months.items(), reverse=True)
    ]


def _pilots(actor: Actor, session: Session, today: date) -> Iterable[Decision]:
    if not actor.may(Permission.PILOTS):
        return
    running = select(Pilot).where(Pilot.ended_at.is_(None), Pilot.starts_on <= today)
    for pilot in session.scalars(running.order_by(Pilot.starts_on, Pilot.id)):
        last_day = pilot.starts_on + timedelta(weeks=pilot.weeks) - ONE_DAY
        if last_day - today <= PILOT_ENDS_WITHIN and sees(actor, pilot):
            yield Decision("pilot", names=((pilot.name, pilot.weeks),), subject_id=pilot.id, on=last_day)


def _reports(actor: Actor, session: Session) -> Iterable[Decision]:
    if not actor.may(Permission.PUBLISH):
        return
    drafts = (
        select(Report.id, Report.month, Report.revision)
        .where(Report.status == "draft")
        .order_by(Report.month.desc())
    )
    for report_id, month, revision in session.execute(drafts):
        # A revision is begun only of what is published.
        yield Decision("report" if revision == 1 else "correction", subject_id=report_id, on=month)
