"""What the jobs in the queue do: for each kind the permission it needs and its handler."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.access import audit
from core.access.actor import SYSTEM, Actor, Permission
from core.access.queries import actor_of_account
from core.errors import NotAllowed, NotFound, Refused
from core.facts import importing
from core.facts.duplicates.service import search_now
from core.facts.importing import ImportRequest, ImportResult
from core.facts.importing.undo import undo_import, undo_plan
from core.facts.migration.file import check_file
from core.facts.migration.shown import shown_count
from core.facts.uploads import upload
from core.grading.tables import GradingRun
from core.language import Message, mark
from core.measures.cells import TABLE as MEASURES_TABLE
from core.operations.cycle import business_today, run_cycle
from core.operations.demo import half_loaded, load_demo
from core.operations.exports import export_file, export_folder
from core.operations.handing_out import made_for
from core.operations.reporting import draft_report
from core.store import jobs
from core.store.engine import Store
from core.store.jobs import ClaimedJob, JobView, Progress
from core.store.mart import current_mart

Payload = dict[str, Any]
RESULTS = ("grades", MEASURES_TABLE)
"""What of a cycle's results pages cannot do without."""


@dataclass(frozen=True)
class Handler:
    """How one kind of job is done; `run(actor, store, payload, now, progress)` gives the job's result."""

    permission: Permission
    run: Callable[[Actor, Store, Payload, datetime, Progress], Payload]


def _import_check(actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress) -> Payload:
    request = _asked(actor, store, payload)
    seen = importing.preview(actor, store, request, now=now, progress=progress)
    return {**seen.to_json(), **_offered(store, request, seen.rejects_file, now)}


def _import_commit(
    actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress
) -> Payload:
    request = _asked(actor, store, payload)
    result = importing.commit_import(actor, store, request, now=now, progress=progress)
    follows = ask_what_follows(actor, store, result, now=now)
    return {**result.to_json(), **_offered(store, request, result.rejects_file, now), **asdict(follows)}


def _asked(actor: Actor, store: Store, payload: Payload) -> ImportRequest:
    """The import that the payload asks for. Refused when its file is not an upload of who asked for the job."""
    request = ImportRequest.from_json(payload)
    try:
        upload(actor, store, request.path)
    except NotFound as gone:
        raise Refused(
            mark("{file} is not among your uploads, or no longer. Upload the file yourself and start again."),
            file=request.file_name,
        ) from gone
    return request


def _import_undo_plan(
    actor: Actor, store: Store, payload: Payload, _now: datetime, progress: Progress
) -> Payload:
    return undo_plan(actor, store, int(payload["batch"]), progress=progress).to_json()


def _import_undo(actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress) -> Payload:
    told = undo_import(actor, store, int(payload["batch"]), now=now, progress=progress)
    return {**told.to_json(), "cycle_job": ask_cycle(actor, store, now=now)}


def _offered(store: Store, request: ImportRequest, rejects_file: str | None, now: datetime) -> Payload:
    """The workbook of rejected rows as a download: `file` under the folder of exports and `name` to save it as."""
    if rejects_file is None:
        return {}
    source = store.data_dir / rejects_file
    shutil.copyfile(source, export_folder(store, now=now) / source.name)
    return {"file": source.name, "name": f"{Path(request.file_name).stem}-rejected{source.suffix}"}


def _cycle(actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress) -> Payload:
    day = payload.get("as_of")
    as_of = date.fromisoformat(day) if day else business_today(store, now=now)
    return run_cycle(actor, store, as_of, now=now, progress=progress).to_json()


def _demo(actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress) -> Payload:
    return load_demo(actor, store, now=now, progress=progress)


def _export(actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress) -> Payload:
    return export_file(actor, store, payload, now=now, progress=progress)


def _report_draft(actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress) -> Payload:
    return draft_report(actor, store, payload, now=now, progress=progress)


def _duplicates(actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress) -> Payload:
    progress(0.1, Message(mark("Looking for duplicates")))
    return asdict(search_now(actor, store, now=now))


def _migration_check(
    actor: Actor, store: Store, payload: Payload, now: datetime, progress: Progress
) -> Payload:
    request = ImportRequest.from_json(payload)
    path = export_folder(store, now=now) / f"{secrets.token_urlsafe(16)}.xlsx"
    found = check_file(actor, store, request, path, now=now, progress=progress)
    offered = {"file": path.name, "name": f"{Path(request.file_name).stem}-check.xlsx"}
    return {"file_name": request.file_name, **shown_count(found), **offered}


