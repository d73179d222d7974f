"""Whether the phones of a file are with the records that they came for; compared by digest, so that none is opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.access.vault import Vault
from core.facts import identity
from core.facts.checking.results import Checked
from core.facts.importing.bulk import chunks
from core.facts.tables import Customer, ImportBatch, Lead

_RECORDS: Mapping[str, tuple[Any, str]] = {
    "customers": (Customer, "customer_code"),
    "leads": (Lead, "lead_code"),
}
"""Table whose records have a phone -> the record, and the field that names it."""


@dataclass(frozen=True)
class _Stored:
    """What the database holds of a record."""

    name: str
    phone: bytes | None
    kept_phone: bytes | None
    """That of the customer it was merged into: the phone may have gone over."""
    edited: bool
    """Changed after the import that brought it."""


def has_phones(table_code: str) -> bool:
    """Whether the records of the table have a phone."""
    return table_code in _RECORDS


def fates_of_phones(
    session: Session, vault: Vault, checked: Checked, rejected: Collection[int]
) -> dict[int, str]:
    """Row -> what became of its phone, of PHONE_FATES; of all rows with a phone. One that no number can be read from
    stands in a rejected row as well."""
    if not has_phones(checked.table_code):
        return {}
    record, code_field = _RECORDS[checked.table_code]
    columns = checked.rows.select(["row", code_field, "name", "phone"])
    told = [row for row in columns.to_pylist() if row["phone"]]
    rows = [row for row in told if row["row"] not in rejected]
    digests = {phone: identity.digest(vault, "phone", phone) for phone in {row["phone"] for row in rows}}
    codes = {row[code_field] for row in rows} - {None}
    by_code = dict(_stored(session, record, record.code, codes))
    codeless = {digests[row["phone"]] for row in rows if row[code_field] is None}
    by_person = {
        (each.name, each.phone): each for _, each in _stored(session, record, record.phone_index, codeless)
    }

    def fate(row: Mapping[str, Any]) -> str:
        digest = digests[row["phone"]]
        code = row[code_field]
        return _fate(by_code.get(code) if code else by_person.get((row["name"], digest)), digest)

    refused = {row["row"] for row in told} & set(rejected) | _unreadable(checked)
    return {row["row"]: fate(row) for row in rows} | dict.fromkeys(refused, "rejected")


def _unreadable(checked: Checked) -> set[int]:
    """The rows whose phone is the trouble."""
    column = checked.places.get("phone")
    return {each.row for each in checked.problems if column is not None and each.column == column}


def _fate(stored: _Stored | None, digest: bytes) -> str:
    if stored is None:
        return "no_record"
    if digest in (stored.phone, stored.kept_phone):
        return "same"
    if stored.phone is None:
        return "no_phone"
    return "edited" if stored.edited else "other"


def _stored(
    session: Session, record: Any, column: Any, values: Iterable[Any]
) -> Iterable[tuple[str, _Stored]]:
    """The records in which one of `values` stands in `column`, with their codes."""
    query = select(
        record.code, record.name, record.phone_index, record.updated_at, ImportBatch.committed_at
    ).outerjoin(ImportBatch, ImportBatch.id == record.batch_id)
    if record is Customer:
        kept = aliased(Customer)
        query = query.outerjoin(kept, kept.id == Customer.merged_into_id).add_columns(kept.phone_index)
    for some in chunks(values):
        found = session.execute(query.where(column.in_(some)))
        for code, name, phone, updated_at, committed_at, *kept_phone in found:
            edited = committed_at is None or updated_at > committed_at
            yield code, _Stored(name, phone, kept_phone[0] if kept_phone else None, edited)
