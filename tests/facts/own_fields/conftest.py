"""A company with own fields of every kind."""

from __future__ import annotations

from datetime import datetime

import pytest

from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.own_fields.fields_added import ALL, add


@pytest.fixture
def fields(store: Store, actors: Actors, now: datetime) -> dict[str, int]:
    """Own fields of every kind, of customers and of leads: code -> id of that of customers."""
    for code in ALL:
        add(actors.manager, store, now, code, "leads")
    return {code: add(actors.manager, store, now, code) for code in ALL}
