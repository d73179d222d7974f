"""The saving of leads: new ones inserted, changed ones overwritten, phones sealed, owners in the directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import bindparam, select, update

from core.access.directory import staff_ids
from core.access.tables import StaffMember
from core.access.vault import Vault
from core.facts import identity
from core.facts.checking.columns import EPOCH
from core.facts.importing import leads_own
from core.facts.importing.bulk import allocate_ids, chunks, insert_rows, instant_text
from core.facts.importing.leads import DAYS, INSTANTS, TEXTS, VALUES, instant_or_none
from core.facts.importing.overwritten import log_overwritten
from core.facts.importing.workspace import Workspace
from core.facts.tables import Lead

_COLUMNS = (
    "id", "code", *TEXTS, "phone_sealed", "phone_index", *INSTANTS, *DAYS, "amount", "owner_id", "department_id",
    "customer_id", "own", "batch_id", "created_at", "updated_at", "version",
)  # fmt: skip


def save(work: Workspace, vault: Vault, batch_id: int, now: datetime) -> None:
    """Insert the new leads of `saving` and overwrite the changed ones.

    `saved` then holds all of them: id, fate, owner_id, department_id and the instants.
    """
    _name_owners(work)
    new = work.db.execute("SELECT row FROM saving WHERE fate = 'added' ORDER BY lead_code").fetchall()
    ids = allocate_ids(work.session, "leads", len(new)).tolist()
    work.put_rows(
        "new_ids",
        {"row": pa.int64(), "new_id": pa.int64()},
        list(zip((row for (row,) in new), ids, strict=True)),
    )
    work.db.execute("""
        CREATE TABLE saved AS
        SELECT saving.* REPLACE (coalesce(saving.id, new_id) AS id, coalesce(o.id, owner_id) AS owner_id),
               CASE WHEN o.id IS NULL OR o.id IS NOT DISTINCT FROM owner_before THEN
                    coalesce(department_before, o.department_id) ELSE o.department_id END AS department_id
        FROM saving LEFT JOIN new_ids USING (row) LEFT JOIN owners o ON o.name = owner
    """)
    _seal(work, vault)
    own = leads_own.to_store(work, vault)
    held = [(key, json.dumps(values)) for key, values in own.items()]
    work.put_rows("own_held", {"id": pa.int64(), "own": pa.string()}, held)
    _insert(work, batch_id, now)
    _overwrite(work, own, batch_id, now)


def _name_owners(work: Workspace) -> None:
    """`owners`: everybody the rows name, with id and department; who is new joins the directory."""
    names = work.db.execute("SELECT DISTINCT owner FROM saving WHERE owner IS NOT NULL").fetchall()
    people = staff_ids(work.session, {name: None for (name,) in names})
    departments: dict[int, int | None] = {}
    for chunk in chunks(set(people.values())):
        found = work.session.execute(
            select(StaffMember.id, StaffMember.department_id).where(StaffMember.id.in_(chunk))
        )
        departments |= {row.id: row.department_id for row in found}
    rows = [(name, key, departments[key]) for name, key in people.items()]
    work.put_rows("owners", {"name": pa.string(), "id": pa.int64(), "department_id": pa.int64()}, rows)


def _seal(work: Workspace, vault: Vault) -> None:
    """`sealed`: the phones that the file gives, sealed for their lead."""
    given = work.db.execute("SELECT id, phone FROM saved WHERE phone IS NOT NULL ORDER BY id").fetchall()
    rows = [
        (key, vault.seal(phone, identity.lead_place(key)), identity.digest(vault, "phone", phone))
        for key, phone in given
    ]
    kinds = {"id": pa.int64(), "phone_sealed": pa.binary(), "phone_index": pa.binary()}
    work.put_rows("sealed", kinds, rows)


def _insert(work: Workspace, batch_id: int, now: datetime) -> None:
    dialect = work.session.connection().dialect.name
    written = {
        "code": "lead_code",
        "name": "coalesce(name, '')",
        **{column: instant_text(column, dialect) for column in INSTANTS},
        **{column: f"strftime({column}, '%Y-%m-%d')" for column in DAYS},
        "batch_id": str(batch_id),
        **dict.fromkeys(("created_at", "updated_at"), instant_text("now", dialect)),
        "version": "1",
        "own": "coalesce(own, '{}')",
    }
    micros = (now - EPOCH) // timedelta(microseconds=1)
    rows = work.db.execute(f"""
        SELECT {", ".join(written.get(column, column) for column in _COLUMNS)}
        FROM (SELECT *, CAST({micros} AS BIGINT) AS now FROM saved LEFT JOIN sealed USING (id)
              LEFT JOIN own_held USING (id))
        WHERE fate = 'added' ORDER BY id
    """)
    insert_rows(work.session, "leads", _COLUMNS, rows)


def _overwrite(work: Workspace, own: Mapping[int, dict[str, Any]], batch_id: int, now: datetime) -> None:
    columns = (*VALUES, *DAYS, "owner_id", "department_id", "customer_id")
    rows = work.db.execute(
        f"SELECT id, version, {', '.join(columns)} FROM saved WHERE fate = 'updated' ORDER BY id"
    ).fetchall()
    changed = [
        {
            **dict(zip(columns, values, strict=True)),
            **{c: instant_or_none(v) for c, v in zip(columns, values, strict=True) if c in INSTANTS},
            "batch_id": batch_id,
            "updated_at": now,
            "version": version + 1,
            "which": key,
        }
        for key, version, *values in rows
    ]
    for row in changed:
        row["name"] = row["name"] or ""
    phones = work.db.execute(
        "SELECT id, phone_sealed, phone_index FROM sealed JOIN saved USING (id) WHERE fate = 'updated'"
    ).fetchall()
    sealed = {key: {"phone_sealed": s, "phone_index": i} for key, s, i in phones}
    held = {row["which"]: {"own": own[row["which"]]} for row in changed if row["which"] in own}
    log_overwritten(
        work.session,
        Lead,
        batch_id,
        [row | sealed.get(row["which"], {}) | held.get(row["which"], {}) for row in changed],
    )
    _execute(work, changed)
    for part in (sealed, held):
        _execute(work, [{"which": key, **values} for key, values in part.items()])


def _execute(work: Workspace, rows: list[dict[str, Any]]) -> None:
    """Set columns of the leads `which`."""
    for chunk in chunks(rows):
        columns = [name for name in chunk[0] if name != "which"]
        statement = update(Lead).where(Lead.id == bindparam("which"))
        work.session.connection().execute(
            statement.values({name: bindparam(name) for name in columns}), chunk
        )
