"""Files that were exported, read and brought in without the child process."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, commit_import, files
from core.facts.reading.child import serve
from core.facts.reading.limits import DEFAULT_LIMITS
from core.store.engine import Store
from tests.conftest import NOW
from tests.facts.importing.results import counts


def staged(path: Path, into: Path):
    """The file as the reading gives it, without the child process."""
    into.mkdir(exist_ok=True)
    asked = {"do": "stage", "path": str(path), "file_name": path.name, "sheet": None, "into": str(into)}
    with mock.patch("core.facts.reading.child.say"):
        return serve(asked | {"encoding": None, "delimiter": None, "headless": False}, DEFAULT_LIMITS)


def bring(store: Store, code: str, sheet, **options) -> tuple[int, int, int, int]:
    """What became of the rows of a sheet that was read already."""
    (store.data_dir / "brought").touch()
    request = ImportRequest.of(str(store.data_dir / "brought"), "x", code, **options)
    with mock.patch.object(files, "stage", return_value=sheet):
        return counts(commit_import(SYSTEM, store, request, now=NOW).counts)
