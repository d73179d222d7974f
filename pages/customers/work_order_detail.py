"""One work order in full: who, why, what to do next, and what was done."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.facts import queries as facts
from core.facts.labels import INTERACTION_KINDS
from core.grading.labels import VALUE_TIER_LABELS
from core.obligations.clock import State
from core.warning.labels import OUTCOMES, ROOT_CAUSES, STATUSES, STEPS
from core.warning.work_order import Attempt, WorkOrderView
from pages.customers.work_order_reasons import reason
from pages.customers.work_order_steps import step_bar, steps
from pages.frame.formats import amount, day, moment, number, time_left
from pages.frame.navigation import link_to
from pages.frame.parts import pairs, plain, strong
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label


def detail(session: Session, view: WorkOrderView, now: datetime) -> None:
    """Show the order; its next step stands above everything that explains it."""
    with st.container(border=True, key="work_order"):
        _title(view, now)
        step_bar(view)
        steps(session, view)
        _why(view)
        _customer(session, view)
        _contacts(session, view)
        _result(view)
        _history(session, view)


def _title(view: WorkOrderView, now: datetime) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(plain(view.name or view.customer_code), anchor=False, width="content")
        st.badge(label(VALUE_TIER_LABELS, view.value_tier), color="violet")
        _clock(view, now)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            _(
                "Work order {number} · {status} · {person}",
                number=view.id,
                status=label(STATUSES, view.status),
                person=plain(view.assignee) if view.assignee else _("in the pool"),
            ),
            width="content",
        )
        link_to("customer", plain(view.customer_code), icon=":material/person:", id=str(view.customer_id))


def _clock(view: WorkOrderView, now: datetime) -> None:
    if view.obligation is State.LATE:
        st.badge(time_left(view.due_at, now), icon=":material/warning:", color="red")
    elif view.obligation is State.PENDING:
        st.badge(time_left(view.due_at, now), icon=":material/schedule:", color="orange")
    elif view.obligation is State.MET:
        st.badge(_("First contact in time"), icon=":material/check:", color="green")
    elif view.obligation is State.MISSED:
        st.badge(_("First contact late"), icon=":material/history:", color="gray")


def _why(view: WorkOrderView) -> None:
    strong(_("Why it was raised"))
    with st.container(gap="xsmall"):
        for hit in view.hits:
            seen, rule = reason(hit)
            st.text(f"• {seen}")
            st.caption(plain(rule))


def _customer(session: Session, view: WorkOrderView) -> None:
    strong(_("The customer"))
    known = facts.customer(session.actor, session.store, view.customer_id)
    currency = business(session.store).currency
    rows = [
        (_("Phone"), view.phone or NOTHING),
        (_("E-mail"), view.email or NOTHING),
        (_("Spending in the period"), amount(view.monetary, currency)),
        (_("Orders so far"), number(known.orders.orders)),
        (_("Last order"), day(known.orders.last_on)),
        (_("Region"), " ".join(part for part in (known.region, known.city) if part) or NOTHING),
        (_("Account manager"), known.account_manager or NOTHING),
    ]
    pairs(rows, "customer")
    if view.contact_masked:
        st.caption(_("Phone and e-mail are masked for your role."))


def _contacts(session: Session, view: WorkOrderView) -> None:
    if not view.contacts:
        return
    zone = business(session.store).time_zone
    strong(_("Contacts made"))
    for each in view.contacts:
        with st.container(gap=None, border=True):
            st.caption(
                " · ".join(
                    [
                        moment(each.occurred_at, zone),
                        label(INTERACTION_KINDS, each.kind),
                        _("reached") if each.reached else _("not reached"),
                        plain(each.staff or NOTHING),
                    ]
                )
            )
            for line in _said(each):
                st.text(line)


def _said(contact: Attempt) -> list[str]:
    cause = label(ROOT_CAUSES, contact.cause) if contact.cause else None
    told = (
        (_("Cause found"), cause),
        (_("Offer made"), contact.offer),
        (_("New proposal"), contact.proposal),
    )
    return [_("{name}: {value}", name=name, value=value) for name, value in told if value] + (
        [contact.content] if contact.content else []
    )


def _result(view: WorkOrderView) -> None:
    rows: list[tuple[str, object]] = []
    if view.outcome:
        rows.append((_("Outcome"), label(OUTCOMES, view.outcome)))
    if view.outcome_note:
        rows.append((_("Note"), view.outcome_note))
    if view.root_cause:
        rows.append((_("Root cause"), label(ROOT_CAUSES, view.root_cause)))
    if view.debrief:
        rows.append((_("Debrief"), view.debrief))
    if rows:
        strong(_("Result"))
        pairs(rows, "result")


def _history(session: Session, view: WorkOrderView) -> None:
    zone = business(session.store).time_zone
    system, raised = _("by the system"), _("Raised")
    happened = [
        (each.at, label(STEPS, each.action.rpartition(".")[2]), each.by or system) for each in view.history
    ]
    happened.append((view.raised_at, raised, system))
    with st.expander(_("What happened"), icon=":material/history:"), st.container(gap="xsmall"):
        for at, what, by in happened:
            st.text(f"{moment(at, zone)}  {what}  {by}")
