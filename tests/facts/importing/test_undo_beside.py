"""Undoing an import while somebody else works with its records: the one or the other is told, and nothing is half."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import NotFound, ProductError, Refused, StaleEdit
from core.facts import contacts_service
from core.facts.contacts_service import log_contact
from core.facts.importing import undo
from core.facts.importing.undo import undo_import, undo_plan
from core.facts.tables import Customer, ImportBatch, Interaction
from core.language import translate
from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring, records


class Meanwhile(Thread):
    """What somebody else does at the same time. SQLite lets it wait until the first is through."""

    def __init__(self, command: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._command = command
        self.refused: ProductError | None = None

    def run(self) -> None:
        try:
            self._command()
        except ProductError as refused:
            self.refused = refused

    def begin(self, store: Store) -> None:
        """Let it happen now, as far as the database lets it."""
        self.start()
        if not store.is_sqlite:
            self.join()


@pytest.fixture
def batch(bring: Bring) -> int:
    """An import of the customer C1."""
    return bring("customers", [["Customer code", "Name"], ["C1", "Ada"]]).batch or 0


@pytest.fixture
def contact(store: Store, actors: Actors, batch: int, now: datetime) -> Callable[[], int]:
    """Somebody logs a contact with C1."""
    (customer,) = records(store, select(Customer.id))
    said = {"occurred_at": now, "kind": "call", "direction": "outbound", "content": "Hello"}
    return lambda: log_contact(actors.manager, store, customer, now=now, **said)


def stored(store: Store) -> tuple[list[str], int, bool]:
    """Codes of the customers, number of contacts, whether an import was undone."""
    undone = select(ImportBatch.id).where(ImportBatch.undone_at.is_not(None))
    codes = records(store, select(Customer.code))
    return codes, len(records(store, select(Interaction.id))), bool(records(store, undone))


def test_a_contact_logged_while_an_import_is_undone_undoes_nothing_or_finds_no_customer(
    store: Store,
    actors: Actors,
    batch: int,
    contact: Callable[[], int],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    somebody, take_back = Meanwhile(contact), undo.take_back

    def beside(*reckoned: Any) -> None:
        somebody.begin(store)
        take_back(*reckoned)

    monkeypatch.setattr(undo, "take_back", beside)
    if store.is_sqlite:
        undo_import(actors.manager, store, batch, now=now)
        somebody.join()
        assert isinstance(somebody.refused, NotFound)
        assert stored(store) == ([], 0, True)
        return
    with pytest.raises(StaleEdit, match="Somebody has just added something that belongs to a record of this"):
        undo_import(actors.manager, store, batch, now=now)
    assert somebody.refused is None
    assert stored(store) == (["C1"], 1, False)
    (kept,) = undo_plan(actors.manager, store, batch).kept
    assert (kept.label, translate(kept.reason, "en")) == (
        "C1",
        "Something that came later belongs to it: Interactions.",
    )


def test_an_import_undone_while_a_contact_is_logged_refuses_the_contact_or_keeps_its_customer(
    store: Store,
    actors: Actors,
    batch: int,
    contact: Callable[[], int],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    somebody = Meanwhile(lambda: undo_import(actors.manager, store, batch, now=now))
    add_interaction = contacts_service.add_interaction

    def beside(*told: Any, **values: Any) -> Interaction:
        somebody.begin(store)
        return add_interaction(*told, **values)

    monkeypatch.setattr(contacts_service, "add_interaction", beside)
    if store.is_sqlite:
        contact()
        somebody.join()
        assert stored(store) == (["C1"], 1, False)
        assert isinstance(somebody.refused, Refused), "there was nothing left to take back"
    else:
        with pytest.raises(StaleEdit, match="Nothing was changed; try again"):
            contact()
        assert stored(store) == ([], 0, True)
        assert somebody.refused is None
