"""From staged text to typed rows and problems. Pure over frames: reads the staged sheet, knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from core.facts.checking.columns import blank_column, is_null, show, typed
from core.facts.checking.flags import Flags, error_shown
from core.facts.checking.no_records import rows_without_record
from core.facts.checking.readers import column_reader
from core.facts.checking.results import Checked, CleanedField
from core.facts.checking.rules import amounts, keys_twice, stock_ages
from core.facts.checking.zeros import as_numbers, as_shown, keeps_zeros
from core.facts.cleaning.dates import Reading
from core.facts.cleaning.text import Outcome, Reader, shorten
from core.facts.exporting import unprotect
from core.facts.fields import Field
from core.facts.matching.match import ColumnMatch, Matching
from core.facts.matching.values import MOST_VALUES, is_a_word, takes_values
from core.facts.problems import Problems
from core.facts.reading.staged import StagedSheet
from core.language import Message, mark

_SAMPLES = 5


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
    refused = set(work.problems.rows.tolist())
    for row, why in rows_without_record(staged, matching).items():
        if row not in refused:
            work.problems.settle(row, why)
    for field in table.fields:
        work.read(field)
    notes = work.flags.notes() + work.notes
    if table.code == "transactions":
        notes += amounts(work.columns, work.row_numbers, work.problems, work.matched)
    if table.code == "products" and "stock_days" in work.matched:
        turned, said = stock_ages(work.columns, work.row_numbers, work.problems, work.matched, reading)
        notes += said
        if turned:
            samples = tuple((str(age), day.isoformat()) for age, day in turned[:_SAMPLES])
            work.cleaned.append(CleanedField("stocked_on", len(turned), samples))
    for field in table.fields:
        if field.required:
            work.refuse_blanks(field, table.instead.get(field.code, ()))
    keys_twice(table.code, work.table(), work.problems)
    places = {code: column.place for code, column in work.matched.items()}
    return Checked(table, work.table(), work.problems, tuple(work.cleaned), tuple(notes), work.unread, places)


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
        self.notes: list[Message] = []

    def table(self) -> Any:
        """The rows as they are now."""
        accepted = pa.array(~np.isin(self.row_numbers, self.problems.rows))
        return pa.table({"row": self.row_numbers, "ok": accepted, **self.columns})

    def read(self, field: Field) -> None:
        """The typed column(s) of a field. Each spelling is read once, however many cells repeat it."""
        column = self.matched.get(field.code)
        if column is None:
            self.columns |= blank_column(field, len(self.row_numbers))
            return
        name = f"c{column.column}"
        chunked = pq.read_table(self.staged.path, columns=[name], read_dictionary=[name]).column(0)
        encoded = chunked.unify_dictionaries().combine_chunks()
        zeros = self.flags.zeros(column)
        if zeros and not keeps_zeros(field):
            encoded = as_numbers(encoded, self.row_numbers, zeros)
        elif zeros:
            kept = () if field.personal else as_shown(encoded, self.row_numbers, zeros, _SAMPLES)
            self.cleaned.append(CleanedField(field.code, len(zeros), kept, "shown"))
        texts: list[str] = encoded.dictionary.to_pylist()
        written, typed_cells = texts, self.staged.encoding is None
        if not typed_cells:  # a text file, where an apostrophe may guard a cell
            texts = [unprotect(text) for text in written]
        read, notes = column_reader(
            field, column, texts, self.reading, from_1904=self.staged.days_from_1904, typed=typed_cells
        )
        self.notes += notes
        meant = self.values.get(field.code, {})
        errors = self.flags.errors(column)
        outcomes = [error_shown(text) if text in errors else read(text) for text in texts]
        for place, text in enumerate(texts):
            if text in meant:
                outcomes[place] = _meant(meant[text], read)
            elif text != written[place]:
                outcomes[place] = _tidied(outcomes[place])
        indices = encoded.indices.fill_null(-1).to_numpy()
        self._note_problems(outcomes, indices, column)
        if takes_values(field):
            self._note_unread(field, texts, outcomes, indices)
        self._note_cleaned(field, written, outcomes, indices)
        self.flags.refuse_cells(column, field, self.problems)
        values = [None if isinstance(outcome, Message) else outcome[0] for outcome in outcomes]
        self.columns |= typed(field, values, encoded.indices, self.reading.time_zone)

    def refuse_blanks(self, field: Field, instead: tuple[str, ...]) -> None:
        """A required cell is blank, and so is one of those that could stand for it."""
        blank = is_null(self.columns[field.code])
        if instead:
            blank = blank & np.logical_or.reduce([is_null(self.columns[code]) for code in instead])
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
            if isinstance(outcome, Message) and counts[i] and is_a_word(text)
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
    return _tidied((None, True) if text is None else read(text))


def _tidied(outcome: Outcome) -> Outcome:
    return outcome if isinstance(outcome, Message) else (outcome[0], True)
