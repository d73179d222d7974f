"""From staged text to typed rows and problems. Pure over frames: reads the staged sheet, knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.amounts import from_units
from core.facts.checking_flags import Flags, error_shown
from core.facts.checking_rules import amounts, keys_twice, stock_ages
from core.facts.cleaning import reader
from core.facts.cleaning_dates import Reading, day_order
from core.facts.cleaning_text import Outcome, Reader, shorten
from core.facts.exporting import unprotect
from core.facts.fields import Field, TableSpec
from core.facts.matching import ColumnMatch, Matching
from core.facts.matching_values import LONGEST_VALUE, MOST_VALUES, takes_values
from core.facts.problems import Problems
from core.facts.reading.staged import StagedSheet
from core.language import Message, mark

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SAMPLES = 5

ARROW_TYPES: Mapping[str, Any] = {
    "amount": pa.int64(),
    "cost": pa.int64(),
    "quantity": pa.int64(),
    "integer": pa.int64(),
    "score": pa.int64(),
    "date": pa.date32(),
    "month": pa.date32(),
    "datetime": pa.int64(),
    "yes_no": pa.bool_(),
}
"""Arrow type of a field's values; text where a kind is not named."""


@dataclass(frozen=True)
class CleanedField:
    """How many cells of a field were tidied, with some of the spellings before and after.

    Samples of personal fields are left out. `kind`: `tidied`, or `filled` where the cell was blank and its value
    follows from others.
    """

    field: str
    cells: int
    samples: tuple[tuple[str, str], ...] = ()
    kind: str = "tidied"


@dataclass(frozen=True)
class Checked:
    """The rows of a sheet as typed values, and what is wrong with them.

    `rows` (Arrow): `row` int64, the number in the sheet; `ok` bool, false where a problem refuses the row;
    every field of the table under its code, all NULL where the file has no such column: amounts, prices and
    quantities in ten-thousandths (int64), instants as microseconds since 1970 UTC (int64) with the business
    day beside them (`ordered_at` → `ordered_on`, date32), choices as codes, the rest as text.
    """

    table: TableSpec
    rows: Any
    problems: Problems
    cleaned: tuple[CleanedField, ...]
    notes: tuple[Message, ...]
    unread: Mapping[str, Mapping[str, int]]
    """Of fields that take certain values only: field code -> word that stands for none -> how many cells say it."""

    @property
    def table_code(self) -> str:
        return self.table.code

    @property
    def rows_read(self) -> int:
        return int(self.rows.num_rows)

    def with_verdicts(self) -> Any:
        """The rows, refused where there is a problem by now."""
        accepted = ~np.isin(self.rows.column("row").to_numpy(), self.problems.rows)
        return self.rows.set_column(self.rows.column_names.index("ok"), "ok", pa.array(accepted))

    def filled(self) -> dict[str, int]:
        """Field code -> how many accepted rows say something in it; fields of which none does are left out."""
        taken = ~np.isin(self.rows.column("row").to_numpy(), self.problems.rows)
        said = {code: self.rows.column(code).is_valid().to_numpy() for code in self.table.codes}
        counts = {code: int((taken & given).sum()) for code, given in said.items()}
        return {code: count for code, count in counts.items() if count}


def day_column(code: str) -> str:
    """The column with the business day of an instant: `ordered_at` → `ordered_on`."""
    return code.removesuffix("_at") + "_on"


def check(
    staged: StagedSheet,
    matching: Matching,
    reading: Reading,
    values: Mapping[str, Mapping[str, str | None]] | None = None,
) -> Checked:
    """Read every matched cell of the staged sheet by the kind of its field, then apply the rules of the row.

    `values`: field code -> cell -> the text to read in its place, None for empty.
    """
    work = _Check(staged, matching, reading, values or {})
    table = matching.table
    work.flags.refuse_rows(work.problems)
    for field in table.fields:
        work.read(field)
    notes = work.flags.notes()
    if table.code == "transactions":
        notes += amounts(work.columns, work.row_numbers, work.problems, work.matched)
    if table.code == "products" and "stock_days" in work.matched:
        turned, said = stock_ages(work.columns, work.row_numbers, work.problems, work.matched, reading.today)
        notes += said
        if turned:
            samples = tuple((str(age), day.isoformat()) for age, day in turned[:_SAMPLES])
            work.cleaned.append(CleanedField("stocked_on", len(turned), samples))
    for field in table.fields:
        if field.required:
            work.refuse_blanks(field, table.instead.get(field.code, ()))
    keys_twice(table.code, work.table(), work.problems)
    return Checked(table, work.table(), work.problems, tuple(work.cleaned), tuple(notes), work.unread)


