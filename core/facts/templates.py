"""Workbooks to fill in: headers that match by themselves, choices to pick from, and what may stand where.

The sheets to fill in hold nothing but the header, so that no example can be imported by oversight. With one table an
example row stands on a sheet of its own, under the same headers; with several the examples stand in the explanation
alone, so that a workbook has one sheet a table and one more.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import xlsxwriter

from core.facts.exporting import OPTIONS, Writer
from core.facts.fields import TABLES, Field, TableSpec
from core.facts.labels import FIELD_KINDS, FIELD_OWNERS, YES_NO
from core.language import LANGUAGES, Message, listed, mark, translate

ROWS_WITH_CHOICES = 10_000
"""Rows below the header in which a dropdown offers the choices."""
REQUIRED_MARK = " *"
"""Behind the header of a required column; matching ignores it."""
LONGEST_DROPDOWN = 255
"""Characters of the choices of a dropdown that a workbook can hold; longer ones are only told in the explanation."""

_PARTING = re.compile('[,"]')
"""Signs that part the choices of a dropdown: a word with one in it would become two. Such choices are only told."""

INSTRUCTIONS = mark("Instructions")
EXAMPLE = mark("Example")
EXPLAINED = {
    "column": mark("Column"),
    "required": mark("Required"),
    "form": mark("What may stand here"),
    "unit": mark("Unit"),
    "example": mark("Example"),
    "owner": mark("Who answers for it"),
    "personal": mark("Personal data"),
}
"""What is told of each field, here and in the documentation."""


def explains(sheet: str, rows: Sequence[Sequence[str | None]] = ()) -> bool:
    """Whether a sheet is one of a template that only explains it, so that nothing on it is to be imported.

    It is known by its name in any language, or, where it was renamed or copied, by its first `rows`: the example and
    nothing else.
    """
    if sheet in {translate(name, language) for name in (INSTRUCTIONS, EXAMPLE) for language in LANGUAGES}:
        return True
    if sheet in {translate(table.label, language) for table in TABLES.values() for language in LANGUAGES}:
        return False  # the sheet to fill in: what stands there was entered
    said = [tuple(cell for cell in row if cell) for row in rows]
    return len(said) == 1 and said[0] in _examples()


@cache
def _examples() -> frozenset[tuple[str, ...]]:
    """The filled cells of the example of each shipped table in each language."""
    return frozenset(
        tuple(f.example(language) for f in table.fields if f.example(language))
        for table in TABLES.values()
        for language in LANGUAGES
    )


def template_workbook(tables: TableSpec | Sequence[TableSpec], language: str) -> bytes:
    """The template of a table, or of several, in `language`, as the bytes of an .xlsx file."""
    several = [tables] if isinstance(tables, TableSpec) else list(tables)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS | {"in_memory": True}) as workbook:
        writer = Writer(workbook)
        as_text = workbook.add_format({"num_format": "@"})
        for table in several:
            _sheet(writer, table, language, as_text)
        titles = [translate(title, language) for title in EXPLAINED.values()]
        rows = [list(explained(t, f, language).values()) for t in several for f in t.fields]
        if len(several) == 1:
            (table,) = several
            example = [[f.example(language) for f in table.fields]]
            writer.sheet(translate(EXAMPLE, language), [_header(f, language) for f in table.fields], example)
        else:
            titles.insert(0, translate(mark("Sheet"), language))
            names = [translate(t.label, language) for t in several for _ in t.fields]
            rows = [[name, *row] for name, row in zip(names, rows, strict=True)]
        writer.sheet(translate(INSTRUCTIONS, language), titles, rows)
    return target.getvalue()


def _sheet(writer: Writer, table: TableSpec, language: str, as_text: Any) -> None:
    headers = [_header(field, language) for field in table.fields]
    sheet = writer.sheet(translate(table.label, language), headers, [])
    for column, (field, header) in enumerate(zip(table.fields, headers, strict=True)):
        width = max(14, 2 * len(header) + 2)
        # Text, so that a spreadsheet neither rounds a long number nor drops a leading zero.
        sheet.set_column(column, column, width, as_text if field.kind in ("code", "phone") else None)
        _offer_choices(sheet, column, field, language)


def _header(field: Field, language: str) -> str:
    return field.header(language) + (REQUIRED_MARK if field.required else "")


def offered(field: Field, language: str) -> list[str]:
    """The words that a dropdown of the field offers; none where anything may be written."""
    if field.kind == "yes_no":
        return ["是", "否"] if language == "zh_CN" else list(YES_NO.values())
    if field.kind == "score":
        return ["1", "2", "3", "4", "5"]
    return [choice.word(language) for choice in field.choices]


def _offer_choices(sheet: Any, column: int, field: Field, language: str) -> None:
    words = offered(field, language)
    if words and len(",".join(words)) <= LONGEST_DROPDOWN and not any(_PARTING.search(w) for w in words):
        rules = {"validate": "list", "source": words, "error_type": "warning"}
        sheet.data_validation(1, column, ROWS_WITH_CHOICES, column, rules)


def explained(table: TableSpec, field: Field, language: str) -> dict[str, str]:
    """What is told of a field in words: the keys of `EXPLAINED`."""
    if field.choices:
        form = listed((choice.word(language) for choice in field.choices), language)
    else:
        form = translate(FIELD_KINDS[field.kind], language)
    return {
        "column": field.header(language),
        "required": _required(table, field, language),
        "form": form,
        # The unit of an own field is the company's own word.
        "unit": field.unit if field.own else translate(field.unit, language) if field.unit else "",
        "example": field.example(language),
        "owner": translate(FIELD_OWNERS[field.owner], language) if field.owner else "",
        "personal": translate(mark("Yes"), language) if field.personal else "",
    }


def _required(table: TableSpec, field: Field, language: str) -> str:
    if not field.required:
        return ""
    instead = [table.field(code).header(language) for code in table.instead.get(field.code, ())]
    if not instead:
        return translate(mark("Yes"), language)
    if len(instead) == 1:
        return translate(Message(mark("Yes, or {other}"), {"other": instead[0]}), language)
    return translate(
        Message(mark("Yes, or {first} and {second}"), {"first": instead[0], "second": instead[1]}), language
    )
