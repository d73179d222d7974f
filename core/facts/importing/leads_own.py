"""Own fields of leads: what the file says in them, whether that differs, and what is to be stored."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.access.vault import Vault
from core.facts.importing.bulk import chunks
from core.facts.importing.changes import Cell
from core.facts.importing.workspace import Workspace
from core.facts.own_fields.sealing import Holder, read_own, write_own
from core.facts.tables import Lead

_TABLE = "leads"


def judge(work: Workspace, vault: Vault) -> None:
    """`own_said`: rows that say something in own fields, as text: what they say, and what is stored in these."""
    given = _given(work, "base")
    stored = _stored(work, vault, {code for code, _ in given.values()})
    rows = []
    for row, (code, values) in given.items():
        before = stored.get(code, {})
        rows.append((row, repr(sorted(values.items())), repr(sorted((c, before.get(c)) for c in values))))
    work.put_rows("own_said", {"row": pa.int64(), "now": pa.string(), "before": pa.string()}, rows)


def changes(work: Workspace, vault: Vault) -> list[Cell]:
    """The changed cells of own fields."""
    given = _given(work, "base SEMI JOIN (SELECT row FROM fate WHERE fate = 'updated') USING (row)")
    stored = _stored(work, vault, {code for code, _ in given.values()})
    return [
        (row, code, field, stored[code].get(field), value)
        for row, (code, values) in given.items()
        for field, value in values.items()
        if value != stored[code].get(field)
    ]


def _stored(work: Workspace, vault: Vault, codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Code of a stored lead -> field code -> value of its own fields."""
    fields = work.checked.table.own_fields
    found = {}
    for chunk in chunks(codes):
        query = select(Lead.code, Lead.id, Lead.own).where(Lead.code.in_(chunk))
        for code, key, own in work.session.execute(query):
            found[code] = read_own(fields, own, Holder(vault, _TABLE, key))
    return found


def to_store(work: Workspace, vault: Vault) -> dict[int, dict[str, Any]]:
    """Lead -> its `own` from now on, of the rows of `saved` that say something in own fields."""
    given = _given(work, "base SEMI JOIN saved USING (row)")
    ids = dict(work.db.execute("SELECT row, id FROM saved").fetchall()) if given else {}
    held: dict[int, dict[str, Any]] = {}
    for chunk in chunks(ids[row] for row in given):
        held |= {
            row.id: row.own
            for row in work.session.execute(select(Lead.id, Lead.own).where(Lead.id.in_(chunk)))
        }
    fields = work.checked.table.own_fields
    return {
        ids[row]: write_own(fields, values, held.get(ids[row], {}), Holder(vault, _TABLE, ids[row]))
        for row, (_, values) in given.items()
    }


def _given(work: Workspace, rows: str) -> dict[int, tuple[str, dict[str, Any]]]:
    """Row -> code of the lead, and field code -> value of the own fields in which the row says something, be it
    that a value goes."""
    codes = [field.code for field in work.checked.table.own_fields]
    if not codes:
        return {}
    query = f"SELECT row, lead_code, {', '.join(codes)} FROM {rows}"
    if not work.clearing.intersection(codes):
        query += " WHERE " + " OR ".join(f"{code} IS NOT NULL" for code in codes)
    found = {}
    for row, lead, *values in work.db.execute(query).fetchall():
        said = {
            code: value
            for code, value in zip(codes, values, strict=True)
            if value is not None or code in work.clearing
        }
        if said:
            found[row] = (lead, said)
    return found
