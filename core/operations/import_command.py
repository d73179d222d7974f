"""The command that imports a file: its arguments, and what it answers."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from core.access.actor import SYSTEM
from core.facts.fields import TABLES
from core.facts.importing import MODES, ImportRequest, SheetResult, commit_import, preview
from core.language import Message, language_of_terminal, mark
from core.operations.terminal import Outcome, Watcher
from core.store.engine import Store


def add_arguments(files: argparse.ArgumentParser) -> None:
    """What may be said of the file."""
    files.add_argument("file", type=Path)
    files.add_argument("--as", dest="table", required=True, choices=list(TABLES))
    files.add_argument("--sheet", help="name of the sheet (default: the first that holds data)")
    files.add_argument("--map", action="append", default=[], type=_mapping, metavar="HEADER=FIELD")
    files.add_argument("--mode", choices=MODES, default="add")
    files.add_argument("--create-customers", action="store_true", help="add customers that are not known yet")
    files.add_argument("--all-or-nothing", action="store_true", help="save nothing when any row is refused")
    files.add_argument("--clear-blanks", action="store_true", help="a blank cell empties the stored value")
    files.add_argument("--dry-run", action="store_true", help="only say what would happen")


def _mapping(text: str) -> tuple[str, str | None]:
    header, separator, field = text.rpartition("=")
    if not separator or not header.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form HEADER=FIELD")
    return header, field.strip() or None


def import_file(store: Store, options: argparse.Namespace, watcher: Watcher, *, now: datetime) -> Outcome:
    """Import the file as asked, or with `dry_run` say what would happen."""
    request = ImportRequest.of(
        path=str(options.file.absolute()),
        file_name=options.file.name,
        table_code=options.table,
        sheet=options.sheet,
        mapping=dict(options.map),
        mode=options.mode,
        create_customers=options.create_customers,
        all_or_nothing=options.all_or_nothing,
        clear_blanks=options.clear_blanks,
        language=language_of_terminal(),
    )
    if options.dry_run:
        return _would_import(store, request, watcher, now)
    (result,) = commit_import(SYSTEM, store, request, now=now, progress=watcher).sheets
    values = {**asdict(result), "rejects_file": _absolute(store, result.rejects_file)}
    refusal = None
    if result.rejected and not result.accepted:
        refusal = Message(
            mark("No row of {file} was accepted. The reasons stand in {rejects}."),
            {"file": options.file.name, "rejects": values["rejects_file"]},
        )
    return Outcome(values, _import_lines(result, values["rejects_file"]), refusal)


def _would_import(store: Store, request: ImportRequest, watcher: Watcher, now: datetime) -> Outcome:
    (seen,) = preview(SYSTEM, store, request, now=now, progress=watcher).sheets
    would = SheetResult(
        **seen.counts.figures,
        table_code=seen.table_code,
        sheet=seen.sheet,
        batch=None,
        ignored_columns=seen.ignored_columns,
        rejects_file=seen.rejects_file,
    )
    rejects = _absolute(store, seen.rejects_file)
    lines = [Message(mark("Only tried: nothing is saved.")), *_import_lines(would, rejects)]
    refusal = None
    if would.rejected and not would.accepted:
        refusal = Message(mark("No row of {file} would be accepted."), {"file": request.file_name})
    return Outcome({**asdict(would), "rejects_file": rejects, "dry_run": True}, lines, refusal)


def _absolute(store: Store, rejects_file: str | None) -> str | None:
    return None if rejects_file is None else str(store.data_dir / rejects_file)


def _import_lines(result: SheetResult, rejects: str | None) -> list[Message]:
    lines = [
        Message(
            mark(
                "{rows_read} rows read: {added} added, {updated} updated, {unchanged} unchanged, "
                "{rejected} rejected."
            ),
            result.figures,
        )
    ]
    if result.customers_created:
        lines.append(Message(mark("{number} customers were created."), {"number": result.customers_created}))
    if result.suspected_duplicates:
        lines.append(
            Message(
                mark("{number} rows may be duplicates; they are kept."),
                {"number": result.suspected_duplicates},
            )
        )
    if result.ignored_columns:
        named = ", ".join(result.ignored_columns)
        lines.append(Message(mark("Ignored columns: {columns}"), {"columns": named}))
    if rejects:
        lines.append(Message(mark("Rejected rows with their reasons: {path}"), {"path": rejects}))
    return lines
