"""Data exchange: bring files in, check them, and see what came of them.

The address says where a file stands: `file` is the token of an upload, `job` its check or its import. So a
closed tab loses nothing.
"""

from __future__ import annotations

import streamlit as st

from core.access.actor import Permission
from core.operations import jobs as operations
from pages.frame import jobs
from pages.frame.parts import page_header, section
from pages.frame.session import Session, enter
from pages.frame.words import _
from pages.stewardship.import_check import show_check
from pages.stewardship.import_history import show_history, show_unfinished
from pages.stewardship.import_match import show_match
from pages.stewardship.import_result import show_result
from pages.stewardship.import_steps import leave, open_step, result_of, slot_of, trail
from pages.stewardship.intake import template_box, upload_box


def page() -> None:
    session = enter(Permission.IMPORT)
    page_header(_("Data exchange"), _("Bring files in, check them, and see what came of them."))
    job, token = st.query_params.get("job", ""), st.query_params.get("file", "")
    if job.isdecimal():
        _follow(session, int(job))
    elif token:
        steps = st.container()
        readable = show_match(session, token)
        with steps:
            trail("match" if readable else "file")
    else:
        _start(session)


def _start(session: Session) -> None:
    """No file is at hand: take one, or a template; below, what came before."""
    left, right = st.columns([5, 3], gap="medium")
    with left, st.container(border=True, height="stretch"):
        section(
            _("Bring in a file"),
            _(
                "Customers, transactions, interactions, satisfaction answers, leads and deals, or channel costs."
            ),
        )
        token = upload_box("exchange.upload")
        trail("file")
    with right, st.container(border=True, height="stretch"):
        section(_("Start from a template"), _("A workbook whose headers match by themselves."))
        template_box("exchange.template")
    if token:
        open_step(file=token)
        st.rerun()
    show_unfinished(session)
    show_history(session)


def _follow(session: Session, job_id: int) -> None:
    """A check or an import: its progress, then what it says."""
    slot = slot_of(job_id)
    retried = st.session_state[slot]
    if retried != job_id:
        open_step(job=retried)
        st.rerun()
    asked = operations.job(session.actor, session.store, job_id)
    if asked.kind not in ("import_check", "import_commit"):
        leave()
        st.rerun()
    checking = asked.kind == "import_check"
    imported = not checking and result_of(asked).get("batch") is not None
    trail("check" if checking else "done", passed=imported)
    done = jobs.watch(slot)
    if done is None:
        if asked.status == "failed":
            st.button(_("Choose another file"), icon=":material/undo:", on_click=leave)
    elif checking:
        show_check(session, done)
    else:
        show_result(session, done)


if __name__ == "__main__":
    page()
