"""What a person has to know of how a sheet was read, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from core.facts.reading.headers import Header
from core.facts.reading.merging import Covered
from core.facts.reading.source import Area, Source
from core.facts.reading.staged import StagedColumn
from core.language import Message, mark

_NAMED = 5
"""Places named in one sentence."""


def notes(
    source: Source,
    header: Header,
    columns: Sequence[StagedColumn],
    covered: Covered,
    unwrapped: Mapping[int, int],
) -> Iterator[Message]:
    """The notes on one sheet, in the order of the table from its header down. `unwrapped`: column -> its cells whose
    text was kept from becoming a number."""
    if source.encodings:
        yield Message(
            mark(
                "The text was read as {encoding}. Its bytes could also be {others}: look at the characters, and "
                "choose the other encoding if they are wrong."
            ),
            {
                "encoding": (source.encoding or "").upper(),
                "others": [other.upper() for other in source.encodings],
            },
        )
    if header.above.count:
        yield Message(
            mark("Rows above the header in row {row}, left out: {rows} ({lines})."),
            {"rows": header.above.count, "row": header.top, "lines": header.above.told},
        )
    if header.doubtful:
        yield Message(
            mark(
                "Row {row} was read as the header, although it looks like data: it is not among the rows that were "
                "read. If it is data, choose so where the sheets are chosen, or put a row of column names above it."
            ),
            {"row": header.row},
        )
    if header.top < header.row:
        yield Message(
            mark("Rows {first} to {last} were read together as the header."),
            {"first": header.top, "last": header.row},
        )
    if source.hidden_columns:
        yield Message(
            mark("These columns are hidden in the sheet and were read like the others: {columns}."),
            {"columns": _letters(columns, source.hidden_columns)},
        )
    told_only = frozenset(at for at, cells in source.padded_columns.items() if cells.is_told_only)
    if told_only:
        yield Message(
            mark(
                "Numbers in these columns are only shown with leading zeros and were read without them: {columns}. "
                "If the zeros belong to the value, format the column as text in the source and enter it again."
            ),
            {"columns": _letters(columns, told_only)},
        )
    kept = frozenset(at for at, cells in unwrapped.items() if cells)
    if kept:
        yield Message(
            mark(
                'Cells written as ="00123" or \'00123, to keep their zeros in Excel, were read as 00123: {cells} in '
                "the columns {columns}."
            ),
            {"cells": sum(unwrapped.values()), "columns": _letters(columns, kept)},
        )
    if covered.areas:
        yield _merged(covered.areas, source)
    if source.days_from_1904:
        yield Message(
            mark("The workbook counts days from 1904, as Excel for Mac did; its dates were read that way.")
        )
    if source.ends_open:
        yield Message(
            mark(
                "The file does not end with a line break, so nobody can tell whether its last row is whole. "
                "Compare that row with the source."
            )
        )
    if source.unscanned:
        yield Message(
            mark(
                "Whether cells show an error or rows are hidden could not be told of this file. Save it as .xlsx "
                "to be sure."
            )
        )


def _letters(columns: Sequence[StagedColumn], indices: frozenset[int]) -> list[str]:
    return [column.letter for at, column in enumerate(columns) if at in indices]


def _merged(areas: Sequence[Area], source: Source) -> Message:
    named = [
        f"{source.address(area.top, area.left)}:{source.address(area.bottom, area.right)}" for area in areas
    ]
    return Message(
        mark(
            "Merged areas below the header: {count} ({areas}). Their value was read in the first cell only, the "
            "other cells are blank."
        ),
        {"count": len(areas), "areas": named[:_NAMED] + (["…"] if len(named) > _NAMED else [])},
    )
