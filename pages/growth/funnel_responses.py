"""First responses that are owed: those in time first, each answered with one click."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from core.access.actor import Permission
from core.acquisition.queries import first_open_responses
from core.obligations.clock import State
from pages.frame.formats import moment, number, time_left
from pages.frame.parts import section
from pages.frame.session import Session, business
from pages.frame.words import _, ngettext
from pages.growth.funnel_filters import PAGE, clear_pick, narrowed, open_lead
from pages.growth.funnel_lead import answer_button

_FEW, _MANY = 3, 30
_ALL = f"{PAGE}.all_responses"


def responses(session: Session, now: datetime) -> None:
    """Show what is owed within reach; nothing where nothing is.

    To somebody who is looking into the funnel it is one line, until the list is asked for.
    """
    folded = narrowed() and not st.session_state.get(_ALL)
    shown = _MANY if st.session_state.get(_ALL) else _FEW
    found = first_open_responses(session.actor, session.store, now=now, limit=shown)
    if not found.owed:
        return
    owed = ngettext("{n} first response is owed", "{n} first responses are owed", found.owed)
    late = _("{late} of them late", late=number(found.late))
    with st.container(border=True, gap="small", key="first_responses"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            if folded:
                st.markdown(f"**{owed}** · {late}")
            else:
                section(owed, late)
            if folded or found.owed > _FEW or st.session_state.get(_ALL):
                st.toggle(_("Show them") if folded else _("Show more"), key=_ALL)
        for each in () if folded else found.first:
            _row(session, each, now)


def _row(session: Session, each: dict[str, Any], now: datetime) -> None:
    zone = business(session.store).time_zone
    late = each["state"] == State.LATE
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key=f"owed_{each['id']}",
    ):
        st.badge(
            time_left(each["due_at"], now),
            icon=":material/warning:" if late else ":material/schedule:",
            color="red" if late else "orange",
        )
        owner = each["owner"] or _("in the pool")
        parts = [each["name"] or each["code"], each["channel"], owner, moment(each["arrived_at"], zone)]
        st.text(" · ".join(str(part) for part in parts if part), width="stretch")
        st.button(
            _("Open"),
            key=f"{PAGE}.open.{each['id']}",
            type="tertiary",
            on_click=_open,
            args=(each["id"],),
        )
        if session.actor.may(Permission.EDIT_CUSTOMERS):
            answer_button(each["id"], each["version"], f"{PAGE}.answer.{each['id']}")


def _open(lead_id: int) -> None:
    """Open the lead at the top, next to where it was asked for, not beside a list further down."""
    clear_pick()
    open_lead(lead_id)
