"""The line on a customer's page that says by when its record has to be completed, and what is missing."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core import clock
from core.facts import update_clock
from core.facts.fields import CUSTOMERS
from core.facts.queries import CustomerView
from core.facts.update_clock_queries import owed
from pages.customers.customer_panels import open_panel, saved, toggle_panel
from pages.frame.formats import moment, time_left
from pages.frame.session import Session, business, current
from pages.frame.words import _, listed


def update_owed(session: Session, view: CustomerView) -> None:
    """Show what is owed; nothing where nothing is."""
    found = owed(session.actor, session.store, view.id)
    if found is None:
        return
    now = clock.now()
    late = bool(found.late_by(now))
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", gap="small", key="customer_update"
    ):
        st.badge(
            time_left(found.due_at, now),
            icon=":material/warning:" if late else ":material/schedule:",
            color="red" if late else "orange",
        )
        due = moment(found.due_at, business(session.store).time_zone)
        owner = found.owner or _("in the pool")
        st.text(
            " · ".join((_("Record to be completed by {moment}", moment=due), owner, missing(found.fields))),
            width="stretch",
        )
        if view.editable:
            with st.container(horizontal=True, width="content", gap="small"):
                if open_panel(view.id) != "edit":
                    st.button(
                        _("Complete it"),
                        icon=":material/edit:",
                        key="customer.update.edit",
                        on_click=toggle_panel,
                        args=(view.id, "edit"),
                    )
                st.button(
                    _("Checked, nothing more is known"),
                    icon=":material/check:",
                    type="tertiary",
                    key="customer.update.confirm",
                    on_click=partial(_confirm, view.id),
                )


def missing(fields: tuple[str, ...]) -> str:
    """What a record lacks, in words."""
    if not fields:
        return _("nothing is missing any more")
    return _("missing: {fields}", fields=named(fields))


def named(fields: tuple[str, ...]) -> str:
    """Fields of customers, as a reader calls them."""
    return listed(_(CUSTOMERS.field(field).label) for field in fields)


def _confirm(customer_id: int) -> None:
    with saved(customer_id, "update", _("Confirmed.")):
        session = current()
        update_clock.confirm(session.actor, session.store, customer_id, now=clock.now())
