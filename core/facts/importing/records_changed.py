"""Which cells of a file overwrite what is stored of records with a name of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.access.tables import StaffMember
from core.facts.importing.bulk import chunks
from core.facts.importing.record_kinds import RECORD_KINDS
from core.facts.importing.records import shown_key, value_codes
from core.facts.importing.workspace import Workspace
from core.facts.tables import Contract, Customer

_NAMED = {
    "customer_id": ("customer_code", Customer.code, Customer.id),
    "contract_id": ("contract_code", Contract.code, Contract.id),
    "owner_id": ("owner", StaffMember.name, StaffMember.id),
}
"""Column with an id -> the field that names the record, what it is named by, and its id."""


def changed_cells(work: Workspace, limit: int) -> tuple[list[tuple[int, str, str, Any, Any]], int]:
    """The changed cells of at most `limit` rows, in the order of the rows, and how many cells there are in all.

    A cell is its row, the name of the record, the field, the stored value and the new one, as a checked row holds
    them; whom or what a record refers to is told by code or name.
    """
    kind = RECORD_KINDS[work.checked.table_code]
    plain, named = value_codes(work, kind), {column: _NAMED[column][0] for column in kind.ids}
    new = [f"f.{code}" for code in plain]
    new += [f"CASE WHEN f.{c} IS DISTINCT FROM s.{c} THEN c.{code} END" for c, code in named.items()]
    old = [f"s.{code}" for code in (*plain, *named)]
    name = " || ' ' || ".join(shown_key(work, code, "f.") for code in kind.key)
    rows = work.db.execute(f"""
        SELECT f.row, trim({name}), {", ".join((*old, *new))}
        FROM file f JOIN fate USING (row) JOIN checked c USING (row) JOIN stored s
        ON {" AND ".join(f"f.{code} = s.{code}" for code in kind.key)}
        WHERE fate = 'updated' ORDER BY f.row
    """).fetchall()
    # A blank never takes away whom or what a record refers to; there it also stands for what stays the same.
    emptied = work.clearing.intersection(plain)
    fields, total, cells = (*plain, *named.values()), 0, []
    for place, (row, code, *values) in enumerate(rows):
        pairs = zip(fields, values[: len(fields)], values[len(fields) :], strict=True)
        differ = [
            (row, code, field, old, new)
            for field, old, new in pairs
            if new != old and (new is not None or field in emptied)
        ]
        total += len(differ)
        cells += differ if place < limit else []
    return _with_names(work, {code: column for column, code in named.items()}, cells), total


def _with_names(
    work: Workspace, columns: dict[str, str], cells: list[tuple[int, str, str, Any, Any]]
) -> list[tuple[int, str, str, Any, Any]]:
    """The cells with names in place of the ids that are stored."""
    names: dict[tuple[str, int], str] = {}
    for field, column in columns.items():
        _, name, key = _NAMED[column]
        for chunk in chunks({old for _, _, f, old, _ in cells if f == field and old is not None}):
            found = work.session.execute(select(key, name).where(key.in_(chunk)))
            names |= {(field, each): said for each, said in found}
    return [
        (row, code, field, names.get((field, old)) if field in columns else old, new)
        for row, code, field, old, new in cells
    ]
