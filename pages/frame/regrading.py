"""Grades that are older than the facts or the day, and the button that makes them anew."""

from __future__ import annotations

import streamlit as st

from core.access.actor import Permission
from core.grading.queries import Freshness
from pages.frame import jobs
from pages.frame.session import Session, enter, today
from pages.frame.words import _

_CYCLE = "regrading.cycle"


def offer_regrading(session: Session, fresh: Freshness) -> None:
    """Say when the grades are older than the facts or the day, and let them be made anew."""
    if _CYCLE in st.session_state:
        with st.container(border=True):
            if jobs.watch(_CYCLE) is None:
                return
        jobs.forget(_CYCLE)
        st.toast(_("The grades are up to date."), icon=":material/check_circle:")
        st.rerun()
    now = today(session.store)
    if fresh.as_of == now and not fresh.stale:
        return
    if not fresh.graded:
        sentence = _("The customers have not been graded yet.")
    elif fresh.stale:
        sentence = _("Facts have changed since the last grading; grades and warnings do not reflect it yet.")
    else:
        sentence = _("The grades are of an earlier day.")
    with st.container(
        border=True,
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key="regrading",
    ):
        st.markdown(f":orange[:material/sync_problem:] {sentence}", width="content")
        if session.actor.may(Permission.RUN_CYCLE):
            st.button(_("Regrade now"), icon=":material/refresh:", on_click=_regrade)


def _regrade() -> None:
    session = enter(Permission.RUN_CYCLE)
    jobs.start(_CYCLE, "cycle", {"as_of": today(session.store).isoformat()})
