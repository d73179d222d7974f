"""Which customers an actor reaches, and how much of one is shown to it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission, within_reach
from core.access.masking import mask_email, mask_name, mask_phone
from core.access.vault import Vault, open_vault
from core.errors import NotFound
from core.facts import identity
from core.facts.tables import Customer
from core.language import mark
from core.store.engine import Store

STANDS: ColumnElement[bool] = Customer.merged_into_id.is_(None)
"""The SQL condition that keeps the customers that were not merged into others: only these are listed or counted."""


def may_see(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that keeps the customers in the actor's reach."""
    return and_(STANDS, within_reach(actor, Customer.department_id, Customer.account_manager_id))


def shown_name(actor: Actor, name: str) -> str:
    """A customer's name as this actor sees it: basic data come with masked names."""
    return name if actor.may(Permission.SEE_DETAILS) else mask_name(name)


@dataclass(frozen=True)
class Contact:
    """Opens phones and e-mails for one actor, masked unless the role sees contact data."""

    vault: Vault
    in_full: bool

    @classmethod
    def shown_to(cls, actor: Actor, store: Store) -> Contact:
        return cls(open_vault(store), actor.may(Permission.SEE_CONTACT_DATA))

    def phone(self, customer_id: int, sealed: bytes | None) -> str | None:
        value = identity.look(self.vault, customer_id, "phone", sealed)
        return value if value is None or self.in_full else mask_phone(value)

    def email(self, customer_id: int, sealed: bytes | None) -> str | None:
        value = identity.look(self.vault, customer_id, "email", sealed)
        return value if value is None or self.in_full else mask_email(value)


_OUT_OF_SIGHT = mark("There is no such customer, or you may not see it.")


def require_visible(actor: Actor, session: Session, customer_id: int) -> None:
    """NotFound for a customer out of reach; costs less than to read the record."""
    if session.scalar(select(Customer.id).where(Customer.id == customer_id, may_see(actor))) is None:
        raise NotFound(_OUT_OF_SIGHT)


def visible_customer(actor: Actor, session: Session, customer_id: int, *, lock: bool = False) -> Customer:
    """The record of a customer in reach; `lock` keeps others from changing it until the transaction ends."""
    query = select(Customer).where(Customer.id == customer_id, may_see(actor))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_OUT_OF_SIGHT)
    return found
