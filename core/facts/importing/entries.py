"""Rows that stand alone, known again by all their values: interactions, satisfaction, usage, behaviour, displays."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import select

from core.access.directory import staff_ids
from core.access.tables import StaffMember
from core.facts.checking.columns import ARROW_TYPES
from core.facts.entry_keys import fitting
from core.facts.importing.bulk import allocate_ids, chunks, insert_rows, instant_text
from core.facts.importing.digest import digest, said
from core.facts.importing.references import name_outlets
from core.facts.importing.request import ImportCounts
from core.facts.importing.taken_over import paired, successors
from core.facts.importing.workspace import Workspace
from core.facts.tables import (
    BehaviourEvent,
    Customer,
    DisplayFeedback,
    Interaction,
    ProductUsage,
    Satisfaction,
)
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


KINDS = {
    "interactions": _Kind(
        Interaction, "occurred_at", "occurred_on", ("kind", "direction", "staff", "content", "purpose"),
        ("kind", "direction", "purpose", "content", "staff_id"),
        ("kind", "direction", "purpose", "content", "people.id"),
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
    return KINDS[table_code].subject == "customer_id"


def plan(work: Workspace) -> ImportCounts:
    """Decide what becomes of each row: tables `fate` (row, fate) and `saving` (the rows to insert).

    A row has no name but its values, so there is nothing to replace: what is stored is unchanged in every mode,
    and the mode `update` refuses what is not.
    """
    kind = KINDS[work.checked.table_code]
    if kind.subject == "outlet_id":
        name_outlets(work)
    else:
        work.name_customers()
    work.db.execute(f"CREATE TABLE entries AS {_keyed(kind, 'base')}")
    _know_again(work, kind)
    missing = "refused" if work.mode == "update" else "added"
    work.db.execute(
        f"CREATE TABLE verdicts AS SELECT row, CASE WHEN row IN (SELECT row FROM known_rows) THEN 'unchanged' "
        f"ELSE '{missing}' END AS fate FROM entries"
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


def _keyed(kind: _Kind, source: str) -> str:
    """SQL: the rows of `source` with what they say, `ordinal`, the place among equal rows, and `row_key`, the name that
    both give."""
    return f"""
        SELECT *, {digest("'row:' || ordinal || chr(31) || said")} AS row_key FROM (
            SELECT *, row_number() OVER (PARTITION BY {kind.subject}, said ORDER BY row) - 1 AS ordinal
            FROM (SELECT *, {said((kind.instant, *kind.values))} AS said FROM {source})
        )
    """


def _know_again(work: Workspace, kind: _Kind) -> None:
    """`known_rows`: the rows that are stored: by their key, or else, one for one, by what a stored entry says."""
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
    if kind.subject == "customer_id":
        _count_copies(work)
    work.db.execute(
        f"CREATE TABLE known_rows AS SELECT row FROM entries SEMI JOIN stored USING ({kind.subject}, row_key)"
    )
    if "staff" in kind.values:
        _load_renamed(work, kind, about)
        rows, others = (
            "(FROM entries ANTI JOIN known_rows USING (row))",
            f"""(
            FROM renamed WHERE row_key IS NULL
            OR ({kind.subject}, row_key) NOT IN (SELECT ({kind.subject}, row_key) FROM entries))""",
        )
        work.db.execute(f"INSERT INTO known_rows {paired(rows, others, kind.subject)}")


def _count_copies(work: Workspace) -> None:
    """Of customers whom others were merged into: equal rows get the keys under which equal entries are stored, as far
    as there are any, and the others keys that are free."""
    kept: set[int] = set()
    for chunk in chunks(work.customer_ids()):
        query = select(Customer.merged_into_id).where(Customer.merged_into_id.in_(chunk))
        kept.update(key for key in work.session.scalars(query) if key)
    if not kept:
        return
    work.put("kept", {"customer_id": (pa.int64(), sorted(kept))})
    stored: dict[int, set[int]] = defaultdict(set)
    found = "SELECT customer_id, row_key FROM stored SEMI JOIN kept USING (customer_id)"
    for customer, key in work.db.execute(found).fetchall():
        stored[customer].add(key)
    equal = work.db.execute("""
        SELECT customer_id, list(row ORDER BY ordinal), list(row_key ORDER BY ordinal)
        FROM entries SEMI JOIN kept USING (customer_id) GROUP BY customer_id, said
    """).fetchall()
    named = [
        pair
        for customer, rows, keys in equal
        for pair in zip(rows, fitting(keys, stored[customer]), strict=True)
    ]
    work.put_rows("fitted", {"row": pa.int64(), "row_key": pa.int64()}, named)
    work.db.execute("UPDATE entries SET row_key = fitted.row_key FROM fitted WHERE entries.row = fitted.row")


def _load_renamed(work: Workspace, kind: _Kind, about: list[int]) -> None:
    """`renamed`: the stored entries, and what they say, whose key is not made of it: contacts that were logged in the
    app and have none, and what is stored for a successor of whom the file named. A file that says no purpose of a
    contact, as those of earlier versions, knows it without."""
    columns = [kind.instant, *kind.values]
    record, subject, people = kind.record, getattr(kind.record, kind.subject), successors(work.session)
    rows: list[Any] = []
    for chunk in chunks(about):
        query = (
            select(
                subject,
                record.row_key,
                *(StaffMember.name if c == "staff" else getattr(record, c) for c in columns),
            )
            .outerjoin(StaffMember, StaffMember.id == record.staff_id)
            .where(subject.in_(chunk), record.row_key.is_(None) | record.staff_id.in_(people))
        )
        rows += [tuple(row) for row in work.session.execute(query)]
    types = {c: ARROW_TYPES.get(work.checked.table.field(c).kind, pa.string()) for c in kind.values}
    types = {kind.instant: pa.timestamp("us", "UTC"), **types}
    work.put_rows("renamed_rows", {kind.subject: pa.int64(), "row_key": pa.int64(), **types}, rows)
    silent = "purpose" in kind.values and not work.one("SELECT count(purpose) FROM base")
    replaced = f"epoch_us({kind.instant}) AS {kind.instant}" + (", NULL AS purpose" if silent else "")
    work.db.execute(
        f"CREATE TABLE renamed AS SELECT {kind.subject}, row_key, {said(columns)} AS said "
        f"FROM (SELECT * REPLACE ({replaced}) FROM renamed_rows)"
    )


def save(work: Workspace, batch_id: int) -> None:
    """Insert the rows of `saving`."""
    kind = KINDS[work.checked.table_code]
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
