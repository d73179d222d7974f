"""The leads behind a part of the funnel."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.acquisition.labels import BAND_LABELS
from core.acquisition.queries import FunnelFilter, FunnelView
from core.facts.labels import LEAD_STAGES
from pages.frame import tables
from pages.frame.downloads import download
from pages.frame.formats import moment, number
from pages.frame.parts import empty, section
from pages.frame.session import Session, business
from pages.frame.shown import only
from pages.frame.words import _, label, ngettext
from pages.growth.funnel_data import Reader
from pages.growth.funnel_filters import PAGE, Pick, clear_pick, open_lead

ROWS = 80  # the list shows the latest; the download holds all
_AS_IT_IS = ("code", "channel", "campaign", "region", "industry", "phone", "lost_reason")
_MOST_ROWS = 13


def lead_list(reader: Reader, view: FunnelView, filters: FunnelFilter, picked: Pick, *, short: bool) -> None:
    """Exactly the leads that the clicked band counts."""
    session = reader.session
    stage = next(each for each in view.stages if each.stage == picked.stage)
    n = int(getattr(stage.bands, picked.band))
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_heading(picked, n), _note(n))
        with st.container(horizontal=True, width="content"):
            st.button(_("Close the list"), icon=":material/close:", key=f"{PAGE}.clear", on_click=clear_pick)
            if n:
                asked = {**filters.to_json(), "stage": picked.stage, "band": picked.band}
                download(f"{PAGE}.export", session, "funnel_leads", asked)
    if not n:
        empty(_("No lead is here"), _("Choose another part of the funnel, or take a filter away."))
        return
    found = reader.leads(filters, picked.stage, picked.band, ROWS)
    with only(_("Part of the funnel"), _heading(picked, n)):
        _table(session, found, short=short)


def _heading(picked: Pick, n: int) -> str:
    return ngettext(
        "{stage} · {band}: {n} lead",
        "{stage} · {band}: {n} leads",
        n,
        stage=label(LEAD_STAGES, picked.stage),
        band=label(BAND_LABELS, picked.band),
    )


def _note(n: int) -> str:
    if n > ROWS:
        return _("The {rows} that came last; the download holds all.", rows=number(ROWS))
    return _("The latest first. A click opens what is known.")


def _table(session: Session, found: list[dict[str, Any]], *, short: bool) -> None:
    zone = business(session.store).time_zone
    stages = {stage: label(LEAD_STAGES, stage) for stage in LEAD_STAGES}
    shown: dict[str, list[Any]] = {
        "id": [each["id"] for each in found],
        "lead": [each["name"] or each["code"] for each in found],
        "arrived": [moment(each["arrived_at"], zone) for each in found],
        "owner": [each["owner"] or _("in the pool") for each in found],
        "furthest": [stages[each["furthest"]] for each in found],
        **{name: [each[name] or "" for each in found] for name in _AS_IT_IS},
    }
    columns = {
        "code": tables.text(_("Code"), pinned=True),
        "lead": tables.text(_("Lead")),
        "arrived": tables.text(_("Arrived")),
        "owner": tables.text(_("Owner")),
    }
    if not short:
        columns |= {
            "furthest": tables.text(_("Furthest stage")),
            "channel": tables.text(_("Channel")),
            "campaign": tables.text(_("Campaign")),
            "region": tables.text(_("Region")),
            "industry": tables.text(_("Industry")),
            "phone": tables.text(_("Phone")),
            "lost_reason": tables.text(_("Reason of the loss")),
        }
    tables.records(
        shown,
        columns,
        key=f"{PAGE}.leads",
        alt=_("Leads behind the part of the funnel"),
        on_choose=open_lead,
        height=tables.height_of(len(found), _MOST_ROWS),
    )
