"""The queue of long work: rows claimed by workers under a lease. It knows no handler; see `core.operations.jobs`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.errors import NotFound, Refused
from core.language import Message, mark
from core.store.engine import Store
from core.store.presence import is_alive
from core.store.tables import Job

LEASE = timedelta(seconds=60)
"""How long a worker may be silent. On its own machine its lock tells earlier, see `core.store.presence`."""

Progress = Callable[[float, Message], None]
"""What long work calls to say how far it is (0 to 1) and what it does now."""

_LOST = mark("The worker stopped before this was finished. Run it again; nothing is saved twice.")


class LeaseLost(Exception):
    """The job was given up as lost while this worker still ran it: stop, and save nothing more."""


@dataclass(frozen=True)
class ClaimedJob:
    """A job this worker has to do."""

    id: int
    kind: str
    payload: dict[str, Any]
    requested_by: int | None


@dataclass(frozen=True)
class JobView:
    """A job as it stands. `status` is queued, running, done or failed; `progress` 0 to 1."""

    id: int
    kind: str
    payload: dict[str, Any]
    """What was asked."""
    status: str
    progress: float
    step: Message | None
    result: dict[str, Any] | None
    error: Message | None
    requested_by: int | None
    created_at: datetime
    finished_at: datetime | None


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], *, requested_by: int | None, now: datetime
) -> int:
    """Add a job to the running transaction; it is seen by workers when that commits. Returns its id."""
    job = Job(kind=kind, payload=payload, status="queued", requested_by=requested_by, created_at=now)
    session.add(job)
    session.flush()
    return job.id


def claim_next(store: Store, worker: str, *, now: datetime) -> ClaimedJob | None:
    """Take the oldest queued job; of several workers only one gets it. None when nothing waits."""
    oldest = select(Job).where(Job.status == "queued").order_by(Job.id).limit(1)
    with store.read() as session:  # an idle worker must not ask for the write lock
        if session.scalar(oldest) is None:
            return None
    with _queue_session(store) as session:
        job = session.scalar(oldest.with_for_update(skip_locked=True))
        if job is None:
            return None
        job.status, job.worker, job.started_at, job.lease_until = "running", worker, now, now + LEASE
        claimed = ClaimedJob(job.id, job.kind, dict(job.payload), job.requested_by)
        session.commit()
    return claimed


def _queue_session(store: Store) -> Session:
    options: dict[str, Any] = {"writes": True}
    if not store.is_sqlite:
        # Each statement must see what other workers just committed; a fixed snapshot would refuse to update it.
        options["isolation_level"] = "READ COMMITTED"
    return Session(store.engine.execution_options(**options), expire_on_commit=False)


def report(store: Store, job_id: int, fraction: float | None, step: Message | None, *, now: datetime) -> None:
    """Extend the lease and, where given, say how far the work is. Raises LeaseLost when it was given up."""
    changes: dict[str, Any] = {"lease_until": now + LEASE}
    if fraction is not None:
        changes["progress"] = min(max(fraction, 0.0), 1.0)
    if step is not None:
        changes["step"] = step.to_json()
    if not _change_running(store, job_id, **changes):
        raise LeaseLost(job_id)


def finish(store: Store, job_id: int, result: dict[str, Any], *, now: datetime) -> None:
    """The work is done; `result` holds counts, codes and file tokens. Raises LeaseLost when it was given up."""
    changes = {"status": "done", "progress": 1.0, "step": None, "result": result}
    if not _change_running(store, job_id, finished_at=now, lease_until=None, **changes):
        raise LeaseLost(job_id)


def fail(store: Store, job_id: int, message: Message, *, now: datetime) -> None:
    """The work ended without result, for the reason in `message`. A job already given up stays so."""
    error = message.to_json()
    _change_running(store, job_id, status="failed", error=error, finished_at=now, lease_until=None)


def _change_running(store: Store, job_id: int, **changes: Any) -> bool:
    with _queue_session(store) as session:
        done = session.execute(
            update(Job).where(Job.id == job_id, Job.status == "running").values(**changes).returning(Job.id)
        ).all()
        session.commit()
    return bool(done)


def fail_lost(store: Store, *, now: datetime) -> int:
    """Fail the running jobs whose worker is gone: its lock is free, or, elsewhere, its lease has passed.

    Returns how many.
    """
    with store.read() as session:
        running = [
            (job.id, job.worker or "", job.lease_until)
            for job in session.scalars(select(Job).where(Job.status == "running"))
        ]
    lost = [
        job_id
        for job_id, worker, lease_until in running
        if (alive := is_alive(store, worker)) is False
        or (alive is None and (lease_until is None or lease_until < now))
    ]
    for job_id in lost:
        fail(store, job_id, Message(_LOST), now=now)
    return len(lost)


def requeue(session: Session, job_id: int, *, requested_by: int | None, now: datetime) -> int:
    """Queue a failed job's work again as a new job, in the running transaction. Returns the new id."""
    job = session.get(Job, job_id)
    if job is None:
        raise NotFound(mark("There is no job {number}."), number=job_id)
    if job.status != "failed":
        raise Refused(mark("Job {number} has not failed, so it cannot be run again."), number=job_id)
    return enqueue(session, job.kind, dict(job.payload), requested_by=requested_by, now=now)


def job(store: Store, job_id: int) -> JobView:
    """The job of that id; NotFound when there is none."""
    with store.read() as session:
        found = session.get(Job, job_id)
        if found is None:
            raise NotFound(mark("There is no job {number}."), number=job_id)
        return _view(found)


def recent(
    store: Store, *, requested_by: int | None = None, everybody: bool = False, limit: int = 50
) -> Sequence[JobView]:
    """The newest jobs first: those an account asked for (None: the system's), or everybody's."""
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    if not everybody:
        query = query.where(Job.requested_by.is_not_distinct_from(requested_by))
    with store.read() as session:
        return [_view(found) for found in session.scalars(query)]


def waiting(store: Store, kind: str) -> bool:
    """Whether a job of this kind is queued or running."""
    query = select(Job.id).where(Job.kind == kind, Job.status.in_(("queued", "running"))).limit(1)
    with store.read() as session:
        return session.scalar(query) is not None


def queued(store: Store, kind: str, payload: Mapping[str, Any], *, requested_by: int | None) -> int | None:
    """The job of this kind and payload that an account (None: the system) asked for and nobody has begun; None without
    one."""
    query = select(Job.id).where(
        Job.kind == kind,
        Job.payload == payload,
        Job.status == "queued",
        Job.requested_by.is_not_distinct_from(requested_by),
    )
    with store.read() as session:
        return session.scalar(query.order_by(Job.id).limit(1))


def _view(job: Job) -> JobView:
    return JobView(
        id=job.id,
        kind=job.kind,
        payload=dict(job.payload),
        status=job.status,
        progress=job.progress,
        step=Message.from_json(job.step) if job.step else None,
        result=job.result,
        error=Message.from_json(job.error) if job.error else None,
        requested_by=job.requested_by,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )
