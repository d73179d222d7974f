"""The records that an undone import leaves as they are, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from core.facts.importing.undo_tables import ORDERS
from core.facts.importing.undo_values import Record
from core.facts.order_keys import without_marks
from core.facts.tables import Customer, Order, Outlet
from core.language import Message
from core.store.records import Base, label_of

_DAYS = ("ordered_on", "occurred_on", "scored_on", "used_on", "checked_on")


@dataclass(frozen=True)
class Kept:
    """One record that stays. `kind`: what such records are called; `label` names it by codes and days, never by
    personal data."""

    kind: Message
    label: str
    reason: Message

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind.to_json(), "label": self.label, "reason": self.reason.to_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Kept:
        """What `to_json` gave."""
        return cls(Message.from_json(stored["kind"]), stored["label"], Message.from_json(stored["reason"]))


def list_kept(session: Session, kept: Mapping[Record, Message], limit: int) -> tuple[Kept, ...]:
    """The first of the kept records, by table and number."""
    shown = list(islice(sorted(kept), limit))
    found = []
    for name, records in groupby(shown, key=lambda record: record[0]):
        ids = [key for _, key in records]
        labels = _labels(session, name, ids)
        found += [Kept(Message(label_of(name)), labels.get(key, str(key)), kept[name, key]) for key in ids]
    return tuple(found)


def _labels(session: Session, name: str, ids: list[int]) -> dict[int, str]:
    table = Base.metadata.tables[name]
    columns = _naming(table)
    query = select(table.c.id, *columns).where(table.c.id.in_(ids))
    if name == ORDERS or ("code" not in table.c and "customer_id" in table.c):
        query = query.join(Customer.__table__, Customer.__table__.c.id == table.c.customer_id)
    elif "code" not in table.c and "outlet_id" in table.c:
        query = query.join(Outlet.__table__, Outlet.__table__.c.id == table.c.outlet_id)
    return {
        key: " · ".join(
            without_marks(str(word)).removeprefix("no:").removeprefix("day:") for word in words if word
        )
        for key, *words in session.execute(query)
    }


def _naming(table: Table) -> list[Any]:
    """What tells the records of a table apart for a person."""
    if "code" in table.c:
        return [table.c.code]
    if table.name == ORDERS:
        return [Customer.__table__.c.code, Order.__table__.c.order_key]
    day = [table.c[name] for name in _DAYS if name in table.c]
    if "customer_id" in table.c:
        return [Customer.__table__.c.code, *day]
    if "outlet_id" in table.c:
        return [Outlet.__table__.c.code, *day]
    return [table.c[name] for name in ("month", "channel", "campaign") if name in table.c]
