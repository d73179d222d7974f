"""The fields of two customers side by side, and what the one that stays holds after the choice. Sealed values are
opened only to be shown or to be sealed for their new place."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from core.access.vault import Vault
from core.facts import identity
from core.facts.catalogue.model import Field, TableSpec
from core.facts.own_fields.sealing import Holder, reseal
from core.facts.own_fields.values import own_code
from core.facts.tables import Customer

Side = Literal["first", "second"]
SIDES: tuple[Side, Side] = ("first", "second")
_SEALED: tuple[identity.IdentityField, ...] = ("phone", "email")
_NAMED = {"department": "department_id", "account_manager": "account_manager_id", "customer_code": "code"}
CODE = "customer_code"


@dataclass(frozen=True)
class FieldPair:
    """One field of two customers.

    `first` and `second` are the values as the reader may see them; `differs`: whether the stored ones do; `proposed`
    the side that is taken unless somebody chooses otherwise: the one that says something, else the older customer's.
    """

    field: Field
    first: Any
    second: Any
    differs: bool
    proposed: Side


def columns_of(field: str) -> tuple[str, ...]:
    """The columns of a customer that hold a field; of an own field the one that holds all own fields."""
    if field in _SEALED:
        return (f"{field}_sealed", f"{field}_index")
    return (_NAMED.get(field, field),)


def stored(customer: Customer, field: Field) -> Any:
    """What tells whether two customers have the same: the digest of what is sealed, else the value."""
    if field.own:
        return customer.own.get(own_code(field))
    return getattr(customer, columns_of(field.code)[-1])


def blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def proposed(first: Any, second: Any) -> Side:
    return "second" if blank(first) and not blank(second) else "first"


def chosen_values(
    spec: TableSpec, vault: Vault, kept: Customer, other: Customer, taken: Mapping[str, bool]
) -> dict[str, Any]:
    """Column -> value of the kept customer, for each field of `taken` that is the other's (True)."""
    values: dict[str, Any] = {}
    own = dict(kept.own)
    for field in spec.fields:
        if not taken.get(field.code) or field.code == CODE:
            continue
        if field.own:
            _take_own(own, field, other, Holder(vault, "customers", kept.id))
        elif field.code in _SEALED:
            name: identity.IdentityField = "phone" if field.code == "phone" else "email"
            value = identity.look(vault, other.id, name, getattr(other, f"{name}_sealed"))
            sealed = None if value is None else vault.seal(value, identity.place(name, kept.id))
            values |= {f"{name}_sealed": sealed, f"{name}_index": getattr(other, f"{name}_index")}
        else:
            (column,) = columns_of(field.code)
            values[column] = getattr(other, column)
    if own != kept.own:
        values["own"] = own
    return values


def _take_own(own: dict[str, Any], field: Field, other: Customer, kept: Holder) -> None:
    """Set what the other customer says in an own field; what is sealed is sealed anew for the kept one."""
    key = own_code(field)
    own.pop(key, None)
    if key in other.own:
        value = other.own[key]
        theirs = Holder(kept.vault, kept.table_code, other.id)
        own[key] = reseal(field, value, theirs, kept) if field.personal else value


def as_json(value: Any) -> Any:
    """A column's value as JSON holds it; bytes stay sealed."""
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(bytes(value)).decode()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def from_json(value: Any) -> Any:
    """The inverse of `as_json`."""
    if isinstance(value, dict) and set(value) == {"bytes"}:
        return base64.b64decode(value["bytes"])
    if isinstance(value, dict) and set(value) == {"day"}:
        return date.fromisoformat(value["day"])
    return value
