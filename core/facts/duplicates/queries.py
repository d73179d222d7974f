"""Reads of duplicates: the pairs that wait, and the merges so far."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

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
    """One merge, with codes and name as it left them: later ones, and undoing it, may have changed them again."""

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
    query = (
        select(CustomerMerge, Account.display_name)
        .join(Customer, Customer.id == CustomerMerge.kept_id)
        .outerjoin(Account, Account.id == CustomerMerge.merged_by)
        .where(within_reach(actor, Customer.department_id, Customer.account_manager_id))
        .order_by(CustomerMerge.id.desc())
        .limit(limit)
    )
    with store.read() as session:
        found = session.execute(query).all()
        left = _as_left(session, {each for done, _who in found for each in (done.kept_id, done.gone_id)})
        return [
            MergeRow(
                id=done.id,
                kept_id=done.kept_id,
                code=left[done.id]["kept"]["code"],
                name=shown_name(actor, left[done.id]["kept"]["name"]),
                gone_code=left[done.id]["gone"]["code"],
                merged_at=done.merged_at,
                merged_by=who,
                undone_at=done.undone_at,
            )
            for done, who in found
        ]


def _as_left(session: Session, customer_ids: Collection[int]) -> dict[int, dict[str, dict[str, str]]]:
    """Merge -> `kept` and `gone` with code and name as the merge left them, for all merges of these customers: worked
    out from today backwards."""
    people = session.execute(
        select(Customer.id, Customer.code, Customer.name).where(Customer.id.in_(customer_ids))
    )
    now = {key: {"code": code, "name": name} for key, code, name in people}
    of_these = CustomerMerge.kept_id.in_(customer_ids) | CustomerMerge.gone_id.in_(customer_ids)
    merged = session.scalars(select(CustomerMerge).where(of_these)).all()
    events = [(each.merged_at, each.id, False, each) for each in merged]
    events += [(each.undone_at, each.id, True, each) for each in merged if each.undone_at is not None]
    left = {}
    for _at, number, undone, each in sorted(events, key=lambda event: event[:3], reverse=True):
        sides = {"kept": now.setdefault(each.kept_id, {}), "gone": now.setdefault(each.gone_id, {})}
        if not undone:
            left[number] = {side: dict(told) for side, told in sides.items()}
        earlier = 1 if undone else 0  # of what the merge changed: [before it, after it]
        for side, told in sides.items():
            changes = each.before[side]
            told |= {name: changes[name][earlier] for name in ("code", "name") if name in changes}
    return left
