"""Sheets of a workbook, .xlsx or .xls, through calamine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from core.errors import Refused
from core.facts.reading.archive import Archive
from core.facts.reading.biff import OldWorkbook
from core.facts.reading.refusals import has_macros
from core.facts.reading.scan import SheetScan
from core.facts.reading.source import Area, Source
from core.language import mark


class Workbook:
    """An open workbook. Only ever used in the child process: calamine can abort its process."""

    encoding = delimiter = None
    encodings: tuple[str, ...] = ()

    def __init__(self, path: Path, file_name: str, archive: Archive | None) -> None:
        """Open a workbook whose kind was checked; `archive` is its zip archive, None for .xls."""
        self.file_name = file_name
        self._archive = archive
        self._workbook = _opened(path, ".xlsx" if archive else ".xls")
        self._old = None if archive else _old_workbook(path)
        known = archive or self._old
        self._days_from_1904 = known.days_from_1904 if known else False
        sheets = self._workbook.sheets_metadata
        self._order = [sheet.name for sheet in sheets]
        if any(sheet.typ in (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba) for sheet in sheets):
            raise has_macros(file_name)
        self.sheets: tuple[tuple[str, bool], ...] = tuple(
            (sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for sheet in sheets
            if sheet.typ == SheetTypeEnum.WorkSheet
        )
        """Name of each sheet that can hold a table, in the order of the workbook, and whether it is hidden."""

    def choose(self, sheet: str | None) -> str:
        """The sheet of that name; the first visible one where none is named."""
        names = [name for name, _ in self.sheets]
        if sheet is None:
            names = [name for name, hidden in self.sheets if not hidden] or names
        if not names:
            raise Refused(
                mark("{file} holds no sheet with cells. Put the data on a sheet."), file=self.file_name
            )
        if sheet is None:
            return names[0]
        if sheet not in names:
            raise Refused(
                mark("{file} has no sheet “{sheet}”. It has: {names}."),
                file=self.file_name,
                sheet=sheet,
                names=names,
            )
        return sheet

    def source(self, sheet: str) -> Source:
        """The rows of one sheet, checked against the limits before they take memory."""
        empty = Source(
            self.file_name,
            sheet,
            rows=(),
            expected_rows=1,
            hidden_sheets=tuple(name for name, hidden in self.sheets if hidden),
            other_sheets=tuple(name for name, hidden in self.sheets if not hidden and name != sheet),
        )
        scan = self._scan(sheet, empty)
        cells = self._workbook.get_sheet_by_name(sheet)
        if cells.start is None or cells.end is None:
            return empty
        (_, first_column), (last_row, last_column) = cells.start, cells.end
        columns = range(first_column, last_column + 1)
        errors: dict[int, dict[int, str]] = {}
        for (row, column), text in (scan.errors if scan else {}).items():
            if column in columns:
                errors.setdefault(row, {})[column - first_column] = text
        # To calamine a formula without a result is nothing, so its area may end above them
        end = max((last_row + 1, *errors))
        merged = (
            Area(top + 1, left - first_column, bottom + 1, right - first_column)
            for (top, left), (bottom, right) in cells.merged_cell_ranges or ()
        )
        return replace(
            empty,
            rows=chain(cells.iter_rows(), repeat([""] * len(columns), end - last_row - 1)),
            expected_rows=end,
            first_column=first_column,
            width=len(columns),
            errors=errors,
            hidden_rows=scan.hidden_rows if scan else (),
            hidden_columns=_within(columns, scan.hidden_columns if scan else ()),
            padded_columns={
                index - first_column: cells
                for index, cells in (scan.padded_columns if scan else {}).items()
                if index in columns
            },
            merged=tuple(merged),
            days_from_1904=self._days_from_1904,
            unscanned=scan is None,
        )

    def _scan(self, sheet: str, empty: Source) -> SheetScan | None:
        """What calamine does not tell of a sheet; None where that cannot be looked for."""
        if self._archive:
            return self._archive.scan_sheet(sheet, empty)
        try:
            return self._old.scan_sheet(self._order.index(sheet)) if self._old else None
        except ValueError:
            return None


def _opened(path: Path, kind: str) -> CalamineWorkbook:
    """The workbook of that kind, whatever the ending of its path says: calamine believes it."""
    if path.suffix.lower() in ("", kind):
        return CalamineWorkbook.from_path(path)
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file)


def _within(columns: range, indices: Iterable[int]) -> frozenset[int]:
    """The indices as they count in the used area."""
    return frozenset(index - columns.start for index in indices if index in columns)


def _old_workbook(path: Path) -> OldWorkbook | None:
    """The records of an .xls file; None where calamine may read what cannot be followed here."""
    try:
        return OldWorkbook(path.read_bytes())
    except ValueError:
        return None
