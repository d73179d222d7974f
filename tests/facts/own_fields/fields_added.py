"""Own fields of every kind for tests, a row that fills them, and what a record then says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.access.actor import Actor
from core.access.vault import open_vault
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.sealing import Holder, read_own
from core.facts.own_fields.service import add_field
from core.store.engine import Store

ALL = {
    "wechat": ("text", ("微信号", "WeChat ID"), {"personal": True}),
    "staff_count": ("integer", ("员工人数", "Staff count"), {"unit": "人"}),
    "credit": ("amount", ("授信额度", "Credit line"), {"unit": "元", "owner": "finance"}),
    "joined": ("date", ("入会日期", "Joined on"), {}),
    "vip": ("yes_no", ("贵宾", "VIP"), {}),
    "rank": ("choice", ("意向", "Intent"), {"choices": [("高", "High"), ("低", "Low")]}),
}
HEADERS = ["微信号", "Staff count", "Credit line", "Joined on", "VIP", "Intent"]
CELLS = ["wx_zhang", "12", "1,500.5", "2026-05-01", "是", "高"]
VALUES = {
    "own_wechat": "wx_zhang",
    "own_staff_count": 12,
    "own_credit": 15_005_000,
    "own_joined": date(2026, 5, 1),
    "own_vip": True,
    "own_rank": "c1",
}


def add(actor: Actor, store: Store, now: datetime, code: str, table: str = "customers", **given: Any) -> int:
    kind, label, rest = ALL.get(code, ("text", (code, code), {}))
    return add_field(
        actor, store, table, **{"code": code, "kind": kind, "label": label, **rest, **given}, now=now
    )


def held(store: Store, record: Any, code: str) -> dict[str, Any]:
    """What the record says in its own fields, opened."""
    with store.read() as session:
        stored = session.scalars(select(record).where(record.code == code)).one()
        table = record.__tablename__
        own = catalogue(session)[table].own_fields
        return read_own(own, stored.own, Holder(open_vault(store), table, stored.id))
