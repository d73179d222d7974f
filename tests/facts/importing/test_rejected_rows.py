"""The workbook of rejected rows holds personal data: who may fetch it, and where it may lie."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.access.actor import Actor
from core.errors import NotAllowed, NotFound
from core.facts.importing.queries import import_batches, last_import, rejected_rows
from core.facts.tables import ImportBatch
from core.store.engine import Store
from tests.conftest import Actors


@pytest.fixture
def batch(store: Store, actors: Actors, now: datetime) -> int:
    """An import by operations with rejected rows."""
    return _import(store, actors.operations, now, "rejects/abc.xlsx")


def _import(store: Store, by: Actor, now: datetime, rejects: str | None) -> int:
    if rejects:
        (store.data_dir / "rejects").mkdir(exist_ok=True)
        (store.data_dir / rejects).write_bytes(b"rows")
    with store.write() as session:
        made = ImportBatch(
            table_code="customers", file_name="shop.v2.csv", file_sha256="0" * 64, mapping={}, mode="add",
            rows_read=2, added=1, updated=0, unchanged=0, rejected=1, rejects_file=rejects, committed_at=now,
            committed_by=by.account_id,
        )  # fmt: skip
        session.add(made)
        session.flush()
        session.commit()
        return made.id


def test_who_made_the_import_and_who_sees_contact_data_may_fetch_them(
    store: Store, actors: Actors, batch: int
) -> None:
    for actor in (actors.operations, actors.manager, actors.administrator):
        path, name = rejected_rows(actor, store, batch)
        assert path.read_bytes() == b"rows"
        assert name == "shop.v2-rejected.xlsx"


def test_who_sees_contact_data_masked_gets_no_rows_of_somebody_elses_file(
    store: Store, actors: Actors, now: datetime
) -> None:
    theirs = _import(store, actors.manager, now, "rejects/def.xlsx")
    of_the_system = _import(store, actors.system, now, "rejects/ghi.xlsx")
    for batch_id in (theirs, of_the_system):
        with pytest.raises(NotFound):
            rejected_rows(actors.operations, store, batch_id)


def test_who_may_not_import_gets_none(store: Store, actors: Actors, batch: int) -> None:
    for actor in (actors.supervisor, actors.staff, actors.intern):
        with pytest.raises(NotAllowed):
            rejected_rows(actor, store, batch)


def test_where_nothing_was_rejected_or_the_file_is_gone_there_is_nothing_to_fetch(
    store: Store, actors: Actors, now: datetime, batch: int
) -> None:
    clean = _import(store, actors.operations, now, None)
    (store.data_dir / "rejects" / "abc.xlsx").unlink()
    for batch_id in (clean, batch, 999):
        with pytest.raises(NotFound):
            rejected_rows(actors.operations, store, batch_id)


def test_the_list_of_imports_names_who_made_them(
    store: Store, actors: Actors, now: datetime, batch: int
) -> None:
    _import(store, actors.system, now, None)
    names = import_batches(actors.manager, store)["committed_by_name"]
    assert names.isna().tolist() == [True, False]
    assert names.iloc[1] == "Olga"


def test_the_last_import_is_the_newest_one(store: Store, actors: Actors, now: datetime) -> None:
    assert last_import(actors.operations, store) is None
    _import(store, actors.operations, now, None)
    _import(store, actors.system, now + timedelta(hours=1), None)
    assert last_import(actors.operations, store) == now + timedelta(hours=1)
