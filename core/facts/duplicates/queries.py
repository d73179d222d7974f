"""Reads of duplicates: the pairs that wait, and the merges so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from core.access.actor import Actor, Permission, within_reach
from core.access.tables import Account, StaffMember
from core.facts.duplicates.finding import REASONS
from core.facts.duplicates.service import OPEN
from core.facts.tables import Customer, CustomerMerge, DuplicatePair
from core.facts.visibility import shown_name
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
