"""A sheet written as Parquet, a block of rows at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.facts.reading.cells import lost_digits, shown_column
from core.facts.reading.headers import Header, NumberedRow, check_header, find_header, no_rows
from core.facts.reading.limits import Limits
from core.facts.reading.merging import Covered
from core.facts.reading.noting import notes
from core.facts.reading.scan import too_many_errors
from core.facts.reading.source import Source
from core.facts.reading.staged import Flag, StagedColumn, StagedSheet, column_letter
from core.facts.reading.totals import total_rows
from core.facts.reading.written_by_excel import errors, unwrap

BLOCK = 20_000
"""Rows rendered and written at once."""

FLAG_SCHEMA = pa.schema(
    [("row", pa.int64()), ("column", pa.int32()), ("flag", pa.string()), ("shown", pa.string())]
)


@dataclass
class _Tally:
    """What was written so far."""

    filled: list[bool]
    """Whether a column holds anything."""
    last_row: int
    hidden_rows: Any
    """Numbers of the rows hidden in the sheet."""
    rows: int = 0
    hidden: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    unwrapped: Counter[int] = field(default_factory=Counter)
    """Column -> cells whose text was kept from becoming a number."""
    first_error: tuple[int, int] | None = None

    def add(self, table: pa.Table, flags: list[Flag]) -> None:
        """Count a block."""
        holds = (column.null_count < len(column) for column in table.columns[1:])
        self.filled = [before or now for before, now in zip(self.filled, holds, strict=True)]
        self.rows += table.num_rows
        self.last_row = table["row"][-1].as_py() if table.num_rows else self.last_row
        self.hidden += int(np.isin(table["row"].to_numpy(), self.hidden_rows).sum())
        self.flags.update(flag for _, _, flag, _ in flags)
        self.first_error = self.first_error or min(
            ((row, column or 0) for row, column, flag, _ in flags if flag == "error"), default=None
        )


def write(
    source: Source,
    sha256: str,
    into: Path,
    limits: Limits,
    progress: Callable[[float], None],
    *,
    headless: bool,
) -> StagedSheet:
    """Write `rows.parquet` and `flags.parquet` of `source` into the folder `into`."""
    header, below = find_header(source, headless=headless)
    check_header(header, source, limits)
    width = source.width or len(header.names)
    covered = Covered(source.merged, header.row, width, limits.error_cells)
    hidden_rows = np.asarray(source.hidden_rows, dtype=np.int64)
    tally = _Tally([False] * width, header.row, hidden_rows)
    into.mkdir(parents=True, exist_ok=True)
    path, flags_path = into / "rows.parquet", into / "flags.parquet"
    schema = pa.schema([("row", pa.int64()), *((f"c{index}", pa.string()) for index in range(width))])
    with pq.ParquetWriter(path, schema) as writer, pq.ParquetWriter(flags_path, FLAG_SCHEMA) as flag_writer:
        last: NumberedRow = (0, ())
        while block := list(islice(below, BLOCK)):
            table, flags = _block(block, width, source, tally.unwrapped)
            flags += covered.flags(table, source)
            writer.write_table(table)
            flag_writer.write_table(_flag_table(flags))
            tally.add(table, flags)
            if tally.first_error and tally.flags["error"] > limits.error_cells:
                raise too_many_errors(source, *tally.first_error, limits)
            progress(min(block[-1][0] / source.expected_rows, 1.0))
            last = block[-1]
        if source.ends_open and 0 < len(last[1]) < width:
            flag_writer.write_table(_flag_table([(last[0], None, "cut", str(len(last[1])))]))
            tally.flags["cut"] += 1
    if not tally.rows:
        raise no_rows(header, source)
    columns = _columns(header, tally.filled, source)
    if len(columns) < width:
        pq.write_table(pq.read_table(path, columns=schema.names[: len(columns) + 1]), path)
    return StagedSheet(
        path=path,
        flags=flags_path,
        file_name=source.file_name,
        sha256=sha256,
        sheet=source.sheet,
        header_row=header.row,
        columns=columns,
        rows=tally.rows,
        blank_rows=tally.last_row - header.row - tally.rows,
        rows_above=header.above.count,
        hidden_rows=tally.hidden + int((hidden_rows == 0).sum()),
        hidden_sheets=source.hidden_sheets,
        other_sheets=source.other_sheets,
        flag_counts=dict(tally.flags),
        encoding=source.encoding,
        delimiter=source.delimiter,
        notes=tuple(notes(source, header, columns, covered, tally.unwrapped)),
        days_from_1904=source.days_from_1904,
    )


def _block(
    block: list[NumberedRow], width: int, source: Source, unwrapped: Counter[int]
) -> tuple[pa.Table, list[Flag]]:
    """The rows of a block that hold something, and the flags of its cells."""
    start = block[0][0]
    flags: list[Flag] = []
    if source.width is None:
        rows = [_of_width(number, row, width, flags) for number, row in block]
    else:
        rows = [row for _, row in block]
    cells = list(zip(*rows, strict=True))
    texts = [shown_column(values) for values in cells]
    for index, values in enumerate(cells):
        flags += [(start + at, index, "digits_lost", texts[index][at]) for at in lost_digits(values)]
    if source.errors:
        flags += _put_errors(texts, start, len(rows), source)
    columns = [pa.array(column, pa.string()) for column in texts]
    for index, padded in source.padded_columns.items():
        columns[index], numbers, digits = padded.shown(cells[index], columns[index], start)
        flags += zip(numbers, repeat(index), repeat("zeros"), digits)
    for index, column in enumerate(columns):
        columns[index], removed = _without_nul(column)
        flags += [(start + at, index, "nul_removed", columns[index][at].as_py()) for at in removed]
        if source.width is None:
            columns[index], kept = unwrap(columns[index])
            unwrapped[index] += kept
            flags += [(start + at, index, "error", columns[index][at].as_py()) for at in errors(column)]
    table = pa.table(
        [pa.array(range(start, start + len(rows)), pa.int64()), *columns],
        names=["row", *(f"c{index}" for index in range(width))],
    )
    flags += [(start + at, None, "total", word) for at, word in total_rows(columns)]
    unseen = pa.array(source.errors.keys() & range(start, start + len(rows)), pa.int64())
    filled = reduce(pc.or_, (pc.is_valid(column) for column in columns), pc.is_in(table["row"], unseen))
    return (table if pc.all(filled).as_py() else table.filter(filled)), flags


def _of_width(number: int, row: Sequence[Any], width: int, flags: list[Flag]) -> Sequence[Any]:
    """The row of a text file cut or filled to `width`, with a flag unless only blanks were cut."""
    if len(row) == width:
        return row
    blank = [""] * (width - len(row))
    if row and (blank or any(shown_column(row[width:]))):
        flags.append((number, None, "ragged", str(len(row))))
    return [*row[:width], *blank]


def _put_errors(texts: list[list[str | None]], start: int, height: int, source: Source) -> Iterator[Flag]:
    """Put the texts of error cells where the reader left blanks; a formula without a result is blank."""
    for row in source.errors.keys() & range(start, start + height):
        for index, text in source.errors[row].items():
            texts[index][row - start] = text or None
            yield row, index, "error" if text else "no_value", text or None


def _without_nul(column: pa.Array) -> tuple[pa.Array, list[int]]:
    """The column without NUL characters, which no database text can hold, and where they were."""
    found = pc.match_substring(column, "\0")
    if not pc.any(found).as_py():
        return column, []
    cleaned = pc.replace_substring(column, "\0", "")
    nothing = pa.scalar(None, pa.string())
    return (
        pc.if_else(pc.equal(cleaned, ""), nothing, cleaned),
        pc.indices_nonzero(found.fill_null(False)).to_pylist(),
    )


def _flag_table(flags: list[Flag]) -> pa.Table:
    columns = zip(*flags, strict=True) if flags else [()] * len(FLAG_SCHEMA)
    return pa.table(
        [pa.array(values, column.type) for values, column in zip(columns, FLAG_SCHEMA, strict=True)],
        schema=FLAG_SCHEMA,
    )


def _columns(header: Header, filled: list[bool], source: Source) -> tuple[StagedColumn, ...]:
    """The columns in use: up to the last with a header or a value."""
    used = max((len(header.names), *(index + 1 for index, has in enumerate(filled) if has)))
    names = header.names + ("",) * (used - len(header.names))
    return tuple(
        StagedColumn(name, column_letter(source.first_column + index)) for index, name in enumerate(names)
    )
