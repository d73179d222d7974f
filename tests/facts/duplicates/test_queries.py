"""What the list of merges says of each of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.access.actor import SYSTEM
from core.facts.duplicates.merge_service import undo_merge
from core.facts.duplicates.queries import merges
from tests.conftest import NOW
from tests.factmaking import add_customer
from tests.facts.duplicates.merges import merged


@pytest.fixture
def pair(store):
    """A and B, whose names differ."""
    with store.write() as session:
        add_customer(session, "A", name="Anna")
        add_customer(session, "B", name="Anna Li")
        session.commit()


def told(store):
    return [(each.name, each.code, each.gone_code, each.undone_at is None) for each in merges(SYSTEM, store)]


def test_a_merge_that_was_undone_keeps_its_codes_and_its_name_when_the_two_are_merged_the_other_way(
    store, pair
):
    first = merged(store)
    assert told(store) == [("Anna", "A", "B", True)]
    undo_merge(SYSTEM, store, first, now=NOW + timedelta(hours=1))
    assert told(store) == [("Anna", "A", "B", False)]
    second = merged(store, customer_code=True, name=True, now=NOW + timedelta(hours=2))
    assert told(store) == [("Anna Li", "B", "A", True), ("Anna", "A", "B", False)]
    undo_merge(SYSTEM, store, second, now=NOW + timedelta(hours=3))
    assert told(store) == [("Anna Li", "B", "A", False), ("Anna", "A", "B", False)]


def test_a_merge_is_told_by_the_code_that_an_earlier_merge_gave_and_its_undoing_took(store, pair):
    with store.write() as session:
        add_customer(session, "C", name="Anna C")
        session.commit()
    first = merged(store, customer_code=True)
    second = merged(store, "B", "C")
    undo_merge(SYSTEM, store, second, now=NOW + timedelta(hours=1))
    undo_merge(SYSTEM, store, first, now=NOW + timedelta(hours=2))
    assert told(store) == [("Anna", "B", "C", False), ("Anna", "B", "A", False)]
