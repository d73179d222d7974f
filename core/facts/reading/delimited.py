"""Text files of rows: CSV with comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from core.errors import Refused
from core.facts.reading.limits import Limits
from core.facts.reading.source import Source
from core.language import mark

DELIMITERS = (",", "\t", ";")
"""In order of preference where two are found equally often."""

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16")
"""What a person may choose; the first three and the last are found without."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

FIELD_CHARACTERS = 32_767
"""What a cell of Excel holds; a longer field is a quote that was never closed."""

_BLOCK = 1024 * 1024


class TextFile:
    """A text file, which is one sheet without a name."""

    sheets = (("", False),)

    def __init__(self, path: Path, file_name: str, limits: Limits, encoding: str | None = None) -> None:
        """Find out delimiter and, unless it is given, encoding; a file in no known encoding is refused."""
        self._path, self._file_name, self._limits = path, file_name, limits
        self.encoding = find_encoding(path, file_name, encoding)
        with path.open(encoding=self.encoding, newline="") as lines:
            self.delimiter = find_delimiter(next((line for line in lines if line.strip()), ""))

    def choose(self, _: str | None) -> str:
        """A text file has no sheets to choose from."""
        return ""

    def source(self, sheet: str) -> Source:
        """The rows, every cell as text."""
        csv.field_size_limit(FIELD_CHARACTERS)
        rows = _rows(self._path, self.encoding, self.delimiter, self._file_name, self._limits)
        return Source(
            self._file_name,
            sheet,
            rows,
            expected_rows=_count_lines(self._path),
            encoding=self.encoding,
            delimiter=self.delimiter,
        )


def find_encoding(path: Path, file_name: str, given: str | None = None) -> str:
    """The given one if every byte fits; else by byte order mark, else UTF-8, else GB18030, likewise."""
    with path.open("rb") as file:
        start = file.read(4)
    marked = [encoding for bom, encoding in MARKS if start.startswith(bom)]
    candidates = [given] if given else marked or ["utf-8", "gb18030"]
    misfits = []
    for encoding in candidates:
        line = _undecodable_line(path, encoding)
        if line is None:
            return encoding
        misfits.append(line)
    raise Refused(
        mark("{file}, line {line}: the text is not in {encodings}. Save it as “CSV UTF-8” and upload that."),
        file=file_name,
        line=misfits[0],
        encodings=", ".join(encoding.upper() for encoding in candidates),
    )


def find_delimiter(header: str) -> str:
    """The delimiter that stands most often in the header line, outside quotes."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _undecodable_line(path: Path, encoding: str) -> int | None:
    """The number of the first line that `encoding` cannot decode; None when all of them can."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return line + block[: error.start].count(b"\n")
            line += block.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


def _rows(path: Path, encoding: str, delimiter: str, file_name: str, limits: Limits) -> Iterator[list[str]]:
    cells, number = 0, 0
    with path.open(encoding=encoding, newline="") as lines:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for number, row in enumerate(reader, 1):
                cells += len(row)
                if cells > limits.cells:
                    raise too_many_cells(file_name, number, limits)
                yield row
        except csv.Error as error:
            raise Refused(
                mark(
                    "{file}, row {row}: a quotation mark is not closed, or text follows a closing one. "
                    "Correct the quotation marks of this row."
                ),
                file=file_name,
                row=number + 1,
            ) from error


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
