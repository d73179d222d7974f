"""What happened with one customer, the newest first."""

from __future__ import annotations

import streamlit as st

from core.facts.history import Happening, timeline
from core.facts.labels import DIRECTIONS, INTERACTION_KINDS
from pages.frame import tables
from pages.frame.formats import amount, moment, number
from pages.frame.parts import strong
from pages.frame.session import Session, business
from pages.frame.words import _, label, ngettext

MOST = 100
_SHORT, _TABLE = 16, 560


def history(session: Session, customer_id: int) -> None:
    """The card with orders, contacts and answers in the order of time."""
    found = timeline(session.actor, session.store, customer_id, limit=MOST)
    with st.container(border=True, key="history"):
        strong(_("Timeline"))
        if not found:
            st.caption(_("Nothing yet: no order, no contact, no answer."))
            return
        setting = business(session.store)
        shown = {
            "at": [moment(each.at, setting.time_zone) for each in found],
            "what": [_event(each, setting.currency) for each in found],
            "text": [each.text or "" for each in found],
            "staff": [each.staff or "" for each in found],
        }
        columns = {
            "at": tables.text(_("Time"), width=108),
            "what": tables.text(_("What"), width=164),
            "text": tables.text(_("Detail"), width=166),
            "staff": tables.text(_("With"), width=62),
        }
        tables.read_only(
            shown, columns, alt=_("Timeline"), height="content" if len(found) <= _SHORT else _TABLE
        )
        if len(found) == MOST:
            st.caption(ngettext("The latest {n} entry is shown", "The latest {n} entries are shown", MOST))


def _event(each: Happening, currency: str) -> str:
    if each.what == "order":
        if each.amount is None:
            return _("Order")
        return _("Order · {amount}", amount=amount(each.amount, currency))
    if each.what == "satisfaction":
        return _("Satisfaction {score} of 5", score=number(each.score))
    if each.what == "usage":
        return ngettext("Used {n} time", "Used {n} times", each.uses or 0)
    if each.what == "behaviour":
        return each.kind or ""
    parts = [label(INTERACTION_KINDS, each.kind)]
    if each.direction is not None:
        parts.append(label(DIRECTIONS, each.direction))
    if each.purpose == "win_back":
        parts.append(_("win-back"))
    return " · ".join(parts)
