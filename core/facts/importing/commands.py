"""The two commands on a file: preview and commit. Both take the same way; only the commit saves."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.errors import Refused
from core.facts.checking import Checked, check
from core.facts.cleaning_dates import Reading
from core.facts.importing.bulk import lock_imports
from core.facts.importing.companions import companions
from core.facts.importing.planning import plan
from core.facts.importing.request import (
    MODES,
    ImportCounts,
    ImportPreview,
    ImportRequest,
    ImportResult,
    Progress,
    silent,
)
from core.facts.importing.shown import notes, sample
from core.facts.importing.workspace import Workspace, open_workspace
from core.facts.matching import Matching, match_headers
from core.facts.own_fields import catalogue
from core.facts.reading import StagedSheet, stage
from core.facts.reading.source import place
from core.facts.rejects import write_rejects
from core.facts.tables import ImportBatch
from core.language import Message, mark
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.versions import raise_data_version

PROBLEMS_SHOWN = 200
REJECTS_KEPT_FOR = timedelta(days=30)
"""Rejected rows hold phones as the file had them. Who corrects them has done so by then, or imports again."""
_LONGEST_IMPORT = timedelta(days=1)
"""What is older in the staging folder was left behind by an import that was killed."""


@dataclass(frozen=True)
class _File:
    """A file that was read and checked, in a folder that is gone when the command ends."""

    staged: StagedSheet
    matching: Matching
    checked: Checked
    folder: Path
    zone: str
    """The business time zone."""


def preview(
    actor: Actor, store: Store, request: ImportRequest, *, now: datetime, progress: Progress = silent
) -> ImportPreview:
    """What the import would do, by the same rules as the commit; nothing is saved but the workbook of rejected
    rows. Refused when the file cannot be read or its headers do not suffice."""
    actor.require(Permission.IMPORT)
    with _read(store, request, now, progress) as file, store.read() as session:
        progress(0.7, Message(mark("Comparing with what is stored")))
        with _workspace(session, file, request) as work:
            counts, _ = plan(work, store, file.zone, now)
        refused = len(file.checked.problems)
        return ImportPreview(
            table_code=request.table_code,
            sheet=file.staged.sheet,
            columns=tuple((c.header, c.field, c.how) for c in file.matching.columns),
            counts=_all_or_nothing(counts) if request.all_or_nothing else counts,
            problems=file.checked.problems.first(PROBLEMS_SHOWN),
            problems_total=refused,
            cleaned=file.checked.cleaned,
            notes=(*notes(file.staged), *file.checked.notes, *work.notes),
            sample=sample(file.checked, file.zone),
            ignored_columns=tuple(file.matching.ignored),
            rejects_file=_write_rejects(store, file, request, _rejects_file()) if refused else None,
        )


def commit_import(
    actor: Actor, store: Store, request: ImportRequest, *, now: datetime, progress: Progress = silent
) -> ImportResult:
    """Import the file in one transaction: all of it is saved, or, whatever happens, nothing.

    `progress` is never called while the write lock is held, so it may write to the same database. Refused when
    the file cannot be read or its headers do not suffice.
    """
    actor.require(Permission.IMPORT)
    with _read(store, request, now, progress) as file:
        progress(0.7, Message(mark("Saving")))
        result = _commit(actor, store, request, file, now)
        if result.rejects_file:
            # After the commit, because many rows take seconds and nobody else can write meanwhile. Should this
            # fail, running the import again adds nothing and writes the workbook.
            progress(0.95, Message(mark("Writing the rejected rows")))
            _write_rejects(store, file, request, result.rejects_file)
    progress(1.0, Message(mark("Done")))
    return result


def _commit(actor: Actor, store: Store, request: ImportRequest, file: _File, now: datetime) -> ImportResult:
    with store.write() as session:
        lock_imports(session)
        with _workspace(session, file, request) as work:
            counts, save = plan(work, store, file.zone, now)
            refused = len(file.checked.problems) > 0
            if refused and request.all_or_nothing:
                counts = _all_or_nothing(counts)
            rejects = _rejects_file() if refused else None
            if counts.rejected == counts.rows_read:
                return _result(None, counts, file.matching, rejects)
            batch = _batch(actor, request, file, counts=counts, rejects=rejects, now=now)
            session.add(batch)
            session.flush()
            save(batch.id)
            if counts.added or counts.updated:
                raise_data_version(session)
            audit.record(
                session, actor, "import", "import_batch", batch.id, now=now,
                table=request.table_code, mode=request.mode, rows_read=counts.rows_read, added=counts.added,
                updated=counts.updated, unchanged=counts.unchanged, rejected=counts.rejected,
                customers_created=counts.customers_created,
            )  # fmt: skip
            session.commit()
            return _result(batch.id, counts, file.matching, rejects)


@contextmanager
def _read(store: Store, request: ImportRequest, now: datetime, progress: Progress) -> Iterator[_File]:
    """Read the file in a child process, match its headers and check its cells."""
    with store.read() as session:
        tables = catalogue(session)
    if request.table_code not in tables:
        raise Refused(
            mark("{table} is no kind of file. Choose one of: {tables}."),
            table=request.table_code, tables=", ".join(tables),
        )  # fmt: skip
    if request.mode not in MODES:
        raise Refused(
            mark("{mode} is no mode. Choose one of: {modes}."), mode=request.mode, modes=", ".join(MODES)
        )
    path = request.file(store)
    if not path.is_file():
        raise Refused(mark("{file} is not there. Choose the file again."), file=request.file_name)
    # Under the data folder, because what it holds is personal data; not in the system's shared one.
    spool = store.data_dir / "staging"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(spool, now - _LONGEST_IMPORT)
    _sweep(store.data_dir / "rejects", now - REJECTS_KEPT_FOR)
    with tempfile.TemporaryDirectory(dir=spool) as name:
        folder = Path(name)
        reading_step = Message(mark("Reading the file"))
        progress(0.0, reading_step)
        staged = stage(
            path, request.file_name, request.sheet, folder,
            progress=lambda share: progress(share * 0.5, reading_step),
        )  # fmt: skip
        progress(0.5, Message(mark("Checking the cells")))
        letters = [column.letter for column in staged.columns]
        matching = match_headers(tables[request.table_code], staged.headers, request.mapping, letters)
        if matching.problems:
            raise Refused(
                mark("{place}: {problems}"),
                place=place(staged.file_name, staged.sheet), problems=_joined(list(matching.problems)),
            )  # fmt: skip
        zone = policy_at(store, now.date()).business.time_zone
        checked = check(staged, matching, Reading(business_date(now, zone), zone))
        yield _File(staged, matching, checked, folder, zone)


def _sweep(place: Path, before: datetime) -> None:
    """Remove what was last touched before that. Another import may be sweeping too."""
    for old in place.iterdir() if place.is_dir() else ():
        with suppress(FileNotFoundError):
            if old.stat().st_mtime >= before.timestamp():
                continue
            if old.is_dir():
                shutil.rmtree(old, ignore_errors=True)
            else:
                old.unlink()


def _joined(problems: list[Message]) -> Message:
    if len(problems) == 1:
        return problems[0]
    return Message("{first} {rest}", {"first": problems[0], "rest": _joined(problems[1:])})


def _workspace(session: Session, file: _File, request: ImportRequest) -> AbstractContextManager[Workspace]:
    return open_workspace(session, file.checked, file.folder, request.mode, request.create_customers)


def _all_or_nothing(counts: ImportCounts) -> ImportCounts:
    """With any row refused, none is taken."""
    if not counts.rejected:
        return counts
    return ImportCounts(counts.rows_read, 0, 0, 0, counts.rows_read)


def _rejects_file() -> str:
    """A path under the data folder that cannot be guessed."""
    return f"rejects/{secrets.token_urlsafe(16)}.xlsx"


def _write_rejects(store: Store, file: _File, request: ImportRequest, relative: str) -> str:
    # Where nothing is taken of a file with a refused row, the file itself is what comes again.
    beside = [] if request.all_or_nothing else companions(file.checked)
    write_rejects(store.data_dir / relative, file.staged, file.checked.problems, beside, request.language)
    return relative


def _batch(
    actor: Actor,
    request: ImportRequest,
    file: _File,
    *,
    counts: ImportCounts,
    rejects: str | None,
    now: datetime,
) -> ImportBatch:
    return ImportBatch(
        table_code=request.table_code,
        file_name=request.file_name,
        file_sha256=file.staged.sha256,
        sheet=file.staged.sheet or None,
        mapping=file.matching.mapping,
        mode=request.mode,
        rows_read=counts.rows_read,
        added=counts.added,
        updated=counts.updated,
        unchanged=counts.unchanged,
        rejected=counts.rejected,
        customers_created=counts.customers_created,
        suspected_duplicates=counts.suspected_duplicates,
        rejects_file=rejects,
        committed_at=now,
        committed_by=actor.account_id,
    )


def _result(batch: int | None, counts: ImportCounts, matching: Matching, rejects: str | None) -> ImportResult:
    return ImportResult(
        batch=batch,
        rows_read=counts.rows_read,
        added=counts.added,
        updated=counts.updated,
        unchanged=counts.unchanged,
        rejected=counts.rejected,
        customers_created=counts.customers_created if batch else 0,
        suspected_duplicates=counts.suspected_duplicates,
        ignored_columns=tuple(matching.ignored),
        rejects_file=rejects,
    )
