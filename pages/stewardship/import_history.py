"""What came in before, and what was begun and not finished."""

from __future__ import annotations

import streamlit as st

from core.access.actor import Permission
from core.errors import NotFound
from core.facts.importing import ImportRequest
from core.facts.labels import MODES, TABLES
from core.facts.queries import import_batches
from core.facts.uploads import remove_upload, upload
from core.operations import jobs as operations
from core.store.jobs import JobView
from pages.frame import tables
from pages.frame.formats import moment
from pages.frame.parts import empty, refusal, section
from pages.frame.session import Session, business, current
from pages.frame.words import _, label, ngettext
from pages.stewardship.import_steps import open_step

_LIMIT = 200
_UNFINISHED_SHOWN = 3


def show_unfinished(session: Session) -> None:
    """One's own files that are being worked on, or were checked and wait for a decision."""
    waiting = _unfinished(session)
    if not waiting:
        return
    section(_("Begun and not finished"))
    zone = business(session.store).time_zone
    states = {
        "queued": _("waiting for the worker"),
        "running": _("being worked on"),
        "done": _("checked; not imported yet"),
    }
    for job in waiting:
        asked = ImportRequest.from_json(job.payload)
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            with st.container(gap=None, width="content"):
                st.text(asked.file_name)
                facts = (label(TABLES, asked.table_code), states[job.status], moment(job.created_at, zone))
                st.caption(" · ".join(facts))
            with st.container(horizontal=True, width="content"):
                st.button(
                    _("Discard"),
                    icon=":material/delete:",
                    type="tertiary",
                    key=f"exchange.discard.{job.id}",
                    on_click=_discard,
                    args=(asked.path,),
                )
                st.button(
                    _("Go on"),
                    icon=":material/arrow_forward:",
                    key=f"exchange.resume.{job.id}",
                    on_click=_resume,
                    args=(job.id,),
                )


def _resume(job_id: int) -> None:
    open_step(job=job_id)


def _discard(token: str) -> None:
    session = current()
    with refusal():
        remove_upload(session.actor, session.store, token)


def _unfinished(session: Session) -> list[JobView]:
    """The newest job of each upload, unless its import is over or the file is gone."""
    newest: dict[str, JobView] = {}
    for job in operations.own_jobs(session.actor, session.store, limit=20):
        if job.kind in ("import_check", "import_commit"):
            newest.setdefault(ImportRequest.from_json(job.payload).path, job)
    return [job for token, job in newest.items() if _waits(session, token, job)][:_UNFINISHED_SHOWN]


def _waits(session: Session, token: str, job: JobView) -> bool:
    if job.status not in ("queued", "running"):
        counts = (job.result or {}).get("counts", {})
        if job.kind != "import_check" or not (counts.get("added", 0) + counts.get("updated", 0)):
            return False
    try:
        upload(session.actor, session.store, token)
    except NotFound:
        return False
    return True


def show_history(session: Session) -> None:
    """The imports so far, newest first."""
    batches = import_batches(session.actor, session.store, limit=_LIMIT)
    if batches.empty:
        section(_("Imports"))
        empty(
            _("Nothing has been imported yet"),
            _("Every import is listed here, with what became of its rows."),
        )
        return
    note = ngettext("{n} import, the newest first", "{n} imports, the newest first", len(batches))
    section(_("Imports"), note)
    zone = business(session.store).time_zone
    may_read = session.actor.may(Permission.SEE_CONTACT_DATA)
    own = batches["committed_by"] == session.actor.account_id
    readable = batches["rejects_file"].notna() & (own | may_read)
    shown = tables.labelled(batches, table_code=TABLES, mode=MODES).assign(
        when=[moment(each, zone) for each in batches["committed_at"]],
        who=batches["committed_by_name"].fillna(_("System")),
        rejects=[
            f"/exports/rejects/{batch}" if may else ""
            for batch, may in zip(batches["id"], readable, strict=True)
        ],
    )
    columns = {
        "id": tables.count(_("No."), width=50),
        "when": tables.text(_("Imported at")),
        "file_name": tables.text(_("File"), width="medium"),
        "table_code": tables.text(_("Kind of data")),
        "rows_read": tables.count(_("Rows read")),
        "added": tables.count(_("Added")),
        "updated": tables.count(_("Updated")),
        "unchanged": tables.count(_("Unchanged")),
        "rejected": tables.count(_("Rejected")),
    }
    if readable.any():
        columns["rejects"] = st.column_config.LinkColumn(_("Rejected rows"), display_text=_("Download"))
    columns |= {"who": tables.text(_("By")), "mode": tables.text(_("Mode"))}
    tables.read_only(shown, columns, alt=_("Imports"), height=tables.height_of(len(shown)))
