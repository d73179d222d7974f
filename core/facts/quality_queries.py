"""Reads of data quality: how complete, valid and fresh customers' data are, and the customers behind each figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission, Reach
from core.access.tables import Department, StaffMember
from core.facts.quality import BY_FIELD, TABLE, WHOLE
from core.facts.quality_figures import MEASURES, Figure, Line, figures
from core.facts.quality_reminders import KIND, SUBJECT
from core.facts.quality_rules import FIELDS, bit
from core.facts.tables import Customer, QualityCount
from core.facts.visibility import Contact, may_see, shown_name
from core.obligations.tables import Obligation
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.mart import Mart, current_mart

PROBLEMS = ("missing", "wrong", "stale", "any")
"""What a list holds: customers that lack the field, whose field is not valid, that were not updated in time, or that
lack something or hold something that is not valid."""
_LOOKED_AT = 1_000
"""Of longer lists the first ones are sorted and shown: a page does not wait for what nobody scrolls to."""


@dataclass(frozen=True)
class Quality:
    """The last count. `whole`: all in the chosen scope; `departments`: each one in reach, of the chosen field;
    `fields`: each field in the chosen scope."""

    counted_on: date
    whole: Line
    departments: tuple[Line, ...]
    fields: tuple[Line, ...]


@dataclass(frozen=True)
class Behind:
    """Which customers a figure is made of: codes and ids only, so that it can stand in an address."""

    problem: str
    field: str = WHOLE
    department_id: int | None = None


def quality(actor: Actor, store: Store, *, now: datetime, department_id: int | None = None) -> Quality | None:
    """The last count, of one department or of all in reach; None before the first one."""
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=BY_FIELD)
    if mart is None:
        return None
    policy = policy_at(store, now.date())
    scope = _scope(actor, department_id)
    with store.read() as session:
        counted_on = session.scalar(select(func.max(QualityCount.counted_on)))
        names = dict(session.execute(select(Department.id, Department.name)).all())
    if counted_on is None:
        return None
    rows = mart.rows(BY_FIELD).to_pylist()
    seen = [row for row in rows if _within(row, _reach(actor))]
    chosen = [row for row in seen if scope is None or row["department_id"] == scope]
    company = figures([row for row in rows if row["field"] == WHOLE], policy)
    departments = [
        Line(key, "" if key is None else names.get(key, ""), WHOLE, figures(of, policy, beside=company))
        for key, of in _grouped(row for row in seen if row["field"] == WHOLE)
    ]
    return Quality(
        counted_on,
        Line(
            scope, "" if scope is None else names.get(scope, ""), WHOLE, figures(_of(chosen, WHOLE), policy)
        ),
        tuple(sorted(departments, key=lambda line: (line.department_id is None, line.name))),
        tuple(Line(scope, "", field, figures(_of(chosen, field), policy)) for field in FIELDS),
    )


def months(
    actor: Actor,
    store: Store,
    *,
    now: datetime,
    field: str = WHOLE,
    department_id: int | None = None,
    limit: int = 12,
) -> list[tuple[date, Mapping[str, Figure]]]:
    """The counts of the last months, oldest first: (first day of the month, code of MEASURES -> figure).

    Of the record as a whole nothing is kept of how alike a customer's fields are: each customer is one case then,
    which makes the intervals rather too wide than too narrow.
    """
    actor.require(Permission.SEE_MEASURES)
    policy = policy_at(store, now.date())
    scope = _scope(actor, department_id)
    # Every customer has a name or lacks it: its rows tell how many customers stand behind the sums of fields.
    query = select(QualityCount).where(QualityCount.field.in_({field, "name"}))
    if scope is not None:
        query = query.where(QualityCount.department_id == scope)
    elif _reach(actor) is not None:
        return []
    found: dict[date, list[QualityCount]] = {}
    with store.read() as session:
        for each in session.scalars(query):
            found.setdefault(each.month, []).append(each)
        session.expunge_all()
    return [(month, figures(_kept(found[month], field), policy)) for month in sorted(found)[-limit:]]


def behind_ids(actor: Actor, store: Store, behind: Behind) -> list[int]:
    """The customers behind a figure at the last count, within reach as it was then."""
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=TABLE)
    return [] if mart is None else _judged(actor, mart, behind)["customer_id"].to_pylist()


def behind_list(actor: Actor, store: Store, behind: Behind, *, limit: int = 200) -> list[dict[str, Any]]:
    """The customers behind a figure, by account manager and code: id, code, name, account_manager, department,
    value (what stands in the field now, masked for the role), missing and wrong (codes of fields at the last count),
    reminded_at, due_at, open (whether a reminder waits)."""
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=TABLE)
    if mart is None:
        return []
    judged = _judged(actor, mart, behind).slice(0, _LOOKED_AT).to_pylist()
    marks = {row["customer_id"]: row for row in judged}
    contact = Contact.shown_to(actor, store)
    with store.read() as session:
        query = (
            select(
                Customer.id,
                Customer.code,
                Customer.name,
                StaffMember.name.label("account_manager"),
                Department.name.label("department"),
                _held_in(behind.field).label("value"),
            )
            .outerjoin(StaffMember, StaffMember.id == Customer.account_manager_id)
            .outerjoin(Department, Department.id == Customer.department_id)
            .where(may_see(actor), Customer.id.in_(list(marks)))
            .order_by(StaffMember.name.is_(None), StaffMember.name, Customer.code)
            .limit(limit)
        )
        found = session.execute(query).all()
        reminders = _reminders(session, [each.id for each in found])
    return [
        {
            **each._mapping,
            "name": shown_name(actor, each.name),
            "value": _value(contact, each, behind.field),
            "missing": _fields(marks[each.id]["missing"]),
            "wrong": _fields(marks[each.id]["wrong"]),
            **reminders.get(each.id, {"reminded_at": None, "due_at": None, "open": False}),
        }
        for each in found
    ]


def _scope(actor: Actor, department_id: int | None) -> int | None:
    own = _reach(actor)
    return department_id if own is None else own


def _reach(actor: Actor) -> int | None:
    """None for the whole company, else the department; -1, which no department has, for who belongs to none."""
    if actor.reach is Reach.COMPANY:
        return None
    return actor.department_id if actor.department_id is not None else -1


def _within(row: Mapping[str, Any], department: int | None) -> bool:
    return department is None or row["department_id"] == department


def _of(rows: Iterable[Mapping[str, Any]], field: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["field"] == field]


def _grouped(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[int | None, list[dict[str, Any]]]]:
    groups: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["department_id"], []).append(row)
    return groups.items()


def _kept(rows: Sequence[QualityCount], field: str) -> list[dict[str, Any]]:
    kept = []
    for row in rows:
        if row.field == field:
            customers = sum(
                each.expected
                for each in rows
                if each.field == "name" and each.department_id == row.department_id
            )
            names = ("expected", "filled", "checked", "passed", "fresh")
            counts = {name: getattr(row, name) for name in names}
            cases = customers if field == WHOLE else row.expected
            kept.append({**counts, "field": field, "customers": cases})
    return kept


def _judged(actor: Actor, mart: Mart, behind: Behind) -> pa.Table:
    rows = mart.rows(TABLE)
    scope = _scope(actor, behind.department_id)
    if scope is not None:
        rows = rows.filter(pc.equal(rows["department_id"], scope))
    if behind.problem == "stale":
        return rows.filter(pc.invert(rows["fresh"]))
    masks = {"missing": ["missing"], "wrong": ["wrong"]}.get(behind.problem, ["missing", "wrong"])
    wanted = sum(bit(field) for field in FIELDS) if behind.field == WHOLE else bit(behind.field)
    keep = pa.chunked_array([pa.array([], pa.bool_())]) if not len(rows) else None
    for name in masks:
        hit = pc.greater(pc.bit_wise_and(rows[name], wanted), 0)
        keep = hit if keep is None else pc.or_(keep, hit)
    return rows.filter(keep)


def _fields(bits: int) -> list[str]:
    return [field for field in FIELDS if bits & bit(field)]


def _held_in(field: str) -> Any:
    """The column with the value of a field; nothing for the record as a whole and for the name, which is there
    anyway."""
    named = {"account_manager": StaffMember.name, "department": Department.name}
    sealed = {"phone": Customer.phone_sealed, "email": Customer.email_sealed}
    known: dict[str, Any] = {**named, **sealed}
    if field in (WHOLE, "name"):
        return null()
    return known[field] if field in known else getattr(Customer, field)


def _value(contact: Contact, row: Any, field: str) -> Any:
    """What stands in the field, as the reader may see it."""
    if field == "phone":
        return contact.phone(row.id, row.value)
    return contact.email(row.id, row.value) if field == "email" else row.value


def _reminders(session: Session, ids: list[int]) -> dict[int, dict[str, Any]]:
    """Customer -> its last reminder."""
    query = (
        select(Obligation.subject_id, Obligation.triggered_at, Obligation.due_at, Obligation.done_at)
        .where(Obligation.kind == KIND, Obligation.subject_kind == SUBJECT, Obligation.subject_id.in_(ids))
        .where(Obligation.cancelled_at.is_(None))
        .order_by(Obligation.triggered_at, Obligation.id)
    )
    return {
        each.subject_id: {
            "reminded_at": each.triggered_at,
            "due_at": each.due_at,
            "open": each.done_at is None,
        }
        for each in session.execute(query)
    }


__all__ = [
    "MEASURES",
    "PROBLEMS",
    "Behind",
    "Figure",
    "Line",
    "Quality",
    "behind_ids",
    "behind_list",
    "months",
    "quality",
]
