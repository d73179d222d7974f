"""The funnel of leads: how far each one came within its window, and what became of those at each stage. Pure.

A lead's window are the `window_days` times 24 hours from its arrival. A lead has reached a stage when that stage or
a later one is dated within the window: reaching is cumulative, because files leave stages out and date them in
the wrong order. Of the leads that reached a stage each is in exactly one band:

=========  =========================================================================================
went_on    it reached the next stage within the window; at the last stage: it was won
lost       it did not, and it was given up by the end of `as_of` or its window is over
open       it did not, and is still within its window
=========  =========================================================================================

So the bands of a stage sum to its entrants, and the entrants of a stage are those who went on from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.dates import ONE_DAY, business_midnight
from core.facts.stages import STAGES, instant_column

WENT_ON, LOST, OPEN = BANDS = ("went_on", "lost", "open")
LAST = len(STAGES) - 1

_DAY_S = 86_400
_HOURS_A_DAY = 24


def progress(leads: ir.Table, window_days: int, as_of: date, *, zone: str) -> ir.Table:
    """How each lead that had arrived by the end of `as_of` stands then; what happened later is not seen.

    `leads` has id, arrived_on, an instant for each stage and lost_at. `zone` is the business time zone in which
    `as_of` ends. All columns of `leads` stay; added are

    - entry_month: first day of the month of arrival;
    - furthest: the position in STAGES of the last stage reached within the window;
    - won: whether that is the last one;
    - matured: whether the window is over at the end of `as_of`, so that nothing can change any more;
    - standing: the band at the furthest stage;
    - `days_after_<stage>`: days from that stage to the next, of matured leads that went on and whose two dates
      are known. NULL where the next stage is dated before this one, and then
    - `disordered_after_<stage>` is true; but a day without a time contradicts no instant of the same day, and
      counts as no time.

    Shares and times are of matured leads only: of the others those who are quick are already in, those who are
    slow not yet.
    """
    end_of_day = ibis.literal(business_midnight(as_of + ONE_DAY, zone))
    # In hours, because a day of an interval is a calendar day of the reader's time zone.
    closes_at = leads.arrived_at + ibis.interval(hours=window_days * _HOURS_A_DAY)

    def reached(stage: str) -> ir.BooleanValue:
        at = leads[instant_column(stage)]
        return (at <= closes_at) & (at < end_of_day)

    entered = leads.mutate(
        entry_month=leads.arrived_on.truncate("M"),
        furthest=ibis.cases(
            *((reached(STAGES[position]), position) for position in range(LAST, 0, -1)), else_=0
        ),
        matured=leads.arrived_on <= ibis.literal(as_of - timedelta(days=window_days)),
        given_up=(leads.lost_at < end_of_day).fill_null(False),
    ).filter(leads.arrived_on <= ibis.literal(as_of))
    won = entered.furthest == LAST
    return entered.mutate(
        won=won,
        standing=ibis.cases((won, WENT_ON), (entered.given_up | entered.matured, LOST), else_=OPEN),
        **_times(entered, as_of, zone),
    ).drop("given_up")


def _times(entered: ir.Table, as_of: date, zone: str) -> dict[str, ir.Value]:
    columns: dict[str, ir.Value] = {}
    for position, (stage, following) in enumerate(pairwise(STAGES)):
        here, there = (entered[instant_column(each)].epoch_seconds() for each in (stage, following))
        timed = entered.matured & (entered.furthest > position)
        back = here - there
        disordered = (back > 0) & ~((back < _DAY_S) & _day_only(there, as_of, zone))
        columns[f"days_after_{stage}"] = ibis.ifelse(
            timed & ~disordered, ibis.greatest(-back, 0) / float(_DAY_S), ibis.null("float64")
        )
        columns[f"disordered_after_{stage}"] = (timed & disordered).fill_null(False)
    return columns


def _day_only(seconds: ir.IntegerValue, as_of: date, zone: str) -> ir.BooleanValue:
    """Whether only the day of an instant is known: files write such days without a time, which is midnight."""
    # Winter and summer, for zones whose clocks change: engines do not agree on how to ask for a zone's midnight.
    seasons = [business_midnight(date(as_of.year, month, 1), zone).utcoffset() for month in (1, 7)]
    offsets = {int(offset.total_seconds()) for offset in seasons if offset is not None}
    return ibis.or_(*((seconds + offset) % _DAY_S == 0 for offset in sorted(offsets)))


@dataclass(frozen=True)
class StageBands:
    """What became of the leads that reached a stage: entrants = went_on + lost + open."""

    stage: str
    entrants: int
    went_on: int
    lost: int
    open: int
    matured: int
    """Entrants whose window is over."""
    matured_went_on: int
    days_median: float | None
    """Days to the next stage; None where nobody's time is known."""
    days_n: int
    disordered: int
    """Leads left out of the times, because their dates are out of order."""


def bands(walked: pa.Table) -> tuple[StageBands, ...]:
    """The rows of `progress` counted, one entry for each of STAGES in their order."""
    counted = walked.group_by(["furthest", "standing", "matured"]).aggregate([([], "count_all")])
    tally = counted.to_pylist()
    return tuple(_stage_bands(walked, tally, position) for position in range(len(STAGES)))


def _stage_bands(walked: pa.Table, tally: list[dict[str, Any]], position: int) -> StageBands:
    def count(band: str | None = None, *, matured_only: bool = False) -> int:
        return sum(
            row["count_all"]
            for row in tally
            if row["furthest"] >= position
            and (row["matured"] or not matured_only)
            and band in (None, row["standing"] if row["furthest"] == position else WENT_ON)
        )

    median, timed, disordered = _time_after(walked, STAGES[position])
    return StageBands(
        stage=STAGES[position],
        entrants=count(),
        went_on=count(WENT_ON),
        lost=count(LOST),
        open=count(OPEN),
        matured=count(matured_only=True),
        matured_went_on=count(WENT_ON, matured_only=True),
        days_median=median,
        days_n=timed,
        disordered=disordered,
    )


def _time_after(walked: pa.Table, stage: str) -> tuple[float | None, int, int]:
    """Median, n, and how many were left out."""
    if stage == STAGES[LAST]:
        return None, 0, 0
    days = walked[f"days_after_{stage}"].drop_null().to_numpy()
    disordered = pc.sum(walked[f"disordered_after_{stage}"], min_count=0).as_py()
    return (float(np.median(days)) if len(days) else None), len(days), int(disordered)


def in_band(walked: pa.Table, stage: str, band: str | None = None) -> pa.Table:
    """The rows of `progress` that reached `stage`; with `band`, exactly those that `bands` counts there."""
    position = STAGES.index(stage)
    reached = walked.filter(pc.greater_equal(walked["furthest"], position))
    if band is None:
        return reached
    here = pc.equal(reached["furthest"], position)
    return reached.filter(pc.equal(pc.if_else(here, reached["standing"], WENT_ON), band))
