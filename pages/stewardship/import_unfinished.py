"""One's own files that were begun and not finished, and the way back to each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.facts.drafts import draft_of
from core.facts.importing import ImportRequest
from core.facts.labels import TABLES
from core.facts.uploads import own_uploads, remove_upload
from core.operations import jobs as operations
from core.store.jobs import JobView
from pages.frame.formats import moment
from pages.frame.parts import confirm, is_asked, refusal, section
from pages.frame.session import Session, business
from pages.frame.words import _, label, listed, ngettext
from pages.stewardship.import_steps import open_step

_SHOWN = 3
_ALL = "exchange.unfinished.all"


def show_unfinished(session: Session) -> None:
    """One's own files that were begun, are being worked on, or were checked and wait for a decision."""
    waiting = _unfinished(session)
    if not waiting:
        return
    section(_("Begun and not finished"))
    shown = waiting if st.session_state.get(_ALL) else waiting[:_SHOWN]
    for each in shown:
        _box(session, *each)
    if others := len(waiting) - len(shown):
        st.button(
            ngettext("Show {n} more file", "Show {n} more files", others),
            icon=":material/expand_more:",
            type="tertiary",
            key="exchange.unfinished.more",
            on_click=_show_all,
        )


def _box(session: Session, token: str, file_name: str, facts: str, where: dict[str, Any]) -> None:
    """One file, how far it came, and what can be done with it."""
    key = f"exchange.discard.{token}"
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            with st.container(gap=None, width="content"):
                st.text(file_name)
                st.caption(facts)
            if not is_asked(key):
                with st.container(horizontal=True, width="content"):
                    _discard(session, token, key)
                    st.button(
                        _("Go on"),
                        icon=":material/arrow_forward:",
                        key=f"exchange.resume.{token}",
                        on_click=_resume,
                        args=(where,),
                    )
        if is_asked(key):
            # Below the name, where the question has the width of the page.
            _discard(session, token, key)


def _show_all() -> None:
    st.session_state[_ALL] = True


def _resume(where: dict[str, Any]) -> None:
    open_step(**where)


def _discard(session: Session, token: str, key: str) -> None:
    """Let the file go, once that was meant."""
    consequence = _("The file and what was settled about it are removed. What was imported stays.")
    if confirm(_("Discard"), consequence, key=key, icon=":material/delete:"):
        with refusal():
            remove_upload(session.actor, session.store, token)
            st.rerun()


def _unfinished(session: Session) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Token, file, how far it came and where it goes on, of the newest uploads whose import is not over."""
    zone = business(session.store).time_zone
    newest: dict[str, JobView] = {}
    for job in operations.own_jobs(session.actor, session.store, limit=40):
        if job.kind in ("import_check", "import_commit"):
            newest.setdefault(ImportRequest.from_json(job.payload).path, job)
    found = []
    for each in own_uploads(session.actor, session.store):
        latest = newest.get(each.token)
        if latest is None and each.for_check:
            continue
        step = draft_of(session.actor, session.store, each.token).step
        # Who was at the check, or has asked for the import, goes on at the job.
        if latest is None or (step in ("sheets", "columns") and latest.kind == "import_check"):
            state = _("columns not settled yet") if step == "columns" else _("sheets not confirmed yet")
            facts = f"{state} · {moment(each.kept_at, zone)}"
            where: dict[str, Any] = {"file": each.token, "step": step}
        elif _is_over(latest):
            continue
        else:
            asked = ImportRequest.from_json(latest.payload)
            kinds = listed(dict.fromkeys(label(TABLES, sheet.table_code) for sheet in asked.sheets))
            facts = " · ".join((kinds, _state(latest), moment(latest.created_at, zone)))
            where = {"job": latest.id}
        found.append((each.token, each.file_name, facts, where))
    return found


def _is_over(job: JobView) -> bool:
    """Whether nothing is left to decide: it was imported, or the check found nothing to import."""
    if job.kind == "import_commit":
        return job.status == "done"
    counts = (job.result or {}).get("counts", {})
    return job.status == "done" and not counts.get("rows_read", 0)


def _state(job: JobView) -> str:
    return {
        "queued": _("waiting for the worker"),
        "running": _("being worked on"),
        "done": _("checked; not imported yet"),
        "failed": _("the work failed"),
    }[job.status]
