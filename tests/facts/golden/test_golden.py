"""Every golden file through the preview of an import: nothing is lost, and nothing is changed in silence."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.amounts import from_units
from core.errors import Refused
from core.facts.checking.columns import show
from core.facts.fields import TABLES, Field
from core.language import translate
from core.store.engine import Store, open_store
from tests.facts.golden import cells, endings, formulas, text_files, titles, workbooks
from tests.facts.golden.case import Golden
from tests.facts.golden.running import Seen, rejected, run

ROOMS = (text_files, endings, titles, cells, workbooks, formulas)
CASES = [case for room in ROOMS for case in room.CASES]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def one_store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all files: a preview saves nothing."""
    folder = tmp_path_factory.mktemp("golden")
    shutil.copyfile(sqlite_template, folder / "customers.db")
    store = open_store(f"sqlite:///{folder / 'customers.db'}", folder)
    yield store
    store.engine.dispose()


def test_there_are_more_than_sixty_golden_files() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 60


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_file_gives_what_stands_beside_it(
    case: Golden, one_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if case.refused:
        with pytest.raises(Refused) as caught:
            run(case, tmp_path, one_store, monkeypatch)
        assert case.refused in caught.value.text("en")
        return
    seen = run(case, tmp_path, one_store, monkeypatch)
    _check_rows(case, seen, one_store)
    assert {field.field: field.cells for field in seen.preview.cleaned} == case.cleaned
    assert changed(seen) <= Counter(case.cleaned)  # nothing is changed in silence
    notes = [translate(note, "en") for note in seen.preview.notes]
    assert len(notes) == len(case.notes), notes
    for part, note in zip(case.notes, notes, strict=True):
        assert part in note


def _check_rows(case: Golden, seen: Seen, store: Store) -> None:
    reasons: dict[int, list[str]] = {}
    for problem in seen.checked.problems:
        reasons.setdefault(problem.row, []).append(
            f"{problem.column or ''}: {translate(problem.message, 'en')}"
        )
    stored = {row["row"]: row for row in seen.checked.rows.to_pylist() if row["row"] not in reasons}
    assert {row: shown(case, values) for row, values in stored.items()} == case.accepted
    assert reasons.keys() == case.rejected.keys(), reasons
    for row, expected in case.rejected.items():
        parts = (expected,) if isinstance(expected, str) else expected
        assert len(parts) == len(reasons[row]), reasons[row]
        for part, reason in zip(parts, reasons[row], strict=True):
            assert part in reason

    counts = seen.preview.counts
    accepted = counts.added + counts.updated + counts.unchanged
    assert accepted == len(stored)
    assert accepted + counts.rejected == counts.rows_read == len(seen.cells) == seen.staged.rows
    assert rejected(store, seen) == {
        row: [text and text[:100] for text in seen.cells[row]] for row in reasons
    }


def shown(case: Golden, values: dict[str, Any]) -> tuple[str, ...]:
    """The stored values of a row as a person reads them."""
    table = TABLES[case.table]
    return tuple(show(table.field(code), plain(table.field(code), values[code])) for code in case.fields)


def plain(field: Field, value: Any) -> Any:
    """A stored value; an instant as the time of day in the business zone."""
    if field.kind != "datetime" or value is None:
        return value
    return datetime.fromtimestamp(value / 1e6, SHANGHAI).replace(tzinfo=None)


def changed(seen: Seen) -> Counter[str]:
    """How many cells of each field are stored as something else than the file has."""
    table = seen.matching.table
    different: Counter[str] = Counter()
    refused = {problem.row for problem in seen.checked.problems}
    for row in seen.checked.rows.to_pylist():
        for code, column in seen.matching.fields.items():
            text, field = seen.cells[row["row"]][column], table.field(code)
            if row["row"] not in refused and not same(field, text, plain(field, row[code])):
                different[code] += 1
    return different


def same(field: Field, text: str | None, value: Any) -> bool:
    """Whether a stored value says exactly what the cell says."""
    if text is None or value is None:
        return text is None and value is None
    if field.kind in ("amount", "cost", "quantity"):
        return _number(text) == from_units(value)
    if field.kind == "datetime":
        return _moment(text) == value
    if field.kind in ("date", "month"):
        return text == date.isoformat(value)
    return text == str(value)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text.isascii() and not set(text) - set("+-.0123456789") else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else moment.astimezone(SHANGHAI).replace(tzinfo=None)
