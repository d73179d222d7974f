"""Counters, among them the version of the facts: raised in the same transaction as every change that analysis reads."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.store.tables import Counter

_DATA_VERSION = "data_version"


def data_version(session: Session) -> int:
    """The version of the facts as this session sees them; 0 before the first change."""
    return session.scalar(select(Counter.value).where(Counter.name == _DATA_VERSION)) or 0


def raise_data_version(session: Session) -> int:
    """Count one more change of the facts in the running transaction, and return the new version."""
    counter = count_of(session, _DATA_VERSION)
    counter.value += 1
    session.flush()
    return counter.value


def count_of(session: Session, name: str) -> Counter:
    """The counter of that name, from 0 on, held until the running transaction ends."""
    counter = session.get(Counter, name, with_for_update=True)
    if counter is None:
        counter = Counter(name=name, value=0)
        session.add(counter)
    return counter
