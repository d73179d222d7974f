"""Headers of two rows in text files: titles of groups with blanks beside them, and below them the names of columns.

A workbook says by its merged cells that a title reaches over several columns. Of that a text file keeps the title in
the first column alone, so the same lines could be a header with columns that nobody named, and a row of data. They are
taken for a header only where every column fits that form and the second line names fields that are known.
"""

from __future__ import annotations

import re

from core.facts.matching.names import normalise
from core.facts.reading.known_names import FEWEST_KNOWN, Texts, fields_named
from core.facts.reading.source import Area

_DIGIT = re.compile(r"\d")


def merged_before(number: int, titles: Texts, names: Texts, below: Texts) -> tuple[Area, ...]:
    """The merged cells that lines `number` and the next must have had; none where they are no header of two rows.

    `titles` and `names` are those lines, of the same length; `below` is the line after them.
    """
    groups: list[Area] = []
    alone: list[Area] = []
    for column, (title, name) in enumerate(zip(titles, names, strict=True)):
        if title and name:
            groups.append(Area(number, column, number, column))
        elif title:
            alone.append(Area(number, column, number + 1, column))
        elif name and groups and groups[-1].right == column - 1:
            groups[-1] = Area(number, groups[-1].left, number, column)
        elif not name or groups or alone:  # only columns in front of all titles need none
            return ()
    spanning = groups and all(group.right > group.left for group in groups)
    return (
        (*groups, *alone)
        if spanning and _are_names(names) and not fields_named(below) >= FEWEST_KNOWN
        else ()
    )


def _are_names(line: Texts) -> bool:
    given = [text for text in line if text]
    distinct = len(set(map(normalise, given))) == len(given)
    return distinct and not any(map(_DIGIT.search, given)) and fields_named(line) >= FEWEST_KNOWN
