"""The header of a sheet: where it stands, how deep it is, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from core.errors import Refused
from core.facts.reading.cells import shown_column
from core.facts.reading.first_row import is_personal, looks_like_data
from core.facts.reading.header_groups import merged_before
from core.facts.reading.known_names import line_of_names
from core.facts.reading.limits import Limits
from core.facts.reading.rows_above import RowsAbove
from core.facts.reading.source import Area, Source
from core.facts.reading.staged import column_letter
from core.facts.reading.written_by_excel import unwrapped
from core.language import mark

NumberedRow = tuple[int, Sequence[Any]]

DEEPEST = 4
"""Rows a header may have; merged cells that reach farther down are no header."""
LOOKED_AT = 20
"""Rows from the first one with text on in which a header is looked for."""
WIDTH_SEEN = 20
"""Rows of a text file without a header by which it is told how many columns it has."""
_DIGIT = re.compile(r"\d")
_OTHER_DELIMITER = re.compile("[|¦^，；]")
_NO_TITLE = re.compile(r"[\d:：]")


@dataclass(frozen=True)
class Header:
    """The header of a sheet, of one row or several."""

    row: int
    """Its last row."""
    names: tuple[str, ...]
    above: RowsAbove
    top: int
    """Its first row."""
    doubtful: bool = False
    """Whether it looks like the first row of data; its columns then have no names."""


def find_header(source: Source, *, headless: bool = False) -> tuple[Header, Iterator[NumberedRow]]:
    """The header, and the numbered rows below it; where the sheet is `headless`, all rows.

    It is the first row with text, a title passed over; where that names no fields, the row among the next that names
    most. Where the header has merged cells, or in a text file had them, the rows they span belong to it, and the name
    of a column is its group and its own: 联系方式/手机.
    """
    rows = enumerate(source.rows, 1)
    if headless:
        return _by_letters(source, rows)
    above = RowsAbove()
    lines = _from_first_text(rows, above, source)
    lines += islice(rows, max(LOOKED_AT - len(lines), 0))
    found, merged, depth = _headed(lines, source)
    below = [row for _, row in lines[depth:]]
    if (names := line_of_names([row for _, row in lines[:depth]], below)) is not None:
        names += depth
        start = next(
            at
            for at in range(max(names - DEEPEST + 1, 0), names + 1)
            if _reaches(lines[at:], names - at, source)
        )
        for _, row in lines[:start]:
            above.add(row)
        found, merged, depth = _headed(lines[start:], source)
    top, last = found[0][0], found[depth - 1][0]
    texts = _names([line for _, line in found[:depth]], top, merged)
    doubtful = depth == 1 and looks_like_data(texts)
    kept = ["" if doubtful or is_personal(name) else name for name in texts]
    return Header(last, _distinct(kept, source), above, top, doubtful), chain(found[depth:], rows)


def _from_first_text(rows: Iterator[NumberedRow], above: RowsAbove, source: Source) -> list[NumberedRow]:
    """The rows from the first one with text on, as far as they had to be looked at.

    A title is passed over: a lone text cell, followed by a row of two or more text cells.
    """
    lines: list[NumberedRow] = []
    for number, row in rows:
        texts = sum(type(value) is str and not value.isspace() for value in row if value != "")
        filled = sum(value is not None for value in shown_column(row))
        if filled and (texts >= 2 if lines else texts):
            if lines:
                above.add(lines[0][1])
            lines = [(number, row)]
        elif lines:
            lines.append((number, row))
        else:
            above.add(row)
        if lines and (filled > 1 or (len(lines) > 1 and filled)):
            break
    if not lines:
        raise _no_header(source, above.count)
    return lines


def _headed(
    lines: Sequence[NumberedRow], source: Source
) -> tuple[Sequence[NumberedRow], Sequence[Area], int]:
    """Lines that begin with a header, the merged cells in them, and how many of them the header has."""
    merged: Sequence[Area] = source.merged
    if source.width is None:
        lines, merged = _as_merged(lines)
    return lines, merged, _depth(lines[0], lines[1:], merged)


def _reaches(lines: Sequence[NumberedRow], names: int, source: Source) -> bool:
    """Whether a header that begins in the first of the lines holds that of position `names`."""
    titles = [text for text in shown_column(lines[0][1]) if text]
    if names and (len(titles) < 2 or any(map(_NO_TITLE.search, titles))):
        return False
    return _headed(lines, source)[2] > names


def _by_letters(source: Source, rows: Iterator[NumberedRow]) -> tuple[Header, Iterator[NumberedRow]]:
    """No header: the columns are called by their letters, and the rows begin with the first that holds anything."""
    for number, row in rows:
        says_delimiter = source.width is None and str(row[0] if row else "").startswith("sep=")
        if not says_delimiter and any(value is not None for value in shown_column(row)):
            first = [(number, row), *islice(rows, WIDTH_SEEN)]
            width = source.width or max(len(each) for _, each in first)
            names = tuple(column_letter(source.first_column + column) for column in range(width))
            return Header(number - 1, names, RowsAbove(), number - 1), chain(first, rows)
    raise _no_header(source, 0)


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
    if source.width is None and columns == 1 and _OTHER_DELIMITER.search(header.names[0]):
        raise source.refused(
            mark(
                "{place}: row {row} was read as the header, and only one column was found. Cells have to be parted by "
                "commas, semicolons or tabs: save the file so, or as .xlsx."
            ),
            row=header.row,
        )


def no_rows(header: Header, source: Source) -> Refused:
    """The refusal of a sheet that has nothing but a header."""
    return source.refused(
        mark("{place} has a header in row {row} but no data below it. Add rows, or choose another sheet."),
        row=header.row,
    )


def _no_header(source: Source, above: int) -> Refused:
    return source.refused(
        mark("{place}: no row holds text, so there is no header. Put the column names into the first row.")
        if above
        else mark("{place} is empty. Put the column names into the first row and the data below it.")
    )


def _as_merged(lines: Sequence[NumberedRow]) -> tuple[Sequence[NumberedRow], tuple[Area, ...]]:
    """The rows of a text file with the merged cells that its header had; then its two lines are of one length."""
    if len(lines) < 3:
        return lines, ()
    (number, titles), (second, names), (_, data), *_ = lines
    width = max(len(titles), len(names))
    titles, names = ([*row, *[""] * (width - len(row))] for row in (titles, names))
    areas = merged_before(number, shown_column(titles), shown_column(names), shown_column(data))
    return ([(number, titles), (second, names), *lines[2:]], areas) if areas else (lines, ())


def _depth(first: NumberedRow, below: Sequence[NumberedRow], merged: Sequence[Area]) -> int:
    """How many rows the header has, by the merged cells that begin in its first."""
    number, row = first
    within = [area for area in merged if area.top == number and area.bottom < number + DEEPEST]
    deep = max((area.bottom - number + 1 for area in within), default=1)
    if deep > 1:
        return min(deep, len(below) + 1)
    groups = [area for area in within if area.right > area.left]
    return 2 if groups and below and _are_names(row, below[0][1], groups) else 1


def _are_names(row: Sequence[Any], lower: Sequence[Any], groups: Sequence[Area]) -> bool:
    """Whether the row below groups of columns names the columns of them, and is not the first row of data."""
    texts, names = shown_column(row), shown_column(lower)
    grouped = {column for area in groups for column in range(area.left, area.right + 1)}
    given = [name for column, name in enumerate(names) if name and column in grouped]
    outside = [
        column for column, name in enumerate(names) if name and texts[column] and column not in grouped
    ]
    return len(given) > 1 and not outside and not any(map(_DIGIT.search, given))


def _names(lines: Sequence[Sequence[Any]], top: int, merged: Sequence[Area]) -> list[str]:
    """The names of the columns, of each line that says something new about one."""
    texts = [[" ".join((unwrapped(text) or "").split()) for text in shown_column(line)] for line in lines]
    if len(lines) > 1:
        for area in merged:
            if top <= area.top < top + len(lines) - 1 and area.right < len(texts[0]):
                line = texts[area.top - top]
                line[area.left : area.right + 1] = [line[area.left]] * (area.right - area.left + 1)
    names = ["/".join(dict.fromkeys(filter(None, parts))) for parts in zip(*texts, strict=True)]
    while names and not names[-1]:
        names.pop()
    return names


def _distinct(names: Sequence[str], source: Source) -> tuple[str, ...]:
    """The names, with the letter of its column behind one that stands there already: 金额, 金额 (D)."""
    known: set[str] = set()
    distinct = []
    for column, name in enumerate(names):
        free = f"{name} ({column_letter(source.first_column + column)})" if name.casefold() in known else name
        known.add(name.casefold() if name else "\0")
        distinct.append(free)
    return tuple(distinct)
