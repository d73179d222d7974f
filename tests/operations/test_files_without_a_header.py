"""A file without a header: nobody is left out unsaid, and what it says of people is in no job and no import."""

from __future__ import annotations

import io
import json

import pytest
from sqlalchemy import select

from core.access.tables import AuditEntry
from core.facts.importing import ImportRequest
from core.facts.tables import Customer, ImportBatch
from core.facts.uploads import keep_upload
from core.operations import jobs as operations
from core.operations import worker
from core.store import jobs
from core.store.presence import present
from core.store.tables import Job
from tests.facts.conftest import records

PEOPLE = "K1,王小伟,13812345678,wang@example.com\nK2,李雷,13912345678,li@example.com\n".encode()
FIELDS = ["customer_code", "name", "phone", "email"]
SAID = ("王小伟", "13812345678", "wang@example.com")


@pytest.fixture
def run(store, actors, now):
    """Has a job done with the file, its columns called as given; what it gives."""
    kept = keep_upload(actors.operations, store, "people.csv", io.BytesIO(PEOPLE), now=now)

    def done(kind, names, *, headless=False):
        request = ImportRequest.of(
            kept.token, "people.csv", "customers", mapping=dict(zip(names, FIELDS, strict=False))
        ).to_json()
        request["sheets"] = [{**sheet, "headless": headless} for sheet in request["sheets"]]
        job_id = operations.ask(actors.operations, store, kind, request, now=now)
        with present(store) as name:
            while jobs.job(store, job_id).status == "queued":
                worker.run_one(store, name)
        found = jobs.job(store, job_id)
        assert found.status == "done", found.error
        return found.result

    return done


def written(store):
    """All that jobs, imports and the audit trail hold."""
    kept = [
        *records(store, select(Job)),
        *records(store, select(ImportBatch)),
        *records(store, select(AuditEntry)),
    ]
    return json.dumps([{c.name: getattr(each, c.name) for c in each.__table__.columns} for each in kept],
                      default=str, ensure_ascii=False)  # fmt: skip


def test_read_as_data_the_first_row_is_imported_and_nobody_is_named_by_a_column(run, store):
    assert run("import_check", "ABCD", headless=True)["counts"]["rows_read"] == 2
    assert run("import_commit", "ABCD", headless=True)["counts"]["added"] == 2
    assert sorted(each.code for each in records(store, select(Customer))) == ["K1", "K2"]
    (batch,) = records(store, select(ImportBatch))
    assert batch.mapping == dict(zip("ABCD", FIELDS, strict=True))
    assert not [each for each in SAID if each in written(store)]


def test_read_as_a_header_it_is_said_and_nobody_is_named_either(run, store):
    names = ["#1", "#2", "#3", "#4"]
    (sheet,) = run("import_check", names)["sheets"]
    assert "although it looks like data" in json.dumps(sheet["notes"])
    assert run("import_commit", names)["counts"]["rows_read"] == 1
    assert not [each for each in SAID if each in written(store)]


def test_the_migration_check_reads_it_as_it_was_imported(run):
    run("import_commit", "ABCD", headless=True)
    (sheet,) = run("migration_check", [])["sheets"]
    assert sheet["rows"] == {"there": 2}
