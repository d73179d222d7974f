"""The part of the home page on the company: its customers by value, and what the figures stand on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from core.access.actor import Permission, Reach
from core.facts.queries import last_import
from core.grading.labels import NO_TIER, VALUE_TIER_LABELS
from core.grading.queries import segment_matrix
from pages.frame import tables
from pages.frame.formats import moment, number
from pages.frame.navigation import link_to
from pages.frame.parts import pairs, section
from pages.frame.session import Session, business
from pages.frame.words import _, label

_TIERS = ("high", "potential", "mid", "low", NO_TIER)


def show_company(session: Session, counts: dict[str, int], *, graded: bool) -> None:
    """Customers by value beside the facts they are graded on, which are told to who sees the whole company."""
    cards: list[tuple[int, Callable[[], None]]] = []
    if graded:
        cards.append((3, partial(_tiers, session)))
    if session.actor.reach is Reach.COMPANY:
        cards.append((2, partial(_facts, session, counts)))
    if not cards:
        return
    columns = st.columns([width for width, _card in cards], gap="medium")
    for column, (_width, card) in zip(columns, cards, strict=True):
        with column, st.container(border=True, height="stretch"):
            card()


def _tiers(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_("Customers by value"))
        link_to("segment_explorer", _("Open the segments"), icon=":material/arrow_forward:")
    matrix = segment_matrix(session.actor, session.store)
    of_tier = matrix.groupby("value_tier")[["customers", "monetary"]].sum()
    everybody = int(of_tier["customers"].sum())
    spending = int(of_tier["monetary"].sum())
    rows = []
    for tier in _TIERS:
        customers = int(of_tier["customers"].get(tier, 0))
        rows.append(
            {
                "tier": label(VALUE_TIER_LABELS, tier),
                "customers": customers,
                "share": 100 * customers / everybody if everybody else 0.0,
                "spending": 100 * int(of_tier["monetary"].get(tier, 0)) / spending if spending else 0.0,
            }
        )
    columns = {
        "tier": tables.text(_("Value tier")),
        "customers": tables.count(_("Customers")),
        "share": st.column_config.ProgressColumn(_("Of the customers"), format="%.0f%%", max_value=100),
    }
    if session.actor.may(Permission.SEE_DETAILS):
        columns["spending"] = st.column_config.ProgressColumn(
            _("Of the spending"), format="%.0f%%", max_value=100
        )
    tables.read_only(pd.DataFrame(rows), columns, alt=_("Customers by value"))


def _facts(session: Session, counts: dict[str, int]) -> None:
    section(_("Facts on record"))
    rows: list[tuple[str, object]] = [
        (_("Customers"), number(counts["customers"])),
        (_("Orders"), number(counts["orders"])),
        (_("Order lines"), number(counts["transactions"])),
        (_("Interactions"), number(counts["interactions"])),
        (_("Satisfaction answers"), number(counts["satisfaction"])),
    ]
    if session.actor.may(Permission.IMPORT):
        zone = business(session.store).time_zone
        rows.append((_("Last import"), moment(last_import(session.actor, session.store), zone)))
    pairs(rows, "home_facts")
    if session.actor.may(Permission.IMPORT):
        link_to("data_exchange", _("Bring in a file"), icon=":material/upload:")
