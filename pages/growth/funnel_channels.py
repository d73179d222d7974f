"""The table of channels: what each brought, what it cost, and the tier suggested for it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.acquisition.channels import ChannelTier
from core.acquisition.labels import CHANNEL_TIER_LABELS, REMARKS
from core.acquisition.queries import ChannelTable
from core.acquisition.shares import Share
from pages.frame import tables
from pages.frame.formats import amount, compact_amount, number, percent
from pages.frame.parts import section
from pages.frame.words import NOTHING, _, label, ngettext
from pages.growth.funnel_bars import between
from pages.growth.funnel_filters import month_name

_LOOKS = {
    ChannelTier.CORE: ("●", "green"),
    ChannelTier.POTENTIAL: ("◐", "blue"),
    ChannelTier.INEFFICIENT: ("▲", "red"),
    ChannelTier.TOO_FEW: ("○", "gray"),
}


def channel_table(table: ChannelTable, currency: str) -> None:
    """Show the table, with the period that its money and its customers belong to."""
    section(_("Channels"), _period(table))
    if not table.records:
        st.caption(_("No channel has brought a lead or cost anything here."))
        return
    signs = {tier: f"{shape} {label(CHANNEL_TIER_LABELS, tier)}" for tier, (shape, _color) in _LOOKS.items()}
    rows = [_row(each, currency, signs) for each in table.records]
    columns = {
        "channel": tables.text(_("Channel"), pinned=True),
        "tier": tables.signals(
            _("Suggested tier"), list(signs.values()), [c for _s, c in _LOOKS.values()], width=150
        ),
        "leads": tables.count(_("Leads")),
        "n": tables.count(_("n past it")),
        "won": tables.count(_("Won")),
        "conversion": tables.text(_("Conversion")),
        "cost": tables.text(_("Cost")),
        "each": tables.text(_("Cost of a customer")),
        "high": tables.text(_("High value")),
    }
    tables.read_only(
        {name: [row[name] for row in rows] for name in columns},
        columns,
        alt=_("Channels with cost and tier"),
        height="content",
    )


def _period(table: ChannelTable) -> str:
    if table.first_month is None or table.last_month is None:
        return _("No month is over yet: leads are still within their window, so nothing can be compared.")
    share = table.company.conversion
    company = _("company: {share} of {n} won", share=percent(share.value), n=number(share.n))
    months = _(
        "Won, cost and tier: leads that arrived from {first} to {last}",
        first=month_name(table.first_month),
        last=month_name(table.last_month),
    )
    why = _(
        "Costs are by month, so only months whose leads are all past their window count here; the comparison above "
        "counts every lead past it, and its n can be larger."
    )
    return _("{months} · {company}. {why}", months=months, company=company, why=why)


def _row(each: dict[str, Any], currency: str, signs: dict[ChannelTier, str]) -> dict[str, object]:
    share = Share(each["won"], each["matured"])
    customers = Share(each["high_value"], each["customers"])
    cost, acquisition = each["cost"], each["acquisition_cost"]
    return {
        "channel": _("not stated") if each["channel"] is None else each["channel"],
        "tier": [signs[each["tier"]]],
        "leads": each["leads"],
        "n": share.n,
        "won": share.k,
        "conversion": f"{percent(share.value)} ({between(share)})" if share.n else NOTHING,
        "cost": NOTHING if cost is None else compact_amount(cost, currency),
        "each": _remark(each) if acquisition is None else _of_a_customer(each, amount(acquisition, currency)),
        "high": f"{percent(customers.value)} (n = {number(customers.n)})" if customers.n else NOTHING,
    }


def _remark(each: dict[str, Any]) -> str:
    """Why there is no cost of a customer."""
    return label(REMARKS, each["remark"])


def _of_a_customer(each: dict[str, Any], cost: str) -> str:
    missing = int(each["months_without_cost"])
    if not missing:
        return cost
    return ngettext(
        "{cost} (cost of {n} month missing)", "{cost} (cost of {n} months missing)", missing, cost=cost
    )
