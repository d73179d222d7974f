"""Home: what needs attention today, and the ways on from here."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.facts.queries import facts_summary
from core.grading.queries import Freshness, freshness
from pages.frame import jobs
from pages.frame.freshness import stands_on
from pages.frame.parts import page_header
from pages.frame.session import Session, enter, today
from pages.frame.words import _
from pages.review.home_company import show_company
from pages.review.home_day import show_day
from pages.review.home_decisions import show_decisions
from pages.review.home_measures import show_measures
from pages.review.home_start import demo_loading, show_demo_ready, show_start

_CYCLE = "home.cycle"


def page() -> None:
    session = enter(Permission.SEE_CUSTOMERS)
    counts = facts_summary(session.actor, session.store)
    if demo_loading(session) or not counts["customers"]:
        show_start(session)
        return
    fresh = freshness(session.store)
    may_act = session.actor.may(Permission.SEE_DETAILS)
    purpose = (
        _("What needs attention today, and the ways on from here.")
        if may_act
        else _("The customers in your reach, and the pages that show them.")
    )
    page_header(_("Home"), purpose, stands_on(session, fresh))
    show_demo_ready(session)
    _age(session, fresh)
    now = clock.now()
    manages = session.actor.may(Permission.SEE_MEASURES)
    if manages:
        show_measures(session, now)
        left, right = st.columns(2, gap="medium")
        with left:
            show_decisions(session, now)
        with right:
            show_company(session, counts, graded=fresh.graded)
    show_day(session, now, always=not manages)
    if not manages:
        show_company(session, counts, graded=fresh.graded)


def _age(session: Session, fresh: Freshness) -> None:
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
        key="home_age",
    ):
        st.markdown(f":orange[:material/sync_problem:] {sentence}", width="content")
        if session.actor.may(Permission.RUN_CYCLE):
            st.button(_("Regrade now"), icon=":material/refresh:", on_click=_regrade)


def _regrade() -> None:
    session = enter(Permission.RUN_CYCLE)
    jobs.start(_CYCLE, "cycle", {"as_of": today(session.store).isoformat()})


if __name__ == "__main__":
    page()
