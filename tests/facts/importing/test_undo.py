"""Undoing an import: the state before, as far as nobody has changed it since."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.access.tables import AuditEntry
from core.errors import NotAllowed, NotFound, Refused
from core.facts.importing import SheetResult
from core.facts.importing.undo import undo_import, undo_plan
from core.facts.service import edit_customer
from core.facts.tables import Customer, ImportBatch
from core.language import translate
from core.store.engine import Store
from tests.conftest import Actors
from tests.facts.conftest import Bring, records
from tests.facts.importing.undoing import CUSTOMERS, ORDERS, reasons, state, undo


def test_values_that_were_overwritten_come_back_and_the_file_can_be_imported_again(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    file = [CUSTOMERS, ["C1", "Ada", "South"], ["C2", "Ben", "South"]]
    result = bring("customers", file, mode="both")
    told = undo(store, actors, result, now)
    assert (told.added, told.restored, told.kept_total) == (1, 1, 0)
    (ada,) = records(store, select(Customer))
    assert (ada.code, ada.region) == ("C1", "North")
    again = bring("customers", file, mode="both")
    assert (again.added, again.updated) == (1, 1)
    (batch,) = records(store, select(ImportBatch).where(ImportBatch.id == result.batch))
    assert (batch.undone_at, batch.undone_by) == (now + timedelta(hours=1), actors.manager.account_id)


def _one_over_the_other(store: Store, bring: Bring) -> tuple[dict[str, list[Any]], SheetResult, SheetResult]:
    """The state before two imports of the same customers, and both."""
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    before = state(store)
    older, newer = (
        bring("customers", [CUSTOMERS, ["C1", "Ada", region], ["C2", "Ben", region]], mode="both")
        for region in ("South", "West")
    )
    return before, older, newer


def test_an_older_import_under_a_newer_one_keeps_what_the_newer_overwrote(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    before, older, newer = _one_over_the_other(store, bring)
    told = undo(store, actors, older, now)
    assert reasons(told) == dict.fromkeys(("C1", "C2"), "A later import changed it.")
    assert {c.code: c.region for c in records(store, select(Customer))} == {"C1": "West", "C2": "West"}
    undo(store, actors, newer, now)
    assert state(store) == before


def test_the_newer_undone_first_leaves_the_older_to_be_undone(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    before, older, newer = _one_over_the_other(store, bring)
    assert undo(store, actors, newer, now).kept_total == 0
    assert {c.code: c.region for c in records(store, select(Customer))} == {"C1": "South", "C2": "South"}
    assert undo(store, actors, older, now).kept_total == 0
    assert state(store) == before


def test_an_order_that_was_replaced_has_its_old_lines_again_whichever_import_is_undone_first(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "5"], ["C1", "1", "2026-10-01", "6"]])
    before = state(store)
    for newest_first in (False, True):
        older = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "7"]], mode="both")
        newer = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "8"]], mode="both")
        for result in (newer, older) if newest_first else (older, newer):
            told = undo(store, actors, result, now)
        assert told.kept_total == 0
        assert state(store) == before


def test_sheets_committed_together_are_undone_together(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    before = state(store)
    headers = ["Lead code", "Name", "Arrived at"]
    results = [
        bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]]),
        bring("leads", [headers, ["L1", "Ada", "2026-10-01 10:00"]]),
        bring("deals", [["Lead code", "Won at", "Customer code"], ["L1", "2026-10-02 10:00", "C1"]]),
    ]
    with store.write() as session:
        for result in results:
            session.get_one(ImportBatch, result.batch).together = "one file"
        session.commit()
    told = undo(store, actors, results[1], now)
    assert told.batches == tuple(result.batch for result in results)
    assert (told.removed, told.kept_total) == ({"customers": 1, "leads": 1}, 0)
    assert state(store) == before
    for result in results:
        with pytest.raises(Refused, match="undone already"):
            undo_import(actors.manager, store, result.batch or 0, now=now)


def test_an_undoing_that_would_take_nothing_back_is_refused_and_can_be_tried_again(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    result = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    later = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "5"]])
    (blocked,) = undo_plan(actors.manager, store, result.batch or 0).blocked
    assert "would take nothing back" in translate(blocked, "en")
    with pytest.raises(Refused, match="would take nothing back"):
        undo_import(actors.manager, store, result.batch or 0, now=now)
    assert undo(store, actors, later, now).added == 1
    assert undo(store, actors, result, now).added == 1

    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    nothing_new = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]]).batch or 0
    with pytest.raises(Refused, match="added and changed nothing"):
        undo_import(actors.manager, store, nothing_new, now=now)
    assert records(store, select(ImportBatch).where(ImportBatch.id == nothing_new))[0].undone_at is None


def test_an_import_is_undone_once_by_who_may_import_and_it_is_on_record(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    result = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    batch = result.batch or 0
    for actor in (actors.supervisor, actors.staff, actors.intern):
        for command in (
            lambda who: undo_plan(who, store, batch),
            lambda who: undo_import(who, store, batch, now=now),
        ):
            with pytest.raises(NotAllowed):
                command(actor)
    undo_import(actors.operations, store, batch, now=now)
    with pytest.raises(Refused, match="This import was undone already"):
        undo_import(actors.manager, store, batch, now=now)
    assert [translate(each, "en") for each in undo_plan(actors.manager, store, batch).blocked] == [
        "This import was undone already."
    ]
    with pytest.raises(NotFound):
        undo_import(actors.manager, store, 999, now=now)
    (entry,) = records(store, select(AuditEntry).where(AuditEntry.action == "import.undone"))
    assert entry.detail["removed"] == {"customers": 1}
    assert entry.account_id == actors.operations.account_id


def test_a_new_record_never_gets_the_place_of_one_that_an_undoing_took_away(
    store: Store, bring: Bring, actors: Actors, now: datetime
) -> None:
    first = bring("customers", [["Customer code", "Name"], ["A", "Ada"]])
    with store.read() as session:
        taken = session.scalars(select(Customer.id)).one()
    undo(store, actors, first, now)
    bring("customers", [["Customer code", "Name"], ["Z", "Zoe"]])
    with pytest.raises(NotFound):
        edit_customer(actors.manager, store, taken, {"name": "Ada B."}, 1, now=now)