def show(field: Field, value: Any) -> str:
    """A typed value as a person reads it."""
    if value is None:
        return ""
    if field.kind in ("amount", "quantity", "cost"):
        return f"{from_units(value):f}".rstrip("0").rstrip(".") if value % 10_000 else str(value // 10_000)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if field.kind == "month":
        return f"{value:%Y-%m}"
    return str(value)


class _Check:
    """One sheet while it is checked: what was read so far."""

    def __init__(
        self,
        staged: StagedSheet,
        matching: Matching,
        reading: Reading,
        values: Mapping[str, Mapping[str, str | None]],
    ) -> None:
        self.staged = staged
        self.reading = reading
        self.values = values
        self.matched: dict[str, ColumnMatch] = {c.field: c for c in matching.columns if c.field}
        self.row_numbers = pq.read_table(staged.path, columns=["row"]).column(0).combine_chunks().to_numpy()
        self.columns: dict[str, Any] = {}
        self.problems = Problems()
        self.cleaned: list[CleanedField] = []
        self.unread: dict[str, dict[str, int]] = {}
        self.flags = Flags(staged)

    def table(self) -> Any:
        """The rows as they are now."""
        accepted = pa.array(~np.isin(self.row_numbers, self.problems.rows))
        return pa.table({"row": self.row_numbers, "ok": accepted, **self.columns})

    def read(self, field: Field) -> None:
        """The typed column(s) of a field. Each spelling is read once, however many cells repeat it."""
        column = self.matched.get(field.code)
        if column is None:
            self.columns |= _blank_column(field, len(self.row_numbers))
            return
        name = f"c{column.column}"
        chunked = pq.read_table(self.staged.path, columns=[name], read_dictionary=[name]).column(0)
        encoded = chunked.unify_dictionaries().combine_chunks()
        texts: list[str] = encoded.dictionary.to_pylist()
        if self.staged.encoding is not None:  # a text file, where an apostrophe may guard a cell
            texts = [unprotect(text) for text in texts]
        reading = self.reading
        if field.kind in ("date", "datetime", "month"):
            order = day_order(texts)
            reading = replace(reading, day_order=order, days_from_1904=self.staged.days_from_1904)
        read = reader(field, reading)
        meant = self.values.get(field.code, {})
        errors = self.flags.errors(column)
        outcomes = [error_shown(text) if text in errors else read(text) for text in texts]
        for place, text in enumerate(texts):
            if text in meant:
                outcomes[place] = _meant(meant[text], read)
        indices = encoded.indices.fill_null(-1).to_numpy()
        self._note_problems(outcomes, indices, column)
        if takes_values(field):
            self._note_unread(field, texts, outcomes, indices)
        self._note_cleaned(field, texts, outcomes, indices)
        self.flags.refuse_cells(column, field, self.problems)
        values = [None if isinstance(outcome, Message) else outcome[0] for outcome in outcomes]
        self.columns |= _typed(field, values, encoded.indices, reading.time_zone)

    def refuse_blanks(self, field: Field, instead: tuple[str, ...]) -> None:
        """A required cell is blank, and so is one of those that could stand for it."""
        blank = _is_null(self.columns[field.code])
        if instead:
            blank = blank & np.logical_or.reduce([_is_null(self.columns[code]) for code in instead])
        # A row that is refused already needs no second reason: its cell may be blank only because it was.
        rows = np.setdiff1d(self.row_numbers[blank], self.problems.rows)
        column = self.matched.get(field.code)
        self.problems.add_one(
            rows,
            column.place if column else None,
            Message(mark("{field} is missing. Fill it in."), {"field": field.named}),
        )

    def _note_problems(self, outcomes: list[Outcome], indices: Any, column: ColumnMatch) -> None:
        bad = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Message)]
        if not bad:
            return
        messages = [outcome for outcome in outcomes if isinstance(outcome, Message)]
        position = np.full(len(outcomes) + 1, -1)  # the last one answers for blanks, whose index is -1
        position[bad] = np.arange(len(bad))
        which = position[indices]
        self.problems.add(self.row_numbers[which >= 0], column.place, messages, which[which >= 0])

    def _note_unread(self, field: Field, texts: list[str], outcomes: list[Outcome], indices: Any) -> None:
        counts = np.bincount(indices[indices >= 0], minlength=len(texts))
        unread = {
            text: int(counts[i])
            for i, (text, outcome) in enumerate(zip(texts, outcomes, strict=True))
            if isinstance(outcome, Message) and counts[i] and len(text) <= LONGEST_VALUE
        }
        if unread:
            frequent = sorted(unread.items(), key=lambda each: (-each[1], each[0]))
            self.unread[field.code] = dict(frequent[:MOST_VALUES])

    def _note_cleaned(self, field: Field, texts: list[str], outcomes: list[Outcome], indices: Any) -> None:
        tidied = [
            (i, outcome[0])
            for i, outcome in enumerate(outcomes)
            if not isinstance(outcome, Message) and outcome[1]
        ]
        if not tidied:
            return
        cells = int(np.isin(indices, [i for i, _ in tidied]).sum())
        samples = () if field.personal else tidied[:_SAMPLES]
        self.cleaned.append(
            CleanedField(
                field.code,
                cells,
                tuple((shorten(texts[i]), shorten(show(field, value))) for i, value in samples),
            )
        )


def _meant(text: str | None, read: Reader) -> Outcome:
    """What a person said that a cell stands for; never in silence."""
    outcome = (None, True) if text is None else read(text)
    return outcome if isinstance(outcome, Message) else (outcome[0], True)


def _is_null(column: Any) -> Any:
    return column.is_null().to_numpy(zero_copy_only=False)


def _typed(field: Field, values: list[Any], indices: Any, time_zone: str) -> dict[str, Any]:
    kind = ARROW_TYPES.get(field.kind, pa.string())
    if field.kind != "datetime":
        return {field.code: pa.array(values, kind).take(indices)}
    zone = ZoneInfo(time_zone)
    micros = [None if v is None else _micros(v) for v in values]
    days = [None if v is None else v.astimezone(zone).date() for v in values]
    return {
        field.code: pa.array(micros, kind).take(indices),
        day_column(field.code): pa.array(days, pa.date32()).take(indices),
    }


def _micros(instant: datetime) -> int:
    since = instant.astimezone(UTC) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _blank_column(field: Field, length: int) -> dict[str, Any]:
    blank = {field.code: pa.nulls(length, ARROW_TYPES.get(field.kind, pa.string()))}
    if field.kind == "datetime":
        blank[day_column(field.code)] = pa.nulls(length, pa.date32())
    return blank
