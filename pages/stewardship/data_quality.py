"""Data quality: how well customers are known, who may be one, and whether everything of a file arrived.

The address holds the view and what was chosen in it as codes and ids.
"""

from __future__ import annotations

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.facts.quality.queries import quality
from pages.frame import filters
from pages.frame.beginning import without_customers
from pages.frame.formats import day
from pages.frame.parts import empty, page_header
from pages.frame.session import Session, enter
from pages.frame.shown import stands_on
from pages.frame.words import _
from pages.stewardship.data_quality_duplicates import show_duplicates
from pages.stewardship.data_quality_figures import PAGE, department_chosen, department_filter, show_figures
from pages.stewardship.data_quality_list import show_list
from pages.stewardship.data_quality_migration import show_migration
from pages.stewardship.data_quality_pair import show_pair
from pages.stewardship.update_clock import update_clock_section

_NEEDED = {
    "quality": Permission.SEE_MEASURES,
    "update_clock": Permission.SEE_DETAILS,
    "duplicates": Permission.EDIT_CUSTOMERS,
    "migration": Permission.IMPORT,
}


def page() -> None:
    session = enter(Permission.SEE_MEASURES)
    page_header(
        _("Data quality"),
        _("How well customers are known, who may be the same, and whether everything of a file arrived."),
    )
    views = [view for view, needed in _NEEDED.items() if session.actor.may(needed)]
    names = {
        "quality": _("Completeness and validity"),
        "update_clock": _("Update clock"),
        "duplicates": _("Duplicates"),
        "migration": _("Migration check"),
    }
    view = filters.one("view", _("View"), views, names.__getitem__, page=PAGE)
    if view != "migration" and without_customers(session):
        return
    if view == "duplicates":
        pair = filters.chosen_id("pair")
        show_duplicates(session) if pair is None else show_pair(session, pair)
    elif view == "update_clock":
        update_clock_section(session)
    elif view == "migration":
        show_migration(session)
    else:
        _quality(session)


def _quality(session: Session) -> None:
    now = clock.now()
    counted = quality(session.actor, session.store, now=now, department_id=department_chosen())
    if counted is None:
        empty(
            _("Nothing has been counted yet"),
            _(
                "The first regrading counts the fields of all customers; it runs after every import and each day."
            ),
        )
        return
    department_filter(session, counted)
    stands_on([_("As of {day}", day=day(counted.counted_on))])
    st.caption(
        _(
            "As of {day}. Every figure with its 95 % interval and the number it is counted over.",
            day=day(counted.counted_on),
        )
    )
    show_figures(session, counted, now)
    show_list(session, counted, now)


if __name__ == "__main__":
    page()
