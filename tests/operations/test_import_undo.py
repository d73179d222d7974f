"""Undoing an import as a job."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from core.access.actor import SYSTEM
from core.errors import NotAllowed
from core.facts.importing import ImportRequest, commit_import
from core.facts.importing.undo import UndoPlan, undo_plan
from core.facts.tables import Customer, ImportBatch
from core.operations import jobs as operations
from core.operations import worker
from core.operations.cycle import run_cycle
from core.operations.undoings import told_of_undoing
from core.store import jobs
from tests.factmaking import add_order


def test_an_import_is_undone_by_a_job_which_tells_what_it_kept_and_asks_for_the_cycle(
    store, actors, tmp_path, now
):
    file = tmp_path / "customers.csv"
    file.write_text("Customer code,Name\nK1,Ada\nK2,Ben\n", encoding="utf-8")
    request = ImportRequest.of(str(file), file.name, "customers")
    (sheet,) = commit_import(actors.manager, store, request, now=now).sheets
    run_cycle(SYSTEM, store, now.date(), now=now)
    with store.write() as session:
        kept = session.scalars(select(Customer.id).where(Customer.code == "K2")).one()
        add_order(session, kept, "no:1", [(now.date(), 5)])
        session.commit()
    with pytest.raises(NotAllowed):
        operations.ask(actors.staff, store, "import_undo", {"batch": sheet.batch}, now=now)
    plan = operations.ask(actors.operations, store, "import_undo_plan", {"batch": sheet.batch}, now=now)
    assert worker.run_one(store, "test")
    planned = UndoPlan.from_json(jobs.job(store, plan).result or {})
    assert planned == undo_plan(actors.operations, store, sheet.batch)
    assert told_of_undoing(actors.manager, store, sheet.batch) is None
    job = operations.ask(actors.operations, store, "import_undo", {"batch": sheet.batch}, now=now)
    assert worker.run_one(store, "test")
    done = jobs.job(store, job)
    assert done.status == "done", done.error
    assert done.result["removed"] == {"customers": 1}
    assert [each["label"] for each in done.result["kept"]] == ["K2"]
    assert planned == UndoPlan.from_json(done.result)
    assert "Ada" not in json.dumps(done.result)
    assert told_of_undoing(actors.manager, store, sheet.batch) == planned, "also for who did not undo it"
    assert told_of_undoing(actors.manager, store, sheet.batch + 1) is None
    with pytest.raises(NotAllowed):
        told_of_undoing(actors.staff, store, sheet.batch)
    assert worker.run_one(store, "test")
    assert jobs.job(store, done.result["cycle_job"]).status == "done"
    with store.read() as session:
        assert session.scalars(select(Customer.code)).all() == ["K2"]
        assert session.get_one(ImportBatch, sheet.batch).undone_by == actors.operations.account_id
