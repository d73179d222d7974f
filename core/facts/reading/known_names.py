"""Lines that name known fields: what parts a header from the titles above it and the data below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from core.facts.fields import TABLES
from core.facts.matching.names import Known, known_names, normalise
from core.facts.reading.cells import shown_column

FEWEST_KNOWN = 2
"""Names of one table's fields in a line. Words of data are known names by chance, but not two in a row."""
_NO_NAME = re.compile(r"[\W\d_]+")

Texts = Sequence[str | None]
Cells = Sequence[Any]


def fields_named(line: Texts) -> int:
    """How many fields of one table the line names, in either language."""
    given = {normalise(text) for text in line if text}
    return max(len({known[name][0] for name in given & known.keys()}) for known in map(_names_of, TABLES))


def line_of_names(header: Sequence[Cells], below: Sequence[Cells]) -> int | None:
    """The position in `below` of the line that names most fields, where no line of what looks like a header does so.

    A line as narrow as the header has to name fields in most of its cells, for it may be data below names of its own.
    """
    likely = [at for at, line in enumerate(below) if _may_be_names(line)]
    if not likely or max(map(fields_named, map(shown_column, header))) >= FEWEST_KNOWN:
        return None
    width = max(map(_filled, header))
    counts = {at: fields_named(shown_column(below[at])) for at in likely}
    fits = [
        at
        for at, count in counts.items()
        if count >= FEWEST_KNOWN and (_filled(below[at]) > width or count * 2 > _filled(below[at]))
    ]
    return max(fits, key=counts.__getitem__, default=None)


def _may_be_names(line: Cells) -> bool:
    given = [cell for cell, text in zip(line, shown_column(line), strict=True) if text is not None]
    texts = all(isinstance(cell, str) and not _NO_NAME.fullmatch(cell) for cell in given)
    return len(given) >= FEWEST_KNOWN and texts and len(set(given)) == len(given)


def _filled(line: Cells) -> int:
    return sum(text is not None for text in shown_column(line))


def _names_of(table: str) -> Known:
    return known_names(TABLES[table].fields)
