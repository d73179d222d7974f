"""The funnel itself: a bar for each stage, parted into who went on, was lost, and is still within the window."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from core.acquisition.funnel import LOST, OPEN, WENT_ON
from core.acquisition.labels import BAND_LABELS
from core.acquisition.queries import FunnelView
from core.acquisition.shares import Share
from core.acquisition.view import StageView
from core.facts.labels import LEAD_STAGES
from pages.frame.charts import figure, show_figure
from pages.frame.formats import number, percent
from pages.frame.palette import NEUTRAL, PICKED, TEXT
from pages.frame.words import _, label, language
from pages.growth.funnel_filters import Pick, chart_key, pick

DRAWINGS_KEPT = 200
"""To put a figure together takes plotly ten times as long as to send it."""
_ROW, _AROUND = 58, 40
_LEGEND = {"x": 0, "y": 1.0, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False}
_ABOVE = 25
"""Pixels from the middle of a bar to the line of words above it."""
_ROOM_FOR_WORDS = 0.07
"""A narrower part of the longest bar has no room for its count."""
_FULL = "#217A65"
"""Reaches 3 to 1 on either ground, and white text on it 4.5 to 1."""
_PALE, _PALER, _NO_COLOR = "rgba(127,131,122,0.5)", "rgba(127,131,122,0.2)", "rgba(0,0,0,0)"
"""The grey of NEUTRAL, so pale that text on it can be read."""
_LOOKS: dict[str, dict[str, Any]] = {
    # Told apart by their pattern as well as by their colour: full, hatched, dotted.
    WENT_ON: {"color": _FULL},
    LOST: {"pattern": {"shape": "/", "size": 7, "solidity": 0.3, "fgcolor": _PALE, "bgcolor": _PALER}},
    OPEN: {"pattern": {"shape": ".", "size": 7, "solidity": 0.2, "fgcolor": _PALE, "bgcolor": _NO_COLOR}},
}


def funnel_bars(view: FunnelView, picked: Pick | None) -> None:
    """Show the funnel; a click on a part of a bar picks it."""
    show_figure(_drawn(view, picked, language()), key=chart_key(), alt=_alt(view), on_pick=pick)


@lru_cache(maxsize=DRAWINGS_KEPT)
def _drawn(view: FunnelView, picked: Pick | None, _language: str) -> go.Figure:
    drawn = figure(_AROUND + _ROW * len(view.stages))
    for band in (WENT_ON, LOST, OPEN):
        drawn.add_trace(_trace(view, band, picked))
    drawn.update_layout(
        barmode="stack",
        bargap=0.55,
        margin={"l": 4, "r": 4, "t": 30, "b": 4},
        showlegend=True,
        legend={**_LEGEND, "traceorder": "normal"},
        annotations=[each for stage in view.stages for each in _words(stage)],
        uniformtext={"minsize": 11, "mode": "show"},
    )
    drawn.update_xaxes(visible=False, range=[0, max(1, view.leads)])
    drawn.update_yaxes(visible=False, range=[len(view.stages) - 0.65, -0.85], showgrid=False)
    return drawn


def _trace(view: FunnelView, band: str, picked: Pick | None) -> go.Bar:
    counts = [int(getattr(stage.bands, band)) for stage in view.stages]
    name = label(BAND_LABELS, band)
    ink = "#FFFFFF" if band == WENT_ON else TEXT
    edges = [3 if picked == Pick(stage.stage, band) else 1 for stage in view.stages]
    colors = [PICKED if picked == Pick(stage.stage, band) else NEUTRAL for stage in view.stages]
    return go.Bar(
        name=name,
        orientation="h",
        y=[stage.stage for stage in view.stages],
        x=counts,
        customdata=[[stage.stage, band] for stage in view.stages],
        text=[_inside(count, view.leads) for count in counts],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": ink, "size": 12},
        selected={"textfont": {"color": ink}},
        hovertext=[_hover(stage, name, n) for stage, n in zip(view.stages, counts, strict=True)],
        hoverinfo="text",
        marker={**_LOOKS[band], "line": {"width": edges, "color": colors}},
    )


def _inside(count: int, leads: int) -> str:
    return number(count) if count and count / max(1, leads) >= _ROOM_FOR_WORDS else ""


def _hover(stage: StageView, band: str, count: int) -> str:
    share = percent(count / stage.bands.entrants) if stage.bands.entrants else ""
    return f"{label(LEAD_STAGES, stage.stage)} · {band}<br>{number(count)} ({share})"


def _words(stage: StageView) -> list[dict[str, Any]]:
    """The line above a bar: the stage and how many reached it; on the right the share of the stage before."""
    line = {"y": stage.stage, "yref": "y", "xref": "paper", "yshift": _ABOVE, "showarrow": False}
    font = {"color": TEXT, "size": 13}
    name = f"<b>{label(LEAD_STAGES, stage.stage)}</b>  {number(stage.bands.entrants)}"
    return [
        {**line, "x": 0, "xanchor": "left", "text": name, "font": font},
        {**line, "x": 1, "xanchor": "right", "text": _share(stage), "font": {**font, "size": 12}},
    ]


def _share(stage: StageView) -> str:
    if stage.of_previous is None:
        return _("of the stage before · of all")
    if not stage.of_previous.n:
        return _("none past the window yet")
    return _(
        "{share} · {start} of all",
        share=f"<b>{percent(stage.of_previous.value)}</b> ({between(stage.of_previous)})",
        start=percent(stage.of_start.value),
    )


def between(share: Share) -> str:
    """`59–65%`: the interval at 95 %."""
    low, high = share.interval
    return f"{percent(low).rstrip('%')}–{percent(high)}" if share.n else ""


def _alt(view: FunnelView) -> str:
    parts = [f"{label(LEAD_STAGES, each.stage)} {number(each.bands.entrants)}" for each in view.stages]
    return _("Funnel of leads by stage: {stages}", stages=" → ".join(parts))
