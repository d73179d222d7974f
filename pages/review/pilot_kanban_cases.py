"""The cases behind a point of a pilot's chart: opened by a click on it, or chosen by KPI and week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import streamlit as st

from core.access.actor import Permission
from core.facts.leads import SUBJECT as LEAD
from core.measures.catalogue import MEASURES
from core.reviews.case_sources import CUSTOMER
from core.reviews.pilot_cases import Case, WeekCases, has_cases, week_cases
from core.reviews.pilot_kpis import KpiWeeks
from core.reviews.pilot_queries import PilotView
from core.reviews.pilots import ONE_WEEK
from core.warning.labels import OUTCOMES
from core.warning.orders import SUBJECT as WORK_ORDER
from pages.frame import tables
from pages.frame.charts import Picked
from pages.frame.filters import keep
from pages.frame.formats import day, moment, number
from pages.frame.navigation import go_to, offered
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label, ngettext

_POINT, _ROUND = "point", "kanban.point.round"
_PARTS = "~"
_MOST = 200
_SHORT_LIST, _LIST = 10, 400
_PLACES = {LEAD: ("funnel", "lead"), WORK_ORDER: ("churn_worklist", "order"), CUSTOMER: ("customer", "id")}
_SIGNS = {True: ("●", "green"), False: ("▲", "red")}
_SCORES = ("satisfaction", "satisfied_share")


@dataclass(frozen=True)
class Point:
    """A week of a KPI."""

    measure: str
    week: date


def chosen_point(kpis: Sequence[KpiWeeks]) -> Point | None:
    """The point that the address names, where there is one."""
    measure, _sign, week = str(st.query_params.get(_POINT, "")).partition(_PARTS)
    return next(
        (
            Point(measure, each.start)
            for kpi in kpis
            if kpi.measure.code == measure
            for each in kpi.weeks
            if each.start.isoformat() == week
        ),
        None,
    )


def pick_point(picked: Picked) -> None:
    """A click on a point; a second click on the same one undoes the first. The charts get new keys, as the funnel's."""
    code = _PARTS.join(picked) if picked else ""
    _keep(None if code in ("", st.query_params.get(_POINT)) else code)


def chart_key(measure: str) -> str:
    """The key of a chart, new after each click."""
    return f"kanban.kpi.{measure}.{st.session_state.get(_ROUND, 0)}"


def _keep(code: str | None) -> None:
    keep(_POINT, [] if code is None else [code])
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def show_cases(
    session: Session, pilot: PilotView, kpis: Sequence[KpiWeeks], point: Point | None, now: datetime
) -> None:
    """The cases of the point; without one the way to choose a week without a mouse."""
    if not session.actor.may(Permission.SEE_DETAILS):
        return
    if point is None:
        first = _first(kpis)
        if first is not None:
            st.button(
                _("Cases of a week"),
                icon=":material/list:",
                type="tertiary",
                key="kanban.cases.open",
                help=_("A click on a point of a chart opens them too."),
                on_click=_keep,
                args=(_code(first),),
            )
        return
    with st.container(border=True, key="kanban_cases"):
        _choose(kpis, point)
        found = week_cases(
            session.actor, session.store, pilot.id, point.measure, point.week, now=now, limit=_MOST
        )
        if found is None:
            st.caption(
                _(
                    "This measure counts fields, orders or customers over a long time, not single cases of a week: "
                    "there is nothing to list."
                )
            )
            return
        st.caption(_counted(point, found))
        if found.shown:
            _table(session, point, found.shown)


def _first(kpis: Sequence[KpiWeeks]) -> Point | None:
    """The latest complete week of the first KPI whose cases can be listed."""
    return next(
        (
            Point(kpi.measure.code, kpi.latest.start)
            for kpi in kpis
            if kpi.latest is not None and has_cases(kpi.measure.code)
        ),
        None,
    )


def _code(point: Point) -> str:
    return _PARTS.join((point.measure, point.week.isoformat()))


