"""Reads of acquisition for pages and exports: the funnel, its breakdowns, and the leads behind every number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import StaffMember
from core.acquisition.channel_queries import CHANNEL_COLUMNS, ChannelTable, channels
from core.acquisition.funnel import bands
from core.acquisition.lead_queries import LEAD_COLUMNS, LeadView, lead, lead_places, lead_rows, leads
from core.acquisition.option_queries import FunnelOptions, options
from core.acquisition.response_queries import RESPONSE_COLUMNS, first_open_responses, open_responses
from core.acquisition.selection import (
    EVERY_LEAD,
    NOT_STATED,
    Basis,
    FunnelFilter,
    Seen,
    basis,
    for_actor,
    seen,
)
from core.acquisition.shares import Share, Verdict, compare
from core.acquisition.view import Bottleneck, FunnelView, bottleneck, funnel_view
from core.store.engine import Store

__all__ = [
    "BREAKDOWNS",
    "CHANNEL_COLUMNS",
    "EVERY_LEAD",
    "LEAD_COLUMNS",
    "NOT_STATED",
    "RESPONSE_COLUMNS",
    "Basis",
    "Bottleneck",
    "BreakdownRow",
    "ChannelTable",
    "EntryMonth",
    "FunnelFilter",
    "FunnelOptions",
    "FunnelView",
    "LeadView",
    "Seen",
    "basis",
    "bottleneck",
    "breakdown",
    "by_entry_month",
    "channels",
    "first_open_responses",
    "funnel",
    "lead",
    "lead_places",
    "lead_rows",
    "leads",
    "open_responses",
    "options",
    "seen",
]

BREAKDOWNS = {"channel": "channel", "region": "region", "industry": "industry", "owner": "owner_id"}
"""What the funnel can be broken down by -> the column of it."""


def funnel(
    actor: Actor, store: Store, filters: FunnelFilter = EVERY_LEAD, *, seen: Seen | None = None
) -> FunnelView | None:
    """The funnel of the leads in reach that match, as of the last cycle; None before the first.

    `seen` is what several questions of one run share, here and in the other questions.
    """
    seen = for_actor(actor, store, seen)
    if seen is None:
        return None
    policy = seen.found.policy
    return funnel_view(
        bands(seen.matching(filters)), seen.found.as_of, policy.funnel.window_days, policy.evidence
    )


@dataclass(frozen=True)
class BreakdownRow:
    """The leads of one value, and how their conversion stands beside that of all others."""

    value: str | int | None
    """A text as the files have it, or the owner's id; None where it is not stated or nobody's."""
    label: str | None
    """The text, or the owner's name."""
    leads: int
    conversion: Share
    """Won within the window, of the leads whose window is over."""
    verdict: Verdict


def breakdown(
    actor: Actor,
    store: Store,
    filters: FunnelFilter = EVERY_LEAD,
    by: str = "channel",
    *,
    seen: Seen | None = None,
) -> list[BreakdownRow]:
    """Conversion by a key of BREAKDOWNS, most leads first."""
    seen = for_actor(actor, store, seen)
    if seen is None:
        return []
    counted = _counted(seen.matching(filters), BREAKDOWNS[by])
    names = _staff(store, [row["value"] for row in counted]) if by == "owner" else {}
    won, matured = sum(row["won"] for row in counted), sum(row["matured"] for row in counted)
    rows = []
    for row in counted:
        share = Share(row["won"], row["matured"])
        rest = Share(won - share.k, matured - share.n)
        verdict = compare(share, rest, seen.found.policy.evidence)
        label = names.get(row["value"]) if by == "owner" else row["value"]
        rows.append(BreakdownRow(row["value"], label, row["leads"], share, verdict))
    return sorted(rows, key=lambda row: (-row.leads, str(row.label)))


@dataclass(frozen=True)
class EntryMonth:
    """The leads that arrived in a month."""

    month: date
    leads: int
    conversion: Share
    """Of those whose window is over."""
    complete: bool
    """Whether that is all of them."""


def by_entry_month(
    actor: Actor, store: Store, filters: FunnelFilter = EVERY_LEAD, *, seen: Seen | None = None
) -> list[EntryMonth]:
    """Conversion by month of arrival, in their order; months without leads are not listed."""
    seen = for_actor(actor, store, seen)
    if seen is None:
        return []
    counted = _counted(seen.matching(filters), "entry_month")
    return [
        EntryMonth(
            row["value"], row["leads"], Share(row["won"], row["matured"]), row["matured"] == row["leads"]
        )
        for row in sorted(counted, key=lambda row: row["value"])
    ]


def _counted(walked: pa.Table, column: str) -> list[dict[str, Any]]:
    """value, leads, matured and won (of the matured), one row for each value of `column`."""
    matured = walked["matured"]
    table = pa.table(
        {
            "value": walked[column],
            "matured": matured.cast(pa.int64()),
            "won": pc.and_(matured, walked["won"]).cast(pa.int64()),
        }
    )
    counted = table.group_by("value").aggregate([([], "count_all"), ("matured", "sum"), ("won", "sum")])
    names = {"count_all": "leads", "matured_sum": "matured", "won_sum": "won", "value": "value"}
    rows: list[dict[str, Any]] = counted.rename_columns(names).to_pylist()
    return rows


def _staff(store: Store, ids: Iterable[int | None]) -> dict[int, str]:
    wanted = [each for each in ids if each is not None]
    query = select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(wanted))
    with store.read() as session:
        return {each.id: each.name for each in session.execute(query)}
