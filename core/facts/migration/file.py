"""The migration check of a file: every sheet as the import would read it, counted against the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.access.masking import mask_phone
from core.access.vault import open_vault
from core.facts.importing import ImportRequest
from core.facts.importing.files import File, Sheet, read_file
from core.facts.importing.shown import in_words
from core.facts.migration.before import as_before
from core.facts.migration.check import (
    ARRIVED,
    PHONE_FATES,
    ROW_FATES,
    UNTOLD,
    FileCount,
    Finding,
    SheetCount,
    counted,
)
from core.facts.migration.phones import fates_of_phones, has_phones
from core.facts.migration.report import write_report
from core.facts.migration.rows import fates_of_rows
from core.facts.reading.source import place
from core.facts.tables import ImportBatch
from core.facts.uploads import upload
from core.facts.visibility import shown_name
from core.language import Message, mark
from core.store.engine import Store
from core.store.jobs import Progress

_FIELDS_NAMED = 4
"""A row is told by the first fields that it fills, beside name and phone: the catalogue begins with what names it."""

_CODED = ("choice", "yes_no")
"""Kinds of fields whose values are codes, which name nothing."""


def check_file(
    actor: Actor,
    store: Store,
    request: ImportRequest,
    workbook: Path,
    *,
    now: datetime,
    progress: Progress = lambda _share, _step: None,
) -> FileCount:
    """Compare the sheets of an upload with the database and write what was found to `workbook`; nothing is imported.

    `request` says which sheets are what, as for an import; its mode and options have no meaning here. A sheet of which
    it settles neither columns nor words is read as the last import of this very file read it. Refused as an import is,
    when the file cannot be read or its headers do not suffice. Personal values are told as the role sees them.
    """
    actor.require(Permission.IMPORT)
    upload(actor, store, request.path)  # nobody reads what somebody else has brought
    request = as_before(actor, store, request)
    with read_file(store, request, now, progress) as file, store.read() as session:
        count = _count(_Check(actor, store, session, request, now), file, progress)
    progress(0.9, Message(mark("Writing the result")))
    write_report(workbook, count, request)
    with store.write() as session:
        audit.record(
            session, actor, "migration.checked", "table", ",".join(sheet.table_code for sheet in count.sheets),
            now=now, rows=count.rows_read, findings=count.findings,
        )  # fmt: skip
        session.commit()
    return count


@dataclass(frozen=True)
class _Check:
    """What one check needs at hand."""

    actor: Actor
    store: Store
    session: Session
    request: ImportRequest
    now: datetime


def _count(check: _Check, file: File, progress: Progress) -> FileCount:
    found = {}
    for number, sheet in enumerate(file.sheets):
        step = Message(
            mark("Comparing {sheet} with what is stored"),
            {"sheet": place(sheet.staged.file_name, sheet.staged.sheet)},
        )
        progress(0.7 + 0.2 * number / len(file.sheets), step)
        found[id(sheet.asked)] = _count_sheet(check, sheet, file.zone)
    return FileCount(tuple(found[id(asked)] for asked in check.request.sheets))


def _count_sheet(check: _Check, sheet: Sheet, zone: str) -> SheetCount:
    try:
        rows = fates_of_rows(check.session, check.store, sheet, check.request, zone=zone, now=check.now)
    finally:
        check.session.expunge_all()  # what was compared is not needed again
    if _was_undone(check.session, sheet):
        rows = {row: "undone" if fate == "missing" else fate for row, fate in rows.items()}
    rejected = {row for row, fate in rows.items() if fate == "unreadable"}
    phones = fates_of_phones(check.session, open_vault(check.store), sheet.checked, rejected)
    phones = {
        row: "other" if fate == "no_record" and rows[row] in ARRIVED else fate for row, fate in phones.items()
    }
    return SheetCount(
        sheet=sheet.staged.sheet,
        table_code=sheet.checked.table_code,
        rows=counted(rows.values(), ROW_FATES),
        phones=counted(phones.values(), PHONE_FATES),
        has_phones=has_phones(sheet.checked.table_code),
        phones_compared="phone" in sheet.matching.fields,
        findings=_findings(check.actor, sheet, rows, phones, zone),
    )


def _was_undone(session: Session, sheet: Sheet) -> bool:
    """Whether the last import of this very sheet was undone."""
    last = (
        select(ImportBatch.undone_at)
        .where(
            ImportBatch.file_sha256 == sheet.staged.sha256,
            ImportBatch.table_code == sheet.checked.table_code,
            ImportBatch.sheet.is_not_distinct_from(sheet.staged.sheet or None),
            ImportBatch.took_rows,
        )
        .order_by(ImportBatch.id.desc())
    )
    return session.scalar(last.limit(1)) is not None


def _findings(
    actor: Actor, sheet: Sheet, rows: Mapping[int, str], phones: Mapping[int, str], zone: str
) -> tuple[Finding, ...]:
    """What somebody has to look at, by row."""
    told_rows = {row: fate for row, fate in rows.items() if fate not in UNTOLD}
    told_phones = {row: fate for row, fate in phones.items() if fate not in UNTOLD}
    named = _named(actor, sheet, {*told_rows, *told_phones}, zone)
    why: dict[int, Message] = {}
    for problem in sheet.checked.problems:
        why.setdefault(problem.row, problem.message)
    found = [
        Finding(row, "row", fate, *named[row], why=why.get(row) if fate == "unreadable" else None)
        for row, fate in told_rows.items()
    ]
    found += [Finding(row, "phone", fate, *named[row]) for row, fate in told_phones.items()]
    return tuple(sorted(found, key=lambda each: (each.row, each.what != "row")))


def _named(actor: Actor, sheet: Sheet, numbers: set[int], zone: str) -> dict[int, tuple[str, str, str]]:
    """Row -> what it names, name and phone; personal values as the role sees them."""
    checked = sheet.checked
    in_full = actor.may(Permission.SEE_CONTACT_DATA)
    fields = [each for each in checked.table.fields if not each.personal and each.kind not in _CODED]
    rows = checked.rows.filter(np.isin(checked.rows.column("row").to_numpy(), list(numbers)))
    told: dict[int, tuple[str, str, str]] = {}
    for row in rows.to_pylist():
        filled = [each for each in fields if row[each.code] is not None][:_FIELDS_NAMED]
        name, phone = row.get("name") or "", row.get("phone") or ""
        told[row["row"]] = (
            " · ".join(in_words(each, row[each.code], zone) for each in filled),
            shown_name(actor, name),
            phone if in_full or not phone else mask_phone(phone),
        )
    return told
