"""Tables as files for people: workbooks and CSV in which text stays text.

A workbook writes every string as a string, never as a formula, number or link, whatever it begins with. CSV has
no such distinction: there a text that a spreadsheet would take for a formula gets an apostrophe in front, and
reading a CSV takes it away again (`protect`, `unprotect`), so that what was exported comes back as it was.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import xlsxwriter

from core.errors import Refused
from core.language import mark, translate

ROWS_OF_A_SHEET = 1_048_575
"""Below the header; more do not exist in a workbook."""
CHARACTERS_OF_A_CELL = 32_767
_WIDEST, _NARROWEST = 60, 8
_ROWS_MEASURED = 200

_FORMULA_START = re.compile(r"^'*[=+\-@\t\r]")
_PROTECTED = re.compile(r"^'+[=+\-@\t\r]")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_workbook(
    target: Path | str | BinaryIO,
    sheets: Mapping[str, pd.DataFrame],
    about: Mapping[str, str],
    language: str = "en",
) -> None:
    """Write frames as sheets (name -> frame) into a path or an open binary file, with a last sheet on where they
    come from (`about`: label -> text).

    Numbers, dates and instants keep their kind (an aware instant shows the wall clock of its own zone); missing
    values are blank. Refused when a frame has more rows than a sheet can hold.
    """
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, OPTIONS) as workbook:
        writer = Writer(workbook)
        for name, frame in sheets.items():
            if len(frame) > ROWS_OF_A_SHEET:
                raise Refused(
                    mark("{rows} rows do not fit into a workbook. Filter them, or export as CSV."),
                    rows=len(frame),
                )
            writer.sheet(name, [str(column) for column in frame.columns], _rows(frame))
        label = translate(mark("About this file"), language)
        writer.sheet(label, [label, ""], list(about.items()))


class Writer:
    """Writes sheets of one open workbook, each row by row."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._header = workbook.add_format(
            {"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self._formats = {
            datetime: workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            date: workbook.add_format({"num_format": "yyyy-mm-dd"}),
        }
        self._names: set[str] = set()

    def sheet(self, name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
        """Add a sheet with a frozen header, filters, and widths that suit its first rows."""
        sheet = self._workbook.add_worksheet(self._free_name(name))
        rest = iter(rows)
        first = list(islice(rest, _ROWS_MEASURED))
        for column, header in enumerate(headers):
            cells = [header, *(row[column] for row in first)]
            widest = max(_width(cell) for cell in cells)
            sheet.set_column(column, column, min(max(widest + 2, _NARROWEST), _WIDEST))
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, self._header)
        number = 0
        for number, row in enumerate(_chain(first, rest), start=1):
            for column, value in enumerate(row):
                self._cell(sheet, number, column, value)
        sheet.freeze_panes(1, 0)
        if headers and number:
            sheet.autofilter(0, 0, number, len(headers) - 1)
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, value[:CHARACTERS_OF_A_CELL])
        elif pd.isna(value):
            return
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self._formats[datetime])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._formats[date])
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, value)
        else:
            sheet.write_string(row, column, str(value)[:CHARACTERS_OF_A_CELL])

    def _free_name(self, name: str) -> str:
        """A name that workbooks permit and that no sheet of this one has."""
        plain = _NOT_IN_A_SHEET_NAME.sub(" ", name).strip().strip("'")[:31] or "Sheet"
        free, number = plain, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{plain[:27]} {number}"
        self._names.add(free.casefold())
        return free


def write_csv(target: Path | str, frame: pd.DataFrame) -> None:
    """Write a frame as CSV, in UTF-8 with the mark by which spreadsheets know it."""
    with open(target, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([protect(str(column)) for column in frame.columns])
        for row in _rows(frame):
            out.writerow([_csv_cell(value) for value in row])


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return protect(value)
    if pd.isna(value):
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value


def protect(text: str) -> str:
    """Keep a spreadsheet from taking a text of a CSV for a formula."""
    return "'" + text if _FORMULA_START.match(text) else text


def unprotect(text: str) -> str:
    """The text that `protect` was given."""
    return text[1:] if _PROTECTED.match(text) else text


def _rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame.iloc[:, i].tolist() for i in range(frame.shape[1])), strict=True)


def _chain(first: list[Sequence[Any]], rest: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield from first
    yield from rest


def _width(value: Any) -> int:
    """Columns of type that a cell takes: a Chinese character is as wide as two letters."""
    if isinstance(value, datetime):
        return 16
    lines = str(value).splitlines() or [""]
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[:_WIDEST]) for line in lines
    )
