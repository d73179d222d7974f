"""The documentation of the field catalogue, made from it: `python -m core.facts.field_docs` writes docs/fields.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from core.facts.fields import TABLES, Field, TableSpec
from core.facts.templates import EXPLAINED, explained
from core.store.engine import PROJECT

FILE = PROJECT / "docs" / "fields.md"
_INTRODUCTION = """\
# Fields

What a file may tell about each table. Written by `python -m core.facts.field_docs` from the field catalogue in
`core/facts/catalogue/`, which is also what templates, matching, checks, forms and exports are made of; do not edit it
here. Columns are found by either header, by the code, or by one of the other spellings listed under the table.
"""


def fields_document() -> str:
    """The whole document, in Markdown."""
    return "\n".join([_INTRODUCTION, *(_table(table) for table in TABLES.values())])


def _table(table: TableSpec) -> str:
    titles = ["Code", "Column", "中文表头", *list(EXPLAINED.values())[1:]]
    rows = [
        [f"`{field.code}`", field.label, field.synonyms_zh[0], *list(_told(table, field))[1:]]
        for field in table.fields
    ]
    lines = [f"## {table.label} (`{table.code}`)", ""]
    lines += [_row(titles), _row("---" for _ in titles), *map(_row, rows), "", "Also understood:", ""]
    for field in table.fields:
        others = [*field.synonyms_zh[1:], *field.synonyms_en]
        if others:
            lines.append(f"- `{field.code}`: {', '.join(others)}")
    return "\n".join([*lines, ""])


def _told(table: TableSpec, field: Field) -> Iterable[str]:
    return explained(table, field, "en").values()


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def write(path: Path = FILE) -> None:
    """Write the document."""
    path.write_text(fields_document(), encoding="utf-8")


if __name__ == "__main__":
    write()
