"""Churn worklist: who is about to leave, the most urgent first, and what is being done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.errors import ProductError
from core.grading.queries import freshness
from core.warning.queries import work_order, worklist_counts, worklist_rows
from core.warning.states import IN_HAND, Status
from pages.customers.work_order_detail import detail
from pages.customers.work_order_table import OVER, work_order_table
from pages.frame import tables
from pages.frame.downloads import download
from pages.frame.filters import chosen_id, keep, one
from pages.frame.formats import number
from pages.frame.freshness import stands_on
from pages.frame.parts import Tile, empty, page_header, plain, tiles
from pages.frame.session import Session, enter
from pages.frame.words import _, ngettext, say

PAGE = "worklist"
_IN_HAND = [str(status) for status in IN_HAND]
_VIEWS: dict[str, dict[str, Any]] = {
    "mine": {"mine": True, "statuses": _IN_HAND},
    "all": {"statuses": _IN_HAND},
    "pool": {"pool": True, "statuses": _IN_HAND},
    "backlog": {"statuses": [str(Status.BACKLOG)]},
    "closed": {"statuses": OVER},
}


def page() -> None:
    session = enter(Permission.WORK_ORDERS)
    now = clock.now()
    page_header(
        _("Churn worklist"),
        _(
            "Customers who are about to leave. Claim, make contact within 24 hours, record how it ended, learn."
        ),
        stands_on(session, freshness(session.store)),
    )
    _tiles(session, now)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        view = _choose_view(session)
        download("worklist.export", session, "work_orders", _VIEWS[view])
    orders = _orders(session, view, now)
    chosen = chosen_id("order")
    if chosen is None:
        _list(session, view, orders, now)
        return
    with st.container(key="worklist_split"):
        left, right = st.columns([5, 6], gap="medium")
        with left:
            _list(session, view, orders, now, short=True)
        with right:
            _detail(session, chosen, now)


def _tiles(session: Session, now: datetime) -> None:
    counts = worklist_counts(session.actor, session.store, now=now)
    has_own = session.actor.staff_id is not None
    yours = _("{n} of them yours", n=number(counts.mine)) if has_own else _("in your reach")
    in_hand = _("of {n} in hand", n=number(counts.open))
    row = [
        Tile(_("Late"), number(counts.late), in_hand),
        Tile(_("Due today"), number(counts.due_today), in_hand),
        Tile(_("In hand"), number(counts.open), yours),
        Tile(_("Waiting in the backlog"), number(counts.backlog), _("no clock runs")),
        Tile(_("Closed"), number(counts.closed_30_days), _("in the last 30 days")),
    ]
    tiles(row, PAGE)


def _choose_view(session: Session) -> str:
    names = {
        "mine": _("Mine"),
        "all": _("All in my reach"),
        "pool": _("Pool"),
        "backlog": _("Backlog"),
        "closed": _("Closed"),
    }
    views = [code for code in names if code != "mine" or session.actor.staff_id is not None]
    return one("view", _("View"), views, names.__getitem__, page=PAGE)


def _orders(session: Session, view: str, now: datetime) -> list[dict[str, Any]]:
    return worklist_rows(session.actor, session.store, now=now, **_VIEWS[view])


def _choose(order_id: int | None) -> None:
    """The address alone decides which order is open."""
    keep("order", [] if order_id is None else [str(order_id)])


def _list(
    session: Session, view: str, orders: list[dict[str, Any]], now: datetime, *, short: bool = False
) -> None:
    if not orders:
        _nothing(view)
        return
    st.caption(
        ngettext(
            "{n} work order, the most urgent first", "{n} work orders, the most urgent first", len(orders)
        )
    )
    columns = {"clock", "customer", "monetary", "value_tier"}
    if not short:
        columns |= {"status", "why"}
        columns |= {"assignee"} if view != "mine" else set()
        columns |= {"outcome"} if view == "closed" else set()
    work_order_table(
        session,
        orders,
        now,
        key=f"{PAGE}.list.{view}",
        columns=columns,
        on_choose=_choose,
        height=tables.height_of(len(orders)),
    )


def _nothing(view: str) -> None:
    sentences = {
        "mine": (
            _("Nothing is waiting for you"),
            _("New warnings come in after the next import and grading."),
        ),
        "all": (_("No work order is in hand"), _("New warnings come in after the next import and grading.")),
        "pool": (_("The pool is empty"), _("Warned customers without an account manager land here.")),
        "backlog": (_("The backlog is empty"), _("What is over a day's limit per person waits here.")),
        "closed": (
            _("Nothing has been closed yet"),
            _("Closed work orders stay here with what was learned."),
        ),
    }
    empty(*sentences[view])


def _detail(session: Session, order_id: int, now: datetime) -> None:
    st.button(_("Back to the list"), icon=":material/close:", type="tertiary", on_click=_choose, args=(None,))
    try:
        view = work_order(session.actor, session.store, order_id, now=now)
    except ProductError as refused:
        st.error(plain(say(refused.message)), icon=":material/block:")
        return
    detail(session, view, now)


if __name__ == "__main__":
    page()
