"""The form of a pilot: begun, changed and ended by whoever may speak for the company."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.errors import ProductError
from core.measures.catalogue import MEASURES, Measure
from core.policy.queries import policy_at
from core.reviews import pilot_service as service
from core.reviews.pilot_queries import PilotView, scopes
from core.reviews.pilots import (
    LONGEST_NAME,
    LONGEST_STANDARD,
    MOST_KPIS,
    MOST_WEEKS,
    Kpi,
    Plan,
    Standing,
    monday_of,
    pilotable,
)
from pages.frame.filters import keep
from pages.frame.parts import confirm, plain, section
from pages.frame.session import Session, today
from pages.frame.words import _, say

_KEY = "kanban.pilot."
_FIELDS = ("name", "standard", "starts_on", "weeks", "baseline_weeks", "departments", "regions", "kpis")
_USUAL_WEEKS, _USUAL_BASELINE = 13, 12


def manage(session: Session, pilot: PilotView) -> None:
    """The ways to another pilot, and to change or end this one; for whoever may."""
    if not session.actor.may(Permission.PUBLISH):
        return
    with st.popover(_("Manage"), icon=":material/settings:"):
        st.button(_("New pilot"), icon=":material/add:", width="stretch", on_click=_show, args=("new",))
        if pilot.standing in (Standing.ENDED, Standing.CALLED_OFF):
            return
        st.button(
            _("Change this pilot"), icon=":material/edit:", width="stretch", on_click=_show, args=("change",)
        )
        _end(session, pilot)


def _show(form: str | None) -> None:
    keep("form", [] if form is None else [form])
    for name in [name for name in st.session_state if str(name).startswith(_KEY)]:
        del st.session_state[name]


def _end(session: Session, pilot: PilotView) -> None:
    if not confirm(
        _("End this pilot"),
        _(
            "Its board becomes a record, and what its cards still owe is no longer owed. This cannot be undone."
        ),
        key="kanban.end",
        icon=":material/flag:",
        width="stretch",
    ):
        return
    try:
        service.end_pilot(
            session.actor, session.store, pilot.id, expected_version=pilot.version, now=clock.now()
        )
    except ProductError as refusal:
        st.error(plain(say(refusal.message)), icon=":material/block:")
        return
    st.rerun()


def pilot_form(session: Session, pilot: PilotView | None) -> None:
    """The form of a new pilot, or of one to change. Not an `st.form`: the targets follow the KPIs at once."""
    session.actor.require(Permission.PUBLISH)
    _begin(session, pilot)
    with st.container(border=True, key="kanban_pilot_form"):
        section(_("New pilot") if pilot is None else _("Change this pilot"))
        _fields(session)
        with st.container(horizontal=True):
            st.button(
                _("Begin the pilot") if pilot is None else _("Save the changes"),
                type="primary",
                key="kanban.pilot_form.save",
                on_click=_save,
                args=(session, pilot),
            )
            if pilot is not None or st.query_params.get("form"):
                st.button(_("Cancel"), type="tertiary", on_click=_show, args=(None,))
        refused = st.session_state.pop("kanban.form_refused", None)
        if refused:
            st.error(plain(refused), icon=":material/block:")


def _begin(session: Session, pilot: PilotView | None) -> None:
    """What the form says before anybody has typed."""
    plan = pilot.plan if pilot is not None else None
    next_monday = monday_of(today(session.store)) + timedelta(days=7)
    usual: dict[str, Any] = {
        "name": plan.name if plan else "",
        "standard": plan.standard if plan else "",
        "starts_on": plan.starts_on if plan else next_monday,
        "weeks": plan.weeks if plan else _USUAL_WEEKS,
        "baseline_weeks": plan.baseline_weeks if plan else _USUAL_BASELINE,
        "departments": list(plan.department_ids) if plan else [],
        "regions": list(plan.regions) if plan else [],
        "kpis": [kpi.measure for kpi in plan.kpis if kpi.measure in pilotable()] if plan else [],
    }
    for name, value in usual.items():
        st.session_state.setdefault(_KEY + name, value)
    for kpi in plan.kpis if plan else ():
        if kpi.measure in MEASURES:
            shown = None if kpi.target is None else kpi.target * _scale(MEASURES[kpi.measure])
            st.session_state.setdefault(f"{_KEY}target.{kpi.measure}", shown)


def _fields(session: Session) -> None:
    departments, regions = scopes(session.actor, session.store)
    st.text_input(_("Name of the pilot"), key=_KEY + "name", max_chars=LONGEST_NAME)
    st.text_area(_("The standard on trial"), key=_KEY + "standard", max_chars=LONGEST_STANDARD, height=80)
    with st.grid(3, min_column_width=150):
        st.date_input(_("Starts on (a Monday)"), key=_KEY + "starts_on", format="YYYY-MM-DD")
        st.number_input(_("Weeks"), min_value=1, max_value=MOST_WEEKS, key=_KEY + "weeks")
        st.number_input(
            _("Weeks before it to compare with"),
            min_value=0,
            max_value=MOST_WEEKS,
            key=_KEY + "baseline_weeks",
        )
    known = {**departments, **{each: _("a department that no longer exists") for each in _kept(departments)}}
    with st.grid(2, min_column_width=220):
        st.multiselect(
            _("Departments (none: all)"),
            list(known),
            format_func=known.__getitem__,
            key=_KEY + "departments",
            placeholder="",
        )
        st.multiselect(_("Regions (none: all)"), regions, key=_KEY + "regions", placeholder="")
    _kpis(session)


def _typed() -> Plan:
    """The plan as the form holds it at this moment."""
    value = {name: st.session_state[_KEY + name] for name in _FIELDS}
    return Plan(
        name=value["name"],
        standard=value["standard"],
        starts_on=value["starts_on"],
        weeks=int(value["weeks"]),
        baseline_weeks=int(value["baseline_weeks"]),
        kpis=tuple(Kpi(code, _target_of(MEASURES[code])) for code in value["kpis"]),
        department_ids=tuple(value["departments"]),
        regions=tuple(value["regions"]),
    )


def _target_of(measure: Measure) -> float | None:
    """The target as typed; shares are written in percent."""
    value = st.session_state.get(f"{_KEY}target.{measure.code}")
    return None if value is None else round(value / _scale(measure), 6)


def _kept(departments: dict[int, str]) -> list[int]:
    """Departments of the pilot that have gone since: they may stay in its scope."""
    return [each for each in st.session_state[_KEY + "departments"] if each not in departments]


def _kpis(session: Session) -> None:
    chosen = st.multiselect(
        _("KPIs"),
        pilotable(),
        format_func=lambda code: _(MEASURES[code].label),
        key=_KEY + "kpis",
        max_selections=MOST_KPIS,
        placeholder="",
    )
    if not chosen:
        return
    targets = policy_at(session.store, clock.now().date()).targets
    with st.grid(len(chosen), min_column_width=180):
        for code in chosen:
            _target(MEASURES[code], getattr(targets, code))


def _target(measure: Measure, usual: float) -> None:
    scale, key = _scale(measure), f"{_KEY}target.{measure.code}"
    st.session_state.setdefault(key, usual * scale)
    title = _("Target of {measure}", measure=_(measure.label))
    st.number_input(
        f"{title} (%)" if measure.kind == "share" else title,
        value=None,
        min_value=0.0,
        key=key,
        step=1.0,
        format="%.1f",
    )


def _scale(measure: Measure) -> float:
    return 100.0 if measure.kind == "share" else 1.0


def _save(session: Session, pilot: PilotView | None) -> None:
    now, plan = clock.now(), _typed()
    try:
        if pilot is None:
            number = service.create_pilot(session.actor, session.store, plan, now=now)
            keep("pilot", [str(number)])
        else:
            service.change_pilot(
                session.actor, session.store, pilot.id, plan, expected_version=pilot.version, now=now
            )
    except ProductError as refusal:
        st.session_state["kanban.form_refused"] = say(refusal.message)
        return
    _show(None)
