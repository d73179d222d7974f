"""The forms at the end of a work order: its outcome, that there was no risk, its debrief."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.errors import Refused
from core.language import mark
from core.warning import service
from core.warning.labels import OUTCOMES
from core.warning.work_order import WorkOrderView
from pages.customers.work_order_fields import button, cause, keys_of, values_of
from pages.frame.parts import strong
from pages.frame.session import Session
from pages.frame.words import _, label


def outcome(_session: Session, view: WorkOrderView) -> None:
    """How it ended."""
    key = keys_of(view.id)
    with st.form(key("outcome_form")):
        strong(_("Record the outcome"))
        st.segmented_control(
            _("How did it end?"),
            [str(each) for each in view.outcomes],
            format_func=lambda code: label(OUTCOMES, code),
            key=key("outcome"),
        )
        st.text_area(_("Note"), key=key("note"), max_chars=2000, height=80)
        button(_("Save the outcome"), _("Outcome saved."), _do_outcome, view)


def _do_outcome(session: Session, order_id: int, version: int, now: datetime) -> None:
    value = values_of(order_id)
    if not value("outcome"):
        raise Refused(mark("Choose how it ended before you save."))
    service.record_outcome(
        session.actor,
        session.store,
        order_id,
        outcome=value("outcome"),
        note=value("note"),
        expected_version=version,
        now=now,
    )


def dismiss(_session: Session, view: WorkOrderView) -> None:
    """The warning was wrong."""
    key = keys_of(view.id)
    with st.form(key("dismiss_form"), border=False):
        st.caption(_("For a warning that was wrong. No contact is owed any more; say how you know."))
        st.text_area(_("Note"), key=key("dismiss_note"), max_chars=2000, height=80)
        button(_("There was no risk"), _("Outcome saved."), _do_dismiss, view, primary=False)


def _do_dismiss(session: Session, order_id: int, version: int, now: datetime) -> None:
    service.record_outcome(
        session.actor,
        session.store,
        order_id,
        outcome="not_at_risk",
        note=values_of(order_id)("dismiss_note"),
        expected_version=version,
        now=now,
    )


def debrief(_session: Session, view: WorkOrderView) -> None:
    """Why the customer was about to leave, and what is learned from it."""
    key = keys_of(view.id)
    if view.root_cause is not None:
        st.session_state.setdefault(key("root_cause"), view.root_cause)
        st.session_state.setdefault(key("debrief"), view.debrief or "")
    with st.form(key("debrief_form")):
        strong(_("Write the debrief"))
        cause(_("Root cause"), key("root_cause"), optional=False)
        st.text_area(_("What did we learn?"), key=key("debrief"), max_chars=2000, height=120)
        done = _("Debrief saved. Close the work order when nothing is left to do.")
        button(_("Save the debrief"), done, _do_debrief, view)


def _do_debrief(session: Session, order_id: int, version: int, now: datetime) -> None:
    value = values_of(order_id)
    if not value("root_cause"):
        raise Refused(mark("Choose the root cause before you save."))
    service.write_debrief(
        session.actor,
        session.store,
        order_id,
        root_cause=value("root_cause"),
        text=value("debrief") or "",
        expected_version=version,
        now=now,
    )
