"""Logging a contact with a customer, without a work order."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core import clock
from core.facts.contacts_service import log_contact
from core.facts.labels import INTERACTION_KINDS
from core.facts.queries import CustomerView
from core.language import mark
from pages.customers.customer_panels import close_panel, keys, saved
from pages.frame.parts import strong
from pages.frame.session import Session, business, current
from pages.frame.words import _, label

_WHO_BEGAN = {"outbound": mark("We did"), "inbound": mark("The customer did")}
"""Direction -> how a person says it."""


def contact_form(session: Session, view: CustomerView) -> None:
    """The form; what was typed stays when it is refused."""
    key = keys(view.id, "contact")
    zone = ZoneInfo(business(session.store).time_zone)
    at = clock.now().astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    st.session_state.setdefault(key("at"), at)
    st.session_state.setdefault(key("kind"), "call")
    st.session_state.setdefault(key("direction"), "outbound")
    with st.form(key("form")):
        strong(_("Log a contact"))
        with st.grid(3, min_column_width=250):
            st.segmented_control(
                _("How"),
                list(INTERACTION_KINDS),
                format_func=lambda code: label(INTERACTION_KINDS, code),
                key=key("kind"),
                required=True,
                wrap=True,
            )
            st.segmented_control(
                _("Who began it"),
                list(_WHO_BEGAN),
                format_func=lambda code: label(_WHO_BEGAN, code),
                key=key("direction"),
                required=True,
                wrap=True,
            )
            st.datetime_input(_("When"), key=key("at"), step=300)
        st.text_area(_("What was said"), key=key("content"), max_chars=2000, height=96)
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Save the contact"), type="primary", on_click=_save, args=(view.id,), key=key("save")
            )
            st.form_submit_button(_("Cancel"), type="tertiary", on_click=close_panel, key=key("cancel"))


def _save(customer_id: int) -> None:
    with saved(customer_id, "contact", _("Contact saved.")):
        session, now = current(), clock.now()
        key = keys(customer_id, "contact")
        value: dict[str, Any] = {
            name: st.session_state.get(key(name)) for name in ("at", "kind", "direction", "content")
        }
        zone = ZoneInfo(business(session.store).time_zone)
        at = value["at"].replace(tzinfo=zone) if value["at"] else now
        log_contact(
            session.actor,
            session.store,
            customer_id,
            occurred_at=at,
            kind=value["kind"],
            direction=value["direction"],
            content=value["content"] or "",
            now=now,
        )
