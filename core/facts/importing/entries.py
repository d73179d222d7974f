"""Interactions and satisfaction: rows that stand alone, known again by all their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import select

from core.access.directory import staff_ids
from core.facts.importing.bulk import allocate_ids, chunks, insert_rows, instant_text
from core.facts.importing.digest import digest, said
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import Workspace
from core.facts.tables import Interaction, Satisfaction
from core.language import Message, mark


@dataclass(frozen=True)
class _Kind:
    """How one table of entries is stored: its record, its instant, its other values, and how they are written."""

    record: Any
    instant: str
    day: str
    values: tuple[str, ...]
    columns: tuple[str, ...]
    written: tuple[str, ...]


_KINDS = {
    "interactions": _Kind(
        Interaction, "occurred_at", "occurred_on", ("kind", "direction", "staff", "content"),
        ("kind", "direction", "content", "staff_id"), ("kind", "direction", "content", "people.id"),
    ),
    "satisfaction": _Kind(
        Satisfaction, "scored_at", "scored_on", ("score", "comment"), ("score", "comment"), ("score", "comment"),
    ),
}  # fmt: skip


def plan(work: Workspace) -> ImportCounts:
    """Decide what becomes of each row: tables `fate` (row, fate) and `saving` (the rows to insert).

    A row has no name but its values, so there is nothing to replace: what is stored is unchanged in every mode,
    and the mode `update` refuses what is not.
    """
    kind = _KINDS[work.checked.table_code]
    work.name_customers()
    key = digest("'row:' || ordinal || chr(31) || said")
    work.db.execute(f"""
        CREATE TABLE entries AS SELECT *, {key} AS row_key FROM (
            SELECT *, row_number() OVER (PARTITION BY customer_id, said ORDER BY row) - 1 AS ordinal
            FROM (SELECT *, {said((kind.instant, *kind.values))} AS said FROM base)
        )
    """)
    _load_stored(work, kind)
    missing = "refused" if work.mode == "update" else "added"
    work.db.execute(
        f"CREATE TABLE verdicts AS SELECT entries.row, CASE WHEN s.row_key IS NULL THEN '{missing}' "
        "ELSE 'unchanged' END AS fate FROM entries LEFT JOIN stored s USING (customer_id, row_key)"
    )
    work.refuse(
        "SELECT row FROM verdicts WHERE fate = 'refused' ORDER BY row",
        lambda: Message(mark("The row is not stored yet. Import it in a mode that adds what is new.")),
    )
    work.db.execute("CREATE TABLE fate AS SELECT row, fate FROM verdicts WHERE fate <> 'refused'")
    work.db.execute(
        "CREATE TABLE saving AS SELECT entries.* FROM entries JOIN fate USING (row) WHERE fate = 'added'"
    )
    created = work.settle_customers()
    return work.fates("SELECT count(*) FROM entries JOIN fate USING (row) WHERE ordinal > 0", created)


def _load_stored(work: Workspace, kind: _Kind) -> None:
    stored: list[Any] = []
    for chunk in chunks(work.customer_ids()):
        keys = select(kind.record.customer_id, kind.record.row_key).where(
            kind.record.customer_id.in_(chunk), kind.record.row_key.is_not(None)
        )
        stored += [tuple(row) for row in work.session.execute(keys)]
    work.put_rows("stored", {"customer_id": pa.int64(), "row_key": pa.int64()}, stored)


def save(work: Workspace, batch_id: int) -> None:
    """Insert the rows of `saving`."""
    kind = _KINDS[work.checked.table_code]
    table = kind.record.__tablename__
    people: dict[str, int] = {}
    if "staff" in kind.values:
        names = work.db.execute("SELECT DISTINCT staff FROM saving WHERE staff IS NOT NULL").fetchall()
        people = staff_ids(work.session, {name: None for (name,) in names})
    work.put_rows("people", {"name": pa.string(), "id": pa.int64()}, list(people.items()))
    total = work.one("SELECT count(*) FROM saving")
    ids = allocate_ids(work.session, table, total)
    work.put("ids", {"place": (pa.int64(), np.arange(1, total + 1)), "new_id": (pa.int64(), ids)})
    instant = instant_text(kind.instant, work.session.connection().dialect.name)
    named = "LEFT JOIN people ON staff = people.name" if "staff" in kind.values else ""
    rows = work.db.execute(f"""
        SELECT new_id, customer_id, row_key, {instant}, strftime({kind.day}, '%Y-%m-%d'),
               {", ".join(kind.written)}, {batch_id}
        FROM (SELECT *, row_number() OVER (ORDER BY row) AS place FROM saving) JOIN ids USING (place) {named}
        ORDER BY place
    """)
    columns = ("id", "customer_id", "row_key", kind.instant, kind.day, *kind.columns, "batch_id")
    insert_rows(work.session, table, columns, rows)
