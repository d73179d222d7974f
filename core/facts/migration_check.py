"""Whether everything of a file arrived: its rows and phones against those of the database, without importing it.

Every row of the file ends in exactly one of `ROW_FATES`, and so does every phone of a row that can be read. A
customer or lead is known by its code, or, in a file of customers, by name and phone; phones are compared by their
digests, so that none has to be opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from core.access.vault import Vault
from core.facts import identity
from core.facts.importing.bulk import chunks
from core.facts.tables import Customer, ImportBatch, Lead
from core.language import mark

TABLES = ("customers", "leads")
"""The kinds of file whose rows are records with a phone."""
ROW_FATES: dict[str, str] = {
    "there": mark("Arrived"),
    "merged": mark("Arrived, since merged into another customer"),
    "missing": mark("Not there"),
    "undone": mark("Not there: its import was undone"),
    "unreadable": mark("Would be rejected by the import"),
}
PHONE_FATES: dict[str, str] = {
    "same": mark("Arrived"),
    "edited": mark("Other phone there: edited after its import"),
    "other": mark("Other phone there"),
    "no_phone": mark("Record there without a phone"),
    "no_record": mark("Record not there"),
}
_GOOD = ("there", "merged", "same")


@dataclass(frozen=True)
class Finding:
    """One row that did not arrive as it stands in the file; `fate` of ROW_FATES or, for its phone, of PHONE_FATES."""

    row: int
    code: str
    what: str
    """row, phone"""
    fate: str


@dataclass(frozen=True)
class Compared:
    """The count. `rows` and `phones`: fate -> number; they sum to the rows read and to the phones in readable rows."""

    rows_read: int
    rows: Mapping[str, int]
    phones: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Whether every row and every phone arrived."""
        return not self.findings


@dataclass(frozen=True)
class _Stored:
    """What the database holds of a record."""

    key: int
    code: str
    phone: bytes | None
    merged_into: int | None
    kept_phone: bytes | None
    """That of the customer it was merged into: the phone may have gone over."""
    edited: bool
    """Changed after the import that brought it."""


def compare(
    session: Session,
    vault: Vault,
    table_code: str,
    rows: Iterable[Mapping[str, Any]],
    rejected: Iterable[int],
    *,
    undone: bool = False,
) -> Compared:
    """Hold the checked rows of a file (`row`, the fields of the table) against the database.

    `rejected`: the numbers of the rows that the check refuses. `undone`: whether an import of this very file was
    undone, which explains what is not there.
    """
    missing = "undone" if undone else "missing"
    rows = list(rows)
    code_field = "customer_code" if table_code == "customers" else "lead_code"
    find = _finder(session, vault, table_code, rows, code_field)
    rows_by_fate: Counter[str] = Counter()
    phones: Counter[str] = Counter()
    findings: list[Finding] = []
    for number in sorted(rejected):
        rows_by_fate["unreadable"] += 1
        findings.append(Finding(number, "", "row", "unreadable"))
    for row in rows:
        code = row.get(code_field) or ""
        stored = find(row)
        fate = missing if stored is None else "there" if stored.merged_into is None else "merged"
        rows_by_fate[fate] += 1
        if fate not in _GOOD:
            findings.append(Finding(row["row"], code, "row", fate))
        if row.get("phone"):
            digest = identity.digest(vault, "phone", row["phone"])
            of_phone = _phone_fate(stored, digest)
            phones[of_phone] += 1
            if of_phone not in _GOOD:
                findings.append(
                    Finding(row["row"], code or (stored.code if stored else ""), "phone", of_phone)
                )
    return Compared(
        rows_read=sum(rows_by_fate.values()),
        rows={fate: rows_by_fate[fate] for fate in ROW_FATES if rows_by_fate[fate]},
        phones={fate: phones[fate] for fate in PHONE_FATES if phones[fate]},
        findings=tuple(sorted(findings, key=lambda each: (each.row, each.what))),
    )


def _phone_fate(stored: _Stored | None, digest: bytes) -> str:
    if stored is None:
        return "no_record"
    if digest in (stored.phone, stored.kept_phone):
        return "same"
    if stored.phone is None:
        return "no_phone"
    return "edited" if stored.edited else "other"


Find = Callable[[Mapping[str, Any]], _Stored | None]


def _finder(
    session: Session, vault: Vault, table_code: str, rows: list[Mapping[str, Any]], code_field: str
) -> Find:
    """What finds the stored record of a row."""
    record: Any = Customer if table_code == "customers" else Lead
    codes = list(dict.fromkeys(str(row[code_field]) for row in rows if row.get(code_field)))
    by_code = {each.code: each for each in _stored(session, record, record.code, codes)}
    nameless = [row for row in rows if not row.get(code_field) and row.get("phone")]
    digests = {str(row["phone"]): identity.digest(vault, "phone", str(row["phone"])) for row in nameless}
    by_phone: dict[bytes, list[tuple[str, _Stored]]] = {}
    if table_code == "customers":
        names: dict[int, str] = {}
        for some in chunks(digests.values()):
            names |= dict(
                session.execute(
                    select(Customer.id, Customer.name).where(Customer.phone_index.in_(some))
                ).all()
            )
        for each in _stored(session, Customer, Customer.phone_index, list(digests.values())):
            by_phone.setdefault(each.phone or b"", []).append((names.get(each.key, ""), each))

    def find(row: Mapping[str, Any]) -> _Stored | None:
        if row.get(code_field):
            return by_code.get(str(row[code_field]))
        found = by_phone.get(digests.get(str(row.get("phone")), b""), [])
        return next((each for name, each in found if name == row.get("name")), None)

    return find


def _stored(session: Session, record: Any, column: Any, values: list[Any]) -> Iterable[_Stored]:
    columns = [record.id, record.code, record.phone_index, record.updated_at, ImportBatch.committed_at]
    query = select(*columns).outerjoin(ImportBatch, ImportBatch.id == record.batch_id)
    if record is Customer:
        kept = aliased(Customer)
        query = query.outerjoin(kept, kept.id == Customer.merged_into_id)
        query = query.add_columns(Customer.merged_into_id, kept.phone_index)
    for some in chunks(values):
        for key, code, phone, updated_at, committed_at, *merged in session.execute(
            query.where(column.in_(some))
        ):
            edited = committed_at is None or updated_at > committed_at
            into, kept_phone = merged or (None, None)
            yield _Stored(key, code, phone, into, kept_phone, edited)


@dataclass(frozen=True)
class BatchCheck:
    """One import counted against the database.

    `rows_read` = accepted + rejected. `phones_in_file`: phones of accepted rows, None where they were not counted at
    that time. `there`: records that bear the import as the last one that changed them; `phones_there`: those of them
    with a phone. What may explain a difference: `edited` (changed by a person since), `merged` (of `there`), and
    `undone_at`. `later`: whether a later import of the same table may have taken over some records.
    """

    id: int
    table_code: str
    file_name: str
    committed_at: datetime
    rows_read: int
    accepted: int
    rejected: int
    phones_in_file: int | None
    there: int
    phones_there: int
    edited: int
    merged: int
    later: bool
    undone_at: datetime | None
    filled: Mapping[str, int]
    """Field -> accepted rows of the file that say something in it."""
