"""Cells that the reading of the file had doubts about."""

from __future__ import annotations

import pyarrow.parquet as pq

from core.facts.cleaning import lost_digits
from core.facts.fields import Field
from core.facts.matching import ColumnMatch
from core.facts.problems import Problems
from core.facts.reading.staged import StagedSheet
from core.language import Message, mark


class Flags:
    """The reasons for doubt that reading the file left beside the cells."""

    def __init__(self, staged: StagedSheet) -> None:
        flags = pq.read_table(staged.flags).to_pydict() if staged.flag_counts else {}
        self._cells: dict[int, list[tuple[int, str, str]]] = {}
        self._rows: list[tuple[int, int]] = []
        self._width = len(staged.columns)
        self._counts = staged.flag_counts
        for row, column, flag, shown in zip(*(flags.get(n, ()) for n in ("row", "column", "flag", "shown")),
                                            strict=True):  # fmt: skip
            if column is None:
                self._rows.append((row, int(shown)))
            else:
                self._cells.setdefault(column, []).append((row, flag, shown or ""))

    def refuse_rows(self, problems: Problems) -> None:
        """A row with more cells than headers has a stray delimiter: which cell is which cannot be told."""
        for row, cells in self._rows:
            if cells > self._width:
                problems.add_one(
                    [row],
                    None,
                    Message(
                        mark(
                            "The row has {cells} cells under {headers} headers. Put quotation marks around "
                            "cells that hold the delimiter."
                        ),
                        {"cells": cells, "headers": self._width},
                    ),
                )

    def errors(self, column: ColumnMatch) -> frozenset[str]:
        """The errors that cells of the column show instead of a value."""
        return frozenset(shown for _, flag, shown in self._cells.get(column.column, []) if flag == "error")

    def refuse_cells(self, column: ColumnMatch, field: Field, problems: Problems) -> None:
        """Refuse the cells whose text is not what was meant."""
        for row, flag, _ in self._cells.get(column.column, []):
            if flag == "digits_lost" and field.kind in ("code", "phone"):
                problems.add_one([row], column.place, lost_digits())
            elif flag == "no_value":
                problems.add_one(
                    [row],
                    column.place,
                    Message(
                        mark(
                            "The cell holds a formula without a saved result. Open the file in Excel, save it, "
                            "and try again."
                        )
                    ),
                )

    def notes(self) -> list[Message]:
        removed = self._counts.get("nul_removed", 0)
        if not removed:
            return []
        return [
            Message(
                mark("Characters that cannot be stored were taken out of {cells} cells."), {"cells": removed}
            )
        ]


def error_shown(text: str) -> Message:
    """The refusal of a cell that shows an error."""
    return Message(
        mark("The cell shows the error {error}. Correct its formula or enter the value."), {"error": text}
    )
