"""Several sheets brought in with one file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, SheetImport, commit_import, files
from tests.facts.conftest import Rows, staged_rows


@pytest.fixture
def together(store, now, tmp_path, monkeypatch) -> Callable[..., Any]:
    """Import sheets, name -> (table, rows), in one go. Only the reading of a file is left out."""

    def run(sheets: dict[str, tuple[str, Rows]], command: Any = commit_import, **options: Any) -> Any:
        monkeypatch.setattr(
            files, "stage", lambda path, file, sheet, into, **_: staged_rows(sheets[sheet][1], into, sheet)
        )
        path = tmp_path / "brought.xlsx"
        path.touch()
        asked = tuple(SheetImport(table, name) for name, (table, _) in sheets.items())
        return command(SYSTEM, store, ImportRequest(str(path), path.name, asked, **options), now=now)

    return run
