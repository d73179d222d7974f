"""A sheet as the readers of workbooks and of text files both hand it over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from core.errors import Refused
from core.facts.reading.cells import shown_column
from core.facts.reading.limits import Limits
from core.facts.reading.staged import column_letter
from core.language import Message, mark

Cell = tuple[int, int]
"""Row as Excel shows it, and index of the column in the used area."""


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
    hidden_rows: int = 0
    hidden_sheets: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None

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


@dataclass(frozen=True)
class Header:
    """The header row of a sheet."""

    row: int
    names: tuple[str, ...]
    rows_above: int
    """Rows above that hold something."""


def find_header(source: Source) -> tuple[Header, Iterator[tuple[int, Sequence[Any]]]]:
    """The header, the first row with text, and the numbered rows below it.

    A title is passed over: a lone text cell, followed by a row of two or more text cells.
    """
    rows = enumerate(source.rows, 1)
    header: Header | None = None
    ahead: list[tuple[int, Sequence[Any]]] = []
    above = 0
    for number, row in rows:
        texts = sum(type(value) is str and not value.isspace() for value in row if value != "")
        filled = sum(value is not None for value in shown_column(row))
        if header is not None:
            ahead.append((number, row))
        if filled and (texts >= 2 if header else texts):
            above += header is not None
            header, ahead = Header(number, _names(row), above), []
        elif filled and header is None:
            above += 1
        if header and (filled > 1 or (ahead and filled)):
            break
    if header is None:
        raise source.refused(
            mark(
                "{place}: no row holds text, so there is no header. Put the column names into the first row."
            )
            if above
            else mark("{place} is empty. Put the column names into the first row and the data below it.")
        )
    return header, chain(ahead, rows)


def check_header(header: Header, source: Source, limits: Limits) -> None:
    """Refuse a header under which no table can stand."""
    columns = max(len(header.names), source.width or 0)
    if columns > limits.columns:
        raise source.refused(
            mark(
                "{place} has {columns} columns, up to {last}; at most {limit} can be read. "
                "Delete the columns not needed, stray cells to the right too."
            ),
            columns=columns,
            last=column_letter(source.first_column + columns - 1),
            limit=limits.columns,
        )
    first_places: dict[str, int] = {}
    for column, name in enumerate(header.names):
        first = first_places.setdefault(name.casefold(), column)
        if name and first != column:
            raise source.refused(
                mark(
                    "{place}: the header “{header}” stands in both {first} and {second}. Rename one of them."
                ),
                header=name,
                first=source.address(header.row, first),
                second=source.address(header.row, column),
            )


def no_rows(header: Header, source: Source) -> Refused:
    """The refusal of a sheet that has nothing but a header."""
    return source.refused(
        mark("{place} has a header in row {row} but no data below it. Add rows, or choose another sheet."),
        row=header.row,
    )


def _names(row: Sequence[Any]) -> tuple[str, ...]:
    names = [" ".join((text or "").split()) for text in shown_column(row)]
    while names and not names[-1]:
        names.pop()
    return tuple(names)
