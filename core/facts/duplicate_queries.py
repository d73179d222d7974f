"""Reads of duplicates: the pairs that wait, two customers side by side, and the merges so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from core.access.actor import Actor, Permission, within_reach
from core.access.tables import Account, Department, StaffMember
from core.errors import NotFound, Refused
from core.facts import merge_fields
from core.facts.catalogue.model import Field
from core.facts.duplicates import REASONS
from core.facts.duplicates_service import OPEN
from core.facts.merge_fields import FieldPair
from core.facts.merging import counts, refuse_two
from core.facts.own_entries import shown_own
from core.facts.own_fields import catalogue
from core.facts.own_sealing import Holder, read_own
from core.facts.tables import Customer, CustomerMerge, DuplicatePair
from core.facts.visibility import Contact, shown_name, visible_customer
from core.language import Message, mark
from core.store.engine import Store

_First, _Second = aliased(Customer), aliased(Customer)


@dataclass(frozen=True)
class PairRow:
    """One pair in the queue; names as the reader may see them."""

    id: int
    first_code: str
    first_name: str
    second_code: str
    second_name: str
    reason: str
    likeness: int
    found_on: date
    state: str
    account_manager: str | None
    """Who serves the first, or else the second."""


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


@dataclass(frozen=True)
class MergeRow:
    """One merge."""

    id: int
    kept_id: int
    code: str
    name: str
    gone_code: str
    merged_at: datetime
    merged_by: str | None
    undone_at: datetime | None


def pair_counts(actor: Actor, store: Store) -> dict[str, int]:
    """State -> pairs of which both customers are in reach and stand for themselves."""
    actor.require(Permission.EDIT_CUSTOMERS)
    query = _pairs(actor).with_only_columns(DuplicatePair.state, func.count()).group_by(DuplicatePair.state)
    with store.read() as session:
        return {str(state): int(number) for state, number in session.execute(query)}


def pairs(actor: Actor, store: Store, state: str = OPEN, *, limit: int = 200) -> list[PairRow]:
    """The pairs of a state, the surest first."""
    actor.require(Permission.EDIT_CUSTOMERS)
    manager = func.coalesce(_First.account_manager_id, _Second.account_manager_id)
    query = (
        _pairs(actor)
        .outerjoin(StaffMember, StaffMember.id == manager)
        .add_columns(StaffMember.name)
        .where(DuplicatePair.state == state)
        .order_by(
            *(DuplicatePair.reason != reason for reason in REASONS),
            DuplicatePair.likeness.desc(),
            DuplicatePair.id,
        )
        .limit(limit)
    )
    with store.read() as session:
        return [
            PairRow(
                id=pair.id,
                first_code=first.code,
                first_name=shown_name(actor, first.name),
                second_code=second.code,
                second_name=shown_name(actor, second.name),
                reason=pair.reason,
                likeness=pair.likeness,
                found_on=pair.found_on,
                state=pair.state,
                account_manager=served_by,
            )
            for pair, first, second, served_by in session.execute(query)
        ]


def _pairs(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The pairs of two customers in reach, neither of them merged into another."""
    conditions = [
        and_(
            each.merged_into_id.is_(None),
            within_reach(actor, each.department_id, each.account_manager_id),
        )
        for each in (_First, _Second)
    ]
    return (
        select(DuplicatePair, _First, _Second)
        .join(_First, _First.id == DuplicatePair.first_id)
        .join(_Second, _Second.id == DuplicatePair.second_id)
        .where(*conditions)
    )


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


def merges(actor: Actor, store: Store, *, limit: int = 50) -> list[MergeRow]:
    """The merges whose kept customer is in reach, newest first."""
    actor.require(Permission.EDIT_CUSTOMERS)
    gone = aliased(Customer)
    query = (
        select(CustomerMerge, Customer.code, Customer.name, gone.code, Account.display_name)
        .join(Customer, Customer.id == CustomerMerge.kept_id)
        .join(gone, gone.id == CustomerMerge.gone_id)
        .outerjoin(Account, Account.id == CustomerMerge.merged_by)
        .where(within_reach(actor, Customer.department_id, Customer.account_manager_id))
        .order_by(CustomerMerge.id.desc())
        .limit(limit)
    )
    with store.read() as session:
        return [
            MergeRow(
                id=done.id,
                kept_id=done.kept_id,
                code=code,
                name=shown_name(actor, name),
                gone_code=gone_code,
                merged_at=done.merged_at,
                merged_by=who,
                undone_at=done.undone_at,
            )
            for done, code, name, gone_code, who in session.execute(query)
        ]
