"""Long work in a page: asked for once, its progress while it runs, then its result or why it failed.

A page keeps the id of its job in a slot of the session state; the job itself is a row that outlives the tab.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import clock
from core.operations import jobs
from core.store.jobs import JobView
from pages.frame.parts import plain, refusal
from pages.frame.session import current
from pages.frame.words import _, say

UNSETTLED = ("queued", "running")


def start(slot: str, kind: str, payload: dict[str, Any]) -> int:
    """Queue a job of `kind` and remember it in `slot`; refused as `core.operations.jobs.ask` refuses."""
    session = current()
    job_id = jobs.ask(session.actor, session.store, kind, payload, now=clock.now())
    st.session_state[slot] = job_id
    return job_id


def forget(slot: str) -> None:
    """Show nothing more of the job in `slot`; it goes on all the same."""
    st.session_state.pop(slot, None)


def watch(slot: str) -> JobView | None:
    """Show the job in `slot` until it is settled. Returns it once it is done; None before, and when it failed."""
    job_id = st.session_state.get(slot)
    if job_id is None:
        return None
    session = current()
    view = jobs.job(session.actor, session.store, job_id)
    if view.status in UNSETTLED:
        _progress(job_id)
    elif view.status == "failed":
        _failure(slot, view)
    else:
        return view
    return None


@st.fragment(run_every="1s")
def _progress(job_id: int) -> None:
    session = current()
    with refusal():
        view = jobs.job(session.actor, session.store, job_id)
        if view.status not in UNSETTLED:
            st.rerun()
        step = say(view.step) if view.step else _("Waiting for the worker")
        st.progress(min(max(view.progress, 0.0), 1.0), text=plain(step))
        st.caption(_("You can leave this page; the work goes on."))


def _failure(slot: str, view: JobView) -> None:
    st.error(plain(say(view.error)) if view.error else _("The work failed."), icon=":material/error:")
    st.button(
        _("Run again"), icon=":material/replay:", key=f"{slot}.retry", on_click=_retry, args=(slot, view.id)
    )


def _retry(slot: str, job_id: int) -> None:
    with refusal():
        session = current()
        st.session_state[slot] = jobs.retry(session.actor, session.store, job_id, now=clock.now())
