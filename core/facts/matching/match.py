"""Which header of a file stands for which field, and why. Pure.

`match_headers` knows only what is certain: names and known synonyms, and what somebody chose.
`matching_suggested.suggest` goes further, for somebody who looks at it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.facts.cleaning.header_units import UNKNOWN, header_unit
from core.facts.cleaning.header_units_told import unit_problem, unit_reason
from core.facts.fields import TableSpec
from core.facts.matching.names import known_names, normalise, without_headings
from core.facts.matching.problems import problems_of
from core.facts.reading.staged import column_letter
from core.facts.rejects_columns import added_columns
from core.language import Message, mark

_UNSAID = Message("")
_ADDED = Message(
    mark("This column was added when the rows were rejected. It is for reading only and is not stored.")
)


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
        return [c.header for c in self.columns if c.field is None and c.how != "rejects"]

    @property
    def mapping(self) -> dict[str, str]:
        """Header -> field code, as it is applied."""
        return {c.key: c.field for c in self.columns if c.field}

    @property
    def decided(self) -> dict[str, str | None]:
        """Header -> field code or None, of every column: whoever applies it gets this match and no other."""
        return {c.key: c.field for c in self.columns}


def column_keys(headers: Sequence[str]) -> list[str]:
    """What a mapping calls each column: its header; `header #2` for the second of that name, `#3` for a blank third.

    Columns that were added when rows were rejected do not count, so that the others are called as in the file they
    are from.
    """
    added = added_columns(headers)
    keys = [f"{header} #0" for header in headers[:added]]
    counts: dict[str, int] = {}
    for column, header in enumerate(headers[added:], 1):
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
    columns = list(certain_matches(table, headers, chosen, letters))
    rejected = {each.key for each in columns if each.how == "rejects"}
    add_below_headings(table, columns, chosen.keys() | rejected)
    tell_units(table, columns)
    return matching_of(table, columns, chosen, looked_at=False)


def matching_of(
    table: TableSpec,
    columns: Sequence[ColumnMatch],
    chosen: Mapping[str, str | None],
    *,
    looked_at: bool = True,
) -> Matching:
    """The match that these columns make, with what is wrong with it; `looked_at`: whether a person sees it first."""
    places: dict[str, list[str]] = {}
    problems = []
    for each in columns:
        if each.field:
            places.setdefault(each.field, []).append(each.place)
            problems += _unit_problems(table, each, asked=looked_at or each.how == "chosen")
    problems += problems_of(table, {each.key for each in columns}, places, chosen)
    return Matching(table, tuple(columns), tuple(problems))


def _unit_problems(table: TableSpec, column: ColumnMatch, *, asked: bool) -> list[Message]:
    field = table.field(column.field) if column.field in table.codes else None
    unit = header_unit(field, column.header) if field else None
    problem = unit_problem(unit, field, column.place, asked=asked) if unit and field else None
    return [problem] if problem else []


def certain_matches(
    table: TableSpec,
    headers: Sequence[str],
    chosen: Mapping[str, str | None],
    letters: Sequence[str] | None,
) -> tuple[ColumnMatch, ...]:
    """Every column with what is certain of it, or was chosen."""
    letters = letters or [column_letter(column) for column in range(len(headers))]
    known, taken = known_names(table.fields), {code for code in chosen.values() if code}
    added = added_columns(headers)
    columns = []
    for column, (header, key) in enumerate(zip(headers, column_keys(headers), strict=True)):
        if column < added and not chosen.get(key):
            field, how, why = None, "rejects", _ADDED
        elif key in chosen:
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


def add_below_headings(table: TableSpec, columns: list[ColumnMatch], settled: Collection[str]) -> None:
    """Fields for headers that are known once the heading over several columns is taken away."""
    known, free = known_names(table.fields), set(table.codes) - {each.field for each in columns if each.field}
    names = without_headings([each.header for each in columns])
    for place, (each, name) in enumerate(zip(columns, names, strict=True)):
        field, _how = known.get(normalise(name), ("", ""))
        if name == each.header or each.field or each.key in settled or field not in free:
            continue
        sentence = mark("Below its heading stands a known name for {field}.")
        named = {"field": table.field(field).named}
        columns[place] = replace(each, field=field, how="synonym", why=Message(sentence, named))


def tell_units(table: TableSpec, columns: list[ColumnMatch]) -> None:
    """Say in the reason of a match what unit the header gives its numbers."""
    for place, each in enumerate(columns):
        field = table.field(each.field) if each.field in table.codes else None
        if field is not None and (unit := header_unit(field, each.header)):
            why = Message("{why} {unit}", {"why": each.why, "unit": unit_reason(unit)})
            unsure = unit.currency or unit.doubt == UNKNOWN
            how = "similar" if unsure and each.how in ("exact", "synonym") else each.how
            columns[place] = replace(each, how=how, why=why)
