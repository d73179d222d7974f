"""Workbooks to fill in: headers that match by themselves, choices to pick from, and what may stand where.

The sheet to fill in holds nothing but the header, so that no example can be imported by oversight; an example
row stands on a sheet of its own, under the same headers.
"""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from core.facts.exporting import OPTIONS, Writer
from core.facts.fields import Field, TableSpec
from core.facts.labels import FIELD_KINDS, YES_NO
from core.language import Message, mark, translate

ROWS_WITH_CHOICES = 10_000
"""Rows below the header in which a dropdown offers the choices."""
REQUIRED_MARK = " *"
"""Behind the header of a required column; matching ignores it."""

INSTRUCTIONS = mark("Instructions")
EXAMPLE = mark("Example")


def template_workbook(table: TableSpec, language: str) -> bytes:
    """The template of a table in `language`, as the bytes of an .xlsx file."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS | {"in_memory": True}) as workbook:
        writer = Writer(workbook)
        headers = [_header(field, language) for field in table.fields]
        sheet = writer.sheet(translate(table.label, language), headers, [])
        as_text = workbook.add_format({"num_format": "@"})
        for column, (field, header) in enumerate(zip(table.fields, headers, strict=True)):
            width = max(14, 2 * len(header) + 2)
            # Text, so that a spreadsheet neither rounds a long number nor drops a leading zero.
            sheet.set_column(column, column, width, as_text if field.kind in ("code", "phone") else None)
            _offer_choices(sheet, column, field, language)
        writer.sheet(translate(EXAMPLE, language), headers, [[f.example(language) for f in table.fields]])
        titles = (mark("Column"), mark("Required"), mark("What may stand here"), mark("Example"))
        writer.sheet(
            translate(INSTRUCTIONS, language),
            [translate(title, language) for title in titles],
            [_explained(table, field, language) for field in table.fields],
        )
    return target.getvalue()


def _header(field: Field, language: str) -> str:
    return field.header(language) + (REQUIRED_MARK if field.required else "")


def _offer_choices(sheet: Any, column: int, field: Field, language: str) -> None:
    words = [choice.word(language) for choice in field.choices]
    if field.kind == "yes_no":
        words = ["是", "否"] if language == "zh_CN" else list(YES_NO.values())
    elif field.kind == "score":
        words = ["1", "2", "3", "4", "5"]
    if words:
        rules = {"validate": "list", "source": words, "error_type": "warning"}
        sheet.data_validation(1, column, ROWS_WITH_CHOICES, column, rules)


def _explained(table: TableSpec, field: Field, language: str) -> list[str]:
    if field.choices:
        form = ", ".join(choice.word(language) for choice in field.choices)
    else:
        form = translate(FIELD_KINDS[field.kind], language)
    return [field.header(language), _required(table, field, language), form, field.example(language)]


def _required(table: TableSpec, field: Field, language: str) -> str:
    if not field.required:
        return ""
    instead = [table.field(code).header(language) for code in table.instead.get(field.code, ())]
    if not instead:
        return translate(mark("Yes"), language)
    return translate(
        Message(mark("Yes, or {first} and {second}"), {"first": instead[0], "second": instead[1]}), language
    )
