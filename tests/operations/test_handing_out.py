"""A file that a job made goes to whom it was made for, while they see what they saw then."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from core.access.actor import Role
from core.access.vault import open_vault
from core.errors import NotFound
from core.facts import identity
from core.facts.importing.queries import import_batches
from core.facts.tables import Customer
from core.facts.uploads import keep_upload
from core.operations import jobs as operations
from core.operations import worker
from core.operations.handing_out import job_file, rejects_file
from core.store import jobs
from core.store.presence import present
from tests.factmaking import add_customer

CUSTOMERS = b"Customer ID,Name,Phone\nC1,Ada,13800138000\nC2,Bob,13800138001\nC3,Cid,nowhere\n"


@pytest.fixture
def company(store, actors):
    with store.write() as session:
        customer = add_customer(session, "C1", name="Ada", department_id=actors.east)
        identity.put(open_vault(store), session.get_one(Customer, customer), "phone", "13800138000")
        session.commit()


def made(store, actor, kind, payload, now):
    """The number of a job of that kind that is done."""
    job_id = operations.ask(actor, store, kind, payload, now=now)
    with present(store) as name:
        while jobs.job(store, job_id).status == "queued":
            worker.run_one(store, name)
    assert jobs.job(store, job_id).status == "done"
    return job_id


def of_a_file(store, actor, now):
    kept = keep_upload(actor, store, "people.csv", io.BytesIO(CUSTOMERS), now=now)
    return {"path": kept.token, "file_name": "people.csv", "table_code": "customers"}


def refused(actor, store, job_id):
    with pytest.raises(NotFound):
        job_file(actor, store, job_id)


def test_who_sees_less_since_does_not_get_what_was_exported_before(store, actors, company, now):
    exported = made(store, actors.manager, "export", {"what": "customers", "format": "csv"}, now)
    path, _name = job_file(actors.manager, store, exported)
    assert "13800138000" in path.read_text(encoding="utf-8-sig")
    refused(replace(actors.manager, role=Role.OPERATIONS), store, exported)
    assert job_file(actors.administrator, store, exported)[0] == path


@pytest.mark.parametrize("moved", ["department_id", "staff_id"])
def test_who_serves_others_since_does_not_get_the_customers_of_before(store, actors, company, now, moved):
    exported = made(store, actors.supervisor, "export", {"what": "customers", "format": "csv"}, now)
    assert job_file(actors.supervisor, store, exported)
    refused(replace(actors.supervisor, **{moved: getattr(actors.west_staff, moved)}), store, exported)


def test_a_new_name_changes_nothing(store, actors, company, now):
    exported = made(store, actors.supervisor, "export", {"what": "customers", "format": "csv"}, now)
    assert job_file(replace(actors.supervisor, name="Eva"), store, exported)


@pytest.mark.parametrize("kind", ["import_check", "import_commit", "migration_check"])
def test_rejected_rows_and_what_a_migration_lost_are_handed_out_alike(store, actors, now, kind):
    done = made(store, actors.manager, kind, of_a_file(store, actors.manager, now), now)
    assert job_file(actors.manager, store, done)
    refused(replace(actors.manager, role=Role.OPERATIONS), store, done)


def test_rejected_rows_of_an_import_long_done_are_handed_out_alike(store, actors, now):
    demoted = replace(actors.manager, role=Role.OPERATIONS)
    for actor in (actors.operations, actors.manager):
        made(store, actor, "import_commit", of_a_file(store, actor, now), now)
    theirs, own = import_batches(actors.manager, store)["id"].tolist()
    assert rejects_file(actors.operations, store, own)
    assert rejects_file(actors.manager, store, own)
    assert rejects_file(actors.manager, store, theirs)
    with pytest.raises(NotFound):
        rejects_file(demoted, store, theirs)


def test_what_was_made_before_its_reach_was_kept_has_to_be_made_again(store, actors, company, now):
    exported = made(store, actors.manager, "export", {"what": "customers", "format": "csv"}, now)
    with store.write() as session:
        job = session.get_one(jobs.Job, exported)
        job.result = {key: value for key, value in (job.result or {}).items() if key != "made_for"}
        session.commit()
    refused(actors.manager, store, exported)
