"""The part of the home page on what a manager has to decide, each one click from its place."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.access.actor import Permission
from core.measures.catalogue import MEASURES
from core.operations.agenda import CARD, FIX, LEAD, ORDER, RECORD, Decision, decisions
from pages.frame.formats import day, month, number
from pages.frame.navigation import link_to, offered
from pages.frame.parts import plain, section
from pages.frame.session import Session
from pages.frame.words import _, listed, ngettext

_PLACES = {
    ORDER: "churn_worklist",
    LEAD: "funnel",
    CARD: "pilot_kanban",
    RECORD: "data_quality",
    FIX: "data_quality",
}
_VIEWS = {"late": {"view": "all"}, "pool": {"view": "pool"}}
_SIGNS = {
    "late": ":red[▲]",
    "pool": ":orange[◇]",
    "missed": ":red[▲]",
    "pilot": ":orange[◐]",
    "report": ":gray[○]",
    "correction": ":gray[○]",
}


def show_decisions(session: Session, now: datetime) -> None:
    """One line for each; nothing for roles that have none to make."""
    if not session.actor.may(Permission.SEE_MEASURES):
        return
    with st.container(border=True, height="stretch", gap="xsmall", key="home_decisions"):
        section(_("What needs a decision"))
        found = decisions(session.actor, session.store, now=now)
        for decision in found:
            _line(session, decision)
        if not found:
            st.markdown(":green[●] " + _("Nothing waits for a decision."))


def _line(session: Session, decision: Decision) -> None:
    words = f"{_SIGNS[decision.kind]} {_sentence(decision)}"
    place, query = _place(decision)
    if offered(session.actor, place):
        link_to(place, f"{words} →", **query)
    else:
        st.markdown(words)


def _place(decision: Decision) -> tuple[str, dict[str, str]]:
    """Where the decision is made: the page and what its address holds."""
    if decision.kind in {"missed", "report", "correction"}:
        return "monthly_report", {"month": f"{decision.on:%Y-%m}"}
    if decision.kind == "pilot":
        return "pilot_kanban", {"pilot": str(decision.subject_id)}
    place = _PLACES[decision.subject_kind or ORDER]
    if decision.subject_kind == RECORD:
        return place, {"view": "update_clock"}
    if decision.subject_kind == FIX and decision.kind == "pool":
        return place, {"problem": "missing", "field": "account_manager"}
    return place, _VIEWS[decision.kind] if place == "churn_worklist" else {}


def _sentence(decision: Decision) -> str:
    """In our own words; names of departments and pilots are data."""
    if decision.kind == "late":
        late = _late(decision.subject_kind, decision.count)
        return _("{what}: {departments}", what=late, departments=_departments(decision))
    if decision.kind == "pool":
        return _unowned(decision.subject_kind, decision.count)
    if decision.kind == "missed":
        names = listed(_(MEASURES[code].label) for code, _n in decision.names)
        return _("Off target in {month}: {measures}", month=month(decision.on), measures=names)
    if decision.kind == "pilot":
        name = plain(decision.names[0][0])
        return _("The pilot “{name}” has its last day on {day}", name=name, day=day(decision.on))
    if decision.kind == "correction":
        return _("A correction of the report of {month} is drafted", month=month(decision.on))
    return _("The report of {month} waits to be published", month=month(decision.on))


def _late(subject_kind: str | None, count: int) -> str:
    if subject_kind == LEAD:
        return ngettext(
            "{n} lead waits too long for an answer", "{n} leads wait too long for an answer", count
        )
    if subject_kind == CARD:
        return ngettext("{n} card is late", "{n} cards are late", count)
    if subject_kind == RECORD:
        return ngettext(
            "{n} customer record is not completed in time",
            "{n} customer records are not completed in time",
            count,
        )
    if subject_kind == FIX:
        return ngettext(
            "The data of {n} customer are not corrected in time",
            "The data of {n} customers are not corrected in time",
            count,
        )
    return ngettext("{n} work order is late", "{n} work orders are late", count)


def _unowned(subject_kind: str | None, count: int) -> str:
    if subject_kind == LEAD:
        return ngettext("{n} lead has no owner", "{n} leads have no owner", count)
    if subject_kind == RECORD:
        return ngettext("{n} incomplete record has no owner", "{n} incomplete records have no owner", count)
    if subject_kind == FIX:
        return ngettext(
            "{n} customer whose data are to be corrected has no account manager",
            "{n} customers whose data are to be corrected have no account manager",
            count,
        )
    return ngettext("{n} work order lies in the pool", "{n} work orders lie in the pool", count)


def _departments(decision: Decision) -> str:
    nowhere = _("no department")
    return listed(f"{plain(name) if name else nowhere} {number(count)}" for name, count in decision.names)
