"""Cells that lie under merged ones: a person sees one value over all of them, the file has it in the first.

The value stays where it is. An amount merged over three rows is one amount, so it is not copied into them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from core.facts.reading.source import Area, Source
from core.facts.reading.staged import Flag


class Covered:
    """The cells of the body of a table that lie under merged ones."""

    def __init__(self, merged: Sequence[Area], header_row: int, width: int, most: int) -> None:
        """Cells below `header_row`, in the first `width` columns; at most `most` are told one by one."""
        self.areas = [area for area in merged if area.bottom > header_row and area.left < width]
        self._cells: dict[int, dict[int, Area]] = {}
        told = 0
        for area in self.areas:
            for row in range(max(area.top, header_row + 1), area.bottom + 1):
                if told > most:
                    return
                columns = range(area.left, min(area.right, width - 1) + 1)
                told += len(columns)
                self._cells.setdefault(row, {}).update(
                    {column: area for column in columns if (row, column) != (area.top, area.left)}
                )

    def flags(self, table: pa.Table, source: Source) -> Iterator[Flag]:
        """The flags of the covered cells in a block of staged rows."""
        if not self._cells or not table.num_rows:
            return
        numbers = table["row"].to_pylist()
        for at, row in enumerate(numbers):
            for column, area in self._cells.get(row, {}).items():
                kind = "covered" if table[f"c{column}"][at].is_valid else "merged"
                yield row, column, kind, source.address(area.top, area.left)
