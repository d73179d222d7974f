"""The saving of records with a name of their own: new ones inserted, changed ones overwritten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, insert, select, update

from core.access.directory import staff_ids
from core.facts.importing.bulk import allocate_ids, chunks
from core.facts.importing.overwritten import log_overwritten
from core.facts.importing.record_kinds import RECORD_KINDS, RecordKind
from core.facts.importing.workspace import Workspace
from core.facts.own_fields.values import kept, own_code

_NEVER_NONE = ("name", "campaign")
"""Columns that hold an empty text where nothing is said."""


def save(work: Workspace, batch_id: int) -> None:
    """Insert the new records of `saving` and overwrite the changed ones."""
    kind = RECORD_KINDS[work.checked.table_code]
    # Rows in any order give the same ids.
    order = ", ".join(kind.key)
    rows = work.db.sql(f"SELECT * FROM saving ORDER BY {order}").to_arrow_table().to_pylist()
    people = staff_ids(work.session, {row["owner"]: None for row in rows if row.get("owner") is not None})
    new = [row for row in rows if row["fate"] == "added"]
    changed = [row for row in rows if row["fate"] == "updated"]
    ids = allocate_ids(work.session, kind.record.__tablename__, len(new)).tolist()
    held = _own_before(work, kind, [row["id"] for row in changed])
    for chunk in chunks(
        {"id": key, **_columns(work, kind, row, people, {}), "batch_id": batch_id}
        for key, row in zip(ids, new, strict=True)
    ):
        work.session.execute(insert(kind.record), chunk)
    written = [
        {
            "which": row["id"],
            **_columns(work, kind, row, people, held.get(row["id"], {})),
            "batch_id": batch_id,
        }
        for row in changed
    ]
    log_overwritten(work.session, kind.record, batch_id, written)
    for chunk in chunks(written):
        columns: dict[str, Any] = {name: bindparam(name) for name in chunk[0] if name != "which"}
        statement = update(kind.record).where(kind.record.id == bindparam("which")).values(columns)
        work.session.connection().execute(statement, chunk)


def _own_before(work: Workspace, kind: RecordKind, ids: list[int]) -> dict[int, dict[str, Any]]:
    """What the records hold in own fields, those that are asked for no more included."""
    found: dict[int, dict[str, Any]] = {}
    for chunk in chunks(ids) if kind.has_own else ():
        query = select(kind.record.id, kind.record.own).where(kind.record.id.in_(chunk))
        found |= {row.id: row.own for row in work.session.execute(query)}
    return found


def _columns(
    work: Workspace, kind: RecordKind, row: dict[str, Any], people: dict[str, int], own_before: dict[str, Any]
) -> dict[str, Any]:
    """Column -> value of a row of `saving`."""
    columns = {column: row[code] for code, column in (*kind.key.items(), *kind.values.items())}
    columns |= {column: columns[column] or "" for column in _NEVER_NONE if column in columns}
    columns |= {column: row[column] for column in kind.ids}
    if row.get("owner") is not None:
        columns["owner_id"] = people[row["owner"]]
    if kind.has_own:
        # A row of `saving` says all that the record will hold, but in fields that are asked for no more.
        asked = {own_code(f): f for f in work.checked.table.own_fields}
        others = {code: value for code, value in own_before.items() if code not in asked}
        columns["own"] = others | {
            code: kept(f, row[f.code]) for code, f in asked.items() if row[f.code] is not None
        }
    return columns
