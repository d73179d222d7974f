"""What happened with one customer, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from core.facts.labels import DIRECTIONS, INTERACTION_KINDS
from core.facts.queries import timeline
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
        if found.empty:
            st.caption(_("Nothing yet: no order, no contact, no answer."))
            return
        names = list(found.columns)
        rows = [dict(zip(names, each, strict=True)) for each in found.itertuples(index=False, name=None)]
        setting = business(session.store)
        # Told to be objects, because pandas takes longer to find out that texts are texts than to hold them.
        shown = pd.DataFrame(
            {
                "at": [moment(row["at"], setting.time_zone) for row in rows],
                "what": [_event(row, setting.currency) for row in rows],
                "text": ["" if pd.isna(row["text"]) else row["text"] for row in rows],
                "staff": ["" if pd.isna(row["staff"]) else row["staff"] for row in rows],
            },
            dtype=object,
        )
        columns = {
            "at": tables.text(_("Time"), width=130),
            "what": tables.text(_("What"), width=150),
            "text": tables.text(_("Detail")),
            "staff": tables.text(_("With"), width=80),
        }
        tables.read_only(
            shown, columns, alt=_("Timeline"), height="content" if len(rows) <= _SHORT else _TABLE
        )
        if len(rows) == MOST:
            st.caption(ngettext("The latest {n} entry is shown", "The latest {n} entries are shown", MOST))


def _event(row: Mapping[Any, Any], currency: str) -> str:
    if row["what"] == "order":
        if pd.isna(row["amount"]):
            return _("Order")
        return _("Order · {amount}", amount=amount(int(row["amount"]), currency))
    if row["what"] == "satisfaction":
        return _("Satisfaction {score} of 5", score=number(row["score"]))
    parts = [label(INTERACTION_KINDS, row["kind"])]
    if not pd.isna(row["direction"]):
        parts.append(label(DIRECTIONS, row["direction"]))
    if row["purpose"] == "win_back":
        parts.append(_("win-back"))
    return " · ".join(parts)
