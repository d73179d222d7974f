"""The signs of churn of one customer: each with what was seen, also where that is too little to judge by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from core.grading.queries import freshness
from core.policy.queries import policy_version
from core.warning.labels import INDICATOR_STATES, INDICATORS
from core.warning.queries import indicator_states
from pages.customers.work_order_reasons import Numbers, seen_and_rule
from pages.frame.formats import day, number
from pages.frame.parts import plain, strong
from pages.frame.session import Session
from pages.frame.words import _, label

_BADGES: Mapping[str, tuple[Literal["red", "green", "gray"], str]] = {
    "hit": ("red", ":material/warning:"),
    "clear": ("green", ":material/check:"),
    "no_data": ("gray", ":material/question_mark:"),
}


def signs(session: Session, customer_id: int) -> None:
    """The card with every indicator as the last cycle saw it; `no data` is never shown as fine."""
    fresh = freshness(session.store)
    states = indicator_states(session.actor, session.store, customer_id)
    with st.container(border=True, key="signs"):
        strong(_("Signs of churn"))
        if not states or fresh.as_of is None or fresh.policy_version is None:
            st.caption(_("Not looked at yet: signs are checked with the next grading."))
            return
        thresholds = policy_version(session.store, fresh.policy_version).values()
        found = {row["indicator"]: row for row in states}
        for indicator in INDICATORS:
            if indicator in found:
                _sign(indicator, found[indicator], thresholds[indicator])
        st.caption(
            _(
                "Rules version {version}, as of {day}",
                version=fresh.policy_version,
                day=day(fresh.as_of),
            )
        )


def _sign(indicator: str, row: Numbers, threshold: Numbers) -> None:
    seen, rule = seen_and_rule(indicator, row, threshold)
    if (row["state"], indicator) in _OTHERWISE:
        seen = _OTHERWISE[row["state"], indicator](row, threshold)
    color, icon = _BADGES[row["state"]]
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(label(INDICATOR_STATES, row["state"]), color=color, icon=icon)
            st.text(label(INDICATORS, indicator), width="content")
        st.text(seen)
        st.caption(plain(rule))


def _bought(seen: Numbers, rule: Numbers) -> str:
    return _(
        "{recent} orders in the last {quarters} quarters; the last on {day}.",
        recent=number(seen["recent"]),
        quarters=number(rule["quarters"]),
        day=day(seen["last_on"]),
    )


def _bought_too_little(seen: Numbers, rule: Numbers) -> str:
    return _(
        "No order in the last {quarters} quarters, and {before} before them: too few to judge by.",
        quarters=number(rule["quarters"]),
        before=number(seen["before"]),
    )


def _met_too_seldom(seen: Numbers, rule: Numbers) -> str:
    return _(
        "{recent} contacts in the last {days} days and {before} in the {days} before: too few to judge by.",
        recent=number(seen["recent"]),
        before=number(seen["before"]),
        days=number(rule["window_days"]),
    )


def _not_asked(_seen: Numbers, rule: Numbers) -> str:
    return _("No answer in the last {days} days.", days=number(rule["window_days"]))


_OTHERWISE: Mapping[tuple[str, str], Callable[[Numbers, Numbers], str]] = {
    ("clear", "no_purchase"): _bought,
    ("no_data", "no_purchase"): _bought_too_little,
    ("no_data", "interactions_drop"): _met_too_seldom,
    ("no_data", "low_satisfaction"): _not_asked,
}
"""(state, indicator) -> the sentence where that of a hit would not fit."""
