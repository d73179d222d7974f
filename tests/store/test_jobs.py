"""The queue: a job is done once, by a worker that lives."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from core.errors import NotFound, Refused
from core.language import Message
from core.store import jobs
from core.store.presence import is_alive, present


def queued(store, now, kind="cycle", requested_by=None, **payload):
    with store.write() as session:
        job_id = jobs.enqueue(session, kind, payload, requested_by=requested_by, now=now)
        session.commit()
    return job_id


def test_a_job_is_seen_only_when_its_transaction_commits(store, now):
    with store.write() as session:
        jobs.enqueue(session, "cycle", {}, requested_by=None, now=now)
    assert jobs.claim_next(store, "elsewhere:1:a", now=now) is None


def test_jobs_are_claimed_oldest_first_and_once(store, now):
    first, second = queued(store, now, n=1), queued(store, now, n=2)
    claims = [jobs.claim_next(store, "elsewhere:1:a", now=now) for _ in range(3)]
    assert [claim and claim.id for claim in claims] == [first, second, None]
    assert claims[0].payload == {"n": 1}


def test_of_workers_that_claim_at_once_each_job_goes_to_one(store, now):
    expected = [queued(store, now) for _ in range(20)]
    claimed, start = [], Barrier(4)

    def worker(name):
        start.wait()
        while (job := jobs.claim_next(store, name, now=now)) or len(claimed) < len(expected):
            if job:
                claimed.append(job.id)

    threads = [Thread(target=worker, args=(f"elsewhere:{n}:a",), daemon=True) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(claimed) == expected


def test_progress_result_and_end_are_kept(store, now):
    job_id = queued(store, now, requested_by=7)
    jobs.claim_next(store, "elsewhere:1:a", now=now)
    jobs.report(store, job_id, 0.5, Message("Reading {file}", {"file": "a.csv"}), now=now)
    halfway = jobs.job(store, job_id)
    assert (halfway.status, halfway.progress) == ("running", 0.5)
    assert halfway.step == Message("Reading {file}", {"file": "a.csv"})
    jobs.finish(store, job_id, {"rows": 3}, now=now + timedelta(seconds=5))
    done = jobs.job(store, job_id)
    assert (done.status, done.progress, done.result, done.requested_by) == ("done", 1.0, {"rows": 3}, 7)
    assert done.finished_at == now + timedelta(seconds=5)


def test_a_job_on_another_machine_is_lost_when_its_lease_has_passed(store, now):
    job_id = queued(store, now)
    jobs.claim_next(store, "elsewhere:1:a", now=now)
    jobs.report(store, job_id, 0.1, None, now=now + timedelta(seconds=50))
    assert jobs.fail_lost(store, now=now + timedelta(seconds=100)) == 0
    assert jobs.fail_lost(store, now=now + timedelta(seconds=111)) == 1
    lost = jobs.job(store, job_id)
    assert lost.status == "failed"
    assert "Run it again" in lost.error.sentence


def test_a_worker_of_this_machine_is_known_by_its_lock_not_its_lease(store, now):
    with present(store) as worker:
        job_id = queued(store, now)
        jobs.claim_next(store, worker, now=now)
        assert is_alive(store, worker)
        assert jobs.fail_lost(store, now=now + timedelta(hours=1)) == 0
    assert is_alive(store, worker) is False
    assert jobs.fail_lost(store, now=now) == 1
    assert jobs.job(store, job_id).status == "failed"


def test_who_was_given_up_as_lost_can_neither_report_nor_finish(store, now):
    job_id = queued(store, now)
    jobs.claim_next(store, "elsewhere:1:a", now=now)
    jobs.fail_lost(store, now=now + timedelta(hours=1))
    with pytest.raises(jobs.LeaseLost):
        jobs.report(store, job_id, 0.9, None, now=now)
    with pytest.raises(jobs.LeaseLost):
        jobs.finish(store, job_id, {}, now=now)
    jobs.fail(store, job_id, Message("another reason"), now=now)
    assert "Run it again" in jobs.job(store, job_id).error.sentence


def test_only_a_failed_job_can_be_run_again_with_the_same_payload(store, now):
    job_id = queued(store, now, table="customers")
    with store.write() as session, pytest.raises(Refused):
        jobs.requeue(session, job_id, requested_by=None, now=now)
    jobs.claim_next(store, "elsewhere:1:a", now=now)
    jobs.fail(store, job_id, Message("no"), now=now)
    with store.write() as session:
        again = jobs.requeue(session, job_id, requested_by=3, now=now)
        session.commit()
    claimed = jobs.claim_next(store, "elsewhere:1:a", now=now)
    assert (claimed.id, claimed.payload, claimed.requested_by) == (again, {"table": "customers"}, 3)
    assert again != job_id


def test_a_person_sees_own_jobs_and_an_administrator_everybodys(store, now):
    mine, system = queued(store, now, requested_by=7), queued(store, now)
    assert [job.id for job in jobs.recent(store, requested_by=7)] == [mine]
    assert [job.id for job in jobs.recent(store)] == [system]
    assert [job.id for job in jobs.recent(store, everybody=True)] == [system, mine]


def test_an_unknown_job_is_not_found(store):
    with pytest.raises(NotFound):
        jobs.job(store, 99)
