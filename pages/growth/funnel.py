"""Funnel: how leads become customers, where they are lost, and what the channels bring for their money."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.acquisition.queries import Basis, FunnelFilter, FunnelView, seen
from pages.frame.downloads import download
from pages.frame.filters import chosen_id
from pages.frame.formats import day, moment
from pages.frame.navigation import import_or_home
from pages.frame.parts import empty, page_header, section
from pages.frame.session import Session, business, enter
from pages.frame.words import _
from pages.growth.funnel_bars import funnel_bars
from pages.growth.funnel_breakdown import breakdown, broken_down_by, trend
from pages.growth.funnel_channels import channel_table
from pages.growth.funnel_data import Reader
from pages.growth.funnel_filters import PAGE, Pick, clear_all, current_pick, filter_bar
from pages.growth.funnel_lead import lead_detail
from pages.growth.funnel_leads import lead_list
from pages.growth.funnel_responses import responses
from pages.growth.funnel_stages import stage_table, worst_step


def page() -> None:
    session = enter(Permission.SEE_DETAILS)
    now, known = clock.now(), seen(session.actor, session.store)
    _header(session, None if known is None else known.found)
    picked = current_pick()
    if picked is None:
        _open_lead(session, now)
    responses(session, now)
    reader = None if known is None else Reader(session, known)
    if reader is None or not reader.options().months:
        _nothing(session)
        return
    filters = filter_bar(reader.options())
    view = reader.funnel(filters)
    _funnel(reader, view, filters, picked)
    if picked is not None:
        _behind(reader, view, filters, picked, now)
    channels = reader.channels(filters)
    if view.leads:
        _all_figures(reader, view, filters)
    if view.leads or channels.records:  # what cost money and brought nobody
        channel_table(channels, business(session.store).currency)


def _all_figures(reader: Reader, view: FunnelView, filters: FunnelFilter) -> None:
    _figures(reader.session, filters)
    stage_table(view)
    left, right = st.columns([5, 6], gap="medium")
    with left, st.container(border=True, height="stretch"):
        trend(reader, filters)
    with right, st.container(border=True, height="stretch"):
        breakdown(reader, filters)


def _header(session: Session, found: Basis | None) -> None:
    facts = None
    if found is not None:
        facts = [
            _("As of {day}", day=day(found.as_of)),
            _("worked out {moment}", moment=moment(found.finished_at, business(session.store).time_zone)),
            _("window of {days} days from arrival", days=found.policy.funnel.window_days),
            _("rules version {version}", version=found.policy.version),
        ]
    stale = _("Facts have changed since these figures were worked out; they come in with the next regrading.")
    page_header(
        _("Funnel"),
        _(
            "How leads become customers and where they are lost. Click a part of a bar to see who is behind it."
        ),
        facts,
        stale if found is not None and found.stale else None,
    )


def _nothing(session: Session) -> None:
    empty(
        _("There are no leads to show yet"),
        _("The funnel is worked out after an import of leads, for those within your reach."),
        partial(import_or_home, session.actor),
    )


def _funnel(reader: Reader, view: FunnelView, filters: FunnelFilter, picked: Pick | None) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="top", horizontal_alignment="distribute"):
            section(_("From arrival to won"), worst_step(view) if view.leads else "")
            if filters != FunnelFilter():
                st.button(_("Show every lead"), icon=":material/filter_alt_off:", on_click=clear_all)
        if view.leads:
            funnel_bars(view, picked)
        else:
            empty(_("No lead matches"), _("Take a filter away to see more."))


def _figures(session: Session, filters: FunnelFilter) -> None:
    """What stands above the tables: one file with all of them."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_("In figures"), _("The download holds every table of this page, for these filters."))
        download(f"{PAGE}.tables", session, "funnel", {**filters.to_json(), "by": broken_down_by()})


def _behind(reader: Reader, view: FunnelView, filters: FunnelFilter, picked: Pick, now: datetime) -> None:
    """The leads behind the clicked band, and the one that is open beside them."""
    session = reader.session
    chosen = chosen_id("lead")
    if chosen is None:
        lead_list(reader, view, filters, picked, short=False)
        return
    left, right = st.columns([6, 5], gap="medium")
    with left:
        lead_list(reader, view, filters, picked, short=True)
    with right:
        lead_detail(session, chosen, now)


def _open_lead(session: Session, now: datetime) -> None:
    """The lead of the address, where it is seen at once: it was opened from above the chart or another page."""
    chosen = chosen_id("lead")
    if chosen is not None:
        lead_detail(session, chosen, now)


if __name__ == "__main__":
    page()
