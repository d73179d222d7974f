"""Leads, and the deals that came of them: which are new, the same, or stored with other values.

A file of deals says more about leads that are stored already. It goes the same way, with the fields it lacks blank.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.access.directory import known_staff
from core.access.vault import Vault
from core.facts import identity
from core.facts.checking.columns import EPOCH
from core.facts.importing import leads_own
from core.facts.importing.bulk import chunks
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import NO_ROW, Workspace
from core.facts.stages import STAGES, day_only, instant_column, out_of_order
from core.facts.tables import Lead
from core.language import Message, mark

_REACHED = tuple(instant_column(stage) for stage in STAGES)
INSTANTS = ("arrived_at", "first_response_at", *_REACHED[1:], "lost_at")
DAYS = ("arrived_on", "won_on")
TEXTS = ("name", "channel", "campaign", "region", "industry", "lost_reason")
VALUES = (*TEXTS, *INSTANTS, "amount")
"""Fields stored as they are; the phone is sealed, owner and customer are ids."""
CLEARED = frozenset(TEXTS) - {"name"} | {"amount"}
"""What a blank cell may take away; the steps that a lead has come stay."""
_TYPES = {
    **dict.fromkeys((*TEXTS, "phone", "owner", "customer_code"), "VARCHAR"),
    **dict.fromkeys((*INSTANTS, "amount"), "BIGINT"),
    **dict.fromkeys(DAYS, "DATE"),
}


def plan(work: Workspace, vault: Vault, zone: str) -> ImportCounts:
    """Decide what becomes of each row: tables `fate` (row, fate) and `saving`.

    `saving` holds each lead to insert or overwrite once, with the values it will have: what the file says, else
    what is stored. Blank cells say nothing, but in fields that are to be cleared: they neither differ nor overwrite.
    """
    work.name_customers()
    _name_fields(work)
    _load_stored(work, vault)
    leads_own.judge(work, vault)
    _judge(work)
    cleared = CLEARED & work.clearing
    merged = ", ".join(
        f"f.{c}" if c in cleared else f"coalesce(f.{c}, s.{c}) AS {c}"
        for c in (*VALUES, *DAYS, "owner_id", "customer_id")
    )
    work.db.execute(f"""
        CREATE TABLE saving AS
        SELECT f.row, s.id, f.lead_code, fate, f.phone, f.owner, s.owner_id AS owner_before,
               s.department_id AS department_before, s.version, {merged}
        FROM file f JOIN fate USING (row) LEFT JOIN stored s ON s.code = f.lead_code
        WHERE fate IN ('added', 'updated')
    """)
    _note_doubts(work, zone)
    created = work.settle_customers()
    return work.fates(NO_ROW, created)


def _name_fields(work: Workspace) -> None:
    """`file`: the accepted rows with every field of a lead, those the kind of file lacks blank."""
    people = list(known_staff(work.session).items())
    work.put_rows("staff", {"name": pa.string(), "id": pa.int64()}, people)
    present = set(work.checked.rows.column_names)
    fields = ", ".join(
        f"base.{name}" if name in present else f"CAST(NULL AS {kind}) AS {name}"
        for name, kind in _TYPES.items()
    )
    # Rows that say something else of one lead were refused before; of equal ones the first counts.
    work.db.execute(f"""
        CREATE TABLE file AS
        SELECT row, lead_code, {fields}, customer_id, staff.id AS owner_id,
               row_number() OVER (PARTITION BY lead_code ORDER BY row) AS repeat
        FROM base LEFT JOIN staff ON owner = staff.name
    """)


def _load_stored(work: Workspace, vault: Vault) -> None:
    """`stored`: the leads that the file names; `phones`: the digests of the phones it gives for them."""
    columns = (
        "id", "code", "version", *TEXTS, *INSTANTS, *DAYS, "amount", "owner_id", "department_id", "customer_id",
        "phone_index",
    )  # fmt: skip
    found: list[Any] = []
    codes = work.db.execute("SELECT DISTINCT lead_code FROM file").fetchall()
    for chunk in chunks(code for (code,) in codes):
        query = select(*(getattr(Lead, c) for c in columns)).where(Lead.code.in_(chunk))
        found += [tuple(row) for row in work.session.execute(query)]
    kinds = {
        **dict.fromkeys((*columns,), pa.int64()),
        **dict.fromkeys(("code", *TEXTS), pa.string()),
        **dict.fromkeys(INSTANTS, pa.timestamp("us", "UTC")),
        **dict.fromkeys(DAYS, pa.date32()),
        "phone_index": pa.binary(),
    }
    work.put_rows("stored_rows", kinds, found)
    micros = ", ".join(f"epoch_us({c}) AS {c}" for c in INSTANTS)
    work.db.execute(
        f"CREATE TABLE stored AS SELECT * REPLACE (nullif(name, '') AS name, {micros}) FROM stored_rows"
    )
    phones = work.db.execute(
        "SELECT DISTINCT phone FROM file JOIN stored ON code = lead_code WHERE phone IS NOT NULL"
    ).fetchall()
    digests = [(phone, identity.digest(vault, "phone", phone)) for (phone,) in phones]
    work.put_rows("phones", {"phone": pa.string(), "digest": pa.binary()}, digests)


def _judge(work: Workspace) -> None:
    """`verdicts` of the rows, refusals included, and `fate` of those that are taken."""
    deals = work.checked.table_code == "deals"
    pairs = [(f"f.{c}", f"s.{c}") for c in (*VALUES, "customer_id")]
    pairs += [("p.digest", "s.phone_index"), ("o.now", "o.before")]
    # Somebody the directory does not know cannot be the stored owner.
    pairs.append(("CASE WHEN f.owner IS NOT NULL THEN coalesce(f.owner_id, -1) END", "s.owner_id"))
    differs = " OR ".join(f"({new} IS NOT NULL AND {new} IS DISTINCT FROM {old})" for new, old in pairs)
    overwrites = " OR ".join(f"coalesce({new} <> {old}, false)" for new, old in pairs)
    blank = "".join(f" OR (f.{c} IS NULL AND s.{c} IS NOT NULL)" for c in sorted(CLEARED & work.clearing))
    differs, overwrites = differs + blank, overwrites + blank
    missing = "unknown" if deals else "not_stored" if work.mode == "update" else "added"
    # A deal that is added says what is not known yet; only a lead that is added has to be new altogether.
    refused = "false" if work.mode != "add" else f"({overwrites})" if deals else "true"
    work.db.execute(f"""
        CREATE TABLE judged AS
        SELECT f.row, f.lead_code, f.repeat, CASE
            WHEN s.id IS NULL THEN '{missing}'
            WHEN NOT ({differs}) THEN 'unchanged'
            WHEN {refused} THEN 'differs'
            ELSE 'updated' END AS verdict
        FROM file f
        LEFT JOIN stored s ON s.code = f.lead_code
        LEFT JOIN phones p ON p.phone = f.phone
        LEFT JOIN own_said o ON o.row = f.row
    """)
    for verdict, sentence in _REFUSALS.items():
        work.refuse(
            f"SELECT row, lead_code FROM judged WHERE verdict = '{verdict}' ORDER BY row",
            lambda code, sentence=sentence: Message(sentence, {"code": code}),
            "lead_code",
        )
    work.db.execute("""
        CREATE TABLE fate AS
        SELECT row, CASE WHEN repeat > 1 THEN 'unchanged' ELSE verdict END AS fate
        FROM judged WHERE verdict IN ('added', 'updated', 'unchanged')
    """)


_REFUSALS = {
    "unknown": mark(
        "No lead has the code {code}. Import the leads first; a deal only adds to a stored lead."
    ),
    "not_stored": mark("Lead {code} is not stored yet. Import it in a mode that adds what is new."),
    "differs": mark(
        "Lead {code} is already stored with other values. If the file is right, import it in a mode that replaces "
        "what is stored."
    ),
}


def _note_doubts(work: Workspace, zone: str) -> None:
    """Count what is taken although its dates cannot all be right, or do not tell enough."""
    earlier = " OR ".join(
        f"coalesce({later} < {first}, false)"
        for place, later in enumerate(INSTANTS)
        for first in INSTANTS[:place]
    )
    suspects = work.db.execute(f"SELECT row, {', '.join(INSTANTS)} FROM saving WHERE {earlier}").fetchall()
    odd = []
    for number, *row in suspects:
        seen = {column: instant_or_none(micros) for column, micros in zip(INSTANTS, row, strict=True)}
        ways = (_REACHED, ("arrived_at", "first_response_at"), (*_REACHED[:-1], "lost_at"))
        if any(out_of_order([seen[column] for column in way], zone) for way in ways):
            odd.append(number)
    if odd:
        work.notes.append(
            Message(
                mark(
                    "Leads whose dates are out of order, such as won before contacted: {rows}, the first in row "
                    "{first}. They are taken as they are; times between stages leave them out."
                ),
                {"rows": len(odd), "first": min(odd)},
            )
        )
    arrivals = work.db.execute("SELECT arrived_at FROM saving WHERE fate = 'added'").fetchall()
    timeless = sum(day_only(instant(micros), zone) for (micros,) in arrivals)
    if timeless:
        work.notes.append(
            Message(
                mark(
                    "Leads without a time of day: {rows}. Whether their first response was in time cannot be told, so "
                    "it is not counted."
                ),
                {"rows": timeless},
            )
        )


def instant(micros: int) -> datetime:
    """The instant of microseconds since 1970 UTC."""
    return EPOCH + timedelta(microseconds=micros)


def instant_or_none(micros: int | None) -> datetime | None:
    """The instant, where there is one."""
    return None if micros is None else instant(micros)
