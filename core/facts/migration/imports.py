"""The imports so far counted against the database: how many records each of them left, and how many are still there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, case, func, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.facts.catalogue.model import Field
from core.facts.migration.phones import has_phones
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.values import own_code
from core.facts.tables import (
    BehaviourEvent,
    Campaign,
    ChannelCost,
    Contract,
    Customer,
    DisplayFeedback,
    ImportBatch,
    Interaction,
    Lead,
    OrderLine,
    Outlet,
    Payment,
    Product,
    ProductUsage,
    Satisfaction,
)
from core.store.engine import Store

RECORDS: Mapping[str, Any] = {
    "customers": Customer,
    "transactions": OrderLine,
    "interactions": Interaction,
    "satisfaction": Satisfaction,
    "leads": Lead,
    "deals": Lead,
    "campaigns": Campaign,
    "channel_costs": ChannelCost,
    "contracts": Contract,
    "payments": Payment,
    "products": Product,
    "usage": ProductUsage,
    "behaviour": BehaviourEvent,
    "outlets": Outlet,
    "displays": DisplayFeedback,
}
"""Table -> the record that one of its rows becomes."""
_COLUMNS = {
    "customer_code": "customer_id", "contract_code": "contract_id", "outlet_code": "outlet_id",
    "campaign_name": "name", "product_name": "name", "outlet_name": "name", "cost": "amount", "phone": "phone_index",
    "email": "email_index", "department": "department_id", "account_manager": "account_manager_id",
    "owner": "owner_id", "salesperson": "salesperson_id", "staff": "staff_id",
}  # fmt: skip
"""Field -> the column that holds it, where it has another name."""
_OWN_CODES = {
    "customers": "customer_code", "leads": "lead_code", "deals": "lead_code", "campaigns": "campaign_code",
    "contracts": "contract_code", "payments": "payment_code", "products": "product_code", "outlets": "outlet_code",
}  # fmt: skip
"""Table -> the field that is the record's own code."""


@dataclass(frozen=True)
class BatchCheck:
    """One import counted against the database.

    `left`: records that it added or changed; `there`: records that bear it as the last import that changed them;
    `phones_in_file`: phones of rows it added or changed, None where they were not counted at that time or the table
    has none;
    `phones_there`: phones of the records there. What may explain a difference: `edited` (changed by a person since),
    `merged` (of `there`), `undone_at`, and `later`: whether a later import of the same table may have taken over
    some records.
    """

    id: int
    table_code: str
    file_name: str
    sheet: str
    committed_at: datetime
    rows_read: int
    rejected: int
    unchanged: int
    left: int
    there: int
    phones_in_file: int | None
    phones_there: int | None
    edited: int
    merged: int
    later: bool
    undone_at: datetime | None

    @property
    def complete(self) -> bool:
        """Whether nothing that it brought is missing."""
        # A record that it changed may have had a phone before, of which the file says nothing.
        phones_lost = (self.phones_in_file or 0) > (self.phones_there or 0)
        return self.left == self.there and not phones_lost


@dataclass(frozen=True)
class FieldCheck:
    """One field of an import: rows it added or changed that say something in it, and records that bear the import and
    hold something there now."""

    field: Field
    in_file: int
    there: int


def import_checks(actor: Actor, store: Store, *, limit: int = 100) -> list[BatchCheck]:
    """The imports that took rows, newest first, each counted against the database as it is now."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        query = select(ImportBatch).where(ImportBatch.took_rows).order_by(ImportBatch.id.desc())
        batches = session.scalars(query.limit(limit)).all()
        counts: dict[int, dict[str, int]] = {}
        for code in {each.table_code for each in batches}:
            counts |= _counted(session, RECORDS[code], [b.id for b in batches if b.table_code == code])
        newest: dict[Any, int] = {}
        for batch in batches:
            newest.setdefault(RECORDS[batch.table_code], batch.id)
        return [
            _line(each, counts.get(each.id, {}), later=newest[RECORDS[each.table_code]] != each.id)
            for each in batches
        ]


def import_fields(actor: Actor, store: Store, batch_id: int) -> list[FieldCheck]:
    """The fields that an import brought and its records hold; none where they were not counted at that time."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        batch = session.get(ImportBatch, batch_id)
        if batch is None:
            return []
        record = RECORDS[batch.table_code]
        found = [
            (each, column)
            for each in catalogue(session)[batch.table_code].fields
            if each.code in batch.filled and (column := _column(record, batch.table_code, each)) is not None
        ]
        counts = [func.count(func.nullif(_text(column), "")) for _, column in found]
        if not counts:
            return []
        row = session.execute(select(*counts).where(record.batch_id == batch.id)).one()
        return [
            FieldCheck(field, int(batch.filled[field.code]), int(there))
            for (field, _), there in zip(found, row, strict=True)
        ]


def _column(record: Any, table_code: str, field: Field) -> Any:
    """The column of the record that holds a field; None where another record does."""
    if field.own:
        return record.own[own_code(field)].as_string()
    if field.code == _OWN_CODES.get(table_code):
        return record.code
    return getattr(record, _COLUMNS.get(field.code, field.code), None)


def _text(column: Any) -> Any:
    """What nullif can compare with an empty text: everything but a text counts as it is."""
    return column if isinstance(column.type, String) else case((column.is_not(None), "x"))


def _counted(session: Session, record: Any, batch_ids: list[int]) -> dict[int, dict[str, int]]:
    """Import -> how many records bear it, with a phone, edited since, merged since."""
    counts: dict[str, Any] = {"there": func.count()}
    if record in (Customer, Lead):
        counts["phones"] = func.count(record.phone_index)
        counts["edited"] = func.sum(case((record.updated_at > ImportBatch.committed_at, 1), else_=0))
    if record is Customer:
        counts["merged"] = func.sum(case((Customer.merged_into_id.is_not(None), 1), else_=0))
    query = (
        select(record.batch_id, *counts.values())
        .join(ImportBatch, ImportBatch.id == record.batch_id)
        .where(record.batch_id.in_(batch_ids))
        .group_by(record.batch_id)
    )
    return {
        batch: dict(zip(counts, map(int, numbers), strict=True)) for batch, *numbers in session.execute(query)
    }


def _line(batch: ImportBatch, counted: Mapping[str, int], *, later: bool) -> BatchCheck:
    phones = has_phones(batch.table_code)
    return BatchCheck(
        id=batch.id,
        table_code=batch.table_code,
        file_name=batch.file_name,
        sheet=batch.sheet or "",
        committed_at=batch.committed_at,
        rows_read=batch.rows_read,
        rejected=batch.rejected,
        unchanged=batch.unchanged,
        left=batch.added + batch.updated,
        there=counted.get("there", 0),
        phones_in_file=int(batch.filled.get("phone", 0)) if phones and batch.filled else None,
        phones_there=counted.get("phones", 0) if phones else None,
        edited=counted.get("edited", 0),
        merged=counted.get("merged", 0),
        later=later,
        undone_at=batch.undone_at,
    )
