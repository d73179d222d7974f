"""Own fields on their way into a record and out of it: personal ones are sealed for their record and field."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.access.vault import Vault
from core.facts.fields import Field
from core.facts.own_fields.values import checked, kept, own_code


@dataclass(frozen=True)
class Holder:
    """The record whose own fields are read or written: what is sealed is bound to it and to the field."""

    vault: Vault
    table_code: str
    record_id: int

    def place(self, field: Field) -> str:
        """What a sealed value is bound to: it cannot be opened as that of another field or record."""
        return f"{self.table_code}.{field.code}.{self.record_id}"


def read_own(fields: Iterable[Field], own: Mapping[str, Any], holder: Holder) -> dict[str, Any]:
    """Field code -> value, typed as a checked row holds it, of the fields in which the record says something."""
    found = {}
    for field in fields:
        stored = own.get(own_code(field))
        if stored is not None:
            sealed = field.personal
            found[field.code] = (
                holder.vault.open(base64.b64decode(stored), holder.place(field))
                if sealed
                else checked(field, stored)
            )
    return found


def write_own(
    fields: Iterable[Field], values: Mapping[str, Any], own: Mapping[str, Any], holder: Holder
) -> dict[str, Any]:
    """What the record's `own` holds after these values (field code -> value, None takes it away) were set in it."""
    held = dict(own)
    for field in fields:
        if field.code not in values:
            continue
        value = values[field.code]
        if value is None:
            held.pop(own_code(field), None)
        elif field.personal:
            sealed = holder.vault.seal(str(value), holder.place(field))
            held[own_code(field)] = base64.b64encode(sealed).decode()
        else:
            held[own_code(field)] = kept(field, value)
    return held


def open_own(
    fields: Iterable[Field], own: Mapping[str, Any], holder: Holder, *, in_full: bool
) -> dict[str, Any]:
    """What the record's `own` holds, with personal values opened, or, unless `in_full`, left out."""
    opened = dict(own)
    for field in fields:
        if field.personal and (stored := opened.pop(own_code(field), None)) is not None and in_full:
            opened[own_code(field)] = holder.vault.open(base64.b64decode(stored), holder.place(field))
    return opened


def reseal(field: Field, stored: str, old: Holder, new: Holder) -> str:
    """A sealed value of one record, as another record of the same company may hold it."""
    value = old.vault.open(base64.b64decode(stored), old.place(field))
    return base64.b64encode(new.vault.seal(value, new.place(field))).decode()
