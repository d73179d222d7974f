"""The funnel in figures: the worst step in a sentence, and a table of the stages."""

from __future__ import annotations

import streamlit as st

from core.acquisition.queries import FunnelView, bottleneck
from core.acquisition.shares import Share
from core.acquisition.view import StageView, Standing
from core.facts.labels import LEAD_STAGES
from pages.frame import tables
from pages.frame.formats import number, percent
from pages.frame.words import NOTHING, _, label
from pages.growth.funnel_bars import between


def worst_step(view: FunnelView) -> str:
    """Where most stay behind, in a sentence; or that this cannot be said."""
    found = bottleneck(view)
    if found.standing is Standing.STANDS_OUT and found.step and found.share:
        here, there = (label(LEAD_STAGES, stage) for stage in found.step)
        return _(
            "Most stay behind between {here} and {there}: {share} go on ({interval}, n = {n}), clearly fewer than "
            "at every other step.",
            here=f"**{here}**",
            there=f"**{there}**",
            share=percent(found.share.value),
            interval=between(found.share),
            n=number(found.share.n),
        )
    if found.standing is Standing.TOO_FEW:
        return _("Too few leads are past their window to say which step is the weakest.")
    if not (found.step and found.share and found.rival):
        return _("No step stands out.")
    return _(
        "No step stands out: {worst} after {before} is the lowest at {share} ({interval}), but cannot be told from "
        "{rival}.",
        worst=f"**{label(LEAD_STAGES, found.step[1])}**",
        before=label(LEAD_STAGES, found.step[0]),
        share=percent(found.share.value),
        interval=between(found.share),
        rival=f"**{label(LEAD_STAGES, found.rival[1])}**",
    )


def stage_table(view: FunnelView) -> None:
    """The stages with every figure, shares with their intervals and what they are counted over."""
    rows = [_row(stage) for stage in view.stages]
    columns = {
        "stage": tables.text(_("Stage"), pinned=True),
        "reached": tables.count(_("Reached it")),
        "went_on": tables.count(_("Went on")),
        "lost": tables.count(_("Lost here")),
        "open": tables.count(_("In the window")),
        "n": tables.count(_("n past it")),
        "of_previous": tables.text(_("Of the stage before")),
        "of_start": tables.text(_("Of all")),
        "days": tables.text(_("Days to the next (median)")),
    }
    tables.read_only(
        {name: [row[name] for row in rows] for name in columns},
        columns,
        alt=_("Figures of the stages"),
        height="content",
    )
    st.caption(
        _(
            "Shares with 95 % intervals and times are of the n leads whose {days} days are over. Times leave out dates "
            "that are out of order.",
            days=view.window_days,
        )
    )


def _row(stage: StageView) -> dict[str, object]:
    bands = stage.bands
    return {
        "stage": label(LEAD_STAGES, stage.stage),
        "reached": bands.entrants,
        "went_on": bands.went_on,
        "lost": bands.lost,
        "open": bands.open,
        "of_previous": _figure(stage.of_previous),
        "of_start": _figure(stage.of_start),
        "n": bands.matured,
        "days": _days(stage),
    }


def _figure(share: Share | None) -> str:
    return f"{percent(share.value)} ({between(share)})" if share and share.n else NOTHING


def _days(stage: StageView) -> str:
    bands = stage.bands
    if bands.days_median is None:
        return NOTHING
    days, n = number(bands.days_median, 1), number(bands.days_n)
    if bands.disordered:
        return _("{days} (n = {n}; {left} left out)", days=days, n=n, left=number(bands.disordered))
    return _("{days} (n = {n})", days=days, n=n)
