"""What is wrong with a match of headers: a file cannot be imported before it is settled. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.facts.fields import Field, TableSpec
from core.language import Message, mark


def problems_of(
    table: TableSpec,
    keys: Collection[str],
    places: Mapping[str, Sequence[str]],
    chosen: Mapping[str, str | None],
) -> list[Message]:
    """What stands in the way. `keys`: what a mapping calls the columns; `places`: field code -> how problems name the
    columns that stand for it."""
    problems = [
        Message(mark("The file has no column {header}. Choose one of its headers."), {"header": header})
        for header in chosen
        if header not in keys
    ]
    problems += [_unknown(table, code) for code in chosen.values() if code and code not in table.codes]
    problems += [
        _twice(table.field(code), found)
        for code, found in places.items()
        if len(found) > 1 and code in table.codes
    ]
    problems += [
        _missing(field, [table.field(code) for code in table.instead.get(field.code, ())])
        for field in table.fields
        if field.required
        and field.code not in places
        and not (table.instead.get(field.code) and all(code in places for code in table.instead[field.code]))
    ]
    return problems


def _unknown(table: TableSpec, code: str) -> Message:
    """A field that was chosen and is not there; of one that was retired meanwhile, which one it is."""
    for field in table.retired:
        if field.code == code:
            return Message(
                mark(
                    "The field {field} was retired meanwhile. Choose another one for its column, or ignore it."
                ),
                {"field": field.named},
            )
    return Message(
        mark("{field} is not a field of this table. Choose one of: {fields}."),
        {"field": code, "fields": table.codes},
    )


def _twice(field: Field, columns: Sequence[str]) -> Message:
    return Message(
        mark("The columns {columns} all stand for {field}. Choose which one to use and ignore the others."),
        {"columns": columns, "field": field.named},
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
