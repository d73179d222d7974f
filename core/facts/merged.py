"""Customers under the codes by which files know them: a merged one means the customer it turned out to be."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts.tables import Customer

_CODES_A_QUERY = 5_000


def customers_meant(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Code -> id of the customer that it means now; codes that nobody has are left out."""
    wanted = list(dict.fromkeys(codes))
    found: dict[str, int] = {}
    for first in range(0, len(wanted), _CODES_A_QUERY):
        query = select(Customer.code, Customer.id, Customer.merged_into_id).where(
            Customer.code.in_(wanted[first : first + _CODES_A_QUERY])
        )
        for code, key, into in session.execute(query):
            found[code] = key if into is None else survivor(session, into)
    return found


def survivor(session: Session, customer_id: int) -> int:
    """The id of the customer that this one turned out to be in the end; its own where it was not merged."""
    into = session.scalar(select(Customer.merged_into_id).where(Customer.id == customer_id))
    return customer_id if into is None else survivor(session, into)
