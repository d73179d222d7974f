"""The minutes of a weekly meeting while it is open: written, saved, and closed with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from core.errors import StaleEdit
from core.reviews import meeting_service as service
from core.reviews.meeting_queries import MeetingView, meeting
from core.reviews.meetings import LONGEST_ATTENDEES, LONGEST_MINUTES
from pages.frame.parts import strong
from pages.frame.session import Session
from pages.frame.steps import keys, show_refused, step_button, values
from pages.frame.words import _

_UNWRITTEN = "kanban.meeting.unwritten"


def minutes_form(view: MeetingView) -> None:
    """The minutes: one form for saving and for closing, so that a close keeps what stands in it."""
    key = keys("meeting", view.id)
    for name, value in (("attendees", view.attendees), ("minutes", view.minutes), ("base", view.version)):
        st.session_state.setdefault(key(name), value)
    closing = bool(st.session_state.get(key("closing")))
    with st.form(key("write"), enter_to_submit=not closing):  # what cannot be undone is pressed, not entered
        strong(_("Minutes"))
        st.text_input(_("Who is there"), key=key("attendees"), max_chars=LONGEST_ATTENDEES)
        st.text_area(_("Minutes"), key=key("minutes"), max_chars=LONGEST_MINUTES, height=180)
        if closing:
            _ask_to_close(view)
        else:
            _save_or_close(view)
        show_refused(_UNWRITTEN)
    if st.session_state.pop(key("theirs"), False):
        st.caption(_("As it is stored now:"))
        st.text(f"{view.attendees}\n\n{view.minutes}")


def _save_or_close(view: MeetingView) -> None:
    with st.container(horizontal=True):
        step_button(
            _("Save the minutes"),
            _do_write,
            view.id,
            refused=_UNWRITTEN,
            primary=True,
            key="kanban.meeting.save",
        )
        st.form_submit_button(
            _("Close the meeting"),
            icon=":material/lock:",
            key="kanban.meeting.close.ask",
            on_click=_closing,
            args=(view.id, True),
        )


def _ask_to_close(view: MeetingView) -> None:
    """Ask once more. Within the form: what is typed meanwhile counts too."""
    consequence = _(
        "What stands above is saved, and the meeting becomes a record: its agenda stays as it is now, "
        "and nothing of it can be changed any more."
    )
    st.markdown(f":orange[:material/warning:] {consequence}")
    with st.container(horizontal=True):
        step_button(
            _("Save and close the meeting"),
            _do_close,
            view.id,
            refused=_UNWRITTEN,
            primary=True,
            icon=":material/lock:",
            key="kanban.meeting.close.do",
        )
        st.form_submit_button(
            _("Cancel"),
            type="tertiary",
            key="kanban.meeting.close.no",
            on_click=_closing,
            args=(view.id, False),
        )


def _closing(meeting_id: int, asked: bool) -> None:
    st.session_state[keys("meeting", meeting_id)("closing")] = asked


def _do_write(session: Session, meeting_id: int, now: datetime) -> None:
    _keep_written(service.write_minutes, session, meeting_id, now)
    st.toast(_("Minutes saved."), icon=":material/check_circle:")


def _do_close(session: Session, meeting_id: int, now: datetime) -> None:
    _closing(meeting_id, False)
    _keep_written(service.close_meeting, session, meeting_id, now)


def _keep_written(command: Callable[..., object], session: Session, meeting_id: int, now: datetime) -> None:
    """Give the command what stands in the form of the minutes."""
    value = values("meeting", meeting_id)
    try:
        command(
            session.actor,
            session.store,
            meeting_id,
            attendees=value("attendees") or "",
            minutes=value("minutes") or "",
            expected_version=value("base"),
            now=now,
        )
    except StaleEdit:
        # What was typed stays, theirs is shown, and the next save overwrites it knowingly.
        stored = meeting(session.actor, session.store, meeting_id, now=now)
        st.session_state[keys("meeting", meeting_id)("base")] = stored.version
        st.session_state[keys("meeting", meeting_id)("theirs")] = True
        raise
    _forget(meeting_id, "attendees", "minutes", "base")


def _forget(meeting_id: int, *names: str) -> None:
    for name in names:
        st.session_state.pop(keys("meeting", meeting_id)(name), None)
