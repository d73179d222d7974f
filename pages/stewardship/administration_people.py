"""People: the staff directory and its departments, and what happens when somebody leaves."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from core import clock
from core.access import directory, queries
from core.access.actor import Permission
from core.operations.staff import hand_over
from pages.frame.formats import number
from pages.frame.parts import empty, plain, refusal
from pages.frame.session import Session, enter
from pages.frame.tables import height_of, records, text
from pages.frame.words import NOTHING, _
from pages.stewardship.administration_drawer import finish, open_drawer, sure


def people_section(session: Session) -> None:
    """The directory; a click open_drawer a person."""
    people = queries.directory(session.actor, session.store)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            _("Whoever a file names as account manager, salesperson or staff. Click a row to hand over."),
        )
        with st.container(horizontal=True, width="content"):
            st.button(
                _("Add person"),
                icon=":material/person_add:",
                on_click=open_drawer,
                args=("new_person",),
                key="administration.add_person",
            )
            st.button(
                _("Add department"),
                icon=":material/domain_add:",
                on_click=open_drawer,
                args=("new_department",),
                key="administration.add_department",
            )
    if people.empty:
        empty(_("Nobody yet"), _("Import a file that names people, or add them by hand."))
        return
    shown = people.assign(state=_states(people)).fillna({"department": NOTHING, "username": NOTHING})
    columns = {
        "name": text(_("Full name")),
        "department": text(_("Department")),
        "username": text(_("Signs in as")),
        "state": text(_("State")),
    }
    records(
        shown,
        columns,
        key="administration.people",
        alt=_("People"),
        on_choose=partial(open_drawer, "person"),
        height=height_of(len(shown)),
    )


def _states(people: pd.DataFrame) -> list[str]:
    names = people.set_index("id")["name"].to_dict()
    return [
        _("Here")
        if active
        else _("Left; {name} took over", name=names.get(None if pd.isna(after) else int(after), NOTHING))
        for active, after in zip(people.active, people.successor_id, strict=True)
    ]


def person_drawer(staff_id: int) -> None:
    """One person, and the hand-over when they leave."""
    session = enter(Permission.ADMINISTER)
    people = queries.directory(session.actor, session.store)
    states = dict(zip(people.id, _states(people), strict=True))
    row = people.set_index("id").loc[staff_id]
    st.text(str(row["name"]))
    st.caption(f"{plain(row.fillna(NOTHING).department)} · {plain(states[staff_id])}")
    if not row.active:
        return
    others = people[people.active & (people.id != staff_id)].set_index("id")
    named = {
        int(key): f"{each['name']} · {NOTHING if pd.isna(each['department']) else each['department']}"
        for key, each in others.iterrows()
    }
    successor = st.selectbox(
        _("Successor"),
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=_("Choose a person"),
        key=f"person.{staff_id}.successor",
    )
    st.caption(
        _("All customers, unclosed work orders and open leads go to the successor; the account is disabled.")
    )
    if successor is None:
        return
    if sure(
        "hand_over",
        _("Hand over"),
        _("This cannot be undone in one step: customers would have to be given back one by one."),
    ):
        with refusal():
            moved = hand_over(session.actor, session.store, staff_id, int(successor), now=clock.now())
            finish(
                _(
                    "Handed over: {customers} customers, {orders} work orders, {leads} leads",
                    customers=number(moved.customers),
                    orders=number(moved.work_orders),
                    leads=number(moved.leads),
                )
            )


def new_department_drawer() -> None:
    session = enter(Permission.ADMINISTER)
    name = st.text_input(_("Name"), max_chars=64, key="new_department.name")
    if st.button(_("Add department"), type="primary", key="new_department.add", width="stretch"):
        with refusal():
            directory.add_department(session.actor, session.store, name, now=clock.now())
            finish(_("Department added."))


def new_person_drawer() -> None:
    session = enter(Permission.ADMINISTER)
    departments = queries.departments(session.actor, session.store).set_index("id")["name"].to_dict()
    name = st.text_input(_("Full name"), max_chars=64, key="new_person.name")
    department = st.selectbox(
        _("Department"),
        list(departments),
        format_func=departments.__getitem__,
        index=None,
        placeholder=_("None"),
        key="new_person.department",
    )
    if st.button(_("Add person"), type="primary", key="new_person.add", width="stretch"):
        with refusal():
            directory.add_person(session.actor, session.store, name, department, now=clock.now())
            finish(_("Person added."))
