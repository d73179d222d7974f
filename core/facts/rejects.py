"""Rejected rows as a workbook: the rows of the file as they were, with where and why.

Beside them stand the accepted rows of the same orders, because an order is only replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import xlsxwriter

from core.facts.exporting import CHARACTERS_OF_A_CELL, OPTIONS, ROWS_OF_A_SHEET, Writer
from core.facts.problems import Problems, RowProblem
from core.facts.reading.staged import StagedSheet
from core.facts.rejects_columns import HEADERS, added_columns
from core.language import listed, mark, translate

_TAKEN = mark(
    "This row is taken as it is. It is here so that the order is whole when you import this file again to replace it."
)
_CUT = mark("A cell of this row has more characters than a workbook can hold and is cut off here.")


@dataclass(frozen=True)
class RejectedSheet:
    """A staged sheet with refused rows; `beside` numbers the accepted ones that go back with them."""

    staged: StagedSheet
    problems: Problems
    beside: Sequence[int] = ()


def write_rejects(path: Path, sheets: Sequence[RejectedSheet], language: str, *, named: bool = False) -> None:
    """Write the refused rows of each sheet, reasons in `language`, under the sheet's own name where there were
    several. Corrected, the file can be imported again: the three columns in front are known (`rejects_columns`), and
    where rows are rejected again they are written anew."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with xlsxwriter.Workbook(str(path), OPTIONS) as workbook:
        writer = Writer(workbook)
        for sheet in sheets:
            name = sheet.staged.sheet if named else translate(mark("Rejected rows"), language)
            own = sheet.staged.headers[added_columns(sheet.staged.headers) :]
            headers = [*(translate(header, language) for header in HEADERS), *own]
            writer.sheet(name, headers, _rows(sheet.staged, sheet.problems, sheet.beside, language))


def _rows(
    staged: StagedSheet, problems: Problems, beside: Sequence[int], language: str
) -> Iterator[list[Any]]:
    accepted = set(beside)
    written = np.union1d(problems.rows, np.array(beside, dtype=np.int64))[:ROWS_OF_A_SHEET]
    own = range(added_columns(staged.headers), len(staged.columns))
    reasons = groupby(problems, key=lambda problem: problem.row)
    for batch in pq.ParquetFile(staged.path).iter_batches():
        wanted = np.isin(batch.column("row").to_numpy(), written)
        if not wanted.any():
            continue
        kept = batch.filter(wanted)
        columns = [kept.column(f"c{i}").to_pylist() for i in own]
        for row, *cells in zip(kept.column("row").to_pylist(), *columns, strict=True):
            where, reason = (
                ("", translate(_TAKEN, language)) if row in accepted else _told(next(reasons)[1], language)
            )
            if any(cell and len(cell) > CHARACTERS_OF_A_CELL for cell in cells):
                reason += " " + translate(_CUT, language)
            yield [row, where, reason, *cells]


def _told(problems: Iterable[RowProblem], language: str) -> tuple[str, str]:
    found = list(problems)
    where = listed((problem.column for problem in found if problem.column), language)
    return where, " ".join(translate(problem.message, language) for problem in found)
