"""Commands on the company's own fields: added, reworded, retired and taken up again.

Kind, code and whether a field is personal are settled for good when it is added: values of it may be stored by then.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound, Refused, StaleEdit
from core.facts.fields import Field
from core.facts.labels import FIELD_OWNERS, TABLES
from core.facts.matching.names import normalise
from core.facts.own_fields.catalogue import PREFIX, catalogue, field_of
from core.facts.own_fields.choices import worded_choices
from core.facts.own_fields.words import Words, both_words, former, tidy
from core.facts.tables import OwnField
from core.language import Message, mark
from core.store.engine import Store

OWN_TABLES = ("customers", "leads", "contracts", "products", "outlets")
"""Tables whose records have room for own fields."""
PERSONAL_TABLES = ("customers", "leads")
"""Those that tell of people: only they seal what is personal."""
KINDS = ("text", "integer", "amount", "date", "yes_no", "choice")
MOST_FIELDS = 40
"""In use at once, of one table."""
LONGEST_UNIT = 12
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")


def add_field(
    actor: Actor,
    store: Store,
    table_code: str,
    *,
    code: str,
    kind: str,
    label: Words,
    unit: str = "",
    owner: str = "",
    personal: bool = False,
    choices: Sequence[Words] = (),
    now: datetime,
) -> int:
    """Add a field to a table (one of OWN_TABLES); the id. It can be imported, edited and exported at once.

    `kind` is one of KINDS, `owner` a key of `labels.FIELD_OWNERS` or blank; `choices` belong to the kind `choice`.
    """
    actor.require(Permission.OWN_FIELDS)
    if table_code not in OWN_TABLES or kind not in KINDS or owner not in ("", *FIELD_OWNERS):
        raise ValueError(f"unknown table, kind or owner: {table_code!r}, {kind!r}, {owner!r}")
    if not _CODE.fullmatch(code):
        raise Refused(
            mark("A code has 2 to 30 small letters, digits and underscores, and begins with a letter.")
        )
    if personal and (kind != "text" or table_code not in PERSONAL_TABLES):
        raise Refused(mark("Only texts of customers and leads can be kept as personal data."))
    label_zh, label_en = both_words(label)
    with store.write() as session:
        _lock(session)
        _check_room(session, table_code, code)
        _check_label(session, table_code, (label_zh, label_en), but=None)
        field = OwnField(
            table_code=table_code,
            code=code,
            kind=kind,
            label_zh=label_zh,
            label_en=label_en,
            unit=_unit(unit),
            owner=owner,
            personal=personal,
            choices=worded_choices((), choices) if kind == "choice" else [],
            created_at=now,
            created_by=actor.account_id,
        )
        session.add(field)
        session.flush()
        audit.record(
            session, actor, "own_field.added", "own_field", field.id, now=now, table=table_code, code=code, kind=kind
        )  # fmt: skip
        session.commit()
        return field.id


def change_field(
    actor: Actor,
    store: Store,
    field_id: int,
    *,
    seen: Field,
    label: Words,
    unit: str = "",
    owner: str = "",
    choices: Sequence[Words] = (),
    now: datetime,
) -> None:
    """Word a field anew; files may go on saying the former words. Which line is which choice, see `choices`.

    `seen`: the field as it stood before whoever words it anew. StaleEdit when somebody has changed or retired it
    meanwhile.
    """
    actor.require(Permission.OWN_FIELDS)
    if owner not in ("", *FIELD_OWNERS):
        raise ValueError(f"unknown owner of a field: {owner!r}")
    words = both_words(label)
    with store.write() as session:
        _lock(session)
        field = _field(session, field_id)
        if field.retired_at is not None or field_of(field) != seen:
            raise StaleEdit(
                mark("Somebody changed this field while you had it open. Nothing was saved; open it again.")
            )
        _check_label(session, field.table_code, words, but=PREFIX + field.code)
        field.former_labels = former([*field.former_labels, field.label_zh, field.label_en], words)
        field.label_zh, field.label_en = words
        field.unit, field.owner = _unit(unit), owner
        if field.kind == "choice":
            field.choices = worded_choices(seen.choices, choices)
        audit.record(session, actor, "own_field.changed", "own_field", field.id, now=now)
        session.commit()


def retire_field(actor: Actor, store: Store, field_id: int, *, now: datetime) -> None:
    """Ask for a field no more, anywhere; what was entered stays and is shown again when it is taken up."""
    actor.require(Permission.OWN_FIELDS)
    with store.write() as session:
        field = _field(session, field_id)
        if field.retired_at is None:
            field.retired_at = now
            audit.record(session, actor, "own_field.retired", "own_field", field.id, now=now)
            session.commit()


def take_up_field(actor: Actor, store: Store, field_id: int, *, now: datetime) -> None:
    """Ask for a retired field again. Refused where its words mean another field by now."""
    actor.require(Permission.OWN_FIELDS)
    with store.write() as session:
        _lock(session)
        field = _field(session, field_id)
        if field.retired_at is not None:
            _check_label(session, field.table_code, (field.label_zh, field.label_en), but=None)
            _check_number(session, field.table_code)
            others = [name for f in catalogue(session)[field.table_code].fields for name in _names(f)]
            field.former_labels = former(field.former_labels, others)
            field.retired_at = None
            audit.record(session, actor, "own_field.taken_up", "own_field", field.id, now=now)
            session.commit()


def _field(session: Session, field_id: int) -> OwnField:
    found = session.get(OwnField, field_id)
    if found is None:
        raise NotFound(mark("There is no such field."))
    return found


def _lock(session: Session) -> None:
    """Let one person at a time give fields their names. Must be the first statement: on PostgreSQL the snapshot is
    taken after it."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":  # there the transaction holds the write lock already
        connection.exec_driver_sql("LOCK TABLE own_fields IN SHARE ROW EXCLUSIVE MODE")


def _check_room(session: Session, table_code: str, code: str) -> None:
    _check_number(session, table_code)
    same = select(OwnField.id).where(OwnField.table_code == table_code, OwnField.code == code)
    if code in catalogue(session)[table_code].codes or session.scalar(same) is not None:
        raise Refused(mark("The code {code} belongs to another field. Choose another one."), code=code)


def _check_number(session: Session, table_code: str) -> None:
    query = select(func.count()).where(OwnField.table_code == table_code, OwnField.retired_at.is_(None))
    if (session.scalar(query) or 0) >= MOST_FIELDS:
        raise Refused(
            mark("{table} has {n} own fields already, and more cannot be kept apart. Retire one first."),
            table=Message(TABLES[table_code]),
            n=MOST_FIELDS,
        )


def _check_label(session: Session, table_code: str, words: Words, *, but: str | None) -> None:
    """A header has to mean one field: neither word may be a name of another."""
    wanted = {normalise(word) for word in words}
    for field in catalogue(session)[table_code].fields:
        if field.code != but and wanted & {normalise(name) for name in _names(field)}:
            raise Refused(
                mark("“{label}” is a name of the field {field} already. Choose another name."),
                label=next(w for w in words if normalise(w) in {normalise(n) for n in _names(field)}),
                field=field.named,
            )


def _names(field: Field) -> tuple[str, ...]:
    return (field.label, *field.synonyms_zh, *field.synonyms_en, field.code)


def _unit(unit: str) -> str:
    tidied = tidy(unit)
    if len(tidied) > LONGEST_UNIT:
        raise Refused(mark("A unit has at most {most} characters."), most=LONGEST_UNIT)
    return tidied
