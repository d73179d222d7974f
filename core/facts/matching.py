"""Which header of a file stands for which field, and why. Pure.

`match_headers` knows only what is certain: names and known synonyms, and what somebody chose. `suggest` goes
further, for somebody who looks at it: kept matches, headers that are nearly a known one, what the cells look like.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.facts.fields import Field, TableSpec
from core.facts.matching_content import by_content
from core.facts.matching_headers import (
    SAME,
    known_names,
    large_unit,
    normalise,
    says_another_thing,
    similar,
    without_headings,
)
from core.facts.reading.staged import column_letter
from core.language import Message, mark

__all__ = ["ColumnMatch", "Matching", "column_keys", "match_headers", "normalise", "suggest"]

Cells = Sequence[Sequence[str | None]]
"""Rows of cells, each in the order of the columns; a short row ends in blanks."""


_UNSAID = Message("")


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the file. `column` counts from 0; `how` is a key of `labels.MATCHES`."""

    column: int
    letter: str
    header: str
    field: str | None
    how: str
    why: Message = _UNSAID
    """Why it was matched so, in a sentence."""
    key: str = ""
    """What a mapping calls the column: its header, with a number where that is blank or stands there twice."""

    @property
    def place(self) -> str:
        """How a problem names the column: letter and header."""
        return f"{self.letter} ({self.header})" if self.header else self.letter


@dataclass(frozen=True)
class Matching:
    """What was made of the headers; a file with `problems` cannot be imported before they are settled."""

    table: TableSpec
    columns: tuple[ColumnMatch, ...]
    problems: tuple[Message, ...]

    @property
    def fields(self) -> dict[str, int]:
        """Field code -> column, for the columns that are used."""
        return {c.field: c.column for c in self.columns if c.field}

    @property
    def ignored(self) -> list[str]:
        """Headers of the columns that match nothing."""
        return [c.header for c in self.columns if c.field is None]

    @property
    def mapping(self) -> dict[str, str]:
        """Header -> field code, as it is applied."""
        return {c.key: c.field for c in self.columns if c.field}

    @property
    def decided(self) -> dict[str, str | None]:
        """Header -> field code or None, of every column: whoever applies it gets this match and no other."""
        return {c.key: c.field for c in self.columns}


def column_keys(headers: Sequence[str]) -> list[str]:
    """What a mapping calls each column: its header; `header #2` for the second of that name, `#3` for a blank third."""
    keys: list[str] = []
    counts: dict[str, int] = {}
    for column, header in enumerate(headers, 1):
        counts[header] = counts.get(header, 0) + 1
        keys.append(
            f"#{column}" if not header else header if counts[header] == 1 else f"{header} #{counts[header]}"
        )
    return keys


def match_headers(
    table: TableSpec,
    headers: Sequence[str],
    chosen: Mapping[str, str | None] | None = None,
    letters: Sequence[str] | None = None,
) -> Matching:
    """Match `headers` (in the order of the columns) with the fields of a table, by what is certain.

    `letters` are those of the columns in the sheet, where it does not begin with A.

    `chosen` corrects by hand: header (see `column_keys`) -> field code, or None to ignore the column. A field
    chosen by hand is taken from the columns that would have matched by themselves.
    """
    chosen = chosen or {}
    columns = _matched(table, headers, chosen, letters)
    return Matching(table, columns, tuple(_problems(table, columns, chosen)))


def suggest(
    table: TableSpec,
    headers: Sequence[str],
    sample: Cells,
    chosen: Mapping[str, str | None] | None = None,
    *,
    kept: Mapping[str, str | None] | None = None,
    kept_name: str = "",
    known_codes: Collection[str] = (),
) -> Matching:
    """Match headers for somebody who sees and can correct it.

    What was `chosen` goes first, then the match `kept` under that name, then what is certain; of the columns still
    without a field, those whose header is similar to a name of a free field; last, by their cells in `sample`, those
    whose header says nothing. `known_codes`: codes of stored customers among the cells.
    """
    chosen = chosen or {}
    taken = {code for code in chosen.values() if code}
    from_kept = {key: code for key, code in (kept or {}).items() if key not in chosen and code not in taken}
    columns = list(_matched(table, headers, {**from_kept, **chosen}, None))
    note = Message(mark("Taken over from the kept match “{name}”."), {"name": kept_name})
    for place, each in enumerate(columns):
        if each.key in from_kept:
            columns[place] = replace(each, how="saved" if each.field else "none", why=note)
    _doubt_units(table, columns)
    _add_below_headings(table, columns, chosen.keys() | from_kept.keys())
    _add_similar(table, columns, chosen.keys() | from_kept.keys())
    _add_by_content(table, columns, sample, chosen.keys() | from_kept.keys(), known_codes)
    return Matching(table, tuple(columns), tuple(_problems(table, columns, chosen)))


def _matched(
    table: TableSpec,
    headers: Sequence[str],
    chosen: Mapping[str, str | None],
    letters: Sequence[str] | None,
) -> tuple[ColumnMatch, ...]:
    letters = letters or [column_letter(column) for column in range(len(headers))]
    known, taken = known_names(table.fields), {code for code in chosen.values() if code}
    columns = []
    for column, (header, key) in enumerate(zip(headers, column_keys(headers), strict=True)):
        if key in chosen:
            field, how = chosen[key], "chosen" if chosen[key] else "none"
            why = Message(mark("You chose it.")) if field else Message(mark("You chose to ignore it."))
        else:
            field, how, why = _certain(table, known.get(normalise(header)), taken)
        columns.append(ColumnMatch(column, letters[column], header, field, how, why, key))
    return tuple(columns)


