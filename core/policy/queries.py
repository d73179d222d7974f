"""Reads of policy. The rules in force are no secret: everybody who can sign in may know them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from sqlalchemy import select

from core.errors import NotFound
from core.language import mark
from core.policy.model import Policy
from core.policy.tables import PolicyVersion
from core.store.engine import Store


def policy_at(store: Store, day: date) -> Policy:
    """The policy in force on `day`: the latest published of those whose effective date has come."""
    with store.read() as session:
        version = session.scalar(
            select(PolicyVersion.id)
            .where(PolicyVersion.effective_from <= day)
            .order_by(PolicyVersion.effective_from.desc(), PolicyVersion.id.desc())
            .limit(1)
        )
    if version is None:
        raise NotFound(mark("No policy was in force on {day}."), day=day)
    return policy_version(store, version)


@lru_cache(maxsize=64)
def policy_version(store: Store, version: int) -> Policy:
    """The policy that was recorded as `version`, whether or not it is still in force."""
    # Kept, because a recorded version is never edited and pages ask for it several times a run.
    with store.read() as session:
        recorded = session.get(PolicyVersion, version)
        if recorded is None:
            raise NotFound(mark("There is no version {version} of the policy."), version=version)
        return Policy.from_values(recorded.id, recorded.effective_from, recorded.values)
