"""The migration check as people ask for it: of a file against the database, and of the imports so far."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import String, case, func, select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.vault import open_vault
from core.dates import business_date
from core.errors import Refused
from core.facts.catalogue.model import Field
from core.facts.checking import check
from core.facts.cleaning_dates import Reading
from core.facts.exporting import write_workbook
from core.facts.matching import match_headers
from core.facts.migration_check import PHONE_FATES, ROW_FATES, TABLES, BatchCheck, Compared, compare
from core.facts.own_fields import catalogue
from core.facts.reading import stage
from core.facts.tables import Customer, ImportBatch, Lead
from core.facts.uploads import upload
from core.language import Message, mark, translate
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.jobs import Progress

_ROWS_OF_A_SHEET = 1_000_000


@dataclass(frozen=True)
class Asked:
    """Which file is to be checked: the token of an upload, its name, the kind of file and the sheet."""

    path: str
    file_name: str
    table_code: str
    sheet: str | None = None
    language: str = "en"


def check_file(
    actor: Actor,
    store: Store,
    asked: Asked,
    workbook: Path,
    *,
    now: datetime,
    progress: Progress = lambda _share, _step: None,
) -> Compared:
    """Compare a file with the database and write what was found to `workbook`; nothing is imported.

    Refused when the file cannot be read, is of a kind without codes, or lacks the headers that name its records.
    """
    actor.require(Permission.IMPORT)
    if asked.table_code not in TABLES:
        raise Refused(
            mark("Only files of customers and of leads can be checked against the database row by row.")
        )
    zone = policy_at(store, now.date()).business.time_zone
    with store.read() as session:
        table = catalogue(session)[asked.table_code]
    spool = store.data_dir / "staging"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    upload(actor, store, asked.path)  # nobody reads what somebody else has brought
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        path = store.data_dir / "uploads" / asked.path
        step = Message(mark("Reading the file"))
        staged = stage(
            path,
            asked.file_name,
            asked.sheet,
            Path(folder),
            progress=lambda share: progress(share * 0.5, step),
        )
        letters = [column.letter for column in staged.columns]
        matching = match_headers(table, staged.headers, None, letters)
        if matching.problems:
            raise Refused(matching.problems[0])
        progress(0.5, Message(mark("Checking the cells")))
        checked = check(staged, matching, Reading(business_date(now, zone), zone))
        rows = checked.rows.to_pylist()
        progress(0.7, Message(mark("Comparing with what is stored")))
        with store.read() as session:
            found = compare(
                session,
                open_vault(store),
                asked.table_code,
                [row for row in rows if row["ok"]],
                [row["row"] for row in rows if not row["ok"]],
                undone=_was_undone(session, staged.sha256),
            )
    progress(0.9, Message(mark("Writing the result")))
    _write(workbook, found, asked)
    with store.write() as session:
        audit.record(session, actor, "migration.checked", "table", asked.table_code, now=now,
                     rows=found.rows_read, findings=len(found.findings))  # fmt: skip
        session.commit()
    return found


def _was_undone(session: Session, sha256: str) -> bool:
    """Whether the last import of this very file was undone."""
    last = (
        select(ImportBatch.undone_at).where(ImportBatch.file_sha256 == sha256).order_by(ImportBatch.id.desc())
    )
    return session.scalar(last.limit(1)) is not None


def _write(workbook: Path, found: Compared, asked: Asked) -> None:
    def say(sentence: str) -> str:
        return translate(sentence, asked.language)

    counted, fate = say(mark("Counted")), say(mark("What became of it"))
    number = say(mark("Number"))
    summary = [(say(mark("Rows")), say(ROW_FATES[code]), n) for code, n in found.rows.items()]
    summary += [(say(mark("Phones")), say(PHONE_FATES[code]), n) for code, n in found.phones.items()]
    words = {"row": (say(mark("Row")), ROW_FATES), "phone": (say(mark("Phone")), PHONE_FATES)}
    rows = [
        (each.row, each.code, words[each.what][0], say(words[each.what][1][each.fate]))
        for each in found.findings
    ]
    headers = [say(mark("Row in the file")), say(mark("Code")), counted, fate]
    sheets = {
        say(mark("Migration check")): pd.DataFrame(summary, columns=[counted, fate, number]),
        say(mark("Differences")): pd.DataFrame(rows[:_ROWS_OF_A_SHEET], columns=headers),
    }
    about = {say(mark("File")): asked.file_name, say(mark("Rows read")): str(found.rows_read)}
    write_workbook(workbook, sheets, about, asked.language)


def import_checks(actor: Actor, store: Store, *, limit: int = 100) -> list[BatchCheck]:
    """The imports of customers and leads, newest first, each counted against the database as it is now."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        batches = session.scalars(
            select(ImportBatch)
            .where(ImportBatch.table_code.in_(TABLES))
            .order_by(ImportBatch.id.desc())
            .limit(limit)
        ).all()
        counted = {
            code: _counted(session, record, [each.id for each in batches if each.table_code == code])
            for code, record in (("customers", Customer), ("leads", Lead))
        }
        newest = {each.table_code: each.id for each in reversed(batches)}
        return [_line(each, counted[each.table_code].get(each.id, {}), newest) for each in batches]


