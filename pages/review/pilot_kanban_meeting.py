"""The weekly meeting of a pilot: what it has to talk about, what it decides, its minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from core.measures.catalogue import MEASURES
from core.reviews import meeting_service as service
from core.reviews.board import LONGEST_TITLE, Kind
from core.reviews.board_service import CardDraft
from core.reviews.meeting_queries import MeetingHead, MeetingView, meeting, meetings
from core.reviews.pilot_queries import PilotView, people
from core.reviews.pilots import Standing, monday_of
from pages.frame.filters import chosen_id, keep
from pages.frame.formats import day, moment
from pages.frame.parts import empty, plain, strong
from pages.frame.session import Session
from pages.frame.steps import keys, show_refused, step_button
from pages.frame.words import NOTHING, _
from pages.review.pilot_kanban_agenda import show_agenda
from pages.review.pilot_kanban_minutes import minutes_form

_REFUSED = "kanban.meeting.refused"
_UNDECIDED = "kanban.meeting.undecided"


def weekly_meeting(session: Session, pilot: PilotView, now: datetime) -> None:
    """Show the meeting of the address, else the latest; and the way to open this week's."""
    held = meetings(session.actor, session.store, pilot.id)
    asked = chosen_id("meeting")
    chosen = next((each for each in held if each.id == asked), held[0] if held else None)
    _choose(pilot, held, chosen)
    show_refused(_REFUSED)
    if chosen is None:
        empty(
            _("No weekly meeting yet"),
            _(
                "Once a week the team looks at what is red, at what became of its decisions, and decides anew."
            ),
        )
        return
    view = meeting(session.actor, session.store, chosen.id, now=now)
    left, right = st.columns([3, 2], gap="large")
    with left:
        show_agenda(session, view)
    with right:
        _record(session, pilot, view)


def _choose(pilot: PilotView, held: list[MeetingHead], chosen: MeetingHead | None) -> None:
    this_week = monday_of(pilot.today)
    may_open = pilot.standing in (Standing.RUNNING, Standing.OVERDUE)
    with st.container(horizontal=True, vertical_alignment="center"):
        if chosen is not None:
            weeks = {each.id: _week(each) for each in held}
            st.session_state["kanban.meeting"] = chosen.id
            st.selectbox(
                _("Weekly meeting"),
                list(weeks),
                format_func=weeks.__getitem__,
                key="kanban.meeting",
                on_change=_changed,
                label_visibility="collapsed",
                width=300,
            )
        if may_open and all(each.week != this_week for each in held):
            step_button(
                _("Open this week's meeting"),
                _open,
                pilot.id,
                refused=_REFUSED,
                in_form=False,
                primary=True,
                icon=":material/groups:",
                key="kanban.meeting.open",
            )


def _week(head: MeetingHead) -> str:
    return (
        _("Week of {day}", day=day(head.week))
        if head.closed
        else _("Week of {day} (open)", day=day(head.week))
    )


def _changed() -> None:
    keep("meeting", [str(st.session_state["kanban.meeting"])])


def _open(session: Session, pilot_id: int, now: datetime) -> None:
    number = service.open_meeting(session.actor, session.store, pilot_id, now=now)
    keep("meeting", [str(number)])


def _record(session: Session, pilot: PilotView, view: MeetingView) -> None:
    if view.closed_at is not None:
        by = plain(view.closed_by or NOTHING)
        st.caption(_("Closed by {name}, {at}", name=by, at=moment(view.closed_at, view.zone)))
        _read(_("Present"), view.attendees)
        _read(_("Minutes"), view.minutes)
    else:
        if pilot.standing in (Standing.RUNNING, Standing.OVERDUE):
            _decide(session, pilot, view)
        minutes_form(view)
    st.link_button(
        _("Download the minutes"),
        f"/exports/minutes/{view.id}?lang={session.language}",
        icon=":material/download:",
    )


def _read(title: str, text: str) -> None:
    strong(title)
    st.text(text or NOTHING)


def _decide(session: Session, pilot: PilotView, view: MeetingView) -> None:
    names = {
        int(row.id): str(row.name) for row in people(session.actor, session.store, pilot.id).itertuples()
    }
    key = _decision_keys(view.id)
    with st.form(keys("meeting", view.id)("decide"), clear_on_submit=False):
        strong(_("New decision"))
        st.text_input(_("What is to be done"), key=key("title"), max_chars=LONGEST_TITLE)
        with st.container(horizontal=True):
            st.selectbox(
                _("Owner"),
                list(names),
                format_func=names.__getitem__,
                index=None,
                key=key("owner"),
                placeholder=_("Choose a person"),
            )
            st.date_input(_("Due"), value=None, key=key("due_on"), format="YYYY-MM-DD")
        st.selectbox(
            _("KPI it should move"),
            [kpi.measure for kpi in pilot.plan.kpis],
            format_func=lambda code: _(MEASURES[code].label) if code in MEASURES else code,
            index=None,
            key=key("measure"),
            placeholder=_("None"),
        )
        step_button(_("Decide"), _do_decide, view.id, refused=_UNDECIDED, width="stretch")
        show_refused(_UNDECIDED)


def _decision_keys(meeting_id: int) -> Callable[[str], str]:
    """The keys of the next decision: new ones after each that was made, so that the form is empty again."""
    made = st.session_state.get(keys("meeting", meeting_id)("made"), 0)
    return lambda name: keys("meeting", meeting_id)(f"{name}.{made}")


def _do_decide(session: Session, meeting_id: int, now: datetime) -> None:
    key = _decision_keys(meeting_id)
    stands = st.session_state.get
    draft = CardDraft(
        title=stands(key("title")) or "",
        kind=Kind.DECISION,
        measure=stands(key("measure")),
        owner_id=stands(key("owner")),
        due_on=stands(key("due_on")),
    )
    service.decide(session.actor, session.store, meeting_id, draft, now=now)
    made = keys("meeting", meeting_id)("made")
    st.session_state[made] = st.session_state.get(made, 0) + 1
    st.toast(_("Decided; the card stands under “Planned”."), icon=":material/check_circle:")
