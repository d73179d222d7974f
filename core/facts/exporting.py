"""Tables as files for people: workbooks and CSV in which text stays text.

A workbook writes every string as a string, never as a formula, number or link, whatever it begins with. CSV has
no such distinction: there a text that a spreadsheet would take for a formula gets an apostrophe in front, and
reading a CSV takes it away again (`protect`, `unprotect`), so that what was exported comes back as it was.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from xml.sax.saxutils import escape

import pandas as pd
import xlsxwriter

from core.errors import Refused
from core.language import mark, translate

ROWS_OF_A_SHEET = 1_048_575
"""Below the header; more do not exist in a workbook."""
CHARACTERS_OF_A_CELL = 32_767
_WIDEST, _NARROWEST = 60, 8
_ROWS_MEASURED = 200

_STARTS = r"[=+\-@\t\r\n＝＋－＠]"
"""Of what a spreadsheet may take for a formula; it knows the full-width signs as well."""
_FORMULA_START = re.compile(rf"^'*{_STARTS}")
_PROTECTED = re.compile(rf"^'+{_STARTS}")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_NOT_IN_A_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Stream:
    """A sheet that never stands in memory as a whole: its headers, and its rows, which can be read once."""

    headers: Sequence[str]
    rows: Iterable[Sequence[Any]]
    formats: Sequence[str | None] = ()
    """How a workbook shows the numbers of each column; None or nothing: as they are."""


Sheet: TypeAlias = pd.DataFrame | Stream
About: TypeAlias = Mapping[str, str] | Callable[[int], Mapping[str, str]]
"""Label -> text; or what makes them of the number of rows written, which a stream tells only at its end."""


def write_workbook(
    target: Path | str | BinaryIO, sheets: Mapping[str, Sheet], about: About, language: str = "en"
) -> int:
    """Write sheets (name -> rows) into a path or an open binary file, with a last sheet on where they come from;
    the number of rows.

    Numbers, dates and instants keep their kind (an aware instant shows the wall clock of its own zone); missing
    values are blank. A row is written and forgotten, however many there are. Refused when a sheet has more rows than
    fit.
    """
    written = 0
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, OPTIONS) as workbook:
        writer = Writer(workbook)
        for name, sheet in sheets.items():
            if isinstance(sheet, pd.DataFrame) and len(sheet) > ROWS_OF_A_SHEET:
                raise _too_many(len(sheet))
            stream = _streamed(sheet)
            rows = _Counted(stream.rows, most=ROWS_OF_A_SHEET)
            writer.sheet(name, stream.headers, rows, stream.formats)
            written += rows.number
        told = about(written) if callable(about) else about
        label = translate(mark("About this file"), language)
        writer.sheet(label, [label, ""], list(told.items()))
    return written


def _streamed(sheet: Sheet) -> Stream:
    if isinstance(sheet, Stream):
        return sheet
    columns = (sheet.iloc[:, i].tolist() for i in range(sheet.shape[1]))
    return Stream([str(column) for column in sheet.columns], zip(*columns, strict=True))


@dataclass
class _Counted:
    """Rows as they pass, counted; refused when they become more than fit."""

    rows: Iterable[Sequence[Any]]
    most: int | None
    number: int = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.number += 1
            if self.most is not None and self.number > self.most:
                raise _too_many(self.number)
            yield row


def _too_many(rows: int) -> Refused:
    return Refused(mark("{rows} rows do not fit into a workbook. Filter them, or export as CSV."), rows=rows)


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
        self._numbers: dict[str, Any] = {}
        self._names: set[str] = set()

    def sheet(
        self,
        name: str,
        headers: Sequence[str],
        rows: Iterable[Sequence[Any]],
        formats: Sequence[str | None] = (),
    ) -> Any:
        """Add a sheet with a frozen header, filters, and widths that suit its first rows.

        `formats` are those of the numbers of each column, see `Stream`.
        """
        sheet = self._workbook.add_worksheet(self._free_name(name))
        rest = iter(rows)
        first = list(islice(rest, _ROWS_MEASURED))
        for column, header in enumerate(headers):
            cells = [header, *(row[column] for row in first)]
            widest = max(_width(cell) for cell in cells)
            sheet.set_column(column, column, min(max(widest + 2, _NARROWEST), _WIDEST))
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, self._header)
        looks = [self._number(each) for each in formats] or [None] * len(headers)
        number = 0
        for number, row in enumerate(chain(first, rest), start=1):
            for column, (value, look) in enumerate(zip(row, looks, strict=True)):
                self._cell(sheet, number, column, value, look)
        sheet.freeze_panes(1, 0)
        if headers and number:
            sheet.autofilter(0, 0, number, len(headers) - 1)
        return sheet

    def _number(self, pattern: str | None) -> Any:
        if pattern is not None and pattern not in self._numbers:
            self._numbers[pattern] = self._workbook.add_format({"num_format": pattern})
        return self._numbers.get(pattern or "")

    def _cell(self, sheet: Any, row: int, column: int, value: Any, look: Any) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, _plain(value))
        elif value is None or pd.isna(value):
            return
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value.replace(tzinfo=None), self._formats[datetime])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._formats[date])
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, value, look)
        else:
            sheet.write_string(row, column, _plain(str(value)))

    def _free_name(self, name: str) -> str:
        """A name that workbooks permit and that no sheet of this one has."""
        plain = _NOT_IN_A_SHEET_NAME.sub(" ", name).strip().strip("'")[:31] or "Sheet"
        free, number = plain, 1
        while free.casefold() in self._names:
            number += 1
            free = f"{plain[:27]} {number}"
        self._names.add(free.casefold())
        return free


def _plain(text: str) -> str:
    """The text as the writer has to be given it: what looks like its mark-up of rich text is not to be taken for it,
    and what no file can hold is replaced."""
    text = _NOT_IN_XML.sub("\ufffd", text[:CHARACTERS_OF_A_CELL])
    if text.startswith("<r>") and text.endswith("</r>"):
        return f'<r><t xml:space="preserve">{escape(text)}</t></r>'
    return text


def write_csv(target: Path | str, sheet: Sheet) -> int:
    """Write a sheet as CSV, in UTF-8 with the mark by which spreadsheets know it; the number of rows."""
    stream = _streamed(sheet)
    rows = _Counted(stream.rows, most=None)
    with open(target, "w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow([protect(header) for header in stream.headers])
        out.writerows([_csv_cell(value) for value in row] for row in rows)
    return rows.number


def _csv_cell(value: Any) -> Any:
    if isinstance(value, str):
        return protect(value)
    if value is None or pd.isna(value):
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


def _width(value: Any) -> int:
    """Columns of type that a cell takes: a Chinese character is as wide as two letters."""
    if isinstance(value, datetime):
        return 16
    lines = str(value).splitlines() or [""]
    return max(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[:_WIDEST]) for line in lines
    )
