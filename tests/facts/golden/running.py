"""A golden file through the preview of an import, and what was read, matched and checked on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, files, preview
from core.facts.matching.match import Matching
from core.facts.reading import StagedSheet
from core.store.engine import Store
from tests.conftest import NOW
from tests.facts.golden.case import Golden


@dataclass
class Seen:
    """What became of a file."""

    staged: StagedSheet
    matching: Matching
    checked: Any
    cells: dict[int, list[str | None]]
    """Row -> the texts of its cells."""
    preview: Any = None
    """What is told of its sheet."""


def run(case: Golden, folder: Path, store: Store, patch: pytest.MonkeyPatch) -> Seen:
    """Preview the file of a case."""
    path = case.build(folder)
    seen: list[Seen] = []
    check = files.check

    def checked(staged: StagedSheet, matching: Matching, *rest: Any) -> Any:
        texts = pq.read_table(staged.path).to_pylist()  # the folder is gone afterwards
        result = check(staged, matching, *rest)
        seen.append(Seen(staged, matching, result, {row["row"]: list(row.values())[1:] for row in texts}))
        return result

    with patch.context() as patched:
        patched.setattr(files, "check", checked)
        asked = ImportRequest.of(
            str(path), path.name, case.table, mapping=case.mapping, create_customers=True, **case.reading
        )
        found = preview(SYSTEM, store, asked, now=NOW)
    (sheet,) = found.sheets
    seen[0].preview = replace(sheet, notes=(*found.notes, *sheet.notes))
    return seen[0]


def rejected(store: Store, seen: Seen) -> dict[int, list[str | None]]:
    """The rows of the workbook of rejected rows."""
    if seen.preview.rejects_file is None:
        return {}
    sheet = CalamineWorkbook.from_path(store.data_dir / seen.preview.rejects_file).get_sheet_by_index(0)
    return {int(row[0]): [str(cell)[:100] or None for cell in row[3:]] for row in sheet.to_python()[1:]}
