"""Customers under the codes by which files know them: a merged one means the customer it turned out to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from core.facts.order_keys import mark_of
from core.facts.tables import Customer, CustomerMerge

_CODES_A_QUERY = 5_000


@dataclass(frozen=True)
class Meant:
    """Whom a code means. `marks`: what stands behind the keys of the orders that came under it."""

    customer_id: int
    marks: str = ""


def customers_meant(session: Session, codes: Iterable[str]) -> dict[str, Meant]:
    """Code -> the customer that it means now; codes that nobody has are left out."""
    wanted = list(dict.fromkeys(codes))
    merges = list(session.execute(standing_merges()))
    found: dict[str, Meant] = {}
    for first in range(0, len(wanted), _CODES_A_QUERY):
        query = select(Customer.code, Customer.id, Customer.merged_into_id).where(
            Customer.code.in_(wanted[first : first + _CODES_A_QUERY])
        )
        for code, key, into in session.execute(query):
            who = key if into is None else survivor(session, into)
            found[code] = Meant(who, _marks(merges, owner_of_code(merges, key)))
    return found


def survivor(session: Session, customer_id: int) -> int:
    """The id of the customer that this one turned out to be in the end; its own where it was not merged."""
    into = session.scalar(select(Customer.merged_into_id).where(Customer.id == customer_id))
    return customer_id if into is None else survivor(session, into)


def standing_merges() -> Select[*tuple[Any, ...]]:
    """The merges that were not undone, in their order: kept_id, gone_id, whether orders were `marked`, whether the two
    codes were `swapped`."""
    before, moved = CustomerMerge.before, CustomerMerge.moved
    return (
        select(
            CustomerMerge.kept_id,
            CustomerMerge.gone_id,
            moved["marked"].as_boolean().label("marked"),
            before[("kept", "code", 0)].as_string().is_not(None).label("swapped"),
        )
        .where(CustomerMerge.undone_at.is_(None))
        .order_by(CustomerMerge.id)
    )


def owner_of_code(merges: Sequence[Any], holder: int) -> int:
    """Whose code it was, before any merge, that this customer holds now."""
    for each in reversed(merges):
        if each.swapped:
            holder = {each.kept_id: each.gone_id, each.gone_id: each.kept_id}.get(holder, holder)
    return holder


def holder_of_code(merges: Sequence[Any], owner: int) -> int:
    """Who holds now the code that this customer had before any merge: the inverse of `owner_of_code`."""
    for each in merges:
        if each.swapped:
            owner = {each.kept_id: each.gone_id, each.gone_id: each.kept_id}.get(owner, owner)
    return owner


def _marks(merges: Sequence[Any], owner: int) -> str:
    marks = ""
    for each in merges:
        if each.gone_id == owner:
            marks += (
                mark_of(owner) if each.marked else ""
            )  # merges of earlier versions left the keys as they were
            owner = each.kept_id
    return marks
