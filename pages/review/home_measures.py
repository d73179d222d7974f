"""The part of the home page on measures: the last full month of each, against its target and the month before."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.access.actor import Permission
from core.measures.catalogue import MEASURES
from core.measures.queries import COMPANY, readings
from core.operations.agenda import own_scope
from core.policy.queries import policy_at
from pages.frame.navigation import link_to, offered
from pages.frame.parts import empty, kpi_tiles, section
from pages.frame.readings import tile_of
from pages.frame.session import Session
from pages.frame.words import _


def show_measures(session: Session, now: datetime) -> None:
    """Tiles of the measures; nothing for roles that do not see them."""
    if not session.actor.may(Permission.SEE_MEASURES):
        return
    scope = own_scope(session.actor)
    found = readings(session.actor, session.store, "month", scope=scope)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        whose = _("The last full month") if scope == COMPANY else _("The last full month of your department")
        section(_("Measures"), _("{whose}, against its target and the month before", whose=whose))
        if offered(session.actor, "monthly_report"):
            link_to("monthly_report", _("Open the report"), icon=":material/arrow_forward:")
    if not any(found.values()):
        empty(_("Nothing has been measured yet"), _("Measures come in with the next regrading."))
        return
    policy = policy_at(session.store, now.date())
    shown = [measure for measure in MEASURES.values() if scope == COMPANY or measure.by_department]
    kpi_tiles(
        [
            tile_of(
                measure,
                found[measure.code],
                getattr(policy.targets, measure.code),
                policy.business.currency,
            )
            for measure in shown
        ],
        "home_measures",
    )
    st.caption(
        _(
            "Real: more than chance would bring; noise: no more than that. Undecided: the 95 % interval holds the "
            "target. Too few: too few cases to judge."
        )
    )
