"""Two customers side by side: what is known of each, masked for the role, and whether they can be merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission
from core.access.tables import Department, StaffMember
from core.errors import NotFound, Refused
from core.facts.catalogue.model import Field
from core.facts.duplicates import merge_fields
from core.facts.duplicates.merge_fields import FieldPair
from core.facts.duplicates.merging import counts, refuse_two
from core.facts.own_fields.catalogue import catalogue
from core.facts.own_fields.entries import shown_own
from core.facts.own_fields.sealing import Holder, read_own
from core.facts.tables import Customer, DuplicatePair
from core.facts.visibility import Contact, shown_name, visible_customer
from core.language import Message, mark
from core.store.engine import Store


@dataclass(frozen=True)
class Party:
    """One of two customers: id, version and code, when it came, and how many records of each table are its."""

    id: int
    version: int
    code: str
    name: str
    created_at: datetime
    records: Mapping[str, int]


@dataclass(frozen=True)
class Comparison:
    """A pair side by side. `blocked`: why the two cannot be merged now; None when they can."""

    pair_id: int
    state: str
    reason: str
    likeness: int
    first: Party
    second: Party
    fields: tuple[FieldPair, ...]
    blocked: Message | None


def comparison(actor: Actor, store: Store, pair_id: int) -> Comparison:
    """Two customers in reach, field by field, masked for the role; NotFound otherwise."""
    actor.require(Permission.EDIT_CUSTOMERS)
    contact = Contact.shown_to(actor, store)
    with store.read() as session:
        pair = session.get(DuplicatePair, pair_id)
        if pair is None:
            raise NotFound(mark("There is no such pair any more. Look for duplicates again."))
        first, second = (visible_customer(actor, session, each) for each in (pair.first_id, pair.second_id))
        words = _Words.of(session, actor, contact)
        return Comparison(
            pair_id=pair.id,
            state=pair.state,
            reason=pair.reason,
            likeness=pair.likeness,
            first=_party(session, actor, first),
            second=_party(session, actor, second),
            fields=tuple(
                _side_by_side(words, field, first, second) for field in catalogue(session)["customers"].fields
            ),
            blocked=_blocked(session, first.id, second.id),
        )


def _party(session: Session, actor: Actor, customer: Customer) -> Party:
    return Party(
        id=customer.id,
        version=customer.version,
        code=customer.code,
        name=shown_name(actor, customer.name),
        created_at=customer.created_at,
        records=counts(session, customer.id),
    )


@dataclass(frozen=True)
class _Words:
    """What turns stored values into what the reader may see."""

    actor: Actor
    contact: Contact
    departments: Mapping[int, str]
    staff: Mapping[int, str]

    @classmethod
    def of(cls, session: Session, actor: Actor, contact: Contact) -> _Words:
        departments: Any = session.execute(select(Department.id, Department.name)).all()
        staff: Any = session.execute(select(StaffMember.id, StaffMember.name)).all()
        return cls(actor, contact, dict(departments), dict(staff))

    def said(self, field: Field, customer: Customer) -> Any:
        """What tells whether two customers say the same in a field."""
        if field.own:
            return read_own((field,), customer.own, self._holder(customer)).get(field.code)
        return merge_fields.stored(customer, field)

    def _holder(self, customer: Customer) -> Holder:
        return Holder(self.contact.vault, "customers", customer.id)

    def shown(self, field: Field, customer: Customer) -> Any:
        if field.own:
            return next(
                (v.value for v in shown_own(self.actor, (field,), customer.own, self._holder(customer))), None
            )
        value = merge_fields.stored(customer, field)
        if value is None:
            return None
        if field.code in ("phone", "email"):
            look = self.contact.phone if field.code == "phone" else self.contact.email
            return look(customer.id, getattr(customer, f"{field.code}_sealed"))
        if field.code in ("department", "account_manager"):
            return (self.departments if field.code == "department" else self.staff).get(value)
        return shown_name(self.actor, str(value)) if field.code == "name" else value


def _side_by_side(words: _Words, field: Field, first: Customer, second: Customer) -> FieldPair:
    own, other = words.said(field, first), words.said(field, second)
    return FieldPair(
        field=field,
        first=words.shown(field, first),
        second=words.shown(field, second),
        differs=own != other and not (merge_fields.blank(own) and merge_fields.blank(other)),
        proposed=merge_fields.proposed(own, other),
    )


def _blocked(session: Session, first: int, second: int) -> Message | None:
    try:
        refuse_two(session, first, second)
    except Refused as refusal:
        return refusal.message
    return None