@dataclass(frozen=True)
class FieldCheck:
    """One field of an import: accepted rows of the file that say something in it, and records that bear the import
    and hold something there now."""

    field: Field
    in_file: int
    there: int


def import_fields(actor: Actor, store: Store, batch_id: int) -> list[FieldCheck]:
    """The fields that an import of customers or leads brought; none where they were not counted at that time."""
    actor.require(Permission.IMPORT)
    with store.read() as session:
        batch = session.get(ImportBatch, batch_id)
        if batch is None or batch.table_code not in TABLES:
            return []
        record: Any = Customer if batch.table_code == "customers" else Lead
        fields = [each for each in catalogue(session)[batch.table_code].fields if each.code in batch.filled]
        plain = [each for each in fields if not each.own]
        counts = [func.count(func.nullif(_text(_column(record, each.code)), "")) for each in plain]
        if not counts:
            return []
        row = session.execute(select(*counts).where(record.batch_id == batch.id)).one()
        return [
            FieldCheck(field, int(batch.filled[field.code]), int(there))
            for field, there in zip(plain, row, strict=True)
        ]


_COLUMNS = {
    "customer_code": "code", "lead_code": "code", "phone": "phone_index", "email": "email_index",
    "department": "department_id", "account_manager": "account_manager_id", "owner": "owner_id",
}  # fmt: skip


def _column(record: Any, field: str) -> Any:
    if record is Lead and field == "customer_code":
        return Lead.customer_id
    return getattr(record, _COLUMNS.get(field, field))


def _text(column: Any) -> Any:
    """What nullif can compare with an empty text: everything but a text counts as it is."""
    return column if isinstance(column.type, String) else case((column.is_not(None), "x"))


def _counted(session: Session, record: Any, batch_ids: list[int]) -> dict[int, dict[str, int]]:
    """Import -> how many records bear it, with a phone, edited since, merged since."""
    edited = case((record.updated_at > ImportBatch.committed_at, 1), else_=0)
    merged = case((Customer.merged_into_id.is_not(None), 1), else_=0) if record is Customer else None
    query = (
        select(
            record.batch_id,
            func.count(),
            func.count(record.phone_index),
            func.sum(edited),
            *([] if merged is None else [func.sum(merged)]),
        )
        .join(ImportBatch, ImportBatch.id == record.batch_id)
        .where(record.batch_id.in_(batch_ids))
        .group_by(record.batch_id)
    )
    return {
        batch: {"there": n, "phones": phones, "edited": int(changed), "merged": int(rest[0]) if rest else 0}
        for batch, n, phones, changed, *rest in session.execute(query)
    }


def _line(batch: ImportBatch, counted: Mapping[str, int], newest: Mapping[str, int]) -> BatchCheck:
    filled: dict[str, int] = dict(batch.filled)
    return BatchCheck(
        id=batch.id,
        table_code=batch.table_code,
        file_name=batch.file_name,
        committed_at=batch.committed_at,
        rows_read=batch.rows_read,
        accepted=batch.added + batch.updated + batch.unchanged,
        rejected=batch.rejected,
        phones_in_file=filled.get("phone", 0) if filled else None,
        there=counted.get("there", 0),
        phones_there=counted.get("phones", 0),
        edited=counted.get("edited", 0),
        merged=counted.get("merged", 0),
        later=newest[batch.table_code] != batch.id,
        undone_at=batch.undone_at,
        filled=filled,
    )
