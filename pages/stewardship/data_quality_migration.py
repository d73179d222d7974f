"""The migration check: a file held against the database, and the imports so far counted against it.

The address says where a file stands, as in data exchange: `file` is an upload whose sheets are settled, `job` a check.
"""

from __future__ import annotations

import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.migration.before import draft_for_check, read_before
from core.operations import jobs as operations
from pages.frame import jobs
from pages.frame.filters import chosen_id
from pages.frame.parts import plain, refusal, section
from pages.frame.session import Session
from pages.frame.words import _, say
from pages.stewardship.data_quality_migration_imports import show_imports
from pages.stewardship.data_quality_migration_result import show_result
from pages.stewardship.import_match import columns_box
from pages.stewardship.import_plan import Plan, plan_of
from pages.stewardship.import_sheets import sheets_box, show_file
from pages.stewardship.import_steps import followed, leave, open_step, other_file
from pages.stewardship.intake import upload_box

_KEY = "data_quality.check"
_KIND = "migration_check"


def show_migration(session: Session) -> None:
    """A check, a file to be checked, or a place for one; below, the imports so far."""
    job, token = chosen_id("job"), st.query_params.get("file", "")
    if job is not None:
        _follow(session, job)
    elif token:
        _settle(session, token)
    else:
        _begin()
        show_imports(session)


def _begin() -> None:
    with st.container(border=True):
        section(
            _("Check a file against the database"),
            _("Every row and every phone of the file is looked for. Nothing is imported."),
        )
        token = upload_box(f"{_KEY}.upload", for_check=True)
    if token:
        open_step(file=token)
        st.rerun()


def _settle(session: Session, token: str) -> None:
    """What the rows of each sheet are, as the import takes them; columns where they leave something open."""
    try:
        with st.spinner(_("Looking into the file…")):
            plan = plan_of(session, draft_for_check(session.actor, session.store, token))
    except ProductError as refused:
        st.error(plain(say(refused.message)), icon=":material/block:")
        other_file()
        return
    show_file(plan.found)
    if read_before(session.actor, session.store, plan.found):
        st.caption(_("This file was imported before: columns and words are read as they were then."))
    sheets_box(plan, leave_out=_("Leave out"), left_out=_("Left out"))
    if plan.chosen:
        waiting = any(plan.matching(place).problems for place in plan.chosen)
        with st.expander(_("Columns"), expanded=waiting, icon=":material/view_column:"):
            columns_box(plan)
    _ask(session, plan)


def _ask(session: Session, plan: Plan) -> None:
    waiting = [place for place in plan.chosen if plan.matching(place).problems]
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Compare with the database"),
            type="primary",
            icon=":material/rule:",
            disabled=bool(waiting) or not plan.chosen,
            key=f"{_KEY}.ask",
        )
        st.caption(_said(plan, waiting))
    # Here and not in a callback: choices that came with the press are settled by now.
    if pressed and plan.chosen and not waiting:
        with refusal():
            asked = plan.request(session.language).to_json()
            job = operations.ask(session.actor, session.store, _KIND, asked, now=clock.now())
            open_step(job=job)
            st.rerun()


def _said(plan: Plan, waiting: list[int]) -> str:
    if not plan.chosen:
        return _("Choose what the rows of a sheet are.")
    if waiting:
        name = plan.sheet(waiting[0]).name or plan.found.file_name
        return _("Sheet {sheet} still waits for its columns.", sheet=plain(name))
    return _("Nothing is imported.")


def _follow(session: Session, job_id: int) -> None:
    """A check: its progress, then its result."""
    slot = followed(job_id)
    with refusal():
        asked = operations.job(session.actor, session.store, job_id)
        if asked.kind != _KIND or (asked.result is not None and "sheets" not in asked.result):
            leave()
            st.rerun()
        done = jobs.watch(slot)
        if done is not None:
            show_result(session, done)
        elif asked.status == "failed":
            other_file()