def _certain(
    table: TableSpec, found: tuple[str, str] | None, taken: Collection[str]
) -> tuple[str | None, str, Message]:
    if found is None:
        return None, "none", Message(mark("No field goes by this name."))
    field, how = found
    named = {"field": table.field(field).named}
    if field in taken:
        return None, "none", Message(mark("Another column was chosen for {field}."), named)
    if how == "exact":
        return field, how, Message(mark("The header is the name of the field."))
    return field, how, Message(mark("The header is a known name for {field}."), named)


def _doubt_units(table: TableSpec, columns: list[ColumnMatch]) -> None:
    """A header that speaks of ten thousands is marked: its numbers are taken as they stand."""
    for place, each in enumerate(columns):
        if each.how not in ("exact", "synonym") or not (unit := large_unit(each.header)):
            continue
        if table.field(each.field or "").kind in ("amount", "cost"):
            sentence = mark("The header says {unit}, but numbers are taken as they stand. Check them.")
            columns[place] = replace(each, how="similar", why=Message(sentence, {"unit": unit}))


def _add_below_headings(table: TableSpec, columns: list[ColumnMatch], settled: Collection[str]) -> None:
    """Fields for headers that are known once the heading over several columns is taken away."""
    known, free = known_names(table.fields), set(table.codes) - {each.field for each in columns if each.field}
    names = without_headings([each.header for each in columns])
    for place, (each, name) in enumerate(zip(columns, names, strict=True)):
        field, _how = known.get(normalise(name), ("", ""))
        if name == each.header or each.field or each.key in settled or field not in free:
            continue
        sentence = mark("Below its heading stands a known name for {field}.")
        named = {"field": Message(table.field(field).label)}
        columns[place] = replace(each, field=field, how="synonym", why=Message(sentence, named))


def _add_similar(table: TableSpec, columns: list[ColumnMatch], settled: Collection[str]) -> None:
    """Fields for headers that are nearly a known one, as long as the field is free when all certain ones are given."""
    free = set(table.codes) - {each.field for each in columns if each.field}
    for place, each in enumerate(columns):
        if each.field or each.key in settled or not each.header:
            continue
        found = similar(table, each.header)
        if found and found.field in free:
            sentence = (
                mark("Means the same as {field}.")
                if found.score == SAME
                else mark("Nearly “{name}”, a name of {field} ({score}% alike).")
            )
            named = {
                "name": found.name,
                "field": table.field(found.field).named,
                "score": found.score,
            }
            columns[place] = replace(each, field=found.field, how="similar", why=Message(sentence, named))


def _add_by_content(
    table: TableSpec,
    columns: list[ColumnMatch],
    sample: Cells,
    settled: Collection[str],
    known_codes: Collection[str],
) -> None:
    silent = {
        each.column: [cell for row in sample if (cell := _cell(row, each.column))]
        for each in columns
        if not each.field and each.key not in settled and not says_another_thing(each.header)
    }
    free = set(table.codes) - {each.field for each in columns if each.field}
    for column, (field, why) in by_content(table, silent, free, known_codes).items():
        columns[column] = replace(columns[column], field=field, how="content", why=why)


def _cell(row: Sequence[str | None], column: int) -> str | None:
    return row[column] if column < len(row) else None


def _problems(
    table: TableSpec, columns: Sequence[ColumnMatch], chosen: Mapping[str, str | None]
) -> list[Message]:
    keys = {each.key for each in columns}
    problems = [
        Message(mark("The file has no column {header}. Choose one of its headers."), {"header": header})
        for header in chosen
        if header not in keys
    ]
    problems += [
        Message(
            mark("{field} is not a field of this table. Choose one of: {fields}."),
            {"field": code, "fields": ", ".join(table.codes)},
        )
        for code in chosen.values()
        if code and code not in table.codes
    ]
    by_field: dict[str, list[ColumnMatch]] = {}
    for column in columns:
        if column.field:
            by_field.setdefault(column.field, []).append(column)
    problems += [_twice(table.field(code), found) for code, found in by_field.items() if len(found) > 1
                 and code in table.codes]  # fmt: skip
    problems += [
        _missing(field, [table.field(code) for code in table.instead.get(field.code, ())])
        for field in table.fields
        if field.required
        and field.code not in by_field
        and not (
            table.instead.get(field.code) and all(code in by_field for code in table.instead[field.code])
        )
    ]
    return problems


def _twice(field: Field, columns: Sequence[ColumnMatch]) -> Message:
    named = ", ".join(c.place for c in columns)
    return Message(
        mark("The columns {columns} all stand for {field}. Choose which one to use and ignore the others."),
        {"columns": named, "field": field.named},
    )


def _missing(field: Field, instead: Sequence[Field]) -> Message:
    if not instead:
        return Message(
            mark("The column {field} is missing. Add it, or choose which header stands for it."),
            {"field": field.named},
        )
    if len(instead) == 1:
        return Message(
            mark(
                "The column {field} is missing, and so is {other}, which can stand for it. Add one of them, or "
                "choose which header stands for it."
            ),
            {"field": field.named, "other": instead[0].named},
        )
    return Message(
        mark(
            "The column {field} is missing, and so is one of {first} and {second}, which together can stand "
            "for it. Add it, or choose which header stands for it."
        ),
        {
            "field": field.named,
            "first": instead[0].named,
            "second": instead[1].named,
        },
    )
