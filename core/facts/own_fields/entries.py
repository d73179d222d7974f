"""Own fields of one record at a form: what a person entered is read as an import reads it, and shown masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.access.actor import Actor, Permission
from core.access.masking import mask_text
from core.errors import Refused
from core.facts.cleaning.cells import reader
from core.facts.cleaning.dates import Reading
from core.facts.fields import Field
from core.facts.own_fields.sealing import Holder, read_own
from core.language import Message, mark


@dataclass(frozen=True)
class OwnValue:
    """What a record says in an own field, as an actor may see it.

    `value`: typed as a checked row holds it (amounts in ten-thousandths, days as dates, choices as codes), None where
    nothing stands; a personal one masked for who may not see it, and then `masked`.
    """

    field: Field
    value: Any
    masked: bool = False


def shown_own(
    actor: Actor, fields: Iterable[Field], own: Mapping[str, Any], holder: Holder
) -> tuple[OwnValue, ...]:
    """Every own field of a record for this actor. Amounts belong to the details, as everywhere."""
    wanted = [f for f in fields if f.kind != "amount" or actor.may(Permission.SEE_DETAILS)]
    in_full = actor.may(Permission.SEE_CONTACT_DATA)
    held = read_own(wanted, own, holder)
    shown = []
    for field in wanted:
        value = held.get(field.code)
        masked = field.personal and not in_full and value is not None
        shown.append(OwnValue(field, mask_text(str(value)) if masked else value, masked))
    return tuple(shown)


def read_entered(fields: Mapping[str, Field], code: str, value: Any, reading: Reading) -> Any:
    """The value as it is stored, None for a blank; refused with the name of the field, never with the value."""
    if code not in fields:
        raise Refused(
            mark("A field of the form was retired meanwhile. Load the record again and repeat your change.")
        )
    field = fields[code]
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if field.kind == "yes_no" and isinstance(value, bool):
        return value
    if field.kind == "date" and isinstance(value, date):
        return value
    if field.personal and "*" in str(value):
        raise _wrong(field, Message(mark("It is masked. Enter it in full, or leave it as it is.")))
    outcome = reader(field, reading)(str(value))
    if isinstance(outcome, Message):
        raise _wrong(field, outcome)
    return outcome[0]


def _wrong(field: Field, why: Message) -> Refused:
    return Refused(mark("{field}: {why}"), field=field.named, why=why)
