"""What the demo company's channels cost, month by month. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from core.operations.demo import words
from core.operations.demo.leads import first_lead_day


def draw_channel_costs(random: np.random.Generator, leads: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row a month, channel and campaign, with the field codes of the channel costs table; costs in yuan.

    A channel that is paid by the month costs something in months without a lead too.
    """
    leads = leads.assign(month=leads["arrived_at"].dt.strftime("%Y-%m"))
    counts = leads.groupby(["month", "channel", "campaign"]).size()
    months = pd.period_range(first_lead_day(as_of), as_of, freq="M").astype(str)
    rows = []
    for channel in words.toml("channels.toml")["channels"]:
        for month in months:
            found = counts.xs(month).get(channel["name"]) if month in counts.index.levels[0] else None
            here: dict[str, int] = {} if found is None else found.to_dict()
            fixed = _fixed(channel, month)
            if fixed:
                here.setdefault("", 0)
            for campaign, count in here.items():
                cost = count * channel["cost"] * random.uniform(0.9, 1.1) + (0 if campaign else fixed)
                rows.append((month, channel["name"], campaign, int(round(cost, -1))))
    costs = pd.DataFrame(rows, columns=["month", "channel", "campaign", "cost"])
    return costs.sort_values(["month", "channel", "campaign"], ignore_index=True)


def _fixed(channel: dict[str, Any], month: str) -> int:
    """Yuan that the channel costs in a month (`2026-11`) whether or not a lead comes."""
    paid = int(month[-2:]) in channel.get("paid_in", range(1, 13))
    return int(channel.get("monthly", 0)) if paid else 0
