"""The customers whose data somebody is asked to put right: a person's own list, and what is asked about one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import StaffMember
from core.facts.quality.counting import BY_FIELD, TABLE
from core.facts.quality.reminders import OPEN
from core.facts.quality.rules import fields_of
from core.facts.tables import Customer
from core.facts.update_clock import COLUMNS, lacking
from core.facts.visibility import may_see, require_visible, shown_name
from core.obligations.tables import Obligation
from core.store.engine import Store
from core.store.mart import current_mart


@dataclass(frozen=True)
class Asked:
    """What somebody is asked to put right. `missing` and `wrong`: codes of fields.

    What is missing is seen as the record stands; what is wrong was found at the last count.
    """

    customer_id: int
    code: str
    name: str
    """As the reader may see it."""
    owner: str | None
    """None: nobody's."""
    asked_at: datetime
    due_at: datetime
    missing: tuple[str, ...]
    wrong: tuple[str, ...]


def asked_of_me(actor: Actor, store: Store, *, limit: int = 500) -> list[Asked]:
    """What the actor is asked to put right, by due time; nothing for who is not in the staff directory."""
    actor.require(Permission.SEE_DETAILS)
    if actor.staff_id is None:
        return []
    with store.read() as session:
        return _asked(actor, store, session, Obligation.owner_id == actor.staff_id, limit=limit)


def asked_about(actor: Actor, store: Store, customer_id: int) -> Asked | None:
    """What is asked about one customer in reach; None when nothing is."""
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        require_visible(actor, session, customer_id)
        found = _asked(actor, store, session, Obligation.subject_id == customer_id, limit=1)
    return found[0] if found else None


def _asked(
    actor: Actor, store: Store, session: Session, condition: ColumnElement[bool], *, limit: int
) -> list[Asked]:
    query = (
        select(
            Customer.id,
            Customer.code,
            Customer.name.label("called"),
            StaffMember.name.label("owner"),
            Obligation.triggered_at,
            Obligation.due_at,
            *COLUMNS,
        )
        .select_from(Obligation)
        .join(Customer, Customer.id == Obligation.subject_id)
        .outerjoin(StaffMember, StaffMember.id == Obligation.owner_id)
        .where(*OPEN, condition, may_see(actor))
        .order_by(Obligation.due_at, Customer.code)
        .limit(limit)
    )
    rows = session.execute(query).all()
    wrong = _wrong(store, [row.id for row in rows]) if rows else {}
    return [
        Asked(
            row.id, row.code, shown_name(actor, row.called), row.owner, row.triggered_at, row.due_at,
            tuple(lacking(row)), wrong.get(row.id, ()),
        )
        for row in rows
    ]  # fmt: skip


def _wrong(store: Store, ids: list[int]) -> Mapping[int, tuple[str, ...]]:
    """Customer -> the fields that were not valid at the last count."""
    mart = current_mart(store, having=BY_FIELD)
    if mart is None:
        return {}
    judged: Any = mart.rows(TABLE)
    found = judged.filter(pc.is_in(judged["customer_id"], pa.array(ids, pa.int64())))
    pairs = zip(found["customer_id"].to_pylist(), found["wrong"].to_pylist(), strict=True)
    return {key: tuple(fields_of(bits)) for key, bits in pairs}
