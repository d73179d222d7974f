"""Rows that stand alone, known again by all their values: interactions, satisfaction, usage, behaviour, displays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import select

from core.access.directory import staff_ids
from core.access.tables import StaffMember
from core.facts.importing.bulk import allocate_ids, chunks, insert_rows, instant_text
from core.facts.importing.digest import digest, said
from core.facts.importing.references import name_outlets
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import Workspace
from core.facts.tables import BehaviourEvent, DisplayFeedback, Interaction, ProductUsage, Satisfaction
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
    subject: str = "customer_id"
    """The column with whom or what a row is about."""


_KINDS = {
    "interactions": _Kind(
        Interaction, "occurred_at", "occurred_on", ("kind", "direction", "staff", "content"),
        ("kind", "direction", "content", "staff_id"), ("kind", "direction", "content", "people.id"),
    ),
    "satisfaction": _Kind(
        Satisfaction, "scored_at", "scored_on", ("score", "comment"), ("score", "comment"), ("score", "comment"),
    ),
    "usage": _Kind(
        ProductUsage, "used_at", "used_on", ("product_code", "uses"), ("product_code", "uses"),
        ("product_code", "uses"),
    ),
    "behaviour": _Kind(
        BehaviourEvent, "occurred_at", "occurred_on", ("event", "object"), ("event", "object"), ("event", "object"),
    ),
    "displays": _Kind(
        DisplayFeedback, "checked_at", "checked_on", ("score", "comment", "staff"), ("score", "comment", "staff_id"),
        ("score", "comment", "people.id"), subject="outlet_id",
    ),
}  # fmt: skip


def of_customers(table_code: str) -> bool:
    """Whether the rows of the table are about customers."""
    return _KINDS[table_code].subject == "customer_id"


def plan(work: Workspace) -> ImportCounts:
    """Decide what becomes of each row: tables `fate` (row, fate) and `saving` (the rows to insert).

    A row has no name but its values, so there is nothing to replace: what is stored is unchanged in every mode,
    and the mode `update` refuses what is not.
    """
    kind = _KINDS[work.checked.table_code]
    if kind.subject == "outlet_id":
        name_outlets(work)
    else:
        work.name_customers()
    work.db.execute(f"CREATE TABLE entries AS {_keyed(kind, 'base', 'row')}")
    _load_stored(work, kind)
    missing = "refused" if work.mode == "update" else "added"
    work.db.execute(
        f"CREATE TABLE verdicts AS SELECT entries.row, CASE WHEN s.row_key IS NULL THEN '{missing}' "
        f"ELSE 'unchanged' END AS fate FROM entries LEFT JOIN stored s USING ({kind.subject}, row_key)"
    )
    work.refuse(
        "SELECT row FROM verdicts WHERE fate = 'refused' ORDER BY row",
        lambda: Message(mark("The row is not stored yet. Import it in a mode that adds what is new.")),
    )
    work.db.execute("CREATE TABLE fate AS SELECT row, fate FROM verdicts WHERE fate <> 'refused'")
    work.db.execute(
        "CREATE TABLE saving AS SELECT entries.* FROM entries JOIN fate USING (row) WHERE fate = 'added'"
    )
    created = work.settle_customers() if of_customers(work.checked.table_code) else 0
    return work.fates("SELECT row FROM entries WHERE ordinal > 0", created)


def _keyed(kind: _Kind, source: str, order: str) -> str:
    """SQL: the rows of `source` with `ordinal`, the place among equal rows, and `row_key`, the name that both give."""
    return f"""
        SELECT *, {digest("'row:' || ordinal || chr(31) || said")} AS row_key FROM (
            SELECT *, row_number() OVER (PARTITION BY {kind.subject}, said ORDER BY {order}) - 1 AS ordinal
            FROM (SELECT *, {said((kind.instant, *kind.values))} AS said FROM {source})
        )
    """


def _load_stored(work: Workspace, kind: _Kind) -> None:
    stored: list[Any] = []
    subject = getattr(kind.record, kind.subject)
    found = work.db.execute(f"SELECT DISTINCT {kind.subject} FROM base WHERE {kind.subject} > 0").fetchall()
    about = [key for (key,) in found]
    for chunk in chunks(about):
        keys = select(subject, kind.record.row_key).where(
            subject.in_(chunk), kind.record.row_key.is_not(None)
        )
        stored += [tuple(row) for row in work.session.execute(keys)]
    work.put_rows("stored", {kind.subject: pa.int64(), "row_key": pa.int64()}, stored)
    if kind.record is Interaction:
        _load_logged(work, kind, about)


def _load_logged(work: Workspace, kind: _Kind, customers: list[int]) -> None:
    """Add to `stored` the contacts that were logged in the app and have no key: exported and brought in again they
    are known by the same values."""
    logged: list[Any] = []
    for chunk in chunks(customers):
        query = (
            select(
                Interaction.customer_id, Interaction.occurred_at, Interaction.kind, Interaction.direction,
                StaffMember.name, Interaction.content,
            )
            .outerjoin(StaffMember, StaffMember.id == Interaction.staff_id)
            .where(Interaction.customer_id.in_(chunk), Interaction.row_key.is_(None))
        )  # fmt: skip
        logged += [tuple(row) for row in work.session.execute(query)]
    texts = dict.fromkeys(kind.values, pa.string())
    work.put_rows(
        "logged", {"customer_id": pa.int64(), "occurred_at": pa.timestamp("us", "UTC"), **texts}, logged
    )
    source = "(SELECT * REPLACE (epoch_us(occurred_at) AS occurred_at) FROM logged)"
    work.db.execute(f"INSERT INTO stored SELECT customer_id, row_key FROM ({_keyed(kind, source, 'said')})")


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
        SELECT new_id, {kind.subject}, row_key, {instant}, strftime({kind.day}, '%Y-%m-%d'),
               {", ".join(kind.written)}, {batch_id}
        FROM (SELECT *, row_number() OVER (ORDER BY row) AS place FROM saving) JOIN ids USING (place) {named}
        ORDER BY place
    """)
    columns = ("id", kind.subject, "row_key", kind.instant, kind.day, *kind.columns, "batch_id")
    insert_rows(work.session, table, columns, rows)
