"""The figures of data quality: tiles, departments, fields, and the months."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import TypeAlias

import plotly.graph_objects as go
import streamlit as st

from core.access.actor import Reach
from core.facts.fields import TABLES
from core.facts.labels import QUALITY_MEASURES
from core.facts.quality.figures import MEASURES, Figure, Line
from core.facts.quality.queries import Quality, months
from core.policy.model import Policy
from core.policy.queries import policy_at
from pages.frame import tables
from pages.frame.charts import figure, show_figure
from pages.frame.filters import chosen_id, keep, one
from pages.frame.formats import month, month_name, number, percent
from pages.frame.palette import BAND, MAIN, TARGET
from pages.frame.parts import KpiTile, kpi_tiles, section
from pages.frame.session import Session
from pages.frame.shown import narrowed
from pages.frame.status import STANDINGS, in_text
from pages.frame.words import NOTHING, _, label, language

PAGE = "data_quality"
_PLACES = {"better": "↑", "worse": "↓", "not_apart": "≈", "": "○"}
_LEGEND = ("met", "missed", "undecided")


def department_chosen() -> int | None:
    """The department that was chosen, here or in the address; None: all in reach."""
    key = f"{PAGE}.department"
    if key not in st.session_state:
        st.session_state[key] = chosen_id("department")
    picked: int | None = st.session_state[key]
    return picked


def department_filter(session: Session, counted: Quality) -> None:
    """Choose a department; who belongs to one sees that one and chooses nothing."""
    if session.actor.reach is not Reach.COMPANY:
        return
    names = {line.department_id: line.name for line in counted.departments if line.department_id is not None}
    key = f"{PAGE}.department"
    if st.session_state[key] not in names:
        st.session_state[key] = None
    picked = st.selectbox(
        _("Department"), list(names), format_func=names.__getitem__, key=key, placeholder=_("All departments"),
        label_visibility="collapsed", width=280,
    )  # fmt: skip
    keep("department", [] if picked is None else [str(picked)])
    narrowed(_("Department"), "" if picked is None else names[picked])


def field_name(code: str) -> str:
    """What a reader calls a field of a customer."""
    spec = TABLES["customers"]
    return _(spec.field(code).label) if code else _("All fields")


def show_figures(session: Session, counted: Quality, now: datetime) -> None:
    """Tiles of the chosen scope; departments and months side by side; the fields, which need the whole width."""
    trend = months(session.actor, session.store, now=now, department_id=counted.whole.department_id)
    _tiles(counted.whole, trend, policy_at(session.store, now.date()))
    with st.container(key="quality_beside"):
        left, right = st.columns([7, 4], gap="medium")
    with left:
        _departments(counted.departments)
    with right:
        _months(trend)
    _fields(counted.fields)


Trend: TypeAlias = Sequence[tuple[date, Mapping[str, Figure]]]


def _tiles(line: Line, trend: Trend, policy: Policy) -> None:
    kpi_tiles([_tile(code, line.figures[code], trend, policy) for code in MEASURES], PAGE)


def _tile(code: str, found: Figure, trend: Trend, policy: Policy) -> KpiTile:
    before = trend[-2][1][code] if len(trend) > 1 else None
    moved, real = _change(found, before)
    n, customers = number(found.n), number(found.cases)
    return KpiTile(
        label=label(QUALITY_MEASURES, code),
        value=percent(found.value, 1),
        note=_("n = {n} customers · updated within {days} days", n=n, days=_fresh_days(policy))
        if code == "timeliness"
        else _("n = {n} fields of {customers} customers", n=n, customers=customers),
        standing=STANDINGS[found.standing],
        target=percent(found.target),
        change="" if moved is None else _("{points} pp", points=f"{moved * 100:+.1f}".replace("-", "−")),
        real=real,
        better=(moved > 0) if real and moved is not None else None,
        trend=[each[code].value for _start, each in trend],
        goal=found.target,
        help=_HELP[code](policy),
    )


_HELP: Mapping[str, Callable[[Policy], str]] = {
    "completeness": lambda _policy: _(
        "Of the fields that a customer of its kind ought to have, those in which something stands."
    ),
    "validity": lambda _policy: _("Of the filled fields that have a rule, those that can be true."),
    "timeliness": lambda policy: _(
        "Customers whose record was last changed within {days} days, by its age alone. Whether what was owed after an "
        "event was done in time stands under “Update clock”.",
        days=_fresh_days(policy),
    ),
}


def _fresh_days(policy: Policy) -> str:
    return number(policy.data_quality.fresh_within_days)


def _change(found: Figure, before: Figure | None) -> tuple[float | None, bool | None]:
    """The change to the month before, and whether it is more than noise."""
    if before is None or found.value is None or before.value is None:
        return None, None
    if "too_few" in (found.standing, before.standing):
        return found.value - before.value, None
    return found.value - before.value, found.low > before.high or found.high < before.low


def share_text(found: Figure) -> str:
    """`93.4% (92.1–94.6)`."""
    if found.value is None:
        return NOTHING
    low, high = (number(each * 100, 1) for each in (found.low, found.high))
    return f"{percent(found.value, 1)} ({low}–{high})"


def _departments(lines: Sequence[Line]) -> None:
    section(_("By department"), _("↑ really better · ≈ not told apart · ↓ really worse · ○ too few cases"))
    rows: dict[str, list[object]] = {
        "id": [line.department_id or 0 for line in lines],
        "name": [line.name or _("No department") for line in lines],
        "customers": [line.figures["timeliness"].n for line in lines],
    }
    for code in MEASURES:
        found = [line.figures[code] for line in lines]
        rows[code] = [f"{_PLACES[each.place]} {share_text(each)}" for each in found]
    columns = {
        "name": tables.text(_("Department"), pinned=True),
        "customers": tables.count(_("Customers")),
        **{code: tables.text(label(QUALITY_MEASURES, code)) for code in MEASURES},
    }
    tables.records(
        rows, columns, key=f"{PAGE}.departments", alt=_("Data quality by department"), height="content",
        on_choose=_choose_department,
    )  # fmt: skip


def _choose_department(department_id: int) -> None:
    st.session_state[f"{PAGE}.department"] = department_id or None


def _fields(lines: Sequence[Line]) -> None:
    signs = " · ".join(in_text(STANDINGS[each]) for each in _LEGEND)
    section(_("By field"), _("{signs}. A click lists the customers behind it.", signs=signs))
    rows: dict[str, list[object]] = {
        "id": list(range(len(lines))),
        "name": [field_name(line.field) for line in lines],
        "missing": [line.figures["completeness"].n - line.figures["completeness"].good for line in lines],
        "expected": [line.figures["completeness"].n for line in lines],
        "completeness": [_with_sign(line.figures["completeness"]) for line in lines],
        "wrong": [line.figures["validity"].n - line.figures["validity"].good for line in lines],
        "checked": [line.figures["validity"].n for line in lines],
        "validity": [_with_sign(line.figures["validity"]) for line in lines],
        "timeliness": [percent(line.figures["timeliness"].value, 1) for line in lines],
    }
    columns = {
        "name": tables.text(_("Field"), pinned=True, width=120),
        "missing": tables.count(_("Missing")),
        "expected": tables.count("n", help=_("Customers who ought to have the field")),
        "completeness": tables.text(label(QUALITY_MEASURES, "completeness")),
        "wrong": tables.count(_("Invalid")),
        "checked": tables.count("n", help=_("Customers in whom the field is filled and has a rule")),
        "validity": tables.text(label(QUALITY_MEASURES, "validity")),
        "timeliness": tables.text(label(QUALITY_MEASURES, "timeliness")),
    }
    tables.records(
        rows, columns, key=f"{PAGE}.fields", alt=_("Data quality by field"), height="content",
        on_choose=lambda place: choose_field(lines[place].field),
    )  # fmt: skip


def choose_field(field: str) -> None:
    """List the customers behind a field; for a callback."""
    st.session_state[f"{PAGE}.field"] = field


def _with_sign(found: Figure) -> str:
    return f"{STANDINGS[found.standing].shape} {share_text(found)}"


def _months(trend: Sequence[tuple[date, Mapping[str, Figure]]]) -> None:
    section(_("By month"))
    code = one("measure", _("Measure"), list(MEASURES), lambda each: label(QUALITY_MEASURES, each), page=PAGE)
    if len(trend) < 2:
        st.caption(
            _("The line begins with the second month. Every month is kept as it stood at its last count.")
        )
        return
    line = tuple((start, found[code]) for start, found in trend)
    last = line[-1][1]
    show_figure(
        _drawn(line, language()),
        key=f"{PAGE}.months",
        alt=_(
            "{measure} by month, last {value}, target {target}",
            measure=label(QUALITY_MEASURES, code),
            value=percent(last.value, 1),
            target=percent(last.target),
        ),
    )


@lru_cache(maxsize=64)
def _drawn(line: tuple[tuple[date, Figure], ...], _code: str) -> go.Figure:
    """The months with their intervals and the target. Kept, because it is drawn anew at every click otherwise."""
    starts = [month_name(start) for start, _found in line]
    low, high = [found.low for _start, found in line], [found.high for _start, found in line]
    target = line[-1][1].target
    texts = [f"{month(start)}<br>{share_text(found)}<br>n = {number(found.n)}" for start, found in line]
    bare = {"x": starts, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn = figure(210)
    drawn.add_traces(
        [
            go.Scatter(**bare, y=high),
            go.Scatter(**bare, y=low, fill="tonexty", fillcolor=BAND),
            go.Scatter(x=[starts[0], starts[-1]], y=[target, target], mode="lines", hoverinfo="skip",
                       line={"color": TARGET, "width": 1.75, "dash": "dash"}),
            go.Scatter(x=starts, y=[found.value for _start, found in line], mode="lines+markers", text=texts,
                       line={"color": MAIN, "width": 2}, hovertemplate="%{text}<extra></extra>"),
        ]
    )  # fmt: skip
    drawn.add_annotation(x=starts[0], y=target, text=_("Target {target}", target=percent(target)), showarrow=False,
                         xanchor="left", yanchor="bottom")  # fmt: skip
    drawn.update_layout(yaxis={"tickformat": ".0%", "nticks": 5})
    return drawn
