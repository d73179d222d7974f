"""Where the funnel converts better or worse: by channel, region, industry and owner, and by month of arrival."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import plotly.graph_objects as go
import streamlit as st

from core.acquisition.labels import VERDICTS
from core.acquisition.queries import BREAKDOWNS, BreakdownRow, EntryMonth, FunnelFilter
from core.acquisition.shares import Verdict
from pages.frame import formats
from pages.frame.charts import figure, literal, show_figure
from pages.frame.filters import chosen, one
from pages.frame.formats import number, percent
from pages.frame.palette import BAD, BAND, GOOD, MAIN, NEUTRAL, TARGET, TEXT
from pages.frame.parts import section
from pages.frame.words import _, label, language
from pages.growth.funnel_bars import DRAWINGS_KEPT, between
from pages.growth.funnel_data import Reader
from pages.growth.funnel_filters import PAGE, month_name

_SHOWN = 10
_ROW, _AROUND = 34, 50
_MARKS = {
    # Each verdict has a shape of its own beside its colour.
    Verdict.ABOVE: ("triangle-up", GOOD),
    Verdict.BELOW: ("triangle-down", BAD),
    Verdict.NO_DIFFERENCE: ("circle", NEUTRAL),
    Verdict.TOO_FEW: ("circle-open", NEUTRAL),
}
_LONGEST_NAME = 12
_BY = "by"
_MOST_TICKS = 7
"""More names of months would lie upon each other on a phone."""


def broken_down_by() -> str:
    """What `breakdown` is shown by, for what stands above it on the page."""
    key = f"{PAGE}.{_BY}"
    picked = st.session_state.get(key) or next(iter(chosen(_BY, list(BREAKDOWNS))), None)
    return picked or next(iter(BREAKDOWNS))


def breakdown(reader: Reader, filters: FunnelFilter) -> None:
    """Conversion of each value with its interval, beside that of all."""
    section(_("Who converts"), _("Won within the window, of leads past it; verdict against all others"))
    names = {
        "channel": _("Channel"),
        "region": _("Region"),
        "industry": _("Industry"),
        "owner": _("Owner"),
    }
    by = one(_BY, _("Broken down by"), list(names), names.__getitem__, page=PAGE)
    rows = reader.breakdown(filters, by)
    shown = tuple(rows[:_SHOWN])
    nobody = _("in the pool") if by == "owner" else _("not stated")
    alt = _(
        "Conversion with intervals: {rows}",
        rows="; ".join(f"{row.label or nobody} {_words(row)}" for row in shown),
    )
    show_figure(_dots(shown, nobody, language()), key=f"{PAGE}.dots", alt=alt)
    st.caption(
        _("▲ above the others · ▼ below the others · ○ too few cases to say · dotted line: all together")
    )
    if len(rows) > _SHOWN:
        st.caption(_("The {shown} with most leads, of {n}.", shown=_SHOWN, n=number(len(rows))))


@lru_cache(maxsize=DRAWINGS_KEPT)
def _dots(rows: tuple[BreakdownRow, ...], unknown: str, _language: str) -> go.Figure:
    names = [literal(_short(row.label or unknown)) for row in rows]
    places = [str(position) for position in range(len(rows))]  # two of one shortened name stay two rows
    drawn = figure(_AROUND + _ROW * len(rows))
    counted = [(place, row) for place, row in zip(places, rows, strict=True) if row.conversion.n]
    won, n = sum(row.conversion.k for row in rows), sum(row.conversion.n for row in rows)
    if n:
        drawn.add_vline(x=won / n, line={"color": TARGET, "width": 1, "dash": "dot"})
    drawn.add_trace(
        go.Scatter(
            mode="markers",
            y=[place for place, _row in counted],
            x=[row.conversion.value for _place, row in counted],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [row.conversion.interval.high - (row.conversion.value or 0) for _p, row in counted],
                "arrayminus": [
                    (row.conversion.value or 0) - row.conversion.interval.low for _p, row in counted
                ],
                "color": NEUTRAL,
                "thickness": 2,
                "width": 0,
            },
            marker={
                "size": 11,
                "symbol": [_MARKS[row.verdict][0] for _place, row in counted],
                "color": [_MARKS[row.verdict][1] for _place, row in counted],
                "line": {"width": 2, "color": [_MARKS[row.verdict][1] for _place, row in counted]},
            },
            hovertext=[f"{literal(row.label or unknown)}<br>{_words(row)}" for _place, row in counted],
            hoverinfo="text",
        )
    )
    highest = max(
        (row.conversion.interval.high for _p, row in counted if row.verdict != Verdict.TOO_FEW), default=1
    )
    drawn.update_layout(margin={"l": 8, "r": 118, "t": 8, "b": 8}, annotations=_beside(rows, places))
    drawn.update_xaxes(tickformat=".0%", rangemode="tozero", range=[0, min(1, highest * 1.15)], nticks=5)
    drawn.update_yaxes(
        autorange="reversed", showgrid=False, tickvals=places, ticktext=names, type="category",
        categoryorder="array", categoryarray=places,
    )  # fmt: skip
    return drawn


def _beside(rows: Sequence[BreakdownRow], places: Sequence[str]) -> list[dict[str, object]]:
    """What stands at the right of each row: share and n, and the verdict in a word."""
    return [
        {
            "x": 1.0, "xref": "paper", "xanchor": "left", "xshift": 8, "y": place, "yref": "y", "align": "left",
            "showarrow": False, "font": {"size": 12, "color": TEXT}, "text": _note(row),
        }
        for place, row in zip(places, rows, strict=True)
    ]  # fmt: skip


def _note(row: BreakdownRow) -> str:
    if not row.conversion.n:
        return _("none past yet")
    share = _("{share}, n = {n}", share=percent(row.conversion.value), n=number(row.conversion.n))
    arrow = {Verdict.ABOVE: " ▲", Verdict.BELOW: " ▼"}.get(row.verdict, "")
    return share + (arrow or (" ○" if row.verdict is Verdict.TOO_FEW else ""))


def _words(row: BreakdownRow) -> str:
    share = row.conversion
    if not share.n:
        return _("none past the window yet")
    verdict = label(VERDICTS, row.verdict)
    return f"{percent(share.value)} ({between(share)}), n = {number(share.n)} · {verdict}"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def trend(reader: Reader, filters: FunnelFilter) -> None:
    """Conversion by month of arrival, of the months whose leads are all past their window."""
    section(_("By month of arrival"), _("Months whose leads are all past their window; band: 95 % interval"))
    months = [each for each in reader.months(filters) if each.complete]
    if not months:
        st.caption(_("No month is over yet: its leads are still within their window."))
        return
    alt = _(
        "Conversion by month of arrival, from {first} to {last}",
        first=month_name(months[0].month),
        last=month_name(months[-1].month),
    )
    show_figure(_line(tuple(months), language()), key=f"{PAGE}.trend", alt=alt)


@lru_cache(maxsize=DRAWINGS_KEPT)
def _line(months: tuple[EntryMonth, ...], _language: str) -> go.Figure:
    names = [month_name(each.month) for each in months]
    drawn = figure(300)
    low, high = ([each.conversion.interval[end] for each in months] for end in (0, 1))
    drawn.add_trace(
        go.Scatter(
            x=names + names[::-1],
            y=high + low[::-1],
            fill="toself",
            fillcolor=BAND,
            mode="none",
            hoverinfo="skip",
        )
    )
    drawn.add_trace(
        go.Scatter(
            x=names,
            y=[each.conversion.value for each in months],
            mode="lines+markers",
            line={"color": MAIN, "width": 2},
            marker={"size": 7},
            hovertext=[
                f"{name}<br>{percent(each.conversion.value)} ({between(each.conversion)}), "
                f"n = {number(each.conversion.n)}"
                for name, each in zip(names, months, strict=True)
            ],
            hoverinfo="text",
        )
    )
    drawn.update_layout(margin={"l": 8, "r": 8, "t": 8, "b": 8})
    drawn.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=5)
    ticks = _ticks(months)
    drawn.update_xaxes(type="category", tickangle=0, tickvals=list(ticks), ticktext=list(ticks.values()))
    return drawn


def _ticks(months: Sequence[EntryMonth]) -> dict[str, str]:
    """Month -> what stands under it: every second one by its name, under the first and where a year begins the year."""
    every = 1 if len(months) <= _MOST_TICKS else 2
    ticks: dict[str, str] = {}
    year = None
    for each in months[::every]:
        ticks[month_name(each.month)] = formats.month_name(each.month) + (
            f"<br>{each.month.year}" if each.month.year != year else ""
        )
        year = each.month.year
    return ticks
