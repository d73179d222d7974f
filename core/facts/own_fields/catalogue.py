"""The field catalogue as this company has it: the shipped fields, then the ones it added."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts.fields import TABLES, Choice, Field, TableSpec
from core.facts.tables import OwnField

PREFIX = "own_"
"""Before the code of an own field, so that it can never be mistaken for a shipped one."""


def catalogue(session: Session, *, retired: bool = False) -> dict[str, TableSpec]:
    """Table code -> what its files may hold here. Retired fields are told apart, or stand among the others."""
    tables = dict(TABLES)
    for each in session.scalars(select(OwnField).order_by(OwnField.id)):
        table, field = tables[each.table_code], field_of(each)
        if retired or each.retired_at is None:
            tables[each.table_code] = replace(table, fields=(*table.fields, field))
        else:
            tables[each.table_code] = replace(table, retired=(*table.retired, field))
    return tables


def field_of(stored: OwnField) -> Field:
    """An own field as the catalogue holds fields."""
    return Field(
        PREFIX + stored.code,
        stored.kind,
        stored.label_en,
        (stored.label_zh, *stored.former_labels),
        personal=stored.personal,
        choices=tuple(Choice(code, zh, en, tuple(former)) for code, zh, en, *former in stored.choices),
        unit=stored.unit,
        owner=stored.owner,
        own=True,
    )
