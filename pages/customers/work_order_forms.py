"""The form of each step of a work order, and what happens when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core import clock
from core.access.queries import assignable_staff
from core.errors import ProductError, Refused
from core.facts.labels import INTERACTION_KINDS
from core.language import mark
from core.warning import service
from core.warning.labels import OUTCOMES, ROOT_CAUSES
from core.warning.states import Step
from core.warning.work_order import WorkOrderView
from pages.frame.parts import strong
from pages.frame.session import Session, business, current
from pages.frame.words import _, label, say

REFUSED = "worklist.refused"
"""Where the session state keeps the sentence of a refused step until it has been shown."""


def _claim(_session: Session, view: WorkOrderView) -> None:
    st.button(
        _("Claim this work order"),
        icon=":material/front_hand:",
        type="primary",
        width="stretch",
        key="worklist.claim",
        on_click=_take,
        args=(_("Claimed. Call the customer next."), _do_claim, view.id, view.version),
    )


def _do_claim(session: Session, order_id: int, version: int, now: datetime) -> None:
    service.claim(session.actor, session.store, order_id, version, now=now)


def _attempt(session: Session, view: WorkOrderView) -> None:
    zone = ZoneInfo(business(session.store).time_zone)
    key = _keys(view.id)
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
        _cause(_("Cause found"), key("cause"), optional=True)
        st.text_input(_("Offer made"), key=key("offer"), max_chars=500)
        st.text_input(_("New proposal"), key=key("proposal"), max_chars=500)
        st.text_area(_("What was said"), key=key("content"), max_chars=2000, height=96)
        st.form_submit_button(
            _("Save the contact"),
            type="primary",
            width="stretch",
            on_click=_take,
            args=(_("Contact saved."), _do_attempt, view.id, view.version),
        )


def _do_attempt(session: Session, order_id: int, _version: int, now: datetime) -> None:
    value = _values(order_id)
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


def _outcome(_session: Session, view: WorkOrderView) -> None:
    key = _keys(view.id)
    with st.form(key("outcome_form")):
        strong(_("Record the outcome"))
        st.segmented_control(
            _("How did it end?"),
            [str(each) for each in view.outcomes],
            format_func=lambda code: label(OUTCOMES, code),
            key=key("outcome"),
        )
        st.text_area(_("Note"), key=key("note"), max_chars=2000, height=80)
        st.form_submit_button(
            _("Save the outcome"),
            type="primary",
            width="stretch",
            on_click=_take,
            args=(_("Outcome saved."), _do_outcome, view.id, view.version),
        )


def _do_outcome(session: Session, order_id: int, version: int, now: datetime) -> None:
    value = _values(order_id)
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


def _dismiss(_session: Session, view: WorkOrderView) -> None:
    key = _keys(view.id)
    with st.form(key("dismiss_form"), border=False):
        st.caption(_("For a warning that was wrong. No contact is owed any more; say how you know."))
        st.text_area(_("Note"), key=key("dismiss_note"), max_chars=2000, height=80)
        st.form_submit_button(
            _("There was no risk"),
            width="stretch",
            on_click=_take,
            args=(_("Outcome saved."), _do_dismiss, view.id, view.version),
        )


def _do_dismiss(session: Session, order_id: int, version: int, now: datetime) -> None:
    service.record_outcome(
        session.actor,
        session.store,
        order_id,
        outcome="not_at_risk",
        note=_values(order_id)("dismiss_note"),
        expected_version=version,
        now=now,
    )


def _debrief(_session: Session, view: WorkOrderView) -> None:
    key = _keys(view.id)
    if view.root_cause is not None:
        st.session_state.setdefault(key("root_cause"), view.root_cause)
        st.session_state.setdefault(key("debrief"), view.debrief or "")
    with st.form(key("debrief_form")):
        strong(_("Write the debrief"))
        _cause(_("Root cause"), key("root_cause"), optional=False)
        st.text_area(_("What did we learn?"), key=key("debrief"), max_chars=2000, height=120)
        st.form_submit_button(
            _("Save the debrief"),
            type="primary",
            width="stretch",
            on_click=_take,
            args=(
                _("Debrief saved. Close the work order when nothing is left to do."),
                _do_debrief,
                view.id,
                view.version,
            ),
        )


def _do_debrief(session: Session, order_id: int, version: int, now: datetime) -> None:
    value = _values(order_id)
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


def _close(_session: Session, view: WorkOrderView) -> None:
    st.button(
        _("Close this work order"),
        icon=":material/task_alt:",
        type="primary",
        width="stretch",
        key="worklist.close",
        on_click=_take,
        args=(_("Closed."), _do_close, view.id, view.version),
    )


def _do_close(session: Session, order_id: int, version: int, now: datetime) -> None:
    service.close(session.actor, session.store, order_id, expected_version=version, now=now)


def _assign(session: Session, view: WorkOrderView) -> None:
    people = assignable_staff(session.actor, session.store)
    names = {int(row.id): str(row.name) for row in people.itertuples()}
    key = _keys(view.id)
    with st.form(key("assign_form"), border=False):
        st.selectbox(
            _("Account manager"),
            list(names),
            format_func=names.__getitem__,
            index=None,
            key=key("assignee"),
            placeholder=_("Choose a person"),
        )
        st.form_submit_button(
            _("Assign"),
            width="stretch",
            on_click=_take,
            args=(_("Assigned."), _do_assign, view.id, view.version),
        )


def _do_assign(session: Session, order_id: int, _version: int, now: datetime) -> None:
    person = _values(order_id)("assignee")
    if person is None:
        raise Refused(mark("Choose a person before you assign."))
    service.assign(session.actor, session.store, [order_id], int(person), now=now)


def _take(
    done: str, step: Callable[[Session, int, int, datetime], None], order_id: int, version: int
) -> None:
    """Take a step as the page showed the order; what was typed stays when the step is refused."""
    try:
        step(current(), order_id, version, clock.now())
    except ProductError as refusal:
        st.session_state[REFUSED] = say(refusal.message)
        return
    for name in [name for name in st.session_state if str(name).startswith(_prefix(order_id))]:
        del st.session_state[name]
    st.toast(done, icon=":material/check_circle:")


def _cause(title: str, key: str, *, optional: bool) -> None:
    st.selectbox(
        title,
        list(ROOT_CAUSES),
        format_func=lambda code: label(ROOT_CAUSES, code),
        index=None,
        key=key,
        placeholder=_("Not known yet") if optional else _("Choose a cause"),
    )


def _prefix(order_id: int) -> str:
    return f"order.{order_id}."


def _keys(order_id: int) -> Callable[[str], str]:
    return lambda name: _prefix(order_id) + name


def _values(order_id: int) -> Callable[[str], Any]:
    return lambda name: st.session_state.get(_prefix(order_id) + name)


FORMS: dict[Step, Callable[[Session, WorkOrderView], None]] = {
    Step.CLAIM: _claim,
    Step.LOG_ATTEMPT: _attempt,
    Step.DISMISS: _dismiss,
    Step.RECORD_OUTCOME: _outcome,
    Step.WRITE_DEBRIEF: _debrief,
    Step.CLOSE: _close,
    Step.ASSIGN: _assign,
}
"""Step -> what shows its form."""
