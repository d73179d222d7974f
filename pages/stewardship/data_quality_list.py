"""The customers behind a figure of data quality, and the reminder to whom they belong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from core.facts.labels import QUALITY_PROBLEMS
from core.facts.quality.behind import PROBLEMS, Behind, behind_ids, behind_list
from core.facts.quality.queries import Quality
from core.facts.quality.reminders import Reminded, remind, unasked
from core.facts.quality.rules import FIELDS
from core.policy.queries import policy_at
from pages.frame import tables
from pages.frame.filters import chosen, keep, one
from pages.frame.formats import moment, number
from pages.frame.navigation import go_to
from pages.frame.parts import confirm, empty, refusal, section
from pages.frame.session import Session, business
from pages.frame.shown import narrowed
from pages.frame.words import NOTHING, _, label, listed, ngettext
from pages.stewardship.data_quality_figures import PAGE, field_name
from pages.stewardship.data_quality_words import shown_value

_SHOWN = 100


def show_list(session: Session, counted: Quality, now: datetime) -> None:
    """Choose problem and field; the customers, and a button that reminds whom they belong to."""
    section(
        _("Customers to complete"),
        _(
            "By account manager; a click opens the customer. What was corrected since counts with the next regrading."
        ),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        problem = one("problem", _("Problem"), PROBLEMS[-1:] + PROBLEMS[:-1], _problem, page=PAGE)
        field = "" if problem == "stale" else _field()
    behind = Behind(problem, field, counted.whole.department_id)
    ids = behind_ids(session.actor, session.store, behind)
    if not ids:
        empty(_("Nobody is here"), _("Every customer in this scope passes. Choose another field or problem."))
        return
    _reminder(session, unasked(session.actor, session.store, ids), now)
    _table(session, behind, len(ids))


def _problem(code: str) -> str:
    return label(QUALITY_PROBLEMS, code)


def _field() -> str:
    key = f"{PAGE}.field"
    options = ["", *FIELDS]
    if st.session_state.get(key) not in options:
        st.session_state[key] = (chosen("field", FIELDS) or [""])[0]
    picked = str(
        st.selectbox(
            _("Field"), options, format_func=field_name, key=key, label_visibility="collapsed", width=240
        )
    )
    keep("field", [picked] if picked else [])
    narrowed(_("Field"), field_name(picked) if picked else "")
    return picked


def _reminder(session: Session, ids: list[int], now: datetime) -> None:
    said = st.session_state.pop(f"{PAGE}.reminded", None)
    if said:
        st.success(said, icon=":material/notifications_active:")
    if not ids:
        if not said:
            st.caption(_("Everybody who owns a customer in this list was reminded already."))
        return
    n, days = len(ids), policy_at(session.store, now.date()).data_quality.fix_within_days
    if confirm(
        ngettext("Remind the owner ({n} customer)", "Remind the owners ({n} customers)", n),
        _(
            "Each account manager finds these customers under “My day”, with what is missing or invalid, to be "
            "corrected within {days} days. Customers that are asked for already are left out.",
            days=days,
        ),
        key=f"{PAGE}.remind",
        icon=":material/notifications:",
    ):
        with refusal():
            done = remind(session.actor, session.store, ids, now=now)
            st.session_state[f"{PAGE}.reminded"] = _said(done)
            st.rerun()


def _said(done: Reminded) -> str:
    """Whom it reached and what it could not reach; what there is none of is left out."""
    parts = []
    if done.people:
        customers = ngettext("of {n} customer", "of {n} customers", done.customers - done.nobodys)
        parts.append(
            ngettext(
                "Reminded {n} person {customers}", "Reminded {n} people {customers}",
                done.people, customers=customers,
            )
        )  # fmt: skip
    if done.nobodys:
        parts.append(ngettext("{n} customer has no owner", "{n} customers have no owner", done.nobodys))
    if done.already:
        parts.append(
            ngettext("{n} customer was asked for before", "{n} customers were asked for before", done.already)
        )
    return (_("; ").join(parts)) or _("Everybody who owns a customer in this list was reminded already.")


def _table(session: Session, behind: Behind, total: int) -> None:
    found = behind_list(session.actor, session.store, behind, limit=_SHOWN)
    zone, currency = business(session.store).time_zone, business(session.store).currency
    if total > len(found):
        st.caption(_("The first {rows} of {total}.", rows=number(len(found)), total=number(total)))
    rows: dict[str, list[Any]] = {
        "id": [each["id"] for each in found],
        "code": [each["code"] for each in found],
        "name": [each["name"] for each in found],
        "missing": [listed(map(field_name, each["missing"])) or NOTHING for each in found],
        "wrong": [listed(map(field_name, each["wrong"])) or NOTHING for each in found],
        "value": [shown_value(behind.field, each["value"], currency) for each in found],
        "manager": [each["account_manager"] or NOTHING for each in found],
        "department": [each["department"] or NOTHING for each in found],
        "reminded": [moment(each["reminded_at"], zone) for each in found],
        "due": [_due(each, zone) for each in found],
    }
    columns = {
        "code": tables.text(_("Customer code"), pinned=True),
        "name": tables.text(_("Name")),
        "missing": tables.text(_("Missing"), width="medium"),
        "wrong": tables.text(_("Invalid"), width="medium"),
    }
    if behind.field:  # the heading of its value says it
        del columns["missing"], columns["wrong"]
        columns["value"] = tables.text(_("{field} now", field=field_name(behind.field)))
    for name in {"missing", "wrong", "value"} & set(columns):
        if all(value == NOTHING for value in rows[name]):  # what is blank throughout says nothing
            del columns[name]
    columns |= {
        "manager": tables.text(_("Account manager")),
        "department": tables.text(_("Department")),
        "reminded": tables.text(_("Reminded")),
        "due": tables.text(_("Due")),
    }
    tables.records(
        rows, columns, key=f"{PAGE}.list", alt=_("Customers to complete"), on_choose=_open,
        height=tables.height_of(len(found)),
    )  # fmt: skip


def _due(row: dict[str, Any], zone: str) -> str:
    """By when what was asked for is due, or that it is done."""
    if row["reminded_at"] is None:
        return NOTHING
    return moment(row["due_at"], zone) if row["open"] else _("Done")


def _open(customer_id: int) -> None:
    go_to("customer", id=str(customer_id))
