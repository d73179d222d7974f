"""What the explorer reads often, kept until facts or grades change.

Kept by what decides the answer: the versions of facts and grades, whose reach it is, and the filters. Names are
not kept: a corrected name shows at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from core.access.actor import Actor
from core.grading import queries
from core.grading.queries import FilterOptions, Freshness, SegmentFilter
from core.store.engine import Store
from pages.frame.session import Session

_MOST_KEPT = 500


@dataclass(frozen=True)
class Reader:
    """The explorer's questions, asked for one person and one state of the figures."""

    session: Session
    fresh: Freshness

    def options(self) -> FilterOptions:
        return _options(self.session.actor, self.session.store, self._key)

    def matrix(self, filters: SegmentFilter) -> pd.DataFrame:
        return _matrix(self.session.actor, self.session.store, filters, self._key + repr(filters))

    def cells(self, filters: SegmentFilter) -> pd.DataFrame:
        return _cells(self.session.actor, self.session.store, filters, self._key + repr(filters))

    @property
    def _key(self) -> str:
        """One text, because Streamlit takes a millisecond to digest the parts."""
        actor, fresh = self.session.actor, self.fresh
        scope = (actor.role.value, actor.department_id, actor.staff_id)
        state = (
            fresh.as_of,
            fresh.finished_at,
            fresh.policy_version,
            fresh.data_version,
            fresh.facts_version,
        )
        return repr((str(self.session.store.engine.url), *scope, *state))


@st.cache_data(max_entries=_MOST_KEPT, show_spinner=False)
def _options(_actor: Actor, _store: Store, key: str) -> FilterOptions:
    return queries.filter_options(_actor, _store)


@st.cache_data(max_entries=_MOST_KEPT, show_spinner=False)
def _matrix(_actor: Actor, _store: Store, _filters: SegmentFilter, key: str) -> pd.DataFrame:
    return queries.segment_matrix(_actor, _store, _filters)


@st.cache_data(max_entries=_MOST_KEPT, show_spinner=False)
def _cells(_actor: Actor, _store: Store, _filters: SegmentFilter, key: str) -> pd.DataFrame:
    return queries.cell_summary(_actor, _store, _filters)
