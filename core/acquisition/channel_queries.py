"""The table of channels: what each brought, what it cost, and the tier suggested for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.access.actor import Actor, Reach
from core.acquisition.channels import Yield, channel_tier, remark
from core.acquisition.selection import (
    EVERY_LEAD,
    NOT_STATED,
    Basis,
    FunnelFilter,
    Seen,
    for_actor,
    is_one_of,
)
from core.acquisition.shares import Share
from core.dates import ONE_DAY, months_before
from core.store.engine import Store

CHANNEL_COLUMNS = (
    "channel",
    "leads",
    "matured",
    "won",
    "conversion",
    "low",
    "high",
    "cost",
    "acquisition_cost",
    "customers",
    "high_value",
    "high_value_share",
    "tier",
    "remark",
    "months_without_cost",
)


@dataclass(frozen=True)
class ChannelTable:
    """The channels in CHANNEL_COLUMNS, most leads first; amounts in ten-thousandths of the currency unit.

    `leads` are all that arrived. Everything else is of the months from `first_month` to `last_month`, whose leads
    are all past their window: matured leads, those of them won, and the cost. `customers` are the won that
    became a customer, `high_value` those of them graded high now. `channel` is None where a file states none.
    The months are None while none is over.
    """

    records: tuple[dict[str, Any], ...]
    """The rows as plain values, for a page; None where nothing is known."""
    first_month: date | None
    last_month: date | None
    """Both by their first days, and included."""
    company: Yield
    """All channels together."""
    cost_divisible: bool
    """Whether costs can be held against these leads."""

    @property
    def rows(self) -> pd.DataFrame:
        """The rows as a frame."""
        frame = pd.DataFrame(self.records, columns=list(CHANNEL_COLUMNS))
        return frame.astype({"cost": "Int64", "acquisition_cost": "Int64"})


def channels(
    actor: Actor, store: Store, filters: FunnelFilter = EVERY_LEAD, *, seen: Seen | None = None
) -> ChannelTable:
    """What the channels brought and cost, beside the company as a whole in the same months.

    A cost belongs to a channel and a month, never to a region or a person: with such a filter, or for roles that
    see a part of the company, costs are not held against leads.
    """
    seen = for_actor(actor, store, seen)
    divisible = filters.whole_channels and actor.reach is Reach.COMPANY
    if seen is None:
        return ChannelTable((), None, None, Yield(Share(0, 0), None), divisible)
    found, everything = seen.found, seen.matching(filters.of_all_channels())
    recorded: list[dict[str, Any]] = found.mart.rows("channel_costs").to_pylist() if divisible else []
    first, last = _months(found, everything, recorded, filters)
    settled = everything.filter(pc.less_equal(everything["entry_month"], pa.scalar(last, pa.date32())))
    costs = [] if first is None or last is None else _between(recorded, first, last)
    company = Yield(Share(_won(settled), len(settled)), _sum(costs))

    shown, settled = (_of_channels(each, filters) for each in (everything, settled))
    costs = [row for row in costs if _asked(row, filters)]
    ever = frozenset(row["channel"] for row in recorded if _asked(row, filters))
    figures = _Figures(_counts(shown), _settled_counts(found, settled), costs, ever, divisible)
    names = {*figures.leads, *(row["channel"] for row in costs)}
    rows = [figures.row(name, company, found) for name in names]
    rows.sort(key=lambda row: (-row["leads"], str(row["channel"])))
    return ChannelTable(tuple(rows), first, last if first else None, company, divisible)


def _months(
    found: Basis, leads: pa.Table, costs: list[dict[str, Any]], filters: FunnelFilter
) -> tuple[date | None, date | None]:
    """From the filter's month, or the first with a lead or a cost, to the last month whose leads are all past
    their window; None where there is neither lead nor cost in between.

    What was spent before the first lead came is part of what the leads cost.
    """
    closed_on = found.as_of - timedelta(days=found.policy.funnel.window_days)
    # The month in which the day after lies is not over; the one before it is.
    last = months_before((closed_on + ONE_DAY).replace(day=1), 1)
    if filters.last_month:
        last = min(last, filters.last_month)
    months = {*leads["entry_month"].unique().to_pylist(), *(row["month"] for row in costs)}
    inside = [month for month in months if (filters.first_month or month) <= month <= last]
    return (filters.first_month or min(inside), last) if inside else (None, None)


def _between(costs: list[dict[str, Any]], first: date, last: date) -> list[dict[str, Any]]:
    return [row for row in costs if first <= row["month"] <= last]


def _asked(cost: dict[str, Any], filters: FunnelFilter) -> bool:
    channel = not filters.channels or cost["channel"] in filters.channels
    return channel and (not filters.campaigns or (cost["campaign"] or NOT_STATED) in filters.campaigns)


def _of_channels(leads: pa.Table, filters: FunnelFilter) -> pa.Table:
    for column, chosen in (("channel", filters.channels), ("campaign", filters.campaigns)):
        if chosen:
            leads = leads.filter(is_one_of(leads[column], chosen))
    return leads


def _won(leads: pa.Table) -> int:
    return int(pc.sum(leads["won"], min_count=0).as_py())


def _sum(costs: list[dict[str, Any]]) -> int | None:
    return sum(row["amount"] for row in costs) if costs else None


def _counts(leads: pa.Table) -> dict[str | None, int]:
    return {row["values"]: row["counts"] for row in leads["channel"].value_counts().to_pylist()}


def _settled_counts(found: Basis, settled: pa.Table) -> dict[str | None, dict[str, Any]]:
    """Channel -> matured, won, customers, high_value, and the months with leads."""
    grades = found.mart.rows("grades")
    high = grades.filter(pc.equal(grades["value_tier"], "high"))["customer_id"]
    became = pc.and_(settled["won"], pc.is_valid(settled["customer_id"]))
    table = pa.table(
        {
            "channel": settled["channel"],
            "month": settled["entry_month"],
            "won": settled["won"].cast(pa.int64()),
            "customers": became.cast(pa.int64()),
            "high_value": pc.and_(became, pc.is_in(settled["customer_id"], high)).cast(pa.int64()),
        }
    )
    sums = [(name, "sum") for name in ("won", "customers", "high_value")]
    counted = table.group_by("channel").aggregate([([], "count_all"), *sums, ("month", "distinct")])
    return {row["channel"]: row for row in counted.to_pylist()}


@dataclass(frozen=True)
class _Figures:
    leads: dict[str | None, int]
    settled: dict[str | None, dict[str, Any]]
    costs: list[dict[str, Any]]
    """Of the months looked at."""
    ever: frozenset[str]
    """The channels that cost something in whatever month."""
    divisible: bool

    def row(self, channel: str | None, company: Yield, found: Basis) -> dict[str, Any]:
        """One channel in CHANNEL_COLUMNS."""
        settled = self.settled.get(channel, {})
        costs = [cost for cost in self.costs if cost["channel"] == channel]
        conversion = Share(settled.get("won_sum", 0), settled.get("count_all", 0))
        got = Yield(conversion, _sum(costs))
        each = got.acquisition_cost
        missing = (
            set(settled.get("month_distinct", [])) - {cost["month"] for cost in costs} if costs else set()
        )
        customers, high = settled.get("customers_sum", 0), settled.get("high_value_sum", 0)
        leads = self.leads.get(channel, 0)
        return {
            "channel": channel,
            "leads": leads,
            "matured": conversion.n,
            "won": conversion.k,
            "conversion": conversion.value,
            "low": conversion.interval.low if conversion.n else None,
            "high": conversion.interval.high if conversion.n else None,
            "cost": got.cost,
            "acquisition_cost": None if each is None else round(each),
            "customers": customers,
            "high_value": high,
            "high_value_share": Share(high, customers).value,
            "tier": channel_tier(got, company, found.policy.channel_tiers),
            "remark": remark(
                got,
                leads,
                cost_divisible=self.divisible,
                months_without_cost=len(missing),
                cost_of_other_months=channel in self.ever,
            ),
            "months_without_cost": len(missing),
        }
