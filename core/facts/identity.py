"""How a customer's identifying fields are kept: sealed for their place, found again by a keyed digest."""

from __future__ import annotations

from typing import Literal

from core.access.vault import Vault
from core.facts.tables import Customer

IdentityField = Literal["phone", "email"]


def place(field: IdentityField, customer_id: int) -> str:
    """What a sealed value is bound to: it cannot be opened as the value of another field or customer."""
    return f"customers.{field}.{customer_id}"


def digest(vault: Vault, field: IdentityField, value: str) -> bytes:
    """What equal normalised values have in common."""
    return vault.index(value, field)


def put(vault: Vault, customer: Customer, field: IdentityField, value: str | None) -> None:
    """Set a normalised phone or e-mail of a stored customer, sealed and indexed; None takes it away."""
    sealed = None if value is None else vault.seal(value, place(field, customer.id))
    setattr(customer, f"{field}_sealed", sealed)
    setattr(customer, f"{field}_index", None if value is None else digest(vault, field, value))


def look(vault: Vault, customer_id: int, field: IdentityField, sealed: bytes | None) -> str | None:
    """The value that was sealed for this customer."""
    return None if sealed is None else vault.open(sealed, place(field, customer_id))


def lead_place(lead_id: int) -> str:
    """What the sealed phone of a lead is bound to. Its digest is that of a customer's phone: equal ones meet."""
    return f"leads.phone.{lead_id}"


def look_lead(vault: Vault, lead_id: int, sealed: bytes | None) -> str | None:
    """The phone that was sealed for this lead."""
    return None if sealed is None else vault.open(sealed, lead_place(lead_id))
