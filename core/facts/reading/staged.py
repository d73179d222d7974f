"""What reading a file gives back; plain values that cross the process boundary as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from core.language import Message

FLAGS = (
    "digits_lost",
    "zeros",
    "error",
    "no_value",
    "nul_removed",
    "merged",
    "covered",
    "ragged",
    "cut",
    "total",
)
"""Reasons for doubt about a cell.

digits_lost  a number of 16 or more digits, of which Excel keeps 15: never an id or a phone
zeros        a number that its format shows with leading zeros; the text is as shown, `shown` is the number
error        the cell shows an error such as #DIV/0!; its text is in the rows too
no_value     a formula without a saved result: blank in the rows, though Excel would show a value
nul_removed  NUL characters were taken out of the text
merged       a blank cell that is part of merged cells; `shown` is their first cell, where the value stands
covered      a cell with a value that merged cells hide; `shown` is their first cell
ragged       a row of a text file with more or fewer cells than the header; `shown` says how many
cut          the last row of a text file without a line end, which has fewer cells than the header
total        a row of sums, such as 合计; `shown` is its word
"""

Flag = tuple[int, int | None, str, str | None]
"""Row, index of the column or None for the whole row, one of FLAGS, and what is shown."""


@dataclass(frozen=True)
class SheetOutline:
    """One sheet: its header and its first rows, before anybody decides what it is."""

    name: str
    """Name of the sheet; empty for a text file."""
    hidden: bool
    rows: int
    """Rows below the header down to the last used one, blank ones included."""
    columns: int
    header_row: int | None
    """Number of the header row as Excel shows it; None where no row holds text."""
    headers: tuple[str, ...]
    sample: tuple[tuple[str | None, ...], ...]
    """The first rows below the header that hold anything, as a person sees them."""
    problem: Message | None
    """Why `stage` would refuse this sheet; None where nothing is seen yet."""
    doubtful: bool = False
    """Whether the row that is read as the header looks like data; its columns then have no names."""
    headless: bool = False
    """Whether it is read as a sheet without a header: the columns are called by their letters."""


@dataclass(frozen=True)
class FileOutline:
    """What is in a file."""

    file_name: str
    size: int
    sha256: str
    sheets: tuple[SheetOutline, ...]
    encoding: str | None
    """Encoding of a text file; None for a workbook."""
    encodings: tuple[str, ...] = ()
    """Encodings in which the text may be meant as well; a person has to look and may have to choose."""
    delimiter: str | None = None
    """Delimiter of a text file; None for a workbook."""

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> FileOutline:
        """The outline that `to_json` gave."""
        sheets = tuple(_sheet_from_json(sheet) for sheet in stored["sheets"])
        return cls(**stored | {"sheets": sheets, "encodings": tuple(stored.get("encodings", ()))})


@dataclass(frozen=True)
class StagedColumn:
    """Where a column of the staged rows comes from."""

    header: str
    """The header with white space collapsed; empty where a column of values has none."""
    letter: str
    """The column's letters in the sheet, for addresses such as "C12"."""


@dataclass(frozen=True)
class StagedSheet:
    """One sheet as Parquet; the columns of both files are told in `core.facts.reading`."""

    path: Path
    flags: Path
    file_name: str
    sha256: str
    sheet: str
    """Name of the sheet; empty for a text file."""
    header_row: int
    columns: tuple[StagedColumn, ...]
    rows: int
    blank_rows: int
    """Rows below the header, above the last used one, that hold nothing; they are left out."""
    rows_above: int
    """Rows above the header that hold something; they are left out."""
    hidden_rows: int
    """Rows hidden in the sheet, by hand or by a filter, that hold something; they are staged like the others."""
    hidden_sheets: tuple[str, ...]
    other_sheets: tuple[str, ...]
    """Visible sheets of the file that were not asked for."""
    flag_counts: dict[str, int]
    """How often each flag was set; flags never set are absent."""
    encoding: str | None
    delimiter: str | None
    """Encoding and delimiter of a text file; None for a workbook."""
    notes: tuple[Message, ...] = ()
    """What a person has to know of how the file was read."""
    days_from_1904: bool = False
    """Whether a number that stands for a day counts from 1904 and not from 1900."""

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers in the order of c0 … cN."""
        return tuple(column.header for column in self.columns)

    def address(self, row: int, column: int) -> str:
        """The address of a staged cell as Excel shows it, such as "C12"."""
        return f"{self.columns[column].letter}{row}"

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> StagedSheet:
        """The staged sheet that `to_json` gave."""
        return cls(
            **stored
            | {
                "path": Path(stored["path"]),
                "flags": Path(stored["flags"]),
                "columns": tuple(StagedColumn(**column) for column in stored["columns"]),
                "hidden_sheets": tuple(stored["hidden_sheets"]),
                "other_sheets": tuple(stored["other_sheets"]),
                "notes": tuple(map(Message.from_json, stored["notes"])),
            }
        )


def to_json(value: FileOutline | StagedSheet) -> dict[str, Any]:
    """A form that JSON can hold; `from_json` of its class gives the value back."""
    stored = asdict(value)
    if isinstance(value, FileOutline):
        for sheet, plain in zip(value.sheets, stored["sheets"], strict=True):
            plain["problem"] = sheet.problem and sheet.problem.to_json()
    else:
        stored |= {"path": str(value.path), "flags": str(value.flags)}
        stored["notes"] = [note.to_json() for note in value.notes]
    return stored


def _sheet_from_json(stored: dict[str, Any]) -> SheetOutline:
    problem = stored["problem"]
    return SheetOutline(
        **stored
        | {
            "headers": tuple(stored["headers"]),
            "sample": tuple(tuple(row) for row in stored["sample"]),
            "problem": problem and Message.from_json(problem),
        }
    )


def column_letter(index: int) -> str:
    """The letters of a column; 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
