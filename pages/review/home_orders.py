"""The part of the home page on work orders: what is late, what is due today, the most urgent ones."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.access.actor import Permission, Reach
from core.warning.queries import worklist, worklist_counts
from core.warning.states import IN_HAND
from pages.customers.work_order_table import work_order_table
from pages.frame.formats import number
from pages.frame.navigation import go_to, link_to
from pages.frame.parts import Tile, empty, section, tiles
from pages.frame.session import Session
from pages.frame.words import _

_SHOWN = 8


def show_orders(session: Session, now: datetime) -> None:
    """Counts and the most urgent work orders in reach; nothing for roles that have none."""
    if not session.actor.may(Permission.WORK_ORDERS):
        return
    own = session.actor.reach is Reach.OWN
    counts = worklist_counts(session.actor, session.store, now=now)
    whose = _("in your hands") if own else _("in hand, in your reach")
    tiles(
        [
            Tile(_("Late"), number(counts.late), _("no contact within 24 hours")),
            Tile(_("Due today"), number(counts.due_today), _("still in time")),
            Tile(_("Warned customers"), number(counts.open), whose),
            Tile(_("Waiting in the backlog"), number(counts.backlog), _("no clock runs")),
            Tile(_("Closed"), number(counts.closed_30_days), _("in the last 30 days")),
        ],
        "home_orders",
    )
    orders = worklist(session.actor, session.store, now=now, statuses=IN_HAND, limit=_SHOWN)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_("Most urgent"), _("A click opens the work order."))
        link_to("churn_worklist", _("Open the worklist"), icon=":material/arrow_forward:")
    if orders.empty:
        empty(_("No work order is in hand"), _("New warnings come in after the next import and grading."))
        return
    work_order_table(
        session,
        orders,
        now,
        key="home.orders",
        columns={"clock", "customer", "value_tier", "monetary", "why", "status"}
        | (set() if own else {"assignee"}),
        on_choose=lambda chosen: go_to("churn_worklist", order=str(chosen)),
        height=40 + 36 * len(orders),
    )
