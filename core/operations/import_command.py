"""The command that imports a file, and what it answers."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, SheetResult, commit_import, preview
from core.facts.importing.shown import cells_by_field
from core.facts.matching.mappings import importable_tables
from core.language import Message, language_of_terminal, mark, translate
from core.operations.cycle import business_today
from core.operations.import_asked import request_of
from core.operations.jobs import ask_what_follows
from core.operations.terminal import Outcome, Watcher
from core.store.engine import Store


def import_file(store: Store, options: argparse.Namespace, watcher: Watcher, *, now: datetime) -> Outcome:
    """Import the file as asked, or with `dry_run` say what would happen."""
    request = request_of(store, options)
    if options.dry_run:
        return _would_import(store, request, watcher, now)
    done = commit_import(SYSTEM, store, request, now=now, progress=watcher)
    (result,) = done.sheets
    follows = ask_what_follows(SYSTEM, store, done, now=now)
    rejects = _absolute(store, result.rejects_file)
    refusal = None
    if result.rejected and not result.accepted:
        refusal = Message(
            mark("No row of {file} was accepted. The reasons stand in {rejects}."),
            {"file": options.file.name, "rejects": rejects},
        )
    lines = _import_lines(store, result, rejects, done.notes)
    if follows.cycle_job is not None:
        lines.append(_grading_line(store, follows.cycle_job, now))
    return Outcome({**_values(result, rejects, done.notes), **asdict(follows)}, lines, refusal)


def _grading_line(store: Store, job: int, now: datetime) -> Message:
    sentence = mark(
        "Nothing of it is graded yet. The app or a worker does that when it runs (job {job}); to do it now: "
        "python3 manage.py cycle --as-of {today}"
    )
    return Message(sentence, {"job": job, "today": business_today(store, now=now).isoformat()})


def _would_import(store: Store, request: ImportRequest, watcher: Watcher, now: datetime) -> Outcome:
    tried = preview(SYSTEM, store, request, now=now, progress=watcher)
    (seen,) = tried.sheets
    would = SheetResult(
        **seen.counts.figures,
        table_code=seen.table_code,
        sheet=seen.sheet,
        batch=None,
        ignored_columns=seen.ignored_columns,
        rejects_file=seen.rejects_file,
        cleaned=cells_by_field(seen.cleaned),
        notes=seen.notes,
    )
    rejects = _absolute(store, seen.rejects_file)
    lines = [
        Message(mark("Only tried: nothing is saved.")),
        *_import_lines(store, would, rejects, tried.notes),
    ]
    refusal = None
    if would.rejected and not would.accepted:
        refusal = Message(mark("No row of {file} would be accepted."), {"file": request.file_name})
    return Outcome({**_values(would, rejects, tried.notes), "dry_run": True}, lines, refusal)


def _values(result: SheetResult, rejects: str | None, of_file: Sequence[Message]) -> dict[str, Any]:
    """What --json prints; notes are sentences in the language of the terminal."""
    said = [translate(note, language_of_terminal()) for note in (*of_file, *result.notes)]
    return {**asdict(result), "rejects_file": rejects, "notes": said}


def _absolute(store: Store, rejects_file: str | None) -> str | None:
    return None if rejects_file is None else str(store.data_dir / rejects_file)


def _import_lines(
    store: Store, result: SheetResult, rejects: str | None, of_file: Sequence[Message]
) -> list[Message]:
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
    if result.cleaned:
        names = {
            field.code: field.named for field in importable_tables(SYSTEM, store)[result.table_code].fields
        }
        cells = [
            Message("{field} {cells}", {"field": names[code], "cells": f"{count:,}"})
            for code, count in result.cleaned.items()
        ]
        lines.append(Message(mark("Tidied cells: {fields}"), {"fields": cells}))
    lines += [*of_file, *result.notes]
    if rejects:
        lines.append(Message(mark("Rejected rows with their reasons: {path}"), {"path": rejects}))
    return lines
