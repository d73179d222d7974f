"""The customers behind a figure of data quality, and which of them somebody was asked to correct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import null, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.facts.quality.counting import BY_FIELD, TABLE, WHOLE
from core.facts.quality.reminders import KIND, SUBJECT
from core.facts.quality.rules import FIELDS, bit, fields_of
from core.facts.quality.scope import scope_of
from core.facts.tables import Customer
from core.facts.visibility import Contact, may_see, shown_name
from core.obligations.tables import Obligation
from core.store.engine import Store
from core.store.mart import Mart, current_mart

PROBLEMS = ("missing", "wrong", "stale", "any")
"""What a list holds: customers that lack the field, whose field is not valid, that were not updated in time, or that
lack something or hold something that is not valid."""
_LOOKED_AT = 1_000
"""Of longer lists the first ones are sorted and shown: a page does not wait for what nobody scrolls to."""


@dataclass(frozen=True)
class Behind:
    """Which customers a figure is made of: codes and ids only, so that it can stand in an address."""

    problem: str
    field: str = WHOLE
    department_id: int | None = None


def behind_ids(actor: Actor, store: Store, behind: Behind) -> list[int]:
    """The customers behind a figure at the last count, within reach as it was then."""
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=BY_FIELD)
    return [] if mart is None else _judged(actor, mart, behind)["customer_id"].to_pylist()


def behind_list(actor: Actor, store: Store, behind: Behind, *, limit: int = 200) -> list[dict[str, Any]]:
    """The customers behind a figure, by account manager and code: id, code, name, account_manager, department,
    value (what stands in the field now, masked for the role), missing and wrong (codes of fields at the last count),
    reminded_at, due_at, open (whether a reminder waits)."""
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=BY_FIELD)
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
            "missing": fields_of(marks[each.id]["missing"]),
            "wrong": fields_of(marks[each.id]["wrong"]),
            **reminders.get(each.id, {"reminded_at": None, "due_at": None, "open": False}),
        }
        for each in found
    ]


def _judged(actor: Actor, mart: Mart, behind: Behind) -> pa.Table:
    rows = mart.rows(TABLE)
    scope = scope_of(actor, behind.department_id)
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
