"""Which header of a file stands for which field. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from core.facts.fields import Field, TableSpec
from core.facts.reading.staged import column_letter
from core.language import Message, mark

_IN_BRACKETS = re.compile(r"[(\[【{<].*?[)\]】}>]")
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the file. `column` counts from 0; `how` is a key of `labels.MATCHES`."""

    column: int
    letter: str
    header: str
    field: str | None
    how: str

    @property
    def place(self) -> str:
        """How a problem names the column: letter and header."""
        return f"{self.letter} ({self.header})"


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
        return {c.header: c.field for c in self.columns if c.field}


def normalise(header: str) -> str:
    """What two spellings of one header share: width, case, spaces, punctuation and units in brackets go."""
    plain = unicodedata.normalize("NFKC", header).casefold().strip().lstrip("*")
    without_unit = _IN_BRACKETS.sub("", plain)
    return _NOT_A_WORD.sub("", without_unit) or _NOT_A_WORD.sub("", plain)


def match_headers(
    table: TableSpec,
    headers: Sequence[str],
    chosen: Mapping[str, str | None] | None = None,
    letters: Sequence[str] | None = None,
) -> Matching:
    """Match `headers` (in the order of the columns) with the fields of a table.

    `letters` are those of the columns in the sheet, where it does not begin with A.

    `chosen` corrects by hand: header -> field code, or None to ignore the column. A field chosen by hand is
    taken from the columns that would have matched by themselves.
    """
    chosen = chosen or {}
    taken = {code for code in chosen.values() if code}
    letters = letters or [column_letter(column) for column in range(len(headers))]
    columns = tuple(
        ColumnMatch(column, letters[column], header, *_match(table, header, chosen, taken))
        for column, header in enumerate(headers)
    )
    return Matching(table, columns, tuple(_problems(table, columns, headers, chosen)))


def _match(
    table: TableSpec, header: str, chosen: Mapping[str, str | None], taken: set[str]
) -> tuple[str | None, str]:
    """Field code and how it was found."""
    if header in chosen:
        field = chosen[header]
        return field, "chosen" if field else "none"
    field, how = _known_headers(table.fields).get(normalise(header), (None, "none"))
    return (None, "none") if field in taken else (field, how)


@cache
def _known_headers(fields: tuple[Field, ...]) -> dict[str, tuple[str | None, str]]:
    """Normalised header -> field code and how it matches; the field's own names win over its synonyms."""
    known: dict[str, tuple[str | None, str]] = {}
    for field in fields:
        for name in (*field.synonyms_zh[1:], *field.synonyms_en):
            known[normalise(name)] = (field.code, "synonym")
    for field in fields:
        for name in (field.code, field.label, field.synonyms_zh[0]):
            known[normalise(name)] = (field.code, "exact")
    return known


def _problems(
    table: TableSpec,
    columns: Sequence[ColumnMatch],
    headers: Sequence[str],
    chosen: Mapping[str, str | None],
) -> list[Message]:
    problems = [
        Message(mark("The file has no column {header}. Choose one of its headers."), {"header": header})
        for header in chosen
        if header not in headers
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
        {"columns": named, "field": Message(field.label)},
    )


def _missing(field: Field, instead: Sequence[Field]) -> Message:
    if not instead:
        return Message(
            mark("The column {field} is missing. Add it, or choose which header stands for it."),
            {"field": Message(field.label)},
        )
    return Message(
        mark(
            "The column {field} is missing, and so is one of {first} and {second}, which together can stand "
            "for it. Add it, or choose which header stands for it."
        ),
        {
            "field": Message(field.label),
            "first": Message(instead[0].label),
            "second": Message(instead[1].label),
        },
    )