HANDLERS: dict[str, Handler] = {
    "import_check": Handler(Permission.IMPORT, _import_check),
    "import_commit": Handler(Permission.IMPORT, _import_commit),
    "import_undo_plan": Handler(Permission.IMPORT, _import_undo_plan),
    "import_undo": Handler(Permission.IMPORT, _import_undo),
    "cycle": Handler(Permission.RUN_CYCLE, _cycle),
    "demo": Handler(Permission.ADMINISTER, _demo),
    "export": Handler(Permission.EXPORT, _export),
    # It may have to run the cycle first; who may, sees the measures of the whole company.
    "report_draft": Handler(Permission.RUN_CYCLE, _report_draft),
    "duplicates": Handler(Permission.IMPORT, _duplicates),
    "migration_check": Handler(Permission.IMPORT, _migration_check),
}


def ask(actor: Actor, store: Store, kind: str, payload: Payload, *, now: datetime) -> int:
    """Queue a job on the actor's behalf; its id. The permission is checked now and again when it runs."""
    actor.require(HANDLERS[kind].permission)
    with store.write() as session:
        job_id = jobs.enqueue(session, kind, payload, requested_by=actor.account_id, now=now)
        audit.record(session, actor, "job.asked", "job", job_id, now=now, kind=kind)
        session.commit()
    return job_id


def ask_cycle(actor: Actor, store: Store, *, now: datetime) -> int:
    """Queue a cycle as of the business day on which it is begun: nobody may be there to work the queue for a while.

    One of the same actor's that still waits is enough, but for one of a day that was chosen. The job's id."""
    waiting = jobs.queued(store, "cycle", {}, requested_by=actor.account_id)
    return waiting or ask(actor, store, "cycle", {}, now=now)


@dataclass(frozen=True)
class Follows:
    """The jobs that were queued after an import."""

    cycle_job: int | None
    search_job: int | None


def ask_what_follows(actor: Actor, store: Store, result: ImportResult, *, now: datetime) -> Follows:
    """Queue what follows an import: the search for duplicates where it may have brought some, and the grading."""
    search = None
    if any(each.table_code == "customers" and each.suspected_duplicates for each in result.sheets):
        # Before the grading, which takes longer: whoever looks at the pairs now finds them.
        search = ask(actor, store, "duplicates", {}, now=now)
    return Follows(ask_cycle(actor, store, now=now) if result.batches else None, search)


def catch_up(store: Store, *, now: datetime) -> int | None:
    """Queue a cycle where customers were graded once but the figures for pages are not there; its id, or None.

    So it is after an update that copies more for analysis, and when the copy was deleted: without this, pages
    would be empty until the next cycle. A demo company whose load was cut off has them when it is loaded on.
    """
    if all(current_mart(store, having=table) for table in RESULTS):
        return None
    with store.read() as session:
        graded = session.scalar(select(GradingRun.id).limit(1)) is not None
    if not graded or half_loaded(store) or jobs.waiting(store, "cycle"):
        return None
    today = business_today(store, now=now)
    return ask(SYSTEM, store, "cycle", {"as_of": today.isoformat()}, now=now)


def retry(actor: Actor, store: Store, job_id: int, *, now: datetime) -> int:
    """Run a failed job's work again; the new job's id. One's own, or anybody's for an administrator."""
    found = job(actor, store, job_id)
    actor.require(HANDLERS[found.kind].permission)
    with store.write() as session:
        again = jobs.requeue(session, job_id, requested_by=actor.account_id, now=now)
        audit.record(session, actor, "job.asked", "job", again, now=now, kind=found.kind, after=job_id)
        session.commit()
    return again


def job(actor: Actor, store: Store, job_id: int) -> JobView:
    """A job of one's own, or anybody's for an administrator; NotFound otherwise."""
    found = jobs.job(store, job_id)
    if found.requested_by != actor.account_id and not actor.may(Permission.ADMINISTER):
        raise NotFound(mark("There is no job {number}."), number=job_id)
    return found


def own_jobs(actor: Actor, store: Store, *, limit: int = 50) -> Sequence[JobView]:
    """The jobs the actor asked for, newest first."""
    return jobs.recent(store, requested_by=actor.account_id, limit=limit)


def all_jobs(actor: Actor, store: Store, *, limit: int = 50) -> Sequence[JobView]:
    """Everybody's jobs, newest first; for administrators."""
    actor.require(Permission.ADMINISTER)
    return jobs.recent(store, everybody=True, limit=limit)


def run(store: Store, job: ClaimedJob, *, now: datetime, progress: Progress) -> Payload:
    """Do a claimed job as the person who asked for it, with the role held now.

    The result of one that made a file says with which reach, see `handing_out`.
    """
    handler = HANDLERS.get(job.kind)
    if handler is None:
        raise Refused(
            mark("This version of the product does not know jobs of the kind {kind}."), kind=job.kind
        )
    actor = _actor(store, job.requested_by)
    actor.require(handler.permission)
    result = handler.run(actor, store, job.payload, now, progress)
    return {**result, "made_for": made_for(actor)} if "file" in result else result


def _actor(store: Store, account_id: int | None) -> Actor:
    if account_id is None:
        return SYSTEM
    signed_in = actor_of_account(store, account_id)
    if signed_in is None:
        raise NotAllowed(mark("The account that asked for this has been disabled."))
    return signed_in.actor
