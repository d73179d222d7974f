"""Correcting a customer: only what the person changed is sent, and nothing that was shown masked.

The form remembers the record as it was when it was opened. When somebody else saves in between, what the person
did not touch follows the record, what they did touch stays, and the difference is shown before they save again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core import clock
from core.access.actor import Reach
from core.access.queries import assignable_staff
from core.amounts import from_units
from core.errors import StaleEdit
from core.facts.cleaning.dates import FIRST_OLD_DAY
from core.facts.fields import TABLES
from core.facts.labels import CUSTOMER_KINDS
from core.facts.queries import CustomerView, customer
from core.facts.service import edit_customer
from core.language import mark
from pages.customers.customer_own import form_values, own_inputs, own_titles, shown
from pages.customers.customer_panels import close_panel, keys, saved
from pages.frame import tables
from pages.frame.formats import day
from pages.frame.parts import strong
from pages.frame.session import Session, current, today
from pages.frame.words import NOTHING, _, label, language

_PANEL = "edit"
_TEXTS = ("name", "phone", "email", "region", "province", "city", "industry", "channel")
_MASKED = ("phone", "email")
_FIGURES = ("annual_revenue", "sku_count")
_CONSENT: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}
CONSENT_LABELS = {"yes": mark("Given"), "no": mark("Refused"), "unknown": mark("Not asked yet")}
_FIELDS_OF_RECORD = {"department_id": "department", "account_manager_id": "account_manager"}


def title_of(field: str) -> str:
    """What a field of a customer is called, here as in files."""
    return TABLES["customers"].field(_FIELDS_OF_RECORD.get(field, field)).header(language())


def consent_code(consent: bool | None) -> str:
    """The key of CONSENT_LABELS."""
    return next(code for code, value in _CONSENT.items() if value is consent)


def correction_form(session: Session, view: CustomerView, missing: Collection[str] = ()) -> None:
    """The form; what was typed stays when it is refused. `missing`: the fields that somebody is asked to fill in."""
    key, titled = keys(view.id, _PANEL), partial(_titled, missing)
    _load(view)
    _difference(session, view)
    with st.form(key("form")):
        strong(_("Correct the data"))
        with st.grid(3, min_column_width=220):
            st.text_input(titled("name"), key=key("name"))
            st.segmented_control(
                titled("kind"),
                list(CUSTOMER_KINDS),
                format_func=lambda code: label(CUSTOMER_KINDS, code),
                key=key("kind"),
                required=True,
            )
            st.segmented_control(
                titled("consent"),
                list(_CONSENT),
                format_func=lambda code: label(CONSENT_LABELS, code),
                key=key("consent"),
                required=True,
            )
            for field in _TEXTS[1:]:
                _text(view, field, titled(field))
            for field in _figures(view):
                st.text_input(titled(field), key=key(field))
            st.date_input(
                titled("birthday"),
                key=key("birthday"),
                min_value=FIRST_OLD_DAY,
                max_value=today(session.store),
            )
            if view.assignable:
                _assignment(session, view, titled)
            own_inputs(view, key)
        if _hidden(view) or any(each.masked for each in view.own):
            st.caption(
                _("What is masked for your role stays as it is when left blank; what you enter replaces it.")
            )
        with st.container(horizontal=True):
            st.form_submit_button(
                _("Save the correction"), type="primary", on_click=_save, args=(view.id,), key=key("save")
            )
            st.form_submit_button(_("Cancel"), type="tertiary", on_click=close_panel, key=key("cancel"))


def _titled(missing: Collection[str], field: str) -> str:
    """The title of a field in the form, which says where it is missing."""
    title = title_of(field)
    if _FIELDS_OF_RECORD.get(field, field) in missing:
        title = _("{field} (missing)", field=title)
        return f":orange[{title}]"
    return title


def _text(view: CustomerView, field: str, title: str) -> None:
    masked = getattr(view, field) if field in _hidden(view) else None
    st.text_input(title, key=keys(view.id, _PANEL)(field), placeholder=masked)


def _figures(view: CustomerView) -> tuple[str, ...]:
    """The figures that concern this customer: those of companies, and whatever stands there already."""
    return tuple(each for each in _FIGURES if view.kind == "company" or getattr(view, each) is not None)


def _figure(field: str, value: int | None) -> str:
    """A figure as it is typed."""
    if value is None:
        return ""
    return f"{from_units(value).normalize():f}" if field == "annual_revenue" else str(value)


def _hidden(view: CustomerView) -> tuple[str, ...]:
    """The fields whose value this reader sees masked only."""
    return tuple(field for field in _MASKED if view.contact_masked and getattr(view, field))


def _assignment(session: Session, view: CustomerView, titled: Callable[[str], str]) -> None:
    key = keys(view.id, _PANEL)
    managers, departments = _people(session, view)
    st.selectbox(
        titled("account_manager_id"),
        list(managers),
        format_func=managers.__getitem__,
        index=None,
        placeholder=_("in the pool"),
        key=key("account_manager_id"),
    )
    if session.actor.reach is Reach.COMPANY:
        st.selectbox(
            titled("department_id"),
            list(departments),
            format_func=departments.__getitem__,
            index=None,
            placeholder=_("None"),
            key=key("department_id"),
        )


def _people(session: Session, view: CustomerView) -> tuple[dict[int, str], dict[int, str]]:
    """Id -> name of whom the customer can be given to, and of their departments; with those it has now."""
    people = assignable_staff(session.actor, session.store)
    managers = {int(row.id): str(row.name) for row in people.itertuples()}
    known = people.dropna(subset=["department_id"]).drop_duplicates("department_id")
    departments = {int(row.department_id): str(row.department) for row in known.itertuples()}
    if view.account_manager_id is not None:
        managers.setdefault(view.account_manager_id, view.account_manager or NOTHING)
    if view.department_id is not None:
        departments.setdefault(view.department_id, view.department or NOTHING)
    return managers, departments


def _stored(view: CustomerView) -> dict[str, Any]:
    """The fields as the form shows them: masked ones blank."""
    values: dict[str, Any] = {field: getattr(view, field) or "" for field in _TEXTS}
    values |= dict.fromkeys(_hidden(view), "")
    values |= {"kind": view.kind, "birthday": view.birthday, "consent": consent_code(view.consent)}
    values |= {field: _figure(field, getattr(view, field)) for field in _figures(view)}
    values |= form_values(view)
    if view.assignable:
        values |= {"account_manager_id": view.account_manager_id, "department_id": view.department_id}
    return values


def _load(view: CustomerView) -> None:
    """Fill the form from the record when it opens."""
    key = keys(view.id, _PANEL)
    if key("name") in st.session_state:
        return
    values = _stored(view)
    st.session_state[key("loaded")] = (view.version, values)
    st.session_state.pop(key("difference"), None)
    for field, value in values.items():
        st.session_state[key(field)] = value


def _save(customer_id: int) -> None:
    session, key = current(), keys(customer_id, _PANEL)
    version, loaded = st.session_state[key("loaded")]
    # A widget that this reader does not have is as it was loaded.
    typed = {field: st.session_state.get(key(field), value) for field, value in loaded.items()}
    changes = {field: value for field, value in typed.items() if value != loaded[field]}
    with saved(customer_id, _PANEL, _("Saved.") if changes else _("Nothing was changed.")):
        if not changes:
            return
        sent = changes | ({"consent": _CONSENT[changes["consent"]]} if "consent" in changes else {})
        try:
            edit_customer(
                session.actor, session.store, customer_id, sent, expected_version=version, now=clock.now()
            )
        except StaleEdit:
            _follow(customer(session.actor, session.store, customer_id), loaded, typed)
            raise


def _follow(view: CustomerView, loaded: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
    """Take over what somebody else saved wherever this person had changed nothing."""
    key, stored = keys(view.id, _PANEL), _stored(view)
    differs = []
    for field, value in stored.items():
        if field not in loaded:  # an own field that was added meanwhile
            st.session_state[key(field)] = value
            continue
        touched = typed[field] != loaded[field]
        if value != loaded[field]:
            differs.append((field, value, typed[field], touched))
        if not touched:
            st.session_state[key(field)] = value
    st.session_state[key("loaded")] = (view.version, stored)
    st.session_state[key("difference")] = differs


def _difference(session: Session, view: CustomerView) -> None:
    differs = st.session_state.get(keys(view.id, _PANEL)("difference"))
    if differs is None:
        return
    st.caption(_("What you typed is still here. Compare, then save again."))
    if not differs:
        return
    words = _words(session, view)
    own = own_titles(view)
    differing = pd.DataFrame(
        {
            "field": own[field].header(language()) if field in own else title_of(field),
            "stored": words(field, stored),
            "yours": words(field, yours) if touched else NOTHING,
        }
        for field, stored, yours, touched in differs
    )
    columns = {
        "field": tables.text(_("Field")),
        "stored": tables.text(_("Stored now")),
        "yours": tables.text(_("What you typed")),
    }
    tables.read_only(differing, columns, alt=_("What somebody else saved"))


def _words(session: Session, view: CustomerView) -> Callable[[str, Any], str]:
    """What words the value of a field."""
    managers, departments = _people(session, view) if view.assignable else ({}, {})
    named: dict[str, Mapping[Any, str]] = {
        "account_manager_id": managers,
        "department_id": departments,
        "consent": {code: label(CONSENT_LABELS, code) for code in CONSENT_LABELS},
        "kind": {code: label(CUSTOMER_KINDS, code) for code in CUSTOMER_KINDS},
    }

    own = own_titles(view)

    def worded(field: str, value: Any) -> str:
        if field in own:
            return (
                str(value or NOTHING)
                if isinstance(value, str) and not own[field].choices
                else shown(own[field], value)
            )
        if field in named:
            return named[field].get(value, NOTHING)
        return day(value) if isinstance(value, date) else str(value or NOTHING)

    return worded
