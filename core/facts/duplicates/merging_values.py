"""The values of two customers when they become one, and when they become two again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from core.errors import Refused
from core.facts.catalogue.model import Field, TableSpec
from core.facts.duplicates import merge_fields
from core.facts.duplicates.merge_fields import as_json, from_json
from core.facts.own_fields.values import own_code
from core.facts.stand_ins import StandIns, naming, target
from core.facts.tables import Customer
from core.language import Message, mark
from core.store.records import Base

_CUSTOMERS = Base.metadata.tables[Customer.__tablename__]


def apply(customer: Customer, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set what differs; column -> [value before, value after]."""
    changed = {}
    for column, value in values.items():
        before = getattr(customer, column)
        if before != value:
            changed[column] = [as_json(before), as_json(value)]
            setattr(customer, column, value)
    return changed


def swap_codes(session: Session, kept: Customer, gone: Customer) -> tuple[list[str], list[str]]:
    """Codes are unique at every moment, so one of them steps aside."""
    first, second = kept.code, gone.code
    _set_codes(session, kept, second, gone, first)
    return [first, second], [second, first]


def _set_codes(session: Session, one: Customer, code: str, other: Customer, others: str) -> None:
    other.code = f"\x7f{other.id}"
    session.flush()
    one.code = code
    session.flush()
    other.code = others
    session.flush()


def restore(session: Session, kept: Customer, gone: Customer, before: Mapping[str, Any]) -> Message | None:
    """Give both their values from before the merge; why the kept one differs, where somebody has left since."""
    gone.merged_into_id = None
    if "code" in before["kept"]:
        _set_codes(session, kept, before["kept"]["code"][0], gone, before["gone"]["code"][0])
    values = {column: value for column, (value, _after) in before["kept"].items() if column != "code"}
    lacking = {
        (target(column).name, values[column.name])
        for column in naming(_CUSTOMERS)
        if values.get(column.name) is not None and not _is_stored(session, column, values[column.name])
    }
    put_back, why = StandIns.of_now(session, lacking).stand_in(_CUSTOMERS, values)
    for column, value in put_back.items():
        setattr(kept, column, from_json(value))
    session.flush()
    return why


def _is_stored(session: Session, column: Column[Any], key: int) -> bool:
    named = target(column)
    return session.scalar(select(named.c.id).where(named.c.id == key)) is not None


def refuse_edited(session: Session, spec: TableSpec, kept: Customer, before: Mapping[str, Any]) -> None:
    """Refused where a field that the merge had set was edited since. Whoever took over from the account manager whom it
    had set got the customer without an edit."""
    set_to = {column: after for column, (_before, after) in before.items()}
    handed_over, _ = StandIns.of_now(session).stand_in(_CUSTOMERS, set_to)
    edited = {
        column
        for column, after in set_to.items()
        # What is sealed is never twice the same; its digest tells.
        if not column.endswith("_sealed")
        and as_json(getattr(kept, column)) not in (after, handed_over[column])
    }
    if not edited:
        return
    named = [field.named for field in spec.fields if _was_edited(field, kept, before, edited)]
    raise Refused(
        mark(
            "{field} was edited after the merge. Undoing it would overwrite that. Set the two customers "
            "right by hand."
        ),
        # Of a field that was retired since nothing is known but that it is one.
        field=named[0] if named else Message(mark("An own field")),
    )


def _was_edited(field: Field, kept: Customer, before: Mapping[str, Any], edited: set[str]) -> bool:
    if not field.own:
        return bool(edited & set(merge_fields.columns_of(field.code)))
    return "own" in edited and kept.own.get(own_code(field)) != before["own"][1].get(own_code(field))
