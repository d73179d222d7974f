"""The sheets of a file, read and checked, in a folder that is gone when the command ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from core.dates import business_date
from core.errors import Refused
from core.facts.checking.check import check
from core.facts.checking.results import Checked
from core.facts.cleaning.dates import Reading
from core.facts.fields import TableSpec
from core.facts.importing.between_sheets import settle
from core.facts.importing.codes_left_out import codes_left_out
from core.facts.importing.planning import ORDER
from core.facts.importing.request import MODES, ImportRequest, Progress, SheetImport
from core.facts.matching.match import Matching, match_headers
from core.facts.own_fields.catalogue import catalogue
from core.facts.reading import StagedSheet, stage
from core.facts.reading.source import place
from core.facts.tables import ImportBatch
from core.language import Message, mark
from core.policy.queries import policy_at
from core.store.engine import Store

REJECTS_KEPT_FOR = timedelta(days=30)
"""Rejected rows hold phones as the file had them. Who corrects them has done so by then, or imports again."""
_LONGEST_IMPORT = timedelta(days=1)
"""What is older in the staging folder was left behind by an import that was killed."""


@dataclass(frozen=True)
class Sheet:
    """One sheet that was read and checked. `folder` is a place of its own to work in."""

    asked: SheetImport
    staged: StagedSheet
    matching: Matching
    checked: Checked
    folder: Path

    @property
    def given(self) -> Iterable[str]:
        """The fields that the sheet has a column for."""
        return self.matching.fields

    @property
    def refused(self) -> bool:
        """Whether any row is refused."""
        return len(self.checked.problems) > 0


@dataclass(frozen=True)
class File:
    """The sheets asked for, in the order in which they are saved; `zone` is the business time zone."""

    sheets: tuple[Sheet, ...]
    zone: str

    @property
    def refused(self) -> bool:
        """Whether any row of any sheet is refused."""
        return any(sheet.refused for sheet in self.sheets)


@contextmanager
def read_file(store: Store, request: ImportRequest, now: datetime, progress: Progress) -> Iterator[File]:
    """Read the sheets in a child process, match their headers and check their cells. Refused when the file cannot
    be read or the headers of a sheet do not suffice."""
    with store.read() as session:
        tables = catalogue(session)
    _require_sense(request, tables)
    path = request.file(store)
    if not path.is_file():
        raise Refused(mark("{file} is not there. Choose the file again."), file=request.file_name)
    # Under the data folder, because what it holds is personal data; not in the system's shared one.
    spool = store.data_dir / "staging"
    spool.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(spool, now - _LONGEST_IMPORT)
    _sweep(store.data_dir / "rejects", now - REJECTS_KEPT_FOR)
    business = policy_at(store, now.date()).business
    zone = business.time_zone
    reading = Reading(business_date(now, zone), zone, currency=business.currency)
    # What is referred to comes before what refers to it.
    asked = sorted(request.sheets, key=lambda sheet: ORDER.index(sheet.table_code))
    with tempfile.TemporaryDirectory(dir=spool) as name:
        sheets = []
        for number, sheet in enumerate(asked):
            watch = _part(progress, number, len(asked))
            folder = Path(name) / str(number)
            staged = _stage(request, sheet, path, folder, watch)
            watch(0.7, Message(mark("Checking the cells")))
            matching = _match(tables[sheet.table_code], staged, sheet)
            if not request.codes_may_lack:
                _require_codes(staged, matching, sheet)
            seen = replace(reading, seen_on=first_imported(store, staged.sha256, zone))
            checked = check(staged, matching, seen, sheet.values)
            sheets.append(Sheet(sheet, staged, matching, checked, folder))
        if len(sheets) > 1:
            settled = settle([sheet.checked for sheet in sheets])
            sheets = [replace(sheet, checked=checked) for sheet, checked in zip(sheets, settled, strict=True)]
        yield File(tuple(sheets), zone)


def first_imported(store: Store, sha256: str, zone: str) -> date | None:
    """The business day on which the file with these contents was first imported; also if that was undone since."""
    with store.read() as session:
        at = session.scalar(
            select(ImportBatch.committed_at)
            .where(ImportBatch.file_sha256 == sha256)
            .order_by(ImportBatch.committed_at)
            .limit(1)
        )
    return None if at is None else business_date(at, zone)


def _require_sense(request: ImportRequest, tables: dict[str, TableSpec]) -> None:
    for sheet in request.sheets:
        if sheet.table_code not in tables:
            raise Refused(
                mark("{table} is no kind of file. Choose one of: {tables}."),
                table=sheet.table_code, tables=", ".join(tables),
            )  # fmt: skip
    if request.mode not in MODES:
        raise Refused(
            mark("{mode} is no mode. Choose one of: {modes}."), mode=request.mode, modes=", ".join(MODES)
        )
    if not request.sheets:
        raise Refused(mark("No sheet was chosen. Choose at least one."))


def _stage(
    request: ImportRequest, asked: SheetImport, path: Path, folder: Path, progress: Progress
) -> StagedSheet:
    step = Message(mark("Reading the file"))
    progress(0.0, step)
    return stage(
        path, request.file_name, asked.sheet, folder, encoding=request.encoding, delimiter=request.delimiter,
        headless=asked.headless, progress=lambda share: progress(share * 0.7, step),
    )  # fmt: skip


def _match(table: TableSpec, staged: StagedSheet, asked: SheetImport) -> Matching:
    letters = [column.letter for column in staged.columns]
    matching = match_headers(table, staged.headers, asked.mapping, letters)
    if matching.problems:
        raise Refused(
            mark("{place}: {problems}"),
            place=place(staged.file_name, staged.sheet), problems=_joined(list(matching.problems)),
        )  # fmt: skip
    return matching


def _require_codes(staged: StagedSheet, matching: Matching, asked: SheetImport) -> None:
    headers = codes_left_out(staged, matching, asked.mapping)
    if not headers:
        return
    place_of = place(staged.file_name, staged.sheet)
    if len(headers) > 1:
        raise Refused(
            mark(
                "{file}: no column stands for the customer code, but the cells of each of these may be codes: "
                "{columns}. Choose the right one with --map \"Header=customer_code\", or say that there are none with "
                "--without-codes."
            ),
            file=place_of, columns=headers,
        )  # fmt: skip
    raise Refused(
        mark(
            "{file}: no column stands for the customer code, but the cells of {column} may be codes. Choose the "
            "right one with --map \"{column}=customer_code\", or say that there are none with --without-codes."
        ),
        file=place_of, column=headers[0],
    )  # fmt: skip


def _part(progress: Progress, number: int, of: int) -> Progress:
    """The progress of one sheet within that of reading them all, which is seven tenths of the whole."""
    return lambda share, step: progress(0.7 * (number + share) / of, step)


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
