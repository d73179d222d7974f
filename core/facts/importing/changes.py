"""Which cells of a file overwrite what is stored: old and new, for whoever is asked whether they mean it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.access.tables import StaffMember
from core.facts.importing.workspace import Workspace

Cell = tuple[int, str, str, Any, Any]
"""Row, code of the record, field code, stored value, new value: typed as in a checked row."""
Changes = tuple[list[Cell], int]
"""The first changed cells in the order of the rows, and how many there are in all."""
FindChanges = Callable[[int], Changes]
"""Finds at most so many changed cells; only a preview asks."""

DIFFERS = "{new} IS DISTINCT FROM {old}"
SAYS_OTHER = f"{{new}} IS NOT NULL AND {DIFFERS}"
"""A blank cell says nothing."""


def none_changed(_limit: int) -> Changes:
    """The changes of a file that only adds."""
    return [], 0


def compare(
    work: Workspace, source: str, fields: Mapping[str, tuple[str, str]], limit: int, when: str = SAYS_OTHER
) -> Changes:
    """The changed cells of `source`, SQL of rows with `row`, `record` and each field's old and new value.

    `fields`: field code -> names of the columns with the old and the new value; `when`: which of them are told.
    """
    work.db.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {source}")
    found: list[Cell] = []
    total = 0
    for code, (old, new) in fields.items():
        told = f"FROM compared WHERE {when.format(old=old, new=new)}"
        total += work.one(f"SELECT count(*) {told}")
        rows = work.db.execute(
            f"SELECT row, record, {old}, {new} {told} ORDER BY row LIMIT {limit}"
        ).fetchall()
        found += [(row, record, code, before, after) for row, record, before, after in rows]
    return first(found, limit), total


def first(cells: list[Cell], limit: int) -> list[Cell]:
    """The first cells in the order of the rows."""
    return sorted(cells, key=lambda cell: cell[0])[:limit]


def name_staff(work: Workspace) -> None:
    """`staff_names`: everybody in the directory (id, person)."""
    people = [tuple(row) for row in work.session.execute(select(StaffMember.id, StaffMember.name))]
    work.put_rows("staff_names", {"id": pa.int64(), "person": pa.string()}, people)
