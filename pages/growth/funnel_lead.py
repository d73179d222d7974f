"""One lead in full, and the click that notes its first response."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from core import clock
from core.acquisition.queries import LeadView, lead
from core.acquisition.service import record_first_response
from core.errors import ProductError
from core.facts.labels import LEAD_STAGES
from core.obligations.labels import STATES
from pages.customers.customer_own import own_rows
from pages.frame.formats import amount, moment
from pages.frame.navigation import link_to
from pages.frame.parts import pairs, plain, refusal
from pages.frame.session import Session, business, current
from pages.frame.words import NOTHING, _, label, say
from pages.growth.funnel_filters import PAGE, open_lead


def lead_detail(session: Session, lead_id: int, now: datetime) -> None:
    """What is known of one lead."""
    st.button(
        _("Close"),
        icon=":material/close:",
        type="tertiary",
        key=f"{PAGE}.close",
        on_click=open_lead,
        args=(None,),
    )
    try:
        found = lead(session.actor, session.store, lead_id, now=now)
    except ProductError as refused:
        st.error(plain(say(refused.message)), icon=":material/block:")
        return
    with st.container(border=True, key="lead"):
        st.subheader(plain(found.name or found.code), anchor=False)
        if found.answerable:
            answer_button(found.id, found.version, f"{PAGE}.answer")
        if found.customer_id is not None:
            link_to(
                "customer", _("The customer it became"), icon=":material/person:", id=str(found.customer_id)
            )
        pairs([*_known(session, found), *own_rows(found.own)], "lead")
        if found.contact_masked:
            st.caption(_("Phones are masked for your role."))


def _known(session: Session, found: LeadView) -> list[tuple[str, object]]:
    unit = business(session.store)
    reached = [(label(LEAD_STAGES, stage), moment(at, unit.time_zone)) for stage, at in found.reached.items()]
    answered = moment(found.first_response_at, unit.time_zone) if found.first_response_at else None
    stands = label(STATES, found.response) if found.response else None
    given_up = [moment(found.lost_at, unit.time_zone), found.lost_reason]
    lost = [(_("Given up"), _joined(given_up))] if found.lost_at else []
    return [
        (_("Code"), found.code),
        (_("Phone"), found.phone or NOTHING),
        (_("Owner"), found.owner or _("in the pool")),
        (_("Channel"), _joined([found.channel, found.campaign])),
        (_("Region"), found.region or NOTHING),
        (_("Industry"), found.industry or NOTHING),
        (_("First response"), _joined([answered, stands])),
        *reached,
        *lost,
        (_("Worth"), amount(found.amount, unit.currency)),
    ]


def _joined(parts: Sequence[str | None]) -> str:
    return " · ".join(part for part in parts if part) or NOTHING


def answer_button(lead_id: int, version: int, key: str) -> None:
    """One click notes that the lead was answered now."""
    st.button(_("Responded now"), icon=":material/done:", key=key, on_click=_answer, args=(lead_id, version))


def _answer(lead_id: int, version: int) -> None:
    session, now = current(), clock.now()
    with refusal():
        record_first_response(session.actor, session.store, lead_id, version, at=now, now=now)
        st.toast(_("The first response is noted."), icon=":material/done:")
