"""What the explorer reads often, kept until facts or grades change.

Kept by what decides the answer: who asks and how far that reaches, the versions of facts and grades, and the
filters. Names are not kept, nor what was found by them, and own fields are asked at every run: what was corrected
shows at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from core.access.actor import Actor
from core.grading import queries
from core.grading.queries import FilterOptions, Freshness, SegmentFilter
from core.store.engine import Store
from pages.frame.session import Session

_MOST_KEPT = 500
_MOST_IDS = 3_000


class Cell(NamedTuple):
    """Customers of one value tier in one lifecycle stage, and what they spent; None for who sees no figures."""

    tier: str
    stage: str
    customers: int
    spending: int | None


class Group(NamedTuple):
    """Customers of one RFM cell."""

    rfm_cell: str
    customers: int
    spending: int | None


@dataclass(frozen=True)
class Reader:
    """The explorer's questions, asked for one person and one state of the figures."""

    session: Session
    fresh: Freshness

    def options(self) -> FilterOptions:
        return _options(self.session.actor, self.session.store, self.fresh)

    def answered(self, filters: SegmentFilter) -> SegmentFilter:
        """What `own_answered` gives."""
        return queries.own_answered(self.session.actor, self.session.store, filters)

    def matrix(self, filters: SegmentFilter) -> tuple[Cell, ...]:
        """What `segment_matrix` gives."""
        read = _matrix if _keepable(filters) else _matrix.__wrapped__
        return read(self.session.actor, self.session.store, self.fresh, filters)

    def cells(self, filters: SegmentFilter) -> tuple[Group, ...]:
        """What `cell_summary` gives."""
        read = _cells if _keepable(filters) else _cells.__wrapped__
        return read(self.session.actor, self.session.store, self.fresh, filters)


def _keepable(filters: SegmentFilter) -> bool:
    """Own fields are answered by then: who was found is part of the key, as long as that is not too many."""
    return not filters.text and len(filters.customers) <= _MOST_IDS


# The actor is part of every key, with role, department and person: nobody is shown what another may see.


@lru_cache(maxsize=_MOST_KEPT)
def _options(actor: Actor, store: Store, _fresh: Freshness) -> FilterOptions:
    return queries.filter_options(actor, store)


@lru_cache(maxsize=_MOST_KEPT)
def _matrix(actor: Actor, store: Store, _fresh: Freshness, filters: SegmentFilter) -> tuple[Cell, ...]:
    found = queries.segment_matrix(actor, store, filters)
    columns = (found[name].tolist() for name in ("value_tier", "lifecycle_stage", "customers", "monetary"))
    return tuple(Cell(tier, stage, n, _units(units)) for tier, stage, n, units in zip(*columns, strict=True))


@lru_cache(maxsize=_MOST_KEPT)
def _cells(actor: Actor, store: Store, _fresh: Freshness, filters: SegmentFilter) -> tuple[Group, ...]:
    found = queries.cell_summary(actor, store, filters)
    columns = (found[name].tolist() for name in ("rfm_cell", "customers", "monetary"))
    return tuple(Group(code, n, _units(units)) for code, n, units in zip(*columns, strict=True))


def _units(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
