"""The two commands on a file: preview and commit. Both take the same way; only the commit keeps what it saved."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.facts.importing.bulk import lock_imports
from core.facts.importing.companions import companions
from core.facts.importing.customers_beside import customers_beside
from core.facts.importing.files import File, Sheet, read_file
from core.facts.importing.overwritten import beforehand, log_beside
from core.facts.importing.planning import Plan, plan
from core.facts.importing.rehearsing import NO_BATCH, rehearsal
from core.facts.importing.request import (
    ImportCounts,
    ImportPreview,
    ImportRequest,
    ImportResult,
    Progress,
    SheetPreview,
    SheetResult,
    silent,
)
from core.facts.importing.shown import cells_by_field, left_out, notes, preview_of
from core.facts.importing.workspace import Workspace, open_workspace
from core.facts.rejects import RejectedSheet, write_rejects
from core.facts.tables import ImportBatch
from core.language import Message, mark
from core.store.engine import Store
from core.store.versions import raise_data_version


def preview(
    actor: Actor, store: Store, request: ImportRequest, *, now: datetime, progress: Progress = silent
) -> ImportPreview:
    """What the import would do, by the same rules as the commit; nothing is saved but the workbook of rejected
    rows. Refused when the file cannot be read or its headers do not suffice."""
    actor.require(Permission.IMPORT)
    with read_file(store, request, now, progress) as file:
        progress(0.7, Message(mark("Comparing with what is stored")))
        work = _Import(actor, store, request, file, now)
        seen = work.look()
        work.write_rejects()
        return work.settle(seen)


def commit_import(
    actor: Actor, store: Store, request: ImportRequest, *, now: datetime, progress: Progress = silent
) -> ImportResult:
    """Import the sheets in one transaction: all of it is saved, or, whatever happens, nothing.

    `progress` is never called while the write lock is held, so it may write to the same database. Refused when
    the file cannot be read or its headers do not suffice.
    """
    actor.require(Permission.IMPORT)
    with read_file(store, request, now, progress) as file:
        progress(0.7, Message(mark("Saving")))
        work = _Import(actor, store, request, file, now)
        result = work.commit()
        if file.refused:
            # After the commit, because many rows take seconds and nobody else can write meanwhile. Should this
            # fail, running the import again adds nothing and writes the workbook.
            progress(0.95, Message(mark("Writing the rejected rows")))
            work.write_rejects()
    progress(1.0, Message(mark("Done")))
    return result


@dataclass(frozen=True)
class _Import:
    """One file on its way into the database."""

    actor: Actor
    store: Store
    request: ImportRequest
    file: File
    now: datetime
    rejects: str = field(default_factory=lambda: f"rejects/{secrets.token_urlsafe(16)}.xlsx")
    """Where the rejected rows go: a path under the data folder that cannot be guessed."""
    together: str = field(default_factory=lambda: secrets.token_hex(8))
    """What the imports of its sheets share."""

    def look(self) -> ImportPreview:
        """What would become of every sheet."""
        *before, last = self.file.sheets
        if not before:
            with self.store.read() as session:
                return ImportPreview((self._look(session, last),))
        # A sheet may name what one before it brings: that is saved for the next to see, and nobody else.
        with rehearsal(self.store) as session:
            seen = [self._look(session, sheet, save=True) for sheet in before]
            seen.append(self._look(session, last))
        return ImportPreview(tuple(seen))

    def commit(self) -> ImportResult:
        """Save every sheet, in the order of the references between them."""
        with self.store.write() as session:
            lock_imports(session)
            results = [self._commit(session, sheet) for sheet in self.file.sheets]
            if not self._hopeless:
                if any(each.added or each.updated for each in results):
                    raise_data_version(session)
                session.commit()
                return ImportResult(tuple(results), self._left_out)
            session.rollback()
        self._remember_refused(results)
        return ImportResult(tuple(map(_refused, results)), self._left_out)

    def _open(self, session: Session, sheet: Sheet) -> AbstractContextManager[Workspace]:
        beside = customers_beside((each.staged.sheet, each.checked) for each in self.file.sheets)
        return open_workspace(session, sheet.checked, sheet.folder, self.request, sheet.given, beside=beside)

    def _look(self, session: Session, sheet: Sheet, *, save: bool = False) -> SheetPreview:
        with self._open(session, sheet) as work:
            planned = plan(work, self.store, self.file.zone, self.now)
            seen = preview_of(sheet, work, planned, self.file.zone)
            if save and planned.counts.accepted:
                planned.save(NO_BATCH)
                _forget(session)
        return seen

    def _commit(self, session: Session, sheet: Sheet) -> SheetResult:
        with self._open(session, sheet) as work:
            planned = plan(work, self.store, self.file.zone, self.now)
            batch = self._save(sheet, work, planned)
            cleaned, said = cells_by_field((*sheet.checked.cleaned, *work.cleaned)), notes(sheet, work)
        counts = planned.counts if batch else _none_taken(planned.counts)
        return SheetResult(
            **counts.figures,
            table_code=sheet.asked.table_code,
            sheet=sheet.staged.sheet,
            batch=batch,
            ignored_columns=tuple(sheet.matching.ignored),
            rejects_file=self.rejects if sheet.refused else None,
            cleaned=cleaned,
            notes=said,
        )

    @property
    def _left_out(self) -> tuple[Message, ...]:
        return left_out([sheet.staged for sheet in self.file.sheets])

    @property
    def _hopeless(self) -> bool:
        """Whether nothing may be taken, because a row is refused."""
        return self.request.all_or_nothing and self.file.refused

    def _save(self, sheet: Sheet, work: Workspace, planned: Plan) -> int | None:
        """The import's number, or None where no row is taken."""
        session, counts = work.session, planned.counts
        if self._hopeless and len(self.file.sheets) == 1:
            return None  # it is remembered with nothing taken
        if not counts.accepted:
            if counts.rows_read:
                self._record(session, sheet, counts)
            return None
        batch = self._record(session, sheet, counts, work)
        before = beforehand(session)
        planned.save(batch.id)
        planned.follow(batch.id)
        log_beside(session, batch.id, before)
        _forget(session)
        return batch.id

    def _remember_refused(self, results: Iterable[SheetResult]) -> None:
        """Put on record an import of which nothing was taken, so that its rejected rows can be fetched later on."""
        with self.store.write() as session:
            for sheet, counts in zip(self.file.sheets, results, strict=True):
                self._record(session, sheet, _none_taken(counts))
            session.commit()

    def _record(
        self, session: Session, sheet: Sheet, counts: ImportCounts, work: Workspace | None = None
    ) -> ImportBatch:
        """Put the import of a sheet on record, and in the audit trail. `work`: where rows of it are taken."""
        batch = self._batch(sheet, work, counts)
        session.add(batch)
        session.flush()
        audit.record(
            session, self.actor, "import", "import_batch", batch.id, now=self.now,
            table=batch.table_code, mode=batch.mode, rows_read=counts.rows_read, added=counts.added,
            updated=counts.updated, unchanged=counts.unchanged, rejected=counts.rejected,
            customers_created=counts.customers_created,
        )  # fmt: skip
        return batch

    def _batch(self, sheet: Sheet, work: Workspace | None, counts: ImportCounts) -> ImportBatch:
        cleaned = (*sheet.checked.cleaned, *work.cleaned) if work else ()
        return ImportBatch(
            **counts.figures,
            table_code=sheet.asked.table_code,
            file_name=self.request.file_name,
            file_sha256=sheet.staged.sha256,
            sheet=sheet.staged.sheet or None,
            mapping=sheet.matching.mapping,
            value_mapping={name: dict(cells) for name, cells in sheet.asked.values.items()},
            filled=work.checked.filled(work.left()) if work else {},
            cleaned_cells=sum(each.cells for each in cleaned),
            mode=self.request.mode,
            together=self.together if len(self.file.sheets) > 1 else None,
            rejects_file=self.rejects if sheet.refused else None,
            committed_at=self.now,
            committed_by=self.actor.account_id,
        )

    def settle(self, seen: ImportPreview) -> ImportPreview:
        """The preview, when what every sheet holds is known."""
        sheets = (
            replace(
                each,
                counts=_none_taken(each.counts) if self._hopeless else each.counts,
                rejects_file=self.rejects if each.problems_total else None,
            )
            for each in seen.sheets
        )
        return ImportPreview(tuple(sheets), self._left_out)

    def write_rejects(self) -> None:
        """The workbook of the rejected rows, where there are any."""
        sheets = [
            # Where nothing is taken of a file with a refused row, the file itself is what comes again.
            RejectedSheet(
                s.staged, s.checked.problems, [] if self.request.all_or_nothing else companions(s.checked)
            )
            for s in self.file.sheets
            if s.refused
        ]
        if sheets:
            named = len(self.file.sheets) > 1
            write_rejects(self.store.data_dir / self.rejects, sheets, self.request.language, named=named)


def _forget(session: Session) -> None:
    """Rows are written past the session: what it remembers of them is old."""
    session.flush()
    session.expunge_all()


def _none_taken(counts: ImportCounts) -> ImportCounts:
    return ImportCounts(counts.rows_read, 0, 0, 0, counts.rows_read)


def _refused(result: SheetResult) -> SheetResult:
    """The result of a sheet, once nothing of the file is taken."""
    figures: dict[str, Any] = _none_taken(result).figures
    return replace(result, **figures, batch=None)
