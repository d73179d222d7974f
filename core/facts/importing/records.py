"""Records with a name of their own, of any table: which are new, the same, or stored with other values.

One way for campaigns, channel costs, contracts, payments, products and outlets; how they differ stands in
`record_kinds`. Blank cells say nothing, but in fields that are to be cleared: they neither differ nor overwrite.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import select

from core.access.directory import known_staff
from core.facts.checking.columns import ARROW_TYPES
from core.facts.fields import Field
from core.facts.importing.bulk import chunks
from core.facts.importing.record_kinds import RECORD_KINDS, RecordKind
from core.facts.importing.references import name_contracts
from core.facts.importing.request import ImportCounts
from core.facts.importing.workspace import NO_ROW, Workspace
from core.facts.labels import RECORDS
from core.facts.own_fields.values import checked, own_code
from core.language import Message, mark


def plan(work: Workspace) -> ImportCounts:
    """Decide what becomes of each row: tables `fate` (row, fate) and `saving`.

    `saving` holds each record to insert or overwrite once, with the values it will have: what the file says, else
    what is stored.
    """
    kind = RECORD_KINDS[work.checked.table_code]
    if kind.customer:
        work.name_customers()
    else:
        work.db.execute("CREATE TABLE base AS SELECT * FROM checked WHERE ok")
    if kind.contract:
        name_contracts(work)
    _name_fields(work, kind)
    _load_stored(work, kind)
    _judge(work, kind)
    merged = ", ".join(
        f"f.{c}" if c in work.clearing else f"coalesce(f.{c}, s.{c}) AS {c}"
        for c in (*value_codes(work, kind), *kind.ids)
    )
    owner = "f.owner," if kind.owner else ""
    work.db.execute(f"""
        CREATE TABLE saving AS
        SELECT f.row, s.id, fate, {owner} {", ".join(f"f.{c}" for c in kind.key)}, {merged}
        FROM file f JOIN fate USING (row) LEFT JOIN stored s USING ({", ".join(kind.key)})
        WHERE fate IN ('added', 'updated')
    """)
    return work.fates(NO_ROW, work.settle_customers() if kind.customer else 0)


def value_codes(work: Workspace, kind: RecordKind) -> tuple[str, ...]:
    """The codes of the fields that hold plain values, own ones included."""
    own = tuple(f.code for f in work.checked.table.own_fields) if kind.has_own else ()
    return (*kind.values, *own)


def _name_fields(work: Workspace, kind: RecordKind) -> None:
    """`file`: the accepted rows with what names them, their values and the ids of what they refer to."""
    key = ", ".join(f"coalesce({c}, '') AS {c}" if _type(work, c) == pa.string() else c for c in kind.key)
    owner = (
        ("owner, staff.id AS owner_id,", "LEFT JOIN staff ON owner = staff.name") if kind.owner else ("", "")
    )
    if kind.owner:
        people = list(known_staff(work.session).items())
        work.put_rows("staff", {"name": pa.string(), "id": pa.int64()}, people)
    ids = "".join(f"base.{column}, " for column in kind.ids if column != "owner_id")
    # Rows that say something else of one record were refused before; of equal ones the first counts.
    work.db.execute(f"""
        CREATE TABLE file AS
        SELECT *, row_number() OVER (PARTITION BY {", ".join(kind.key)} ORDER BY row) AS repeat
        FROM (SELECT row, {key}, {owner[0]} {ids} {", ".join(f"base.{c}" for c in value_codes(work, kind))}
              FROM base {owner[1]})
    """)


def _load_stored(work: Workspace, kind: RecordKind) -> None:
    """`stored`: the records that the file may name, their values under the codes of the fields."""
    codes = {**kind.key, **kind.values}
    own = work.checked.table.own_fields if kind.has_own else ()
    columns = [getattr(kind.record, name) for name in ("id", *codes.values(), *kind.ids)]
    if own:
        columns.append(kind.record.own)
    first, column = next(iter(kind.key.items()))
    found: list[Any] = []
    for chunk in chunks(each for (each,) in work.db.execute(f"SELECT DISTINCT {first} FROM file").fetchall()):
        query = select(*columns).where(getattr(kind.record, column).in_(chunk))
        for row in work.session.execute(query):
            values = row[: len(columns) - bool(own)]
            found.append((*values, *(checked(f, row.own.get(own_code(f))) for f in own)))
    kinds = {
        "id": pa.int64(),
        **{code: _type(work, code) for code in codes},
        **dict.fromkeys(kind.ids, pa.int64()),
        **{f.code: _kind_type(f) for f in own},
    }
    work.put_rows("stored_rows", kinds, found)
    blank = [code for code in kind.values if _type(work, code) == pa.string()]
    replaced = ", ".join(f"nullif({code}, '') AS {code}" for code in blank)
    work.db.execute(
        f"CREATE TABLE stored AS SELECT * {f'REPLACE ({replaced})' if blank else ''} FROM stored_rows"
    )


def _type(work: Workspace, code: str) -> Any:
    return _kind_type(work.checked.table.field(code))


def _kind_type(field: Field) -> Any:
    return ARROW_TYPES.get(field.kind, pa.string())


def _judge(work: Workspace, kind: RecordKind) -> None:
    """`judged` (row, verdict, the key), refusals included, and `fate` of the rows that are taken."""
    key = ", ".join(kind.key)
    pairs = [(f"f.{c}", f"s.{c}") for c in (*value_codes(work, kind), *kind.ids) if c != "owner_id"]
    if kind.owner:
        # Somebody the directory does not know cannot be the stored owner.
        pairs.append(("CASE WHEN f.owner IS NOT NULL THEN coalesce(f.owner_id, -1) END", "s.owner_id"))
    differs = " OR ".join(f"({new} IS NOT NULL AND {new} IS DISTINCT FROM {old})" for new, old in pairs)
    cleared = [c for c in value_codes(work, kind) if c in work.clearing]
    differs += "".join(f" OR (f.{c} IS NULL AND s.{c} IS NOT NULL)" for c in cleared)
    first, last = kind.span or ("id", "id")
    backwards = f"coalesce(f.{last}, s.{last}) < coalesce(f.{first}, s.{first})" if kind.span else "false"
    work.db.execute(f"""
        CREATE TABLE judged AS
        SELECT f.row, f.repeat, {", ".join(f"f.{c}" for c in kind.key)}, CASE
            WHEN s.id IS NULL AND {work.mode == "update"} THEN 'not_stored'
            WHEN s.id IS NOT NULL AND NOT ({differs}) THEN 'unchanged'
            WHEN s.id IS NOT NULL AND {work.mode == "add"} THEN 'differs'
            WHEN {backwards} THEN 'backwards'
            WHEN s.id IS NULL THEN 'added'
            ELSE 'updated' END AS verdict
        FROM file f LEFT JOIN stored s USING ({key})
    """)
    for verdict, sentence in _REFUSALS.items():
        _refuse(work, kind, verdict, kind.sentences.get(verdict, sentence))
    work.db.execute("""
        CREATE TABLE fate AS
        SELECT row, CASE WHEN repeat > 1 THEN 'unchanged' ELSE verdict END AS fate
        FROM judged WHERE verdict IN ('added', 'updated', 'unchanged')
    """)


def shown_key(work: Workspace, code: str, source: str = "") -> str:
    """SQL: a part of a record's name as a person reads it, from the table whose prefix is `source`."""
    month = _type(work, code) == pa.date32()
    return f"strftime({source}{code}, '%Y-%m')" if month else f"{source}{code}"


def _refuse(work: Workspace, kind: RecordKind, verdict: str, sentence: str) -> None:
    names = list(kind.key)
    shown = [shown_key(work, code) for code in names]
    record = RECORDS.get(work.checked.table_code)

    def said(*values: str) -> Message:
        told: dict[str, object] = dict(zip(names, values, strict=True))
        if record is not None:
            told |= {"record": Message(record), "code": values[0]}
        return Message(sentence, told)

    work.refuse(f"SELECT row, {', '.join(shown)} FROM judged WHERE verdict = '{verdict}' ORDER BY row", said)


_REFUSALS = {
    "not_stored": mark("{record} {code} is not stored yet. Import it in a mode that adds what is new."),
    "differs": mark(
        "{record} {code} is already stored with other values. If the file is right, import it in a mode that "
        "replaces what is stored."
    ),
    "backwards": mark("{record} {code} would end before it starts. Correct one of the two days."),
}
