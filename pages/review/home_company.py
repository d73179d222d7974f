"""The part of the home page on the company: its customers by value, and what the figures stand on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access.actor import Permission, Reach
from core.facts.importing.queries import last_import
from core.grading.labels import NO_TIER, VALUE_TIER_LABELS
from core.grading.queries import segment_matrix
from pages.frame.formats import moment, number
from pages.frame.navigation import link_to
from pages.frame.parts import section
from pages.frame.session import Session, business
from pages.frame.shares import ShareRow, share_table
from pages.frame.words import _, label, ngettext

_TIERS = ("high", "potential", "mid", "low", NO_TIER)


def show_company(session: Session, counts: dict[str, int], *, graded: bool) -> None:
    """Customers by value; under them the facts they are graded on, told to who sees the whole company."""
    with st.container(border=True, height="stretch", key="home_company"):
        if graded:
            _tiers(session)
        if session.actor.reach is Reach.COMPANY:
            _facts(session, counts)


def _tiers(session: Session) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_("Customers by value"))
        link_to("segment_explorer", _("Open the segments"), icon=":material/arrow_forward:")
    matrix = segment_matrix(session.actor, session.store)
    customers, spending = dict.fromkeys(_TIERS, 0), dict.fromkeys(_TIERS, 0)
    figures = (matrix[name].tolist() for name in ("value_tier", "customers", "monetary"))
    for tier, count, units in zip(*figures, strict=True):
        customers[tier] += count
        spending[tier] += 0 if pd.isna(units) else units  # no figures for who sees basic data only
    shares = [(_("Of the customers"), customers)]
    if session.actor.may(Permission.SEE_DETAILS):
        shares.append((_("Of the spending"), spending))
    rows = [
        ShareRow(
            label(VALUE_TIER_LABELS, tier),
            number(customers[tier]),
            [_share(counted, tier) for _title, counted in shares],
        )
        for tier in _TIERS
    ]
    titles = [_("Value tier"), _("Customers"), *(title for title, _counted in shares)]
    share_table(titles, rows, name=_("Customers by value"))


def _share(counted: dict[str, int], tier: str) -> float:
    everything = sum(counted.values())
    return counted[tier] / everything if everything else 0.0


def _facts(session: Session, counts: dict[str, int]) -> None:
    facts = [
        ngettext("{n} customer", "{n} customers", counts["customers"]),
        ngettext("{n} order", "{n} orders", counts["orders"]),
        ngettext("{n} interaction", "{n} interactions", counts["interactions"]),
        ngettext("{n} satisfaction answer", "{n} satisfaction answers", counts["satisfaction"]),
    ]
    if session.actor.may(Permission.IMPORT):
        zone = business(session.store).time_zone
        facts.append(
            _("last import {moment}", moment=moment(last_import(session.actor, session.store), zone))
        )
    st.caption(_("Facts on record: {facts}", facts=" · ".join(facts)))
