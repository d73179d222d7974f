"""A cheap look at the bytes of a sheet for what calamine does not tell.

It turns error cells and formulas without a saved result into blanks, shows hidden rows like others, and
takes memory for the whole area between the first and the last used cell, however few lie in between.
Plain searches run over all bytes; cells are only looked at one by one where a search hits.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape

from core.errors import Refused
from core.facts.reading.limits import Limits
from core.facts.reading.source import Source
from core.facts.reading.staged import column_letter
from core.facts.reading.styles import Pattern
from core.facts.reading.zeros import PaddedCells, PaddedColumn
from core.language import mark

LAST_COLUMN = 16_384
OVERLAP = 64 * 1024
"""Bytes looked at twice, so that no cell is cut in half; a formula has at most 8,192 characters."""

_ERROR_CELL = re.compile(rb"""<(?:\w+:)?c\s([^>]*\bt=["']e["'][^>]*)(?<!/)>(.*?)</(?:\w+:)?c>""", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_FORMULA = rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
_UNSAVED = re.compile(
    rb"""<(?:\w+:)?c\b((?:(?!\bt=["']str)[^>])*)>\s*"""
    + _FORMULA
    + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ZERO = re.compile(
    rb"""<(?:\w+:)?c\b((?:(?!\bt=["'](?:str|b)["'])[^>])*)>\s*"""
    + _FORMULA
    + rb"<(?:\w+:)?v>0(?:\.0)?</(?:\w+:)?v>\s*</(?:\w+:)?c>"
)
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_HIDDEN_COLUMNS = re.compile(rb"""<(?:\w+:)?col\s([^>]*\bhidden=["'](?:1|true)["'][^>]*)>""")
_NUMBER = re.compile(rb"""\b(r|min|max)=["'](\d{1,7})["']""")
_REFERENCE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_WIDE_REFERENCE = re.compile(rb'r="([A-Z]{2,3})\d')
_WITHOUT_RESULT = {
    _UNSAVED: (b"f></", b"/></", b"v/>", b"v />", b"v></"),
    _ZERO: (b"v>0</", b"v>0.0</"),
}
"""Formulas that nobody has calculated yet -> what is in the bytes wherever one stands."""
_PREFIX = re.compile(rb"<(\w+:)?worksheet\b")
_ROW = re.compile(rb"""\brow\s[^>]*?\br=["'](\d{1,7})["']""")
_FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'][^>]*(?<!/)>(?!</)""")

_ERRORS_SOMEWHERE = mark(
    "{place}: cells show an error, and the file does not say which. Open it in Excel, correct them, "
    "save it and upload that."
)
_UNSAVED_SOMEWHERE = mark(
    "{place}: cells hold formulas without a saved result, and the file does not say which. Open it in Excel, "
    "save it and upload that."
)


@dataclass(frozen=True)
class SheetScan:
    """What calamine does not tell about a sheet."""

    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Texts of error cells by row (1 is the first) and column (0 is A); empty for a formula without a result."""
    hidden_rows: Sequence[int] = ()
    """Numbers of the hidden rows, 1 is the first; 0 for one that does not say its number."""
    hidden_columns: frozenset[int] = frozenset()
    """Indices of the hidden columns; 0 is A."""
    padded_columns: Mapping[int, PaddedColumn] = field(default_factory=dict)
    """Index of a column -> its cells in which numbers are shown with leading zeros that they do not have."""


def scan_sheet(
    pieces: Callable[[], Iterator[bytes]],
    source: Source,
    limits: Limits,
    padding: Mapping[int, Pattern],
    *,
    uncalculated: bool,
) -> SheetScan:
    """Scan the XML of a sheet; refuse one whose used area is too large to hold.

    `pieces` gives the bytes from the beginning each time it is called; `padding`: the styles of cells that show a
    number with leading zeros, and how; `uncalculated`: whether Excel is asked to calculate all formulas when it opens
    the workbook, so that a result of 0 only keeps the place of the real one, as programs write that cannot calculate.
    """
    padded = PaddedCells(padding) if padding else None
    errors: dict[tuple[int, int], str] = {}
    hidden_rows: array[int] = array("l")
    hidden_columns: set[int] = set()
    last_row = last_column = 0
    formula = b"<f"
    for window, seen in _windows(pieces()):
        if not seen and (start := _PREFIX.search(window)) and start[1]:
            formula = b"<" + start[1] + b"f"
        if b'"e"' in window or b"'e'" in window:
            errors.update(_cells(_ERROR_CELL, window, source))
        if formula in window:
            for kind in (_UNSAVED, _ZERO) if uncalculated else (_UNSAVED,):
                if any(needle in window for needle in _WITHOUT_RESULT[kind]):
                    errors.update(_cells(kind, window, source))
        if len(errors) > limits.error_cells:
            raise too_many_errors(source, *next(iter(errors)), limits)
        if padded:
            padded.look(window, seen)
        if b"hidden=" in window:
            hidden_columns.update(*map(_column_range, _HIDDEN_COLUMNS.findall(window)))
            found = (match for match in _HIDDEN_ROW.finditer(window) if match.end() > seen)
            hidden_rows.extend(_numbers(match[1]).get(b"r", 0) for match in found)
        last_column = max(last_column, *map(_column, {b"Z", *_WIDE_REFERENCE.findall(window)}))
        row = _ROW.search(window, max(window.rfind(b"row "), 0))
        last_row = max(last_row, int(row[1]) if row else 0)
    last_row, last_column = map(max, zip((last_row, last_column), *errors, strict=True))
    if last_row * (last_column + 1) > limits.cells:
        _check_area(pieces(), source, limits)
    columns = {_column(letters): cells for letters, cells in padded.columns()} if padded else {}
    return SheetScan(errors, hidden_rows, frozenset(hidden_columns), columns)


def _numbers(attributes: bytes) -> dict[bytes, int]:
    return {name: int(number) for name, number in _NUMBER.findall(attributes)}


def _column_range(attributes: bytes) -> range:
    numbers = _numbers(attributes)
    return range(numbers.get(b"min", 1) - 1, min(numbers.get(b"max", 0), LAST_COLUMN))


def _windows(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """The bytes in overlapping windows, and how many of each were in the window before."""
    tail = b""
    for piece in pieces:
        window = tail + piece
        yield window, len(tail)
        tail = window[-OVERLAP:]


def _cells(kind: re.Pattern[bytes], window: bytes, source: Source) -> Iterator[tuple[tuple[int, int], str]]:
    """Row, column and error text of the cells of a kind. One that does not say where it is would be blank in silence:
    the sheet is refused."""
    for match in kind.finditer(window):
        reference = _REFERENCE.search(match[1])
        if reference is None:
            raise source.refused(_ERRORS_SOMEWHERE if kind is _ERROR_CELL else _UNSAVED_SOMEWHERE)
        value = _VALUE.search(match[2]) if kind is _ERROR_CELL else None
        yield (
            (int(reference[2]), _column(reference[1])),
            unescape(value[1].decode("utf-8", "replace")) if value else "",
        )


def _column(letters: bytes) -> int:
    """The index of a column from its letters; A is 0."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1


def _check_area(pieces: Iterator[bytes], source: Source, limits: Limits) -> None:
    """Refuse a sheet when the area between its filled cells is too large, naming the cell farthest out."""
    rows, columns = _Span(), _Span()
    for window, _ in _windows(pieces):
        for letters, row in _FILLED_CELL.findall(window):
            rows.add(int(row))
            columns.add(_column(letters))
    if rows.width * columns.width > limits.cells:
        raise source.refused(
            mark(
                "{place} reaches down to row {row} and right to column {column}: more than {limit} cells. Delete "
                "stray cells far below or right of the table, or split it and upload the parts one by one."
            ),
            row=rows.last,
            column=column_letter(columns.last),
            limit=limits.cells,
        )


class _Span:
    """The first and the last of the numbers added."""

    first, last = sys.maxsize, -1

    def add(self, number: int) -> None:
        self.first, self.last = min(self.first, number), max(self.last, number)

    @property
    def width(self) -> int:
        return max(self.last - self.first + 1, 0)


def too_many_errors(source: Source, row: int, column: int, limits: Limits) -> Refused:
    """The refusal of a sheet with more of them than are told one by one; row and column of the first."""
    return source.refused(
        mark(
            "{place}: more than {limit} cells show an error or hold a formula without a saved result, the first "
            "in {address}. Correct the formulas in Excel, save and upload the file again."
        ),
        limit=limits.error_cells,
        address=source.address(row, column),
    )
