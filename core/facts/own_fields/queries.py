"""The field catalogue as a company has it, for reading: shipped and own fields of every table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from core.access.actor import Actor, Permission
from core.facts.fields import Field
from core.facts.own_fields.catalogue import PREFIX, catalogue, field_of
from core.facts.own_fields.service import OWN_TABLES
from core.facts.own_fields.values import own_code
from core.facts.tables import Contract, Customer, Lead, Outlet, OwnField, Product
from core.facts.visibility import STANDS
from core.store.engine import Store

_RECORDS: dict[str, Any] = {
    "customers": Customer, "leads": Lead, "contracts": Contract, "products": Product, "outlets": Outlet
}  # fmt: skip
"""The tables of OWN_TABLES and their records."""


@dataclass(frozen=True)
class CatalogueField:
    """One field of a table. `id` is that of an own field, None of a shipped one."""

    field: Field
    id: int | None = None
    retired: bool = False

    @property
    def label_zh(self) -> str:
        return self.field.synonyms_zh[0]


@dataclass(frozen=True)
class CatalogueTable:
    """One kind of file with its fields, retired own ones last. `open`: whether own fields can be added."""

    code: str
    label: str
    fields: tuple[CatalogueField, ...]
    open: bool


def field_catalogue(actor: Actor, store: Store) -> list[CatalogueTable]:
    """Every table with its fields. It describes records and holds none: whoever may see details may read it."""
    actor.require(Permission.SEE_DETAILS)
    with store.read() as session:
        stored = session.scalars(select(OwnField).order_by(OwnField.id)).all()
        ids = {(f.table_code, PREFIX + f.code): f.id for f in stored}
        retired = [(f.table_code, f.id, field_of(f)) for f in stored if f.retired_at is not None]
        tables = catalogue(session)
    return [
        CatalogueTable(
            code,
            table.label,
            (
                *(CatalogueField(f, ids.get((code, f.code)) if f.own else None) for f in table.fields),
                *(CatalogueField(f, key, retired=True) for where, key, f in retired if where == code),
            ),
            open=code in OWN_TABLES,
        )
        for code, table in tables.items()
    ]


def records_by_choice(actor: Actor, store: Store, table_code: str, field: Field) -> dict[str, int]:
    """Code of a choice -> how many records of the table hold it; of those that were merged into others, none."""
    actor.require(Permission.OWN_FIELDS)
    record = _RECORDS[table_code]
    held = record.own[own_code(field)].as_string()
    query = select(held, func.count()).where(held.is_not(None)).group_by(held)
    if record is Customer:
        query = query.where(STANDS)
    with store.read() as session:
        return dict(session.execute(query).tuples().all())
