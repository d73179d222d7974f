"""Own fields of customers as filters: what may be asked of them, and what it means to the database.

They are read from the records, never from the mart: a field that was added a minute ago, and a value that was entered
just now, count at once, and the data version stays what it is, for no figure is worked out from them. Personal ones
are sealed, each for its record, so that nobody can search them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pyarrow as pa
from sqlalchemy import BigInteger, ColumnElement, cast, or_
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.errors import Refused
from core.facts.fields import Field
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.values import checked, own_code
from core.facts.tables import Customer
from core.language import mark
from core.store.engine import Store

NOT_STATED = "~"
"""Among the values of a condition: customers in whose record nothing stands there."""
YES, NO = "yes", "no"
LISTED = ("choice", "yes_no")
"""Kinds that are asked by their values."""
MEASURED = ("integer", "amount", "date")
"""Kinds that are asked from and to."""
_TYPES = {"integer": pa.int64(), "amount": pa.int64(), "date": pa.date32(), "yes_no": pa.bool_()}


@dataclass(frozen=True)
class OwnCondition:
    """What is asked of one own field: of each kind what belongs to it; without any of it everybody is kept.

    `field` is its code in the catalogue. `values` are codes of choices, YES, NO or NOT_STATED; `least` and `most` are
    included and in the stored unit (amounts in ten-thousandths); `text` is part of what stands there.
    """

    field: str
    values: tuple[str, ...] = ()
    least: int | date | None = None
    most: int | date | None = None
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        """A form that JSON can hold, of the parts that say something."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else list(value) if name == "values" else value
            for name, value in found.items()
            if value not in ((), None, "")
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> OwnCondition:
        """The condition that `to_json` gave."""
        least, most = (_end(stored.get(name)) for name in ("least", "most"))
        return cls(stored["field"], tuple(stored.get("values", ())), least, most, stored.get("text", ""))


def own_filters(actor: Actor, store: Store) -> tuple[Field, ...]:
    """The own fields by which this actor may filter customers."""
    actor.require(Permission.SEE_CUSTOMERS)
    with store.read() as session:
        return _askable(actor, session)


def conditions_of(actor: Actor, session: Session, asked: Sequence[OwnCondition]) -> list[ColumnElement[bool]]:
    """What the conditions mean for rows of Customer."""
    known = asked_fields(actor, session, asked)
    return [part for each in asked for part in _parts(known[each.field], each)]


def own_columns(
    fields: Mapping[str, Field], records: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, pa.Array]]:
    """Code of each field with its values in these records (what their `own` holds), in their order.

    Amounts in ten-thousandths, days as dates, choices as codes; None where nothing stands.
    """
    for code, field in fields.items():
        values = [checked(field, record.get(own_code(field))) for record in records]
        yield code, pa.array(values, _TYPES.get(field.kind, pa.string()))


def asked_fields(actor: Actor, session: Session, asked: Sequence[OwnCondition]) -> dict[str, Field]:
    """The fields that are asked about; refused where the actor may not ask for one, or nobody any more."""
    if not asked:
        return {}
    known = {field.code: field for field in _askable(actor, session)}
    if any(each.field not in known for each in asked):
        raise Refused(
            mark("A field of the filter was retired, or your role does not see it. Open the page again.")
        )
    return {each.field: known[each.field] for each in asked}


def _askable(actor: Actor, session: Session) -> tuple[Field, ...]:
    """Amounts belong to the details, as everywhere."""
    details = actor.may(Permission.SEE_DETAILS)
    own = catalogue(session)["customers"].own_fields
    return tuple(f for f in own if not f.personal and (details or f.kind != "amount"))


def _parts(field: Field, asked: OwnCondition) -> Iterator[ColumnElement[bool]]:
    stored = Customer.own[own_code(field)]
    if field.kind in LISTED and asked.values:
        yield or_(*(_is(field, value) for value in asked.values))
    elif field.kind in MEASURED:
        # Days are ISO texts, which stand in the order of the days.
        held: Any = stored.as_string() if field.kind == "date" else cast(stored.as_string(), BigInteger)
        for end, keeps in ((asked.least, held.__ge__), (asked.most, held.__le__)):
            if end is not None:
                yield keeps(end.isoformat() if isinstance(end, date) else end)
    elif field.kind == "text" and asked.text.strip():
        yield stored.as_string().icontains(asked.text.strip(), autoescape=True)


def _is(field: Field, value: str) -> ColumnElement[bool]:
    stored = Customer.own[own_code(field)]
    found: ColumnElement[bool] = stored.as_string() == value
    if value == NOT_STATED:
        found = stored.as_string().is_(None)
    elif field.kind == "yes_no":
        found = stored.as_boolean().is_(value == YES)
    return found


def _end(stored: Any) -> int | date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored
