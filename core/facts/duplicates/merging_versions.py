"""The versions of customers that a merge and its undoing made: with both they are as they were before, unedited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.facts.tables import CustomerMerge

VERSIONS = "versions_after_undoing"
"""In `CustomerMerge.before`: the versions of the two right after the undoing, under `kept` and `gone`."""

Steps = Mapping[int, frozenset[int]]
"""Customer -> its versions that undone merges and their undoing made, and no edit."""


def merge_steps(session: Session) -> Steps:
    """The versions of customers that were merged and are two again."""
    query = select(
        CustomerMerge.kept_id, CustomerMerge.gone_id, CustomerMerge.version_after, CustomerMerge.before[VERSIONS]
    ).where(CustomerMerge.undone_at.is_not(None))  # fmt: skip
    found: dict[int, set[int]] = defaultdict(set)
    for kept, gone, merged, undone in session.execute(query):
        if undone is not None:
            found[kept] |= {merged, undone["kept"]}
            found[gone].add(undone["gone"])
    return {key: frozenset(versions) for key, versions in found.items()}


def unedited(steps: Steps, customer_id: int, before: int, after: int) -> bool:
    """Whether the customer got from one version to the other without an edit."""
    made = steps.get(customer_id, frozenset())
    return before <= after and all(version in made for version in range(before + 1, after + 1))
