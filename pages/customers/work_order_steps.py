"""The steps of a work order: how far it is, the form of the next one, and what else may be done with it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.warning.states import Status, Step
from core.warning.work_order import WorkOrderView
from pages.customers.work_order_fields import REFUSED
from pages.customers.work_order_forms import FORMS
from pages.frame.parts import plain
from pages.frame.session import Session
from pages.frame.words import _

_DONE = {
    Status.BACKLOG: 0,
    Status.OPEN: 0,
    Status.CLAIMED: 1,
    Status.CONTACTED: 2,
    Status.RESOLVED: 3,
    Status.CLOSED: 5,
    Status.WITHDRAWN: 0,
}
"""Status -> how many of the five steps are done; the debrief is told by its text."""


def step_bar(view: WorkOrderView) -> None:
    """Claim, contact, outcome, debrief, close: done, next, and to come differ by sign as well as colour."""
    names = [_("Claim"), _("Contact"), _("Outcome"), _("Debrief"), _("Close")]
    done = _DONE[view.status] + (view.status is Status.RESOLVED and view.debrief is not None)
    with st.container(horizontal=True, gap="xsmall", key="step_bar"):
        for at, name in enumerate(names):
            if at < done:
                st.badge(name, icon=":material/check:", color="green")
            elif at == done and view.status not in (Status.BACKLOG, Status.WITHDRAWN):
                st.badge(name, icon=":material/arrow_forward:", color="orange")
            else:
                st.badge(name, icon=":material/radio_button_unchecked:", color="gray")


def steps(session: Session, view: WorkOrderView) -> None:
    """The next step's form, then the other steps that are possible now."""
    refused = st.session_state.pop(REFUSED, None)
    if refused:
        st.error(plain(refused), icon=":material/block:")
    usual = _usual_step(view)
    if usual is not None:
        FORMS[usual](session, view)
    for other in view.actions:
        if (
            other is not usual
            and other in _TITLES
            and not (other is Step.CLOSE and usual is Step.WRITE_DEBRIEF)
        ):
            with st.expander(_TITLES[other]()):
                FORMS[other](session, view)
    if view.status is Status.BACKLOG and Step.ASSIGN not in view.actions:
        st.caption(_("It waits in the backlog: no clock runs, and it is handed out by value day by day."))


def _usual_step(view: WorkOrderView) -> Step | None:
    """What comes next in the usual course."""
    if view.status is Status.RESOLVED and view.debrief is not None:
        return Step.CLOSE
    order = {
        Status.BACKLOG: Step.ASSIGN,
        Status.OPEN: Step.CLAIM,
        Status.CLAIMED: Step.LOG_ATTEMPT,
        Status.CONTACTED: Step.RECORD_OUTCOME,
        Status.RESOLVED: Step.WRITE_DEBRIEF,
    }
    step = order.get(view.status)
    return step if step in view.actions else None


_TITLES: dict[Step, Callable[[], str]] = {
    Step.LOG_ATTEMPT: lambda: _("Log another contact"),
    Step.DISMISS: lambda: _("There was no risk"),
    Step.RECORD_OUTCOME: lambda: _("Correct the outcome"),
    Step.WRITE_DEBRIEF: lambda: _("Correct the debrief"),
    Step.ASSIGN: lambda: _("Assign to somebody else"),
}
