"""The header of a sheet: where it stands, how deep it is, and what its columns are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from core.errors import Refused
from core.facts.reading.cells import shown_column
from core.facts.reading.header_groups import merged_before
from core.facts.reading.limits import Limits
from core.facts.reading.source import Area, Source
from core.facts.reading.staged import column_letter
from core.language import mark

NumberedRow = tuple[int, Sequence[Any]]

DEEPEST = 4
"""Rows a header may have; merged cells that reach farther down are no header."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Header:
    """The header of a sheet, of one row or several."""

    row: int
    """Its last row."""
    names: tuple[str, ...]
    rows_above: int
    """Rows above that hold something."""
    top: int
    """Its first row."""


def find_header(source: Source) -> tuple[Header, Iterator[NumberedRow]]:
    """The header, the first row with text, and the numbered rows below it.

    A title is passed over: a lone text cell, followed by a row of two or more text cells. Where the header has
    merged cells, or in a text file had them, the rows they span belong to it, and the name of a column is its group
    and its own: 联系方式/手机.
    """
    rows = enumerate(source.rows, 1)
    found: NumberedRow | None = None
    ahead: list[NumberedRow] = []
    above = 0
    for number, row in rows:
        texts = sum(type(value) is str and not value.isspace() for value in row if value != "")
        filled = sum(value is not None for value in shown_column(row))
        if found is not None:
            ahead.append((number, row))
        if filled and (texts >= 2 if found else texts):
            above += found is not None
            found, ahead = (number, row), []
        elif filled and found is None:
            above += 1
        if found and (filled > 1 or (ahead and filled)):
            break
    if found is None:
        raise _no_header(source, above)
    ahead += islice(rows, max(DEEPEST - len(ahead), 0))
    merged = source.merged
    if source.width is None:
        found, ahead, merged = _as_merged(found, ahead)
    lines = [row for _, row in [found, *ahead][: _depth(found, ahead, merged)]]
    names = _distinct(_names(lines, found[0], merged), source)
    header = Header(found[0] + len(lines) - 1, names, above, found[0])
    return header, chain(ahead[len(lines) - 1 :], rows)


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


def _as_merged(
    first: NumberedRow, below: Sequence[NumberedRow]
) -> tuple[NumberedRow, list[NumberedRow], tuple[Area, ...]]:
    """The rows of a text file with the merged cells that its header had; then its two lines are of one length."""
    number, titles = first
    if len(below) < 2:
        return first, list(below), ()
    (second, names), (_, data), *_ = below
    width = max(len(titles), len(names))
    titles, names = ([*row, *[""] * (width - len(row))] for row in (titles, names))
    areas = merged_before(number, shown_column(titles), shown_column(names), shown_column(data))
    if not areas:
        return first, list(below), ()
    return (number, titles), [(second, names), *below[1:]], areas


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
    texts = [[" ".join((text or "").split()) for text in shown_column(line)] for line in lines]
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
