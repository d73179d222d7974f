"""Commands on the company's own fields: added, reworded, retired and taken up again.

Kind, code and whether a field is personal are settled for good when it is added: values of it may be stored by then.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.errors import NotFound, Refused
from core.facts.fields import Field
from core.facts.labels import FIELD_OWNERS, TABLES
from core.facts.matching.names import normalise
from core.facts.own_fields.catalogue import PREFIX, catalogue
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
MOST_CHOICES = 50
LONGEST_LABEL = 40
LONGEST_UNIT = 12
_CODE = re.compile(r"[a-z][a-z0-9_]{1,29}")
Words = tuple[str, str]
"""In Chinese and in English; where one is blank the other stands for it."""


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
    label_zh, label_en = _words(label)
    with store.write() as session:
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
            choices=_choices(kind, choices, ()),
            created_at=now,
            created_by=actor.account_id,
        )
        session.add(field)
        try:
            session.flush()
        except IntegrityError as error:  # somebody added it since this transaction began to read
            raise _taken(code) from error
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
    label: Words,
    unit: str = "",
    owner: str = "",
    choices: Sequence[Words] = (),
    now: datetime,
) -> None:
    """Word a field anew; files may go on saying the former words. Choices keep their order: the first reword those
    there are, further ones are added."""
    actor.require(Permission.OWN_FIELDS)
    if owner not in ("", *FIELD_OWNERS):
        raise ValueError(f"unknown owner of a field: {owner!r}")
    words = _words(label)
    with store.write() as session:
        field = _field(session, field_id)
        _check_label(session, field.table_code, words, but=PREFIX + field.code)
        field.former_labels = _former([*field.former_labels, field.label_zh, field.label_en], words)
        field.label_zh, field.label_en = words
        field.unit, field.owner = _unit(unit), owner
        field.choices = _choices(field.kind, choices, field.choices)
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
        field = _field(session, field_id)
        if field.retired_at is not None:
            _check_label(session, field.table_code, (field.label_zh, field.label_en), but=None)
            _check_number(session, field.table_code)
            others = [name for f in catalogue(session)[field.table_code].fields for name in _names(f)]
            field.former_labels = _former(field.former_labels, others)
            field.retired_at = None
            audit.record(session, actor, "own_field.taken_up", "own_field", field.id, now=now)
            session.commit()


def _field(session: Session, field_id: int) -> OwnField:
    found = session.get(OwnField, field_id)
    if found is None:
        raise NotFound(mark("There is no such field."))
    return found


def _check_room(session: Session, table_code: str, code: str) -> None:
    _check_number(session, table_code)
    same = select(OwnField.id).where(OwnField.table_code == table_code, OwnField.code == code)
    if code in catalogue(session)[table_code].codes or session.scalar(same) is not None:
        raise _taken(code)


def _taken(code: str) -> Refused:
    return Refused(mark("The code {code} belongs to another field. Choose another one."), code=code)


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


def _former(words: Iterable[str], present: Iterable[str]) -> list[str]:
    """The words that were said before, each once, without those that say something at present."""
    known = {normalise(word) for word in present}
    return list({normalise(word): word for word in words if normalise(word) not in known}.values())


def _words(words: Words) -> Words:
    """Both words tidied; the other one where one is blank."""
    zh, en = (_tidy(word) for word in words)
    zh, en = zh or en, en or zh
    if not zh or max(len(zh), len(en)) > LONGEST_LABEL:
        raise Refused(mark("A name has 1 to {most} characters."), most=LONGEST_LABEL)
    return zh, en


def _tidy(word: str) -> str:
    """Without line breaks and other signs that nobody sees."""
    seen = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in word)
    return " ".join(seen.split())


def _unit(unit: str) -> str:
    tidied = _tidy(unit)
    if len(tidied) > LONGEST_UNIT:
        raise Refused(mark("A unit has at most {most} characters."), most=LONGEST_UNIT)
    return tidied


def _choices(kind: str, choices: Sequence[Words], before: Sequence[Any]) -> list[Any]:
    """As they are stored: code, Chinese, English, former words. The codes of those there are stay."""
    if kind != "choice":
        return []
    if len(choices) < len(before):
        raise Refused(mark("A choice that records may hold is not taken away. Reword it, or add others."))
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise Refused(mark("A field of choices has 2 to {most} of them."), most=MOST_CHOICES)
    worded = [_words(choice) for choice in choices]
    for language in (0, 1):
        if len({normalise(words[language]) for words in worded}) < len(worded):
            raise Refused(mark("Two choices have the same name. Reword one of them."))
    codes = [code for code, *_ in before] + [f"c{n + 1}" for n in range(len(before), len(worded))]
    present = [word for words in worded for word in words]
    former = [_former(words, present) for _code, *words in before] + [[]] * (len(worded) - len(before))
    return [[code, *words, *old] for code, words, old in zip(codes, worded, former, strict=True)]
