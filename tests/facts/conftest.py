"""Helpers of the tests of facts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, SheetResult, commit_import, files
from core.facts.reading import StagedColumn, StagedSheet
from core.facts.reading.staged import column_letter
from core.store.engine import Store

Rows = Sequence[Sequence[Any]]
Bring = Callable[..., SheetResult]
"""Import rows into a table, as the fixture `bring` does."""


def write_sheet(path: Path, rows: Rows, sheet: str = "Sheet1") -> Path:
    """A workbook of one sheet; texts are written as texts, numbers as numbers."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        page = workbook.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(number, column, value)
    return path


def staged_rows(rows: Rows, folder: Path, sheet: str = "Sheet1") -> StagedSheet:
    """Rows (the first is the header) as a staged sheet, without the file and the child process that reads it."""
    header, *body = rows
    cells = {f"c{i}": pa.array([None if r[i] is None else str(r[i]) for r in body], pa.string())
             for i in range(len(header))}  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    numbers = pa.array(range(2, len(body) + 2), pa.int64())
    pq.write_table(pa.table({"row": numbers, **cells}), folder / "rows.parquet")
    return StagedSheet(
        path=folder / "rows.parquet",
        flags=folder / "flags.parquet",
        file_name="brought.xlsx",
        sha256=hashlib.sha256(repr(rows).encode()).hexdigest(),
        sheet=sheet,
        header_row=1,
        columns=tuple(StagedColumn(name, column_letter(i)) for i, name in enumerate(header)),
        rows=len(body),
        blank_rows=0,
        rows_above=0,
        hidden_rows=0,
        hidden_sheets=(),
        other_sheets=(),
        flag_counts={},
        encoding=None,
        delimiter=None,
    )


def records(store: Store, statement: Any) -> list[Any]:
    """What a query finds, usable after its session has ended."""
    with store.read() as session:
        found = list(session.scalars(statement))
        session.expunge_all()
    return found


@pytest.fixture
def bring(store: Store, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Import rows (the first is the header) into a table. Only the reading of a file is left out."""

    def run(
        table_code: str, rows: Rows, command: Any = commit_import, actor: Any = SYSTEM, **options: Any
    ) -> Any:
        monkeypatch.setattr(files, "stage", lambda path, name, sheet, into, **_: staged_rows(rows, into))
        path = tmp_path / "brought.xlsx"
        path.touch()
        request = ImportRequest.of(str(path), "brought.xlsx", table_code, **options)
        (sheet,) = command(actor, store, request, now=now).sheets
        return sheet

    return run
