"""The form of each step of a work order, and what happens when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core import clock
from core.access.queries import assignable_staff
from core.errors import Refused
from core.facts.labels import INTERACTION_KINDS
from core.language import mark
from core.warning import service
from core.warning.states import Step
from core.warning.work_order import WorkOrderView
from pages.customers.work_order_fields import button, cause, keys_of, values_of
from pages.customers.work_order_results import debrief, dismiss, outcome
from pages.frame.parts import strong
from pages.frame.session import Session, business
from pages.frame.words import _, label


def _claim(_session: Session, view: WorkOrderView) -> None:
    button(
        _("Claim this work order"),
        _("Claimed. Call the customer next."),
        _do_claim,
        view,
        in_form=False,
        icon=":material/front_hand:",
        key="worklist.claim",
    )


def _do_claim(session: Session, order_id: int, version: int, now: datetime) -> None:
    service.claim(session.actor, session.store, order_id, version, now=now)


def _attempt(session: Session, view: WorkOrderView) -> None:
    zone = ZoneInfo(business(session.store).time_zone)
    key = keys_of(view.id)
    st.session_state.setdefault(
        key("at"), clock.now().astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)
    )
    st.session_state.setdefault(key("kind"), "call")
    st.session_state.setdefault(key("reached"), "yes")
    reached = {"yes": _("Reached"), "no": _("Not reached")}
    with st.form(key("attempt")):
        strong(_("Log a contact"))
        st.segmented_control(
            _("How"),
            list(INTERACTION_KINDS),
            format_func=lambda code: label(INTERACTION_KINDS, code),
            key=key("kind"),
            required=True,
        )
        st.segmented_control(
            _("Reached?"), list(reached), format_func=reached.__getitem__, key=key("reached"), required=True
        )
        st.datetime_input(_("When"), key=key("at"), step=300)
        cause(_("Cause found"), key("cause"), optional=True)
        st.text_input(_("Offer made"), key=key("offer"), max_chars=500)
        st.text_input(_("New proposal"), key=key("proposal"), max_chars=500)
        st.text_area(_("What was said"), key=key("content"), max_chars=2000, height=96)
        button(_("Save the contact"), _("Contact saved."), _do_attempt, view)


def _do_attempt(session: Session, order_id: int, _version: int, now: datetime) -> None:
    value = values_of(order_id)
    at = value("at") or now
    zone = ZoneInfo(business(session.store).time_zone)
    service.log_attempt(
        session.actor,
        session.store,
        order_id,
        kind=value("kind"),
        reached=value("reached") == "yes",
        cause=value("cause"),
        offer=value("offer"),
        proposal=value("proposal"),
        content=value("content"),
        occurred_at=min(at.replace(tzinfo=zone) if at.tzinfo is None else at, now),
        now=now,
    )


def _close(_session: Session, view: WorkOrderView) -> None:
    button(
        _("Close this work order"),
        _("Closed."),
        _do_close,
        view,
        in_form=False,
        icon=":material/task_alt:",
        key="worklist.close",
    )


def _do_close(session: Session, order_id: int, version: int, now: datetime) -> None:
    service.close(session.actor, session.store, order_id, expected_version=version, now=now)


def _assign(session: Session, view: WorkOrderView) -> None:
    people = assignable_staff(session.actor, session.store)
    names = {int(row.id): str(row.name) for row in people.itertuples()}
    key = keys_of(view.id)
    with st.form(key("assign_form"), border=False):
        st.selectbox(
            _("Account manager"),
            list(names),
            format_func=names.__getitem__,
            index=None,
            key=key("assignee"),
            placeholder=_("Choose a person"),
        )
        button(_("Assign"), _("Assigned."), _do_assign, view, primary=False)


def _do_assign(session: Session, order_id: int, _version: int, now: datetime) -> None:
    person = values_of(order_id)("assignee")
    if person is None:
        raise Refused(mark("Choose a person before you assign."))
    service.assign(session.actor, session.store, [order_id], int(person), now=now)


FORMS: dict[Step, Callable[[Session, WorkOrderView], None]] = {
    Step.CLAIM: _claim,
    Step.LOG_ATTEMPT: _attempt,
    Step.DISMISS: dismiss,
    Step.RECORD_OUTCOME: outcome,
    Step.WRITE_DEBRIEF: debrief,
    Step.CLOSE: _close,
    Step.ASSIGN: _assign,
}
"""Step -> what shows its form."""
