"""Which customers' records have to be completed, by whom and by when; who kept it and who is late, by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission, within_reach
from core.access.tables import Department, StaffMember
from core.facts.tables import Customer
from core.facts.update_clock import COLUMNS, KIND, SUBJECT, lacking
from core.facts.visibility import may_see, require_visible, shown_name
from core.obligations.tables import Obligation
from core.store.engine import Store

_RUNNING = (Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None))
_OURS = (Obligation.kind == KIND, Obligation.subject_kind == SUBJECT)


@dataclass(frozen=True)
class OwedUpdate:
    """A record that has to be completed."""

    customer_id: int
    code: str
    name: str
    """As the reader may see it."""
    owner_id: int | None
    owner: str | None
    """None lies in the pool."""
    department: str | None
    triggered_at: datetime
    due_at: datetime
    fields: tuple[str, ...]
    """What is still missing: codes of the customers' catalogue. None is missing where it has been filled otherwise."""

    def late_by(self, now: datetime) -> timedelta:
        """How long it has been late; nothing while there is time."""
        return max(now - self.due_at, timedelta())


@dataclass(frozen=True)
class Kept:
    """How one person, or the pool of a department, kept the clock: what was due, and how much of it in time."""

    owner_id: int | None
    owner: str | None
    department: str | None
    due: int
    kept: int
    missed: int
    """Done late, or not yet."""
    late_now: int
    latest: timedelta
    """The longest that anything has been late which is late now."""

    @property
    def share(self) -> float | None:
        return self.kept / self.due if self.due else None


@dataclass(frozen=True)
class LateList:
    """What is late now, or due next, by its time: some of it, and how much there is."""

    total: int
    first: Sequence[OwedUpdate] = field(default_factory=list)


def owed(actor: Actor, store: Store, customer_id: int) -> OwedUpdate | None:
    """What is owed for one customer in reach; None when nothing is."""
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        require_visible(actor, session, customer_id)
        found = _updates(actor, session, Obligation.subject_id == customer_id, limit=1)
    return found[0] if found else None


def late(actor: Actor, store: Store, *, now: datetime, limit: int = 100) -> LateList:
    """What is late within the actor's reach, the longest first."""
    return _running(actor, store, Obligation.due_at < now, limit=limit)


def ahead(actor: Actor, store: Store, *, now: datetime, limit: int = 100) -> LateList:
    """What has to be completed within the actor's reach and is not late yet, the soonest due first."""
    return _running(actor, store, Obligation.due_at >= now, limit=limit)


def _running(actor: Actor, store: Store, due: ColumnElement[bool], *, limit: int) -> LateList:
    actor.require(Permission.SEE_DETAILS)
    which = (_in_reach(actor), may_see(actor), due)
    of_customers = select(func.count(Obligation.id)).join(Customer, Customer.id == Obligation.subject_id)
    counted = of_customers.where(*_OURS, *_RUNNING, *which)
    with store.read() as session:
        return LateList(session.scalar(counted) or 0, _updates(actor, session, *which, limit=limit))


def by_owner(actor: Actor, store: Store, *, since: datetime, now: datetime) -> list[Kept]:
    """Who kept the clock, of what was due from `since` until now within the actor's reach; the longest late
    first, then who missed most.

    What has been late for longer is in `late_now` and `latest` all the same: nobody is late in silence.
    """
    actor.require(Permission.SEE_DETAILS)
    in_time = Obligation.done_at <= Obligation.due_at
    running, counts = Obligation.done_at.is_(None), Obligation.due_at >= since
    query = (
        select(
            Obligation.owner_id,
            StaffMember.name,
            Department.name,
            func.sum(case((counts, 1), else_=0)),
            func.sum(case((and_(counts, in_time), 1), else_=0)),
            func.sum(case((running, 1), else_=0)),
            func.min(case((running, Obligation.due_at))),
        )
        .outerjoin(StaffMember, StaffMember.id == Obligation.owner_id)
        .outerjoin(Department, Department.id == Obligation.department_id)
        .where(*_OURS, Obligation.cancelled_at.is_(None), _in_reach(actor))
        # What was done before its time ran out counts when it ran out, like all else.
        .where(or_(counts, running), Obligation.due_at < now)
        .group_by(Obligation.owner_id, StaffMember.name, Department.name)
    )
    with store.read() as session:
        rows = [tuple(row) for row in session.execute(query)]
    found = [
        Kept(
            owner_id, owner, department, int(due), int(kept), int(due - kept), int(open_), _since(oldest, now)
        )
        for owner_id, owner, department, due, kept, open_, oldest in rows
    ]
    return sorted(
        found,
        key=lambda each: (-each.latest, -each.missed, -each.due, each.owner or "", each.department or ""),
    )


def _since(oldest: datetime | None, now: datetime) -> timedelta:
    return timedelta() if oldest is None else now - oldest


def _in_reach(actor: Actor) -> ColumnElement[bool]:
    return within_reach(actor, Obligation.department_id, Obligation.owner_id)


def _updates(
    actor: Actor, session: Session, *conditions: ColumnElement[bool], limit: int
) -> list[OwedUpdate]:
    query = (
        select(
            Obligation.owner_id,
            Obligation.triggered_at,
            Obligation.due_at,
            StaffMember.name.label("owner"),
            Department.name.label("of_department"),
            Customer.id,
            Customer.code,
            Customer.name.label("named"),
            *COLUMNS,
        )
        .join(Customer, Customer.id == Obligation.subject_id)
        .outerjoin(StaffMember, StaffMember.id == Obligation.owner_id)
        .outerjoin(Department, Department.id == Obligation.department_id)
        .where(*_OURS, *_RUNNING, *conditions)
        .order_by(Obligation.due_at, Obligation.id)
        .limit(limit)
    )
    return [_update(actor, row) for row in session.execute(query)]


def _update(actor: Actor, row: Any) -> OwedUpdate:
    return OwedUpdate(
        customer_id=row.id,
        code=row.code,
        name=shown_name(actor, row.named),
        owner_id=row.owner_id,
        owner=row.owner,
        department=row.of_department,
        triggered_at=row.triggered_at,
        due_at=row.due_at,
        fields=tuple(lacking(row)),
    )
