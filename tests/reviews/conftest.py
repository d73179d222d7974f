"""Fixtures of reviews."""

from __future__ import annotations

import pytest

from core.store.engine import Store
from tests.conftest import Actors
from tests.kept import Kept
from tests.reportmaking import save_obligations, save_october


@pytest.fixture
def october(store: Store, actors: Actors, kept: Kept) -> None:
    """A month that is over, worked out, with what was owed in it; see `tests.reportmaking`."""

    def make() -> None:
        save_october(store, actors)
        save_obligations(store, actors)

    kept.once("october", make)
