"""Rejected rows as a workbook: the rows of the file as they were, with where and why.

Beside them stand the accepted rows of the same orders, because an order is only replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import xlsxwriter

from core.facts.exporting import OPTIONS, ROWS_OF_A_SHEET, Writer
from core.facts.problems import Problems, RowProblem
from core.facts.reading.staged import StagedSheet
from core.language import mark, translate

_TAKEN = mark(
    "This row is taken as it is. It is here so that the order is whole when you import this file again to replace it."
)
_HEADERS = (mark("Row in the file"), mark("Where"), mark("Reason"))


def write_rejects(
    path: Path, staged: StagedSheet, problems: Problems, beside: Sequence[int], language: str
) -> None:
    """Write the refused rows of a staged sheet, reasons in `language`, and the accepted rows numbered `beside`.
    Corrected, the file can be imported again: the three columns in front match no field."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    headers = [*(translate(header, language) for header in _HEADERS), *staged.headers]
    with xlsxwriter.Workbook(str(path), OPTIONS) as workbook:
        rows = _rows(staged, problems, beside, language)
        Writer(workbook).sheet(translate(mark("Rejected rows"), language), headers, rows)


def _rows(
    staged: StagedSheet, problems: Problems, beside: Sequence[int], language: str
) -> Iterator[list[Any]]:
    accepted = set(beside)
    written = np.union1d(problems.rows, np.array(beside, dtype=np.int64))[:ROWS_OF_A_SHEET]
    reasons = groupby(problems, key=lambda problem: problem.row)
    for batch in pq.ParquetFile(staged.path).iter_batches():
        wanted = np.isin(batch.column("row").to_numpy(), written)
        if not wanted.any():
            continue
        kept = batch.filter(wanted)
        columns = [kept.column(f"c{i}").to_pylist() for i in range(len(staged.columns))]
        for row, *cells in zip(kept.column("row").to_pylist(), *columns, strict=True):
            told = ("", translate(_TAKEN, language)) if row in accepted else _told(next(reasons)[1], language)
            yield [row, *told, *cells]


def _told(problems: Iterable[RowProblem], language: str) -> tuple[str, str]:
    found = list(problems)
    where = ", ".join(problem.column for problem in found if problem.column)
    return where, " ".join(translate(problem.message, language) for problem in found)
