"""A sheet as the readers of workbooks and of text files both hand it over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.errors import Refused
from core.facts.reading.staged import column_letter
from core.facts.reading.zeros import PaddedColumn
from core.language import Message, mark


@dataclass(frozen=True)
class Area:
    """Merged cells: rows as Excel shows them, indices of columns in the used area, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Source:
    """One sheet, row by row from row 1 on, blank rows included."""

    file_name: str
    sheet: str
    rows: Iterable[Sequence[Any]]
    expected_rows: int
    """How many rows there will be, to tell progress; a guess is enough."""
    first_column: int = 0
    """Where the used area begins; 0 is column A."""
    width: int | None = None
    """Cells in every row; None where rows may differ and the header decides."""
    errors: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Texts of the error cells by row and column; an empty text is a formula without a saved result."""
    hidden_rows: Sequence[int] = ()
    """Numbers of the hidden rows; 0 for one that does not say its number."""
    hidden_columns: frozenset[int] = frozenset()
    """Indices of the hidden columns in the used area."""
    padded_columns: Mapping[int, PaddedColumn] = field(default_factory=dict)
    """Index of a column in the used area -> its cells in which numbers are shown with leading zeros."""
    merged: tuple[Area, ...] = ()
    days_from_1904: bool = False
    unscanned: bool = False
    """Whether errors and hidden rows could not be looked for."""
    hidden_sheets: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    encoding: str | None = None
    encodings: tuple[str, ...] = ()
    """Encodings in which the text may be meant as well."""
    delimiter: str | None = None
    ends_open: bool = False
    """Whether the last line of a text file has no end, as when the file was cut off."""

    def address(self, row: int, column: int) -> str:
        """The address of a cell as Excel shows it."""
        return f"{column_letter(self.first_column + column)}{row}"

    def refused(self, sentence: str, **values: object) -> Refused:
        """A refusal that names the place: `sentence` begins with "{place}: "."""
        return Refused(sentence, place=place(self.file_name, self.sheet), **values)


def place(file_name: str, sheet: str) -> Message | str:
    """The file, and the sheet where there is one, as sentences name them."""
    if not sheet:
        return file_name
    return Message(mark("{file}, sheet “{sheet}”"), {"file": file_name, "sheet": sheet})
