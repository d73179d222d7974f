"""What a preview shows of a file beside its counts and problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from core.facts.checking.columns import EPOCH, show
from core.facts.checking.results import Checked, CleanedField
from core.facts.cleaning.masked import mask_of
from core.facts.fields import Field, TableSpec
from core.facts.importing.changes import Cell
from core.facts.importing.files import Sheet
from core.facts.importing.planning import Plan
from core.facts.importing.request import Change, SheetPreview
from core.facts.importing.workspace import Workspace
from core.facts.reading import StagedSheet
from core.facts.templates import explains
from core.language import Message, mark

PROBLEMS_SHOWN = 200
CHANGES_SHOWN = 200
ROWS_SHOWN = 20


def preview_of(sheet: Sheet, work: Workspace, planned: Plan, zone: str) -> SheetPreview:
    """What the plan would make of the sheet. Where the rejected rows go is settled with all sheets."""
    checked = sheet.checked
    cells, total = planned.changes(CHANGES_SHOWN)
    return SheetPreview(
        table_code=checked.table_code,
        sheet=sheet.staged.sheet,
        columns=tuple((c.header, c.field, c.how) for c in sheet.matching.columns),
        counts=planned.counts,
        problems=checked.problems.first(PROBLEMS_SHOWN),
        problems_total=len(checked.problems),
        cleaned=(*checked.cleaned, *work.cleaned),
        notes=notes(sheet, work),
        sample=sample(checked, zone),
        ignored_columns=tuple(sheet.matching.ignored),
        rejects_file=None,
        samples=_samples(work, zone),
        changes=tuple(_change(checked.table, zone, cell) for cell in cells),
        changes_total=total,
        unread=checked.unread,
    )


def _samples(work: Workspace, zone: str) -> dict[str, tuple[dict[str, str], ...]]:
    """The first rows of each fate, as they would be stored."""
    found = {}
    for name, rows in _FATES.items():
        numbers = work.db.execute(f"SELECT row FROM {rows} ORDER BY row LIMIT {ROWS_SHOWN}").fetchall()
        found[name] = _readable(work.checked, [row for (row,) in numbers], zone)
    return found


_FATES = {
    "new": "fate WHERE fate = 'added'",
    "unchanged": "fate WHERE fate = 'unchanged'",
    "suspected_duplicate": "suspected",
}


def _change(table: TableSpec, zone: str, cell: Cell) -> Change:
    row, record, code, *values = cell
    field = table.field(code) if code in table.codes else None
    old, new = ("" if v is None else _shown(field, v, zone) if field else str(v) for v in values)
    return Change(row, record, code, old, new)


def left_out(sheets: Sequence[StagedSheet]) -> tuple[Message, ...]:
    """The sheets of a file, visible and hidden ones, that are not among those that are read nor only explain a
    template."""
    read = {sheet.sheet for sheet in sheets}
    found = []
    for sentence, names in (
        (mark("These sheets were not read: {sheets}."), [n for each in sheets for n in each.other_sheets]),
        (
            mark("These hidden sheets were not read: {sheets}."),
            [n for each in sheets for n in each.hidden_sheets],
        ),
    ):
        others = [name for name in dict.fromkeys(names) if name not in read and not explains(name)]
        if others:
            found.append(Message(sentence, {"sheets": others}))
    return tuple(found)


def notes(sheet: Sheet, work: Workspace) -> tuple[Message, ...]:
    """What a person has to know of a sheet, once its rows are planned."""
    return (*_unmeant(sheet.staged), *sheet.checked.notes, *work.notes)


def cells_by_field(cleaned: Iterable[CleanedField]) -> dict[str, int]:
    """Field code -> how many of its cells were tidied or filled in."""
    cells: Counter[str] = Counter()
    for each in cleaned:
        cells[each.field] += each.cells
    return dict(cells)


def _unmeant(staged: StagedSheet) -> list[Message]:
    """What of a sheet was not read, or might not be meant."""
    found = []
    if staged.hidden_rows:
        found.append(
            Message(mark("Hidden rows, read like the others: {rows}."), {"rows": staged.hidden_rows})
        )
    return found


def sample(checked: Checked, zone: str) -> tuple[dict[str, str], ...]:
    """The first rows that would be taken, as they would be stored, in the business time zone; personal values
    masked."""
    # `ok` says what the cells are worth; comparing with what is stored has refused more rows since.
    taken = np.setdiff1d(checked.rows.column("row").to_numpy(), checked.problems.rows)
    return _readable(checked, taken[:ROWS_SHOWN].tolist(), zone)


def _readable(checked: Checked, numbers: list[int], zone: str) -> tuple[dict[str, str], ...]:
    """The rows of these numbers: field code -> value as it would be stored."""
    rows = checked.rows.filter(np.isin(checked.rows.column("row").to_numpy(), numbers)).to_pylist()
    fields = checked.table.fields
    return tuple(
        {f.code: _shown(f, row[f.code], zone) for f in fields if row[f.code] is not None} for row in rows
    )


def _shown(field: Field, value: Any, zone: str) -> str:
    """A typed value as a person reads it, masked where it is personal."""
    return mask_of(field)(in_words(field, value, zone))


def in_words(field: Field, value: Any, zone: str) -> str:
    """A typed value as a person reads it, in the business time zone."""
    if field.kind == "datetime" and isinstance(value, int):
        value = (EPOCH + timedelta(microseconds=value)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return show(field, value)
