"""Undoing an import of any file into any table gives the state before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.facts.fields import TABLES
from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring
from tests.facts.importing.any_files import BEFORE, FILES
from tests.facts.importing.undoing import state, undo


def test_every_table_is_undone_in_the_tests() -> None:
    assert FILES.keys() == TABLES.keys()


@pytest.mark.parametrize("table", FILES)
def test_import_then_undo_gives_the_state_before(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str
) -> None:
    import_then_undo(store, actors, bring, now, table, examples=3 if store.is_sqlite else 1)


@pytest.mark.full
@pytest.mark.parametrize("table", FILES)
def test_import_then_undo_gives_the_state_before_of_many_files(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str
) -> None:
    import_then_undo(store, actors, bring, now, table, examples=60)


def import_then_undo(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str, *, examples: int
) -> None:
    first, (headers, rows) = BEFORE.get(table, table), FILES[table]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[
            Phase.generate
        ],  # each example finds what the ones before it stored: there is nothing to shrink
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        st.lists(FILES[first][1], min_size=2, max_size=4),
        st.lists(rows, min_size=1, max_size=4),
        st.sampled_from(["add", "update", "both"]),
    )
    def holds(stored: list[Any], brought: list[Any], mode: str) -> None:
        bring(first, [FILES[first][0], *stored], mode="both", create_customers=True)
        before = state(store)
        result = bring(table, [headers, *brought], mode=mode, create_customers=True)
        if result.batch is not None:
            told = undo(store, actors, result, now)
            assert told.kept_total == 0
        assert state(store) == before

    holds()
