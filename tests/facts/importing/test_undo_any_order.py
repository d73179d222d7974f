"""Undoing imports of any history: what is undone is what was said, and nothing is lost, in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring
from tests.facts.importing.histories import EDITS, IMPORTS, MERGES, UNDOINGS, Company, Step

SEQUENCES = st.lists(st.one_of(IMPORTS, IMPORTS, MERGES, UNDOINGS, UNDOINGS, EDITS), min_size=5, max_size=12)
WITHOUT_EDITS = st.lists(st.one_of(IMPORTS, IMPORTS, IMPORTS, MERGES), min_size=3, max_size=7)


def of_many(examples: int) -> Callable[[Any], Any]:
    """So many histories, always the same ones."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def any_order(store: Store, actors: Actors, bring: Bring, examples: int) -> None:
    @of_many(examples)
    @given(SEQUENCES, st.randoms(use_true_random=False))
    def holds(steps: list[Step], order: Any) -> None:
        company = Company(store, actors, bring)
        for step in steps:
            company.do(step)
        rest = list(company.batches)
        order.shuffle(rest)
        for batch in rest:
            company.undo(batch)
            company.nothing_is_lost()

    holds()


def newest_first(store: Store, actors: Actors, bring: Bring, examples: int) -> None:
    @of_many(examples)
    @given(WITHOUT_EDITS)
    def holds(steps: list[Step]) -> None:
        company = Company(store, actors, bring)
        done: list[tuple[dict[str, Any], Callable[[], Any]]] = []
        for step in steps:
            before, imports, merges = company.state(), len(company.batches), len(company.merges())
            company.do(step)
            if len(company.batches) > imports:
                done.append((before, partial(company.undo, company.batches[-1])))
            if len(company.merges()) > merges:
                done.append((before, partial(company.part, company.merges()[-1])))
        for before, take_back in reversed(done):
            take_back()
            assert company.state() == before

    holds()


def test_undoing_in_any_order_does_what_it_said_and_loses_nothing(
    store: Store, actors: Actors, bring: Bring
) -> None:
    any_order(store, actors, bring, examples=5 if store.is_sqlite else 2)


def test_undoing_all_newest_first_gives_each_state_before(store: Store, actors: Actors, bring: Bring) -> None:
    newest_first(store, actors, bring, examples=4 if store.is_sqlite else 1)


@pytest.mark.full
def test_undoing_in_any_order_does_what_it_said_and_loses_nothing_of_many_histories(
    store: Store, actors: Actors, bring: Bring
) -> None:
    any_order(store, actors, bring, examples=300)


@pytest.mark.full
def test_undoing_all_newest_first_gives_each_state_before_of_many_histories(
    store: Store, actors: Actors, bring: Bring
) -> None:
    newest_first(store, actors, bring, examples=200)