def _choose(kpis: Sequence[KpiWeeks], point: Point) -> None:
    names = {kpi.measure.code: _(kpi.measure.label) for kpi in kpis}
    starts = sorted({each.start for kpi in kpis for each in kpi.weeks}, reverse=True)
    weeks = {start.isoformat(): _days(start) for start in starts}
    st.session_state["kanban.cases.measure"] = point.measure  # the address decides
    st.session_state["kanban.cases.week"] = point.week.isoformat()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            _("KPI"),
            list(names),
            format_func=names.__getitem__,
            key="kanban.cases.measure",
            on_change=_changed,
            label_visibility="collapsed",
            width=220,
        )
        st.selectbox(
            _("Week"),
            list(weeks),
            format_func=weeks.__getitem__,
            key="kanban.cases.week",
            on_change=_changed,
            label_visibility="collapsed",
            width=280,
        )
        st.button(
            _("Close"),
            icon=":material/close:",
            type="tertiary",
            key="kanban.cases.close",
            on_click=_keep,
            args=(None,),
        )


def _changed() -> None:
    _keep(_PARTS.join((st.session_state["kanban.cases.measure"], st.session_state["kanban.cases.week"])))


def _days(week: date) -> str:
    return _("{first} to {last}", first=day(week), last=day(week + ONE_WEEK - timedelta(days=1)))


def _counted(point: Point, found: WeekCases) -> str:
    """How many cases, how many of them count, and how many of them are listed."""
    counts = "satisfied_share" if point.measure == "satisfaction" else point.measure
    said = [
        ngettext(
            "{n} case as it stands now; {what}: {good}",
            "{n} cases as they stand now; {what}: {good}",
            found.n,
            what=_(MEASURES[counts].numerator),
            good=number(found.good),
        )
    ]
    if len(found.shown) < found.n:
        said.append(_("listed: {n}, those within your reach, at most 200", n=number(len(found.shown))))
    return " · ".join(said)


def _table(session: Session, point: Point, cases: Sequence[Case]) -> None:
    zone = business(session.store).time_zone
    signs = [_sign(point, each) for each in cases]
    colors = {sign: _SIGNS[each.good][1] for sign, each in zip(signs, cases, strict=True)}
    rows = {
        "id": [each.id for each in cases],
        "sign": [[sign] for sign in signs],
        "name": [each.name for each in cases],
        "owner": [each.owner or _("in the pool") for each in cases],
        "at": [moment(each.at, zone) for each in cases],
        "done": [NOTHING if each.done_at is None else moment(each.done_at, zone) for each in cases],
    }
    columns = {
        "name": tables.text(_("Lead") if cases[0].kind == LEAD else _("Customer"), pinned=True),
        "sign": tables.signals(_("Result"), list(colors), list(colors.values()), width=170),
        "owner": tables.text(_("Owner")),
        "at": tables.text(_at(point)),
    }
    if not (point.measure in _SCORES or point.measure == "win_back"):
        columns["done"] = tables.text(_("Responded"))
    kind = cases[0].kind
    tables.records(
        rows,
        columns,
        key="kanban.cases.rows",
        alt=_("Cases of the week"),
        on_choose=lambda chosen: _open(session, kind, chosen),
        height="content" if len(cases) <= _SHORT_LIST else _LIST,
    )


def _sign(point: Point, each: Case) -> str:
    shape = _SIGNS[each.good][0]
    if point.measure in _SCORES:
        return f"{shape} {each.word}"
    if each.word is not None:
        return f"{shape} {label(OUTCOMES, each.word)}"
    return f"{shape} " + (_("in time") if each.good else _("not in time"))


def _at(point: Point) -> str:
    if point.measure in _SCORES:
        return _("Answered")
    return _("Closed on") if point.measure == "win_back" else _("Due")


def _open(session: Session, kind: str, chosen: int) -> None:
    place, name = _PLACES[kind]
    if offered(session.actor, place):
        go_to(place, **{name: str(chosen)})
