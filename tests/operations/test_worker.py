"""The worker: jobs are done once, failures speak, and a death in the middle leaves nothing half saved."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import clock
from core.access.actor import SYSTEM, Permission
from core.access.service import disable_account
from core.errors import NotFound, Refused
from core.facts.duplicates.queries import pairs
from core.facts.importing import ImportRequest
from core.facts.tables import Customer, ImportBatch, Order, OrderLine
from core.facts.uploads import keep_upload
from core.language import Message
from core.measures.cells import TABLE
from core.measures.queries import worked_out_at
from core.operations import jobs as operations
from core.operations import worker
from core.operations.cycle import run_cycle
from core.operations.jobs import Handler
from core.operations.log import log_file
from core.store import jobs
from core.store.engine import PROJECT
from core.store.mart import current_mart
from core.store.presence import present
from tests.serving import wait_for

PAUSE_BEFORE_COMMIT = """
import pathlib, sys, time
from sqlalchemy import event
from sqlalchemy.orm import Session
from core.facts.tables import ImportBatch
from core.operations import worker
from core.store.engine import open_store

@event.listens_for(Session, "before_commit")
def pause(session):
    if session.query(ImportBatch).count():
        pathlib.Path(sys.argv[1]).touch()
        time.sleep(60)

worker.work(open_store())
"""


@pytest.fixture
def kind(monkeypatch):
    """Registers a handler under the kind `test`."""

    def register(run, permission=Permission.IMPORT):
        monkeypatch.setitem(operations.HANDLERS, "test", Handler(permission, run))

    return register


def do_one(store):
    with present(store) as name:
        return worker.run_one(store, name)


def start(store, database_url, *command: str, **options) -> subprocess.Popen:
    variables = {**os.environ, "DATABASE_URL": database_url, "APP_DATA_DIR": str(store.data_dir)}
    return subprocess.Popen([sys.executable, *command], cwd=PROJECT, env=variables, **options)


def orders_request(store, actor, now) -> dict[str, object]:
    """What the page asks for once the actor has uploaded a file of two orders."""
    orders = b"Customer ID,Order ID,Date,Amount\nC1,1,2026-10-01,10\nC2,2,2026-10-02,20\n"
    kept = keep_upload(actor, store, "orders.csv", io.BytesIO(orders), now=now)
    return {
        "path": kept.token,
        "file_name": kept.file_name,
        "table_code": "transactions",
        "create_customers": True,
    }


@contextmanager
def committing(store, database_url, actors, now) -> Iterator[tuple[int, subprocess.Popen]]:
    """The job of an import, and the worker that stands in the middle of its commit; killed afterwards."""
    job_id = operations.ask(
        actors.operations, store, "import_commit", orders_request(store, actors.operations, now), now=now
    )
    reached = store.data_dir / "before-commit"
    process = start(store, database_url, "-c", PAUSE_BEFORE_COMMIT, str(reached))
    try:
        wait_for(reached.exists, "commit", 60)
        yield job_id, process
    finally:
        process.kill()
        process.wait()


def stored(store) -> list[int]:
    with store.read() as session:
        tables = (Customer, Order, OrderLine, ImportBatch)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def test_a_job_runs_as_who_asked_for_it_and_its_result_is_kept(store, actors, now, kind):
    kind(lambda actor, _store, payload, _now, _progress: {"by": actor.account_id, "n": payload["n"]})
    job_id = operations.ask(actors.operations, store, "test", {"n": 2}, now=now)
    assert do_one(store)
    done = operations.job(actors.operations, store, job_id)
    assert (done.status, done.result) == ("done", {"by": actors.operations.account_id, "n": 2})
    assert not do_one(store)


def test_a_refusal_becomes_the_jobs_error_in_the_readers_language(store, actors, now, kind):
    def refuse(*_):
        raise Refused("Sheet {sheet} is empty.", sheet="Orders")

    kind(refuse)
    job_id = operations.ask(actors.operations, store, "test", {}, now=now)
    do_one(store)
    failed = jobs.job(store, job_id)
    assert failed.status == "failed"
    assert failed.error == Message("Sheet {sheet} is empty.", {"sheet": "Orders"})


def test_a_defect_is_logged_without_what_it_worked_on_and_named_by_the_job(store, actors, now, kind):
    def break_down(*_):
        raise ValueError("1381234" + "5678")

    kind(break_down)
    job_id = operations.ask(actors.operations, store, "test", {}, now=now)
    do_one(store)
    assert jobs.job(store, job_id).error.values == {"number": job_id}
    logged = log_file(store).read_text()
    assert "break_down" in logged
    assert "ValueError" in logged
    assert "13812345678" not in logged


def test_who_may_not_ask_is_refused_and_who_has_been_disabled_is_not_served(store, actors, now, kind):
    kind(lambda *_: {})
    with pytest.raises(Exception, match="role does not allow"):
        operations.ask(actors.staff, store, "test", {}, now=now)
    job_id = operations.ask(actors.operations, store, "test", {}, now=now)
    disable_account(actors.administrator, store, actors.operations.account_id, now=now)
    do_one(store)
    assert jobs.job(store, job_id).status == "failed"


def test_jobs_of_others_are_not_found_except_by_an_administrator(store, actors, now, kind):
    kind(lambda *_: {})
    job_id = operations.ask(actors.operations, store, "test", {}, now=now)
    with pytest.raises(NotFound):
        operations.job(actors.manager, store, job_id)
    assert operations.job(actors.administrator, store, job_id).id == job_id
    assert [job.id for job in operations.all_jobs(actors.administrator, store)] == [job_id]
    assert operations.own_jobs(actors.manager, store) == []


def test_progress_is_seen_while_the_work_goes_on(store, actors, now, kind):
    seen = []

    def work(_actor, _store, _payload, _now, progress):
        progress(0.4, Message("Counting"))
        wait_for(lambda: jobs.job(store, job_id).progress == 0.4, "progress", 10)
        seen.append(jobs.job(store, job_id).step)
        return {}

    kind(work)
    job_id = operations.ask(actors.operations, store, "test", {}, now=now)
    do_one(store)
    assert seen == [Message("Counting")]


def test_progress_from_inside_a_long_write_does_not_wait_for_itself(store, actors, now, kind):
    def work(_actor, _store, _payload, _now, progress):
        with store.write() as session:
            session.execute(select(Customer).with_for_update())
            progress(0.5, Message("Saving"))
            session.commit()
        return {"saved": True}

    kind(work)
    job_id = operations.ask(actors.operations, store, "test", {}, now=now)
    started = clock.now()
    do_one(store)
    assert clock.now() - started < timedelta(seconds=10)
    assert jobs.job(store, job_id).result == {"saved": True}


def test_a_worker_killed_in_the_middle_of_a_commit_leaves_nothing_and_the_job_can_run_again(
    store, database_url, actors, now
):
    with committing(store, database_url, actors, now) as (job_id, _process):
        assert jobs.job(store, job_id).status == "running"
    assert stored(store) == [0, 0, 0, 0]
    assert jobs.fail_lost(store, now=now) == 1
    lost = operations.job(actors.operations, store, job_id)
    assert (lost.status, lost.result) == ("failed", None)

    again = operations.retry(actors.operations, store, job_id, now=now)
    assert do_one(store)
    done = operations.job(actors.operations, store, again)
    assert done.status == "done"
    counts = done.result["counts"]
    assert (counts["added"], counts["customers_created"]) == (2, 2)
    assert stored(store) == [2, 2, 2, 1]
    graded = jobs.job(store, done.result["cycle_job"])
    assert (graded.kind, graded.status, graded.requested_by) == (
        *("cycle", "queued"),
        actors.operations.account_id,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_suspects_of_an_import_are_in_the_list_of_duplicates_without_a_search_by_hand(store, actors, now):
    rows = "客户编号,姓名,手机号\nC1,张晓明,10000000001\nC2,张晓明,10000000001\n"
    token = keep_upload(actors.operations, store, "c.csv", io.BytesIO(rows.encode()), now=now).token
    asked = ImportRequest.of(token, "c.csv", "customers").to_json()
    job_id = operations.ask(actors.operations, store, "import_commit", asked, now=now)
    assert do_one(store)
    assert do_one(store)
    result = jobs.job(store, job_id).result
    assert result["counts"]["suspected_duplicates"]
    assert jobs.job(store, result["search_job"]).status == "done"
    assert [(each.first_code, each.second_code) for each in pairs(actors.operations, store, "open")] == [
        ("C1", "C2")
    ]


@pytest.mark.parametrize("kind", ["import_check", "import_commit"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_import_of_a_file_that_somebody_else_uploaded_is_refused(store, actors, now, kind, tmp_path):
    theirs = orders_request(store, actors.manager, now)
    secret = tmp_path / "orders.csv"
    secret.write_bytes((store.data_dir / "uploads" / str(theirs["path"])).read_bytes())
    for path in (theirs["path"], str(secret), "../uploads/" + str(theirs["path"])):
        job_id = operations.ask(actors.operations, store, kind, {**theirs, "path": path}, now=now)
        assert do_one(store)
        refused = operations.job(actors.operations, store, job_id)
        assert (refused.status, refused.result) == ("failed", None)
        assert refused.error.sentence.startswith("{file} is not among your uploads, or no longer.")
    assert stored(store) == [0, 0, 0, 0]
    job_id = operations.ask(actors.manager, store, kind, theirs, now=now)
    assert do_one(store)
    assert operations.job(actors.manager, store, job_id).status == "done"


def test_a_worker_told_to_stop_lays_its_job_down_at_once(store, database_url, actors, now):
    with committing(store, database_url, actors, now) as (job_id, process):
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert stored(store) == [0, 0, 0, 0]
    assert jobs.job(store, job_id).status == "failed"


def test_two_workers_do_every_job_once(store, database_url, actors, now):
    mine = [
        operations.ask(actors.operations, store, "cycle", {"as_of": "2026-11-03"}, now=now) for _ in range(6)
    ]
    workers = [start(store, database_url, "manage.py", "worker") for _ in range(2)]
    try:
        wait_for(lambda: {jobs.job(store, each).status for each in mine} <= {"done", "failed"}, "end", 90)
    finally:
        for process in workers:
            process.terminate()
        codes = [process.wait(20) for process in workers]
    assert [jobs.job(store, each).status for each in mine] == ["done"] * 6
    assert codes == [0, 0]


def test_a_worker_that_finds_no_figures_for_pages_asks_for_one_cycle(store, now):
    run_cycle(SYSTEM, store, now.date(), now=now)
    shutil.rmtree(store.data_dir / "mart")
    asked = [operations.catch_up(store, now=now) for _ in range(2)]
    assert asked[1] is None
    queued = jobs.job(store, asked[0])
    assert (queued.kind, queued.payload, queued.requested_by) == ("cycle", {"as_of": "2026-11-03"}, None)
    assert do_one(store)
    assert worked_out_at(store) == now.date()
    assert operations.catch_up(store, now=now) is None


def test_a_worker_of_a_company_without_grades_asks_for_nothing(store, now):
    assert operations.catch_up(store, now=now) is None


def test_a_worker_catches_up_before_its_first_job(store, database_url, now):
    run_cycle(SYSTEM, store, now.date(), now=now)
    (current_mart(store).path / f"{TABLE}.parquet").unlink()
    once = "from core.operations.worker import *; work(open_store(), once=True)"
    assert start(store, database_url, "-c", once).wait(90) == 0
    assert worked_out_at(store) is not None


def test_the_worker_beside_the_app_ends_with_it(store, database_url):
    process = start(store, database_url, "-m", "core.operations.worker", stdin=subprocess.PIPE)
    try:
        wait_for(lambda: list((store.data_dir / "workers").glob("*.lock")), "worker", 30)
        process.stdin.close()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
    assert list((store.data_dir / "workers").glob("*.lock")) == []
