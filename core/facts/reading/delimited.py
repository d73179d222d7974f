"""Text files of rows: CSV with comma, semicolon or tab."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from core.errors import Refused
from core.facts.reading.encodings import find_encoding
from core.facts.reading.limits import Limits
from core.facts.reading.source import Source
from core.language import mark

DELIMITERS = (",", "\t", ";")
"""In order of preference where two are found equally often."""

FIELD_CHARACTERS = 1024 * 1024
"""Far more than any cell holds; a longer one is a quotation mark that was never closed."""

_LINES_LOOKED_AT = 20
_BLOCK = 1024 * 1024
_ENDS_OF_SIXTEEN_BITS = (b"\n\0", b"\r\0")


class TextFile:
    """A text file, which is one sheet without a name."""

    sheets = (("", False),)

    def __init__(
        self,
        path: Path,
        file_name: str,
        limits: Limits,
        encoding: str | None = None,
        delimiter: str | None = None,
    ) -> None:
        """Find out encoding and delimiter unless they are given; a file in no known encoding is refused."""
        self._path, self._file_name, self._limits = path, file_name, limits
        self._encoding = find_encoding(path, file_name, encoding)
        self.encoding = self._encoding.name
        self.encodings = self._encoding.others
        with path.open(encoding=self._encoding.codec, newline="") as lines:
            self.delimiter = delimiter or find_delimiter(list(islice(lines, _LINES_LOOKED_AT)))

    def choose(self, _: str | None) -> str:
        """A text file has no sheets to choose from."""
        return ""

    def source(self, sheet: str) -> Source:
        """The rows, every cell as text."""
        csv.field_size_limit(FIELD_CHARACTERS)
        return Source(
            self._file_name,
            sheet,
            _rows(self._path, self._encoding.codec, self.delimiter, self._file_name, self._limits),
            expected_rows=_count_lines(self._path),
            encoding=self.encoding,
            encodings=self.encodings,
            delimiter=self.delimiter,
            ends_open=_ends_open(self._path),
        )


def find_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that stands most often, outside quotes, in the first of `lines` with any.

    A line `sep=;`, as Excel writes it, says it outright.
    """
    for line in lines:
        if line.startswith("sep=") and line[4:5] in DELIMITERS:
            return line[4]
        outside = "".join(line.split('"')[::2])
        if any(delimiter in outside for delimiter in DELIMITERS):
            return max(DELIMITERS, key=outside.count)
    return DELIMITERS[0]


def _rows(path: Path, encoding: str, delimiter: str, file_name: str, limits: Limits) -> Iterator[list[str]]:
    cells, number = 0, 0
    with path.open(encoding=encoding, newline="") as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for number, row in enumerate(reader, 1):
                cells += len(row)
                if cells > limits.cells:
                    raise too_many_cells(file_name, number, limits)
                yield row if number > 1 else _unmarked(row)
        except csv.Error as error:
            raise _broken(str(error), file_name, number + 1) from error


def _broken(error: str, file_name: str, row: int) -> Refused:
    """The refusal of a text file whose quotation marks do not hold together; `error` is that of `csv`."""
    if "end of data" in error:
        sentence = mark(
            "{file}, row {row}: a quotation mark is not closed before the file ends. Either the file was cut off "
            "there, or the mark is one too many. Fetch the whole file again, or correct the mark."
        )
    elif "field limit" in error:
        sentence = mark(
            "{file}, row {row}: a cell has more than {limit} characters. A quotation mark of this row is "
            "probably not closed; correct it."
        )
    else:
        sentence = mark(
            "{file}, row {row}: text follows a closing quotation mark. Correct the quotation marks of this row."
        )
    return Refused(sentence, file=file_name, row=row, limit=FIELD_CHARACTERS)


def _unmarked(row: list[str]) -> list[str]:
    """The first row without the byte order mark that stays when a person names the encoding."""
    return [row[0].removeprefix("\ufeff"), *row[1:]] if row else row


def too_many_cells(file_name: str, row: int, limits: Limits) -> Refused:
    """The refusal of a text file with more cells than are read at once."""
    return Refused(
        mark("{file}, row {row}: more than {limit} cells. Split the file and upload the parts one by one."),
        file=file_name,
        row=row,
        limit=limits.cells,
    )


def _count_lines(path: Path) -> int:
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            lines += block.count(b"\n")
            last = block[-1:]
    return lines + (last != b"\n")


def _ends_open(path: Path) -> bool:
    """Whether the last line has no end, so that nobody can tell whether it is whole."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 2, 0))
        end = file.read()
    # In UTF-16 the character 上 ends with the byte of a line break, but its other byte is no NUL
    return end not in _ENDS_OF_SIXTEEN_BITS and end[-1:] not in (b"\n", b"\r")
