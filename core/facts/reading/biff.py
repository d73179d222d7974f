"""A look at the records of an .xls sheet for what calamine does not tell: errors, what is hidden, padded numbers.

A record is two bytes of kind, two of length, then its content. Only those few kinds are taken apart.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

import numpy as np

from core.facts.reading.compound import CompoundFile
from core.facts.reading.scan import SheetScan
from core.facts.reading.styles import Pattern, pattern_of
from core.facts.reading.zeros import PaddedColumn

_BOF, _EOF, _BOUNDSHEET, _DATEMODE, _CALCULATED_BY = 0x0809, 0x000A, 0x0085, 0x0022, 0x01C1
_FORMULA, _BOOLEAN_OR_ERROR, _ROW, _COLUMNS = 0x0006, 0x0205, 0x0208, 0x007D
_FORMAT, _STYLE, _NUMBERS, _NUMBERS_IN_A_ROW = 0x041E, 0x00E0, (0x0203, 0x027E, _FORMULA), 0x00BD
_SINCE_97 = 0x0600
"""The version whose texts are Unicode; of older ones no formats are read."""
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_ERROR_RESULT, _EMPTY_RESULT = 2, 3
_CALCULATE_ON_OPENING = 0x02
_ROW_IS_HIDDEN, _COLUMN_IS_HIDDEN = 0x20, 0x01


class OldWorkbook:
    """The records of an .xls file; ValueError where they cannot be followed."""

    def __init__(self, content: bytes) -> None:
        """Find the sheets."""
        self._stream = CompoundFile(content).stream("Workbook", "Book")
        self._sheets: list[int] = []
        self.days_from_1904 = False
        formats: dict[int, Pattern] = {}
        styles: list[int] = []
        since_97 = False
        self._calculated = False
        for kind, at, length in self._records(0):
            if kind == _BOUNDSHEET:
                self._sheets.append(int.from_bytes(self._stream[at : at + 4], "little"))
            elif kind == _DATEMODE and length >= 2:
                self.days_from_1904 = self._stream[at] == 1
            elif kind == _CALCULATED_BY:
                self._calculated = True
            elif kind == _BOF:
                since_97 = self._number(at) == _SINCE_97
            elif kind == _FORMAT and since_97 and length > 5:
                formats |= self._padding_format(at)
            elif kind == _STYLE and length >= 4:
                styles.append(self._number(at + 2))
        self._padding = {number: formats[used] for number, used in enumerate(styles) if used in formats}

    def scan_sheet(self, index: int) -> SheetScan:
        """Errors, hidden rows and columns, and padded numbers of the sheet, in the order of the workbook."""
        if index >= len(self._sheets):
            raise ValueError("no such sheet")
        errors: dict[tuple[int, int], str] = {}
        hidden_rows: array[int] = array("l")
        hidden_columns: set[int] = set()
        content = self._stream
        for kind, at, length in self._records(self._sheets[index]):
            if kind == _FORMULA and length >= 16:
                text = self._error_of(at)
                if text is not None:
                    errors[self._place(at)] = text
            elif kind == _BOOLEAN_OR_ERROR and length >= 8:
                if content[at + 7]:
                    errors[self._place(at)] = _ERRORS.get(content[at + 6], "#?")
            elif kind == _ROW and length >= 14:
                if content[at + 12] & _ROW_IS_HIDDEN:
                    hidden_rows.append(int.from_bytes(content[at : at + 2], "little") + 1)
            elif kind == _COLUMNS and length >= 10 and content[at + 8] & _COLUMN_IS_HIDDEN:
                first, last = struct.unpack_from("<HH", content, at)
                hidden_columns.update(range(first, min(last, 255) + 1))
        padded = self._padded(self._sheets[index]) if self._padding else {}
        return SheetScan(errors, hidden_rows, frozenset(hidden_columns), padded)

    def _error_of(self, at: int) -> str | None:
        """The error that a formula shows, empty where it has no result yet; None where it has one.

        A program that cannot calculate writes an empty text or 0, and Excel calculates when it opens the file.
        """
        result, options = self._stream[at + 6 : at + 14], self._stream[at + 14]
        on_opening = bool(options & _CALCULATE_ON_OPENING)
        if not any(result):
            return "" if on_opening else None
        if result[6:] != b"\xff\xff":
            return None
        if result[0] == _EMPTY_RESULT:
            return "" if on_opening or not self._calculated else None
        return _ERRORS.get(result[2], "#?") if result[0] == _ERROR_RESULT else None

    def _padding_format(self, at: int) -> dict[int, Pattern]:
        """The number of a format and what it shows, if it pads numbers with zeros."""
        number, length, wide = struct.unpack_from("<HHB", self._stream, at)
        text = self._stream[at + 5 : at + 5 + length * (1 + (wide & 1))]
        pattern = pattern_of(text.decode("utf-16-le" if wide & 1 else "latin-1", "replace"))
        return {} if pattern is None else {number: pattern}

    def _padded(self, sheet: int) -> dict[int, PaddedColumn]:
        """Index of a column -> its cells whose format pads them."""
        found: dict[int, list[tuple[int, int]]] = {}
        for kind, at, length in self._records(sheet):
            if kind in _NUMBERS and length >= 6:
                styles = [self._number(at + 4)]
            elif kind == _NUMBERS_IN_A_ROW:
                styles = [self._number(at + 4 + 6 * nth) for nth in range((length - 6) // 6)]
            else:
                continue
            row, first = self._place(at)
            for column, style in enumerate(styles, first):
                if style in self._padding:
                    found.setdefault(column, []).append((row, style))
        cells = {column: np.array(each).T for column, each in found.items()}
        return {column: PaddedColumn(rows, used, self._padding) for column, (rows, used) in cells.items()}

    def _number(self, at: int) -> int:
        return int.from_bytes(self._stream[at : at + 2], "little")

    def _place(self, at: int) -> tuple[int, int]:
        """Row (1 is the first) and column (0 is A) of a cell."""
        row, column = struct.unpack_from("<HH", self._stream, at)
        return row + 1, column

    def _records(self, at: int) -> Iterator[tuple[int, int, int]]:
        """Kind, place of the content and length of the records of one part, which may hold charts within it."""
        depth = 0
        while at + 4 <= len(self._stream):
            kind, length = struct.unpack_from("<HH", self._stream, at)
            at += 4
            if at + length > len(self._stream):
                break
            depth += (kind == _BOF) - (kind == _EOF)
            if depth <= 0:
                return
            if depth == 1:
                yield kind, at, length
            at += length
        raise ValueError("the records do not end")
