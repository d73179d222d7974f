"""A match of headers for somebody who looks at it: more than what is certain, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from core.facts.fields import TableSpec
from core.facts.matching.content import by_content, contacts_instead
from core.facts.matching.likeness import SAME, likenesses
from core.facts.matching.match import (
    ColumnMatch,
    Matching,
    add_below_headings,
    certain_matches,
    column_keys,
    matching_of,
    tell_units,
)
from core.facts.matching.names import known_names, normalise, says_another_thing
from core.facts.matching.values import takes_values
from core.language import Message, mark

Cells = Sequence[Sequence[str | None]]
"""Rows of cells, each in the order of the columns; a short row ends in blanks."""


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
    asked_again = _named_meanwhile(table, headers, kept or {}) - chosen.keys()
    from_kept = {
        key: code or None
        for key, code in (kept or {}).items()
        if key not in chosen and code not in taken and key not in asked_again
    }
    columns = list(certain_matches(table, headers, {**from_kept, **chosen}, None))
    note = Message(mark("Taken over from the kept match “{name}”."), {"name": kept_name})
    for place, each in enumerate(columns):
        if each.key in from_kept and each.how != "rejects":
            columns[place] = replace(each, how="saved" if each.field else "none", why=note)
        elif each.key in asked_again and each.field:
            sentence = mark(
                "The kept match “{name}” ignores this column, but by now a field goes by its name."
            )
            columns[place] = replace(each, why=Message(sentence, {"name": kept_name}))
    settled = chosen.keys() | from_kept.keys() | {each.key for each in columns if each.how == "rejects"}
    add_below_headings(table, columns, settled)
    _add_similar(table, columns, settled)
    _drop_contradicted(table, columns, sample, settled)
    _add_by_content(table, columns, sample, settled, known_codes)
    tell_units(table, columns)
    return matching_of(table, columns, chosen)


def _named_meanwhile(table: TableSpec, headers: Sequence[str], kept: Mapping[str, str | None]) -> set[str]:
    """Columns that a kept match ignores, though an own field goes by their name now: it was added since then.

    Who ignored such a column on purpose said so (`mappings.IGNORED_FIELD`).
    """
    known = known_names(table.own_fields)
    return {
        key
        for key, header in zip(column_keys(headers), headers, strict=True)
        if key in kept
        and kept[key] is None
        and (found := known.get(normalise(header))) is not None
        and found[0] not in kept.values()
    }


def _add_similar(table: TableSpec, columns: list[ColumnMatch], settled: Collection[str]) -> None:
    """Fields for headers that are nearly a known one, as long as the field is free when all certain ones are given."""
    free = set(table.codes) - {each.field for each in columns if each.field}
    similar = likenesses(table)
    for place, each in enumerate(columns):
        if each.field or each.key in settled or not each.header:
            continue
        found = similar(each.header)
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


def _drop_contradicted(
    table: TableSpec, columns: list[ColumnMatch], sample: Cells, settled: Collection[str]
) -> None:
    """Take away the choices whose columns hold phones or e-mails: 联系方式 is a kind of contact, or a phone."""
    cells: dict[int, Sequence[str | None]] = dict(enumerate(zip_longest(*sample)))
    for place, each in enumerate(columns):
        if not each.field or each.key in settled or not takes_values(table.field(each.field)):
            continue
        why = contacts_instead([cell for cell in cells.get(each.column, ()) if cell])
        if why is not None:
            sentence = mark("It is named like {field}, but its cells are no choices. {why}")
            told = {"field": table.field(each.field).named, "why": why}
            columns[place] = replace(each, field=None, how="none", why=Message(sentence, told))


def _add_by_content(
    table: TableSpec,
    columns: list[ColumnMatch],
    sample: Cells,
    settled: Collection[str],
    known_codes: Collection[str],
) -> None:
    cells = dict(enumerate(zip_longest(*sample)))
    silent = {
        each.column: [cell for cell in cells.get(each.column, ()) if cell]
        for each in columns
        if not each.field and each.key not in settled and not says_another_thing(each.header)
    }
    free = set(table.codes) - {each.field for each in columns if each.field}
    for column, (field, why) in by_content(table, silent, free, known_codes).items():
        columns[column] = replace(columns[column], field=field, how="content", why=why)
