"""Files that jobs made, handed out to whom they were made for, while the reach is the one they were made with.

A file holds what its maker saw at that moment. Who holds another role, department or place in the staff directory by
now makes it again, and gets what is seen today.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.access.actor import Actor, Permission
from core.errors import NotFound
from core.facts.importing.queries import rejected_rows
from core.language import mark
from core.store.engine import Store
from core.store.tables import Job

_MISSING = mark("This file does not exist, or was made for somebody else. Make it again.")


def made_for(actor: Actor) -> dict[str, Any]:
    """What decides how much a file of theirs holds; it is kept with the job."""
    return {"role": actor.role.value, "department": actor.department_id, "staff": actor.staff_id}


def job_file(actor: Actor, store: Store, job_id: int) -> tuple[Path, str]:
    """Where the file of the job lies and the name to save it under.

    For the account that requested it, with the reach it was made with, and for administrators. The role is asked
    again: who may no longer export does not get what was exported before.
    """
    if not actor.may(Permission.EXPORT) and not actor.may(Permission.IMPORT):
        raise NotFound(_MISSING)
    with store.read() as session:
        job = session.get(Job, job_id)
        result = job.result if job is not None and job.status == "done" else None
        if job is None or not result or "file" not in result or not _is_theirs(actor, job):
            raise NotFound(_MISSING)
    folder = (store.data_dir / "exports").resolve()
    path = (folder / str(result["file"])).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise NotFound(_MISSING)
    return path, str(result.get("name") or path.name)


def rejects_file(actor: Actor, store: Store, batch_id: int) -> tuple[Path, str]:
    """The workbook with the rejected rows of an import, and the name to save it under: for those who see contact
    data, and for whoever made the import with the reach of today."""
    path, name = rejected_rows(actor, store, batch_id)
    if not actor.may(Permission.SEE_CONTACT_DATA):
        with store.read() as session:
            job = session.scalar(select(Job).where(Job.result["file"].as_string() == path.name))
            if job is None or not _is_theirs(actor, job):
                raise NotFound(_MISSING)
    return path, name


def _is_theirs(actor: Actor, job: Job) -> bool:
    if actor.may(Permission.ADMINISTER):
        return True
    return job.requested_by == actor.account_id and (job.result or {}).get("made_for") == made_for(actor)
