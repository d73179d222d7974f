"""Cells that the reading of the file had doubts about."""

from __future__ import annotations

import pyarrow.parquet as pq

from core.facts.cleaning.text import lost_digits
from core.facts.fields import Field
from core.facts.matching.match import ColumnMatch
from core.facts.problems import Problems
from core.facts.reading.staged import StagedSheet
from core.language import Message, mark

_TOO_MANY = mark(
    "The row has {cells} cells under {headers} headers. Put quotation marks around cells that hold the delimiter."
)
_CUT = mark(
    "The file ends in this row: it has {cells} of {headers} cells and no line end. Fetch the whole file again."
)
TOTAL = mark("This is a row of sums (“{word}”), not a record. Nothing of it was taken.")
_NO_VALUE = mark(
    "The cell holds a formula without a saved result. Open the file in Excel, save it, and try again."
)
_COVERED = mark(
    "The cell holds a value that nobody sees, because merged cells that begin in {first} cover it. Unmerge them."
)
_MERGED = mark(
    "The cell belongs to merged cells, whose value stands in {first} only. Unmerge them and fill in every row."
)

_MAKES_ANOTHER = ("order_no", "line_no")
"""Fields that may be left out, but without which a row is a record of its own: another order of that day."""


class Flags:
    """The reasons for doubt that reading the file left beside the cells."""

    def __init__(self, staged: StagedSheet) -> None:
        flags = pq.read_table(staged.flags).to_pydict() if staged.flag_counts else {}
        self._cells: dict[int, list[tuple[int, str, str]]] = {}
        self._rows: list[tuple[int, str, str]] = []
        self._width = len(staged.columns)
        self._counts = staged.flag_counts
        self._notes = staged.notes
        for row, column, flag, shown in zip(*(flags.get(n, ()) for n in ("row", "column", "flag", "shown")),
                                            strict=True):  # fmt: skip
            if column is None:
                self._rows.append((row, flag, shown or ""))
            else:
                self._cells.setdefault(column, []).append((row, flag, shown or ""))

    def refuse_rows(self, problems: Problems) -> None:
        """Refuse the rows that are no whole records: with a stray delimiter, cut off, or of sums."""
        for row, flag, shown in self._rows:
            if flag == "total":
                problems.settle(row, Message(TOTAL, {"word": shown}))
            elif flag == "cut":
                values = {"cells": int(shown), "headers": self._width}
                problems.settle(row, Message(_CUT, values))
            elif int(shown) > self._width:
                values = {"cells": int(shown), "headers": self._width}
                problems.settle(row, Message(_TOO_MANY, values))

    def errors(self, column: ColumnMatch) -> frozenset[str]:
        """The errors that cells of the column show instead of a value."""
        return frozenset(shown for _, flag, shown in self._cells.get(column.column, []) if flag == "error")

    def zeros(self, column: ColumnMatch) -> dict[int, str]:
        """Row -> digits, of the cells of the column that hold a number and show it with leading zeros."""
        return {row: shown for row, flag, shown in self._cells.get(column.column, []) if flag == "zeros"}

    def refuse_cells(self, column: ColumnMatch, field: Field, problems: Problems) -> None:
        """Refuse the cells whose text is not what was meant."""
        for row, flag, shown in self._cells.get(column.column, []):
            if flag == "digits_lost" and field.kind in ("code", "phone"):
                problems.add_one([row], column.place, lost_digits())
            elif flag == "no_value":
                problems.add_one([row], column.place, Message(_NO_VALUE))
            elif flag == "covered":
                problems.add_one([row], column.place, Message(_COVERED, {"first": shown}))
            elif flag == "merged" and (field.required or field.code in _MAKES_ANOTHER):
                problems.add_one([row], column.place, Message(_MERGED, {"first": shown}))

    def notes(self) -> list[Message]:
        """What a person has to know of how the file was read."""
        found = [*self._notes]
        removed = self._counts.get("nul_removed", 0)
        if removed:
            found.append(
                Message(
                    mark("Characters that cannot be stored were taken out of {cells} cells."),
                    {"cells": removed},
                )
            )
        short = sum(flag == "ragged" and int(shown) < self._width for _, flag, shown in self._rows)
        if short:
            found.append(
                Message(
                    mark(
                        "Rows with fewer cells than the header: {rows}. Their missing cells were read as blank."
                    ),
                    {"rows": short},
                )
            )
        return found


def error_shown(text: str) -> Message:
    """The refusal of a cell that shows an error."""
    return Message(
        mark("The cell shows the error {error}. Correct its formula or enter the value."), {"error": text}
    )
