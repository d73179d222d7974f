"""Commands on duplicates: look for them, and say that two customers are not one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.errors import NotFound, Refused
from core.facts.duplicates.finding import Pair, Person, find_pairs
from core.facts.importing.bulk import chunks, lock_imports
from core.facts.tables import Customer, DuplicatePair
from core.facts.visibility import STANDS, visible_customer
from core.language import mark
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.tables import Counter

OPEN, MERGED, DISTINCT = "open", "merged", "distinct"
_SEARCHED = "duplicates_searched"
"""Counter of the month of the last search, as 202611."""
_ROWS_A_BATCH = 20_000


@dataclass(frozen=True)
class Search:
    """What a search found: pairs now open, and those of them that were not known before."""

    open: int
    new: int


def search_monthly(
    actor: Actor, store: Store, policy: Policy, as_of: date, *, now: datetime
) -> Search | None:
    """Search unless this month has been searched already; for the cycle."""
    with store.read() as session:
        done = session.get(Counter, _SEARCHED)
        if done is not None and done.value >= _month(as_of):
            return None
    return _search(actor, store, policy, as_of, now=now)


def search_now(actor: Actor, store: Store, *, now: datetime) -> Search:
    """Search at somebody's wish."""
    actor.require(Permission.IMPORT)
    policy = policy_at(store, now.date())
    return _search(actor, store, policy, business_date(now, policy.business.time_zone), now=now)


def _search(actor: Actor, store: Store, policy: Policy, as_of: date, *, now: datetime) -> Search:
    """Find the pairs outside of any write, then bring the list up to them in one transaction.

    What was decided stays decided; an open pair that is none any more goes.
    """
    with store.read() as session:
        people = list(_people(session))
    pairs: Mapping[tuple[int, int], Pair] = {
        (pair.first, pair.second): pair for pair in find_pairs(people, policy)
    }
    with store.write() as session:
        lock_imports(
            session
        )  # a second search, a merge or an undone import would change what is compared here
        pairs = _standing(session, pairs)
        known = {(each.first_id, each.second_id): each for each in session.scalars(select(DuplicatePair))}
        gone = [each.id for key, each in known.items() if each.state == OPEN and key not in pairs]
        for first in range(0, len(gone), _ROWS_A_BATCH):
            session.execute(
                delete(DuplicatePair).where(DuplicatePair.id.in_(gone[first : first + _ROWS_A_BATCH])),
                execution_options={"synchronize_session": False},
            )
        new = [pair for key, pair in pairs.items() if key not in known]
        if new:
            session.execute(insert(DuplicatePair), [_row(pair, as_of) for pair in new])
        for key, each in known.items():
            # Names and phones may have been corrected since: what is alike now is what is told.
            if each.state == OPEN and key in pairs:
                each.reason, each.likeness = pairs[key].reason, pairs[key].likeness
        _note(session, as_of)
        stay = sum(each.state == OPEN for key, each in known.items() if key in pairs)
        found = Search(stay + len(new), len(new))
        audit.record(session, actor, "duplicates.searched", "duplicate_pair", None, now=now,
                     open=found.open, new=found.new)  # fmt: skip
        session.commit()
    return found


def _standing(session: Session, pairs: Mapping[tuple[int, int], Pair]) -> Mapping[tuple[int, int], Pair]:
    """The pairs of which both customers still stand for themselves: since they were read, somebody may have merged
    one, or undone the import that brought it."""
    standing: set[int] = set()
    for ids in chunks(sorted({each for pair in pairs for each in pair})):
        standing.update(session.scalars(select(Customer.id).where(STANDS, Customer.id.in_(ids))))
    return {key: pair for key, pair in pairs.items() if standing.issuperset(key)}


def _people(session: Session) -> Iterator[Person]:
    columns = (
        Customer.id, Customer.name, Customer.kind, Customer.phone_index, Customer.email_index, Customer.birthday,
        Customer.province, Customer.city,
    )  # fmt: skip
    rows = session.execute(
        select(*columns).where(STANDS).order_by(Customer.id), execution_options={"stream_results": True}
    )
    for key, name, kind, phone, email, birthday, province, city in rows.yield_per(_ROWS_A_BATCH):
        yield Person(key, name, kind == "company", phone, email, birthday, province or "", city or "")


def _row(pair: Pair, as_of: date) -> dict[str, object]:
    return {
        "first_id": pair.first,
        "second_id": pair.second,
        "reason": pair.reason,
        "likeness": pair.likeness,
        "found_on": as_of,
        "state": OPEN,
    }


def _month(day: date) -> int:
    return day.year * 100 + day.month


def _note(session: Session, as_of: date) -> None:
    counter = session.get(Counter, _SEARCHED)
    if counter is None:
        session.add(Counter(name=_SEARCHED, value=_month(as_of)))
    else:
        counter.value = max(counter.value, _month(as_of))


def tell_apart(actor: Actor, store: Store, pair_id: int, *, now: datetime) -> None:
    """Say that the two are not the same customer; the pair is not proposed again."""
    _decide(actor, store, pair_id, OPEN, DISTINCT, now=now)


def propose_again(actor: Actor, store: Store, pair_id: int, *, now: datetime) -> None:
    """Take back that the two are not the same."""
    _decide(actor, store, pair_id, DISTINCT, OPEN, now=now)


def _decide(actor: Actor, store: Store, pair_id: int, before: str, after: str, *, now: datetime) -> None:
    actor.require(Permission.EDIT_CUSTOMERS)
    with store.write() as session:
        pair = session.get(DuplicatePair, pair_id, with_for_update=True)
        if pair is None:
            raise NotFound(mark("There is no such pair any more. Look for duplicates again."))
        for each in (pair.first_id, pair.second_id):
            visible_customer(actor, session, each)
        if pair.state != before:
            raise Refused(mark("Somebody has decided about these two in between. Load the page again."))
        pair.state = after
        pair.decided_at, pair.decided_by = (now, actor.account_id) if after != OPEN else (None, None)
        audit.record(session, actor, "duplicates.decided", "duplicate_pair", pair.id, now=now, state=after)
        session.commit()
