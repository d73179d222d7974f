"""The KPIs of a pilot by week, each as a control chart, above its board."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from html import escape

import plotly.graph_objects as go
import streamlit as st

from core.measures.queries import Reading
from core.reviews.pilot_kpis import ENOUGH_BASELINE, KpiWeeks, kpi_weeks
from core.reviews.pilot_queries import PilotView
from core.reviews.pilots import ONE_WEEK
from pages.frame.charts import figure, show_figure
from pages.frame.formats import number, short_day
from pages.frame.palette import BAD, BAND, GOOD, MAIN, NEUTRAL, PICKED, TARGET
from pages.frame.readings import difference_of, figure_of
from pages.frame.session import Session, business
from pages.frame.shown import written_table
from pages.frame.status import STANDINGS
from pages.frame.words import NOTHING, _, language
from pages.review.pilot_kanban_cases import chart_key, chosen_point, pick_point, show_cases

_HEIGHT = 168
_TICK_FORMATS = {"share": ".0%", "mean": ".1f", "amount": "~s", "cost": "~s"}


def strip(session: Session, pilot: PilotView, now: datetime) -> None:
    """Show every KPI: its last complete week with n and standing, what has changed, and its weeks as a chart."""
    kpis = kpi_weeks(session.actor, session.store, pilot.id, now=now)
    if not any(each.points for each in kpis):
        st.info(
            _("There are no weekly figures yet. They are worked out with the next grading after an import."),
            icon=":material/monitoring:",
        )
        return
    currency = business(session.store).currency
    point = chosen_point(kpis)
    with st.grid(len(kpis), min_column_width=250, gap="small", key="kanban_kpis"):
        for each in kpis:
            week = point.week if point is not None and point.measure == each.measure.code else None
            _kpi(pilot, each, week, currency)
    st.caption(_legend(kpis))
    with st.container(key="kanban_weeks"):
        _weeks_as_table(kpis, currency)
    show_cases(session, pilot, kpis, point, now)


def _weeks_as_table(kpis: Sequence[KpiWeeks], currency: str) -> None:
    """The weeks behind the charts, to be saved as a workbook."""
    titles = [_("KPI"), _("Week from"), _("Week of the pilot"), _("Value"), "n"]
    rows = [
        (
            _(kpi.measure.label),
            short_day(week.start),
            _week_of(week, kpi) + 1 if week.start >= kpi.starts_on else _("baseline"),
            figure_of(kpi.measure, week.value, currency),
            week.n,
        )
        for kpi in kpis
        for week in kpi.weeks
        if week.complete
    ]
    written_table(_("KPIs by week"), titles, rows)


def _kpi(pilot: PilotView, kpi: KpiWeeks, picked: date | None, currency: str) -> None:
    with st.container(border=True, gap=None, height="stretch"):
        st.html(_head(kpi, currency))
        if kpi.points:
            show_figure(
                _drawn(kpi, pilot.plan.weeks, pilot.plan.baseline_weeks, picked, currency, language()),
                key=chart_key(kpi.measure.code),
                alt=_alt(kpi, currency),
                on_pick=pick_point,
            )


def _head(kpi: KpiWeeks, currency: str) -> str:
    """Name, last value with week and n, standing, and the change since the baseline. All of it is escaped."""
    measure, latest, mark = kpi.measure, kpi.latest, STANDINGS[kpi.standing]
    if latest is None:
        value, note = NOTHING, _("no complete week of the pilot yet")
    else:
        value = figure_of(measure, latest.value, currency)
        note = _("week {week}, n = {n}", week=_week_of(latest, kpi) + 1, n=number(latest.n))
    stands = _(mark.words)
    if kpi.kpi.target is not None:
        stands += " " + _("(target {value})", value=figure_of(measure, kpi.kpi.target, currency))
    return (
        f'<div class="kpi-label" title="{escape(_(measure.definition))}">{escape(_(measure.label))}</div>'
        f'<div><span class="kpi-value">{escape(value)}</span> <span class="kpi-note">{escape(note)}</span></div>'
        f'<div class="kpi-line"><span class="tone-{mark.tone}" aria-hidden="true">{mark.shape}</span>'
        f" {escape(stands)}</div>"
        f'<div class="kpi-line">{escape(_since(kpi, currency))}</div>'
    )


def _since(kpi: KpiWeeks, currency: str) -> str:
    moved = kpi.since
    if kpi.latest is None:
        return ""
    if moved.difference is None:
        return _("No baseline to compare with")
    words = {None: _("too few to tell"), True: _("real"), False: _("noise")}[moved.real]
    difference = difference_of(kpi.measure, moved.difference, currency)
    return _("{difference} against the baseline: {verdict}", difference=difference, verdict=words)


def _legend(kpis: Sequence[KpiWeeks]) -> str:
    parts = [
        _(
            "Solid line: mean; dotted: limits of chance; dashed: target; shaded: baseline; ◆: outside the limits."
        ),
    ]
    drawn = [each for each in kpis if each.points]
    if any(each.chart.provisional for each in drawn if each.from_baseline):
        parts.append(_("Limits from fewer than 15 weeks are provisional."))
    if any(not each.from_baseline for each in drawn):
        parts.append(
            _(
                "With fewer than {weeks} measured weeks before it, limits come from all weeks and are provisional.",
                weeks=ENOUGH_BASELINE,
            )
        )
    if any(each.from_baseline for each in drawn):
        parts.append(
            _(
                "Chance alone puts a point outside the limits in about 16 % of boards (13 weeks, baseline of 12)."
            )
        )
    return " ".join(parts)


def _alt(kpi: KpiWeeks, currency: str) -> str:
    chart = kpi.chart
    return _(
        "{measure} by week: mean {mean}, limits {low} to {high}, weeks outside them: {signals}, last value {value}",
        measure=_(kpi.measure.label),
        mean=figure_of(kpi.measure, chart.mean, currency),
        low=figure_of(kpi.measure, chart.low, currency),
        high=figure_of(kpi.measure, chart.high, currency),
        signals=len(chart.signals),
        value=figure_of(kpi.measure, kpi.latest.value if kpi.latest else None, currency),
    )


@lru_cache(maxsize=256)
def _drawn(
    kpi: KpiWeeks, weeks: int, baseline: int, picked: date | None, currency: str, _code: str
) -> go.Figure:
    """The control chart. Kept, because drawing it anew would cost more than all the rest of the page."""
    drawn = figure(_HEIGHT)
    left, right = -baseline - 0.6, weeks - 0.4
    drawn.add_traces([*_lines(kpi, left, right), _points(kpi, picked, currency)])
    ticks = sorted({*((-baseline,) if baseline else ()), 0, weeks // 2, weeks - 1})
    drawn.update_layout(
        margin={"l": 4, "r": 4, "t": 8, "b": 4},
        shapes=[
            {
                "type": "rect",
                "x0": left,
                "x1": -0.5,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "fillcolor": BAND,
                "line": {"width": 0},
                "layer": "below",
            }
        ]
        if baseline
        else [],
        xaxis={
            "range": [left, right],
            "tickangle": 0,
            "tickvals": ticks,
            "ticktext": [_("week {n}", n=1) if at == 0 else str(at + (at > 0)) for at in ticks],
        },
        yaxis={"tickformat": _TICK_FORMATS[kpi.measure.kind], "nticks": 5},
    )
    return drawn


def _lines(kpi: KpiWeeks, left: float, right: float) -> list[go.Scatter]:
    chart = kpi.chart
    looks = (
        (chart.mean, {"color": NEUTRAL, "width": 1.25}),
        (chart.low, {"color": NEUTRAL, "width": 1.25, "dash": "dot"}),
        (chart.high, {"color": NEUTRAL, "width": 1.25, "dash": "dot"}),
        (kpi.kpi.target, {"color": TARGET, "width": 1.75, "dash": "dash"}),
    )
    return [
        go.Scatter(x=[left, right], y=[at, at], mode="lines", line=look, hoverinfo="skip")
        for at, look in looks
        if at is not None and not (kpi.measure.kind == "share" and not 0 <= at <= 1)  # no share lies beyond
    ]


def _points(kpi: KpiWeeks, picked: date | None, currency: str) -> go.Scatter:
    """The weeks: a point each, a diamond outside the limits, an open circle while the week still runs.

    A click on one opens its cases; it then has a ring around it.
    """
    shown = [each for each in kpi.weeks if each.value is not None]
    symbols, colors, sizes = [], [], []
    for each in shown:
        signal = kpi.is_signal(each.start)
        bad = kpi.is_bad_signal(each.start)
        symbols.append("diamond" if signal else "circle" if each.complete else "circle-open")
        colors.append((BAD if bad else GOOD) if signal else MAIN)
        sizes.append(11 if signal or each.start == picked else 6)
    return go.Scatter(
        x=[_week_of(each, kpi) for each in shown],
        y=[each.value for each in shown],
        mode="lines+markers",
        line={"color": MAIN, "width": 1.5},
        marker={
            "symbol": symbols,
            "color": colors,
            "size": sizes,
            "line": {
                "width": [3 if each.start == picked else 1 for each in shown],
                "color": [
                    PICKED if each.start == picked else color
                    for each, color in zip(shown, colors, strict=True)
                ],
            },
        },
        unselected={"marker": {"opacity": 1}},
        customdata=[[kpi.measure.code, each.start.isoformat()] for each in shown],
        text=[_hover(each, kpi, currency) for each in shown],
        hovertemplate="%{text}<extra></extra>",
    )


def _hover(week: Reading, kpi: KpiWeeks, currency: str) -> str:
    lines = [
        _(
            "{first} to {last}",
            first=short_day(week.start),
            last=short_day(week.start + ONE_WEEK - timedelta(days=1)),
        ),
        _("{value}, n = {n}", value=figure_of(kpi.measure, week.value, currency), n=number(week.n)),
    ]
    if not week.complete:
        lines.append(_("the week is not over"))
    if kpi.is_signal(week.start):
        lines.append(_("outside the limits of chance"))
    return "<br>".join(lines)


def _week_of(week: Reading, kpi: KpiWeeks) -> int:
    """Weeks from the start of the pilot, negative in the baseline."""
    return (week.start - kpi.starts_on) // ONE_WEEK
