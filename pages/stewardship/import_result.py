"""Step four of an import: what it did, and the grading that follows."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.access.actor import Permission
from core.facts.importing import ImportRequest
from core.facts.labels import TABLES
from core.operations import jobs as operations
from core.store.jobs import JobView
from pages.frame import jobs
from pages.frame.formats import number
from pages.frame.navigation import link_to
from pages.frame.parts import plain, section
from pages.frame.session import Session
from pages.frame.words import _, label, ngettext
from pages.stewardship.import_check import show_counts
from pages.stewardship.import_steps import leave, result_of, slot_of


def show_result(session: Session, done: JobView) -> None:
    """What the finished import `done` did, and the ways on."""
    request, result = ImportRequest.from_json(done.payload), result_of(done)
    st.caption(f"{plain(request.file_name)} · {label(TABLES, request.table_code)}")
    _verdict(result)
    show_counts(result, "exchange_result")
    with st.container(horizontal=True, vertical_alignment="center"):
        if "file" in result:
            st.link_button(_("Rejected rows"), f"/exports/{done.id}", icon=":material/download:")
        st.button(_("Bring in another file"), icon=":material/upload:", on_click=leave)
    if result.get("cycle_job") is not None:
        _grading(session, int(result["cycle_job"]))


def _verdict(result: dict[str, Any]) -> None:
    if result["batch"] is None:
        st.error(_("Nothing was imported: no row could be taken."), icon=":material/block:")
        return
    changed = result["added"] + result["updated"]
    st.success(
        ngettext(
            "Imported: {n} row was added or updated. Import no. {batch}.",
            "Imported: {n} rows were added or updated. Import no. {batch}.",
            changed,
            batch=result["batch"],
        ),
        icon=":material/check_circle:",
    )


def _grading(session: Session, job_id: int) -> None:
    """The cycle that the import has set going."""
    section(_("Grading"), _("Grades, warnings and work orders are worked out anew after each import."))
    slot = slot_of(job_id)
    operations.job(session.actor, session.store, st.session_state[slot])
    with st.container(border=True):
        done = jobs.watch(slot)
        if done is None:
            return
        cycle = result_of(done)
        st.markdown(
            ":material/check_circle: "
            + _(
                "{graded} customers with orders were scored; the grade or stage of {changed} customers changed; "
                "{opened} work orders were opened.",
                graded=number(cycle["graded"]),
                changed=number(cycle["grades_changed"]),
                opened=number(cycle["work_orders_opened"]),
            )
        )
        with st.container(horizontal=True):
            link_to("segment_explorer", _("Open the segments"), icon=":material/grid_view:")
            if session.actor.may(Permission.WORK_ORDERS):
                link_to("churn_worklist", _("Open the worklist"), icon=":material/notification_important:")
