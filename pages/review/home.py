"""Home: what needs attention today, and the ways on from here."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.facts.queries import facts_summary
from core.grading.queries import freshness
from pages.frame.freshness import stands_on
from pages.frame.parts import page_header
from pages.frame.regrading import offer_regrading
from pages.frame.session import enter
from pages.frame.words import _
from pages.review.home_company import show_company
from pages.review.home_day import show_day
from pages.review.home_decisions import show_decisions
from pages.review.home_measures import show_measures
from pages.review.home_start import demo_loading, show_demo_ready, show_start


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
    offer_regrading(session, fresh)
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


if __name__ == "__main__":
    page()
