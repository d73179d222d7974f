"""The version of the facts: raised in the same transaction as every change that analysis reads."""

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
    counter = session.get(Counter, _DATA_VERSION, with_for_update=True)
    if counter is None:
        counter = Counter(name=_DATA_VERSION, value=0)
        session.add(counter)
    counter.value += 1
    session.flush()
    return counter.value
