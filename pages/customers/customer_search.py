"""Finding a customer by code, name or phone."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.access.actor import Permission
from core.facts.queries import find_customers
from pages.customers.customer_panels import close_panel
from pages.frame import tables
from pages.frame.filters import chosen_id
from pages.frame.parts import empty, refusal
from pages.frame.session import Session, enter
from pages.frame.words import _, ngettext

_SEARCH = "customer.search"
_MOST_FOUND = 50


def search_box() -> str:
    """What is looked for. It may be a name or a phone: it stays in this browser tab and out of the address."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.text_input(
            _("Code, name or phone"),
            key=_SEARCH,
            icon=":material/search:",
            on_change=_look,
            max_chars=100,
            width=420,
            placeholder=_("Code, name or phone"),
            label_visibility="collapsed",
        )
        if chosen_customer() is not None:
            back = _("Back to the results") if wanted else _("Close this customer")
            st.button(back, icon=":material/close:", type="tertiary", on_click=_forget_choice)
    return wanted.strip()


def chosen_customer() -> int | None:
    """The customer in the address, which alone decides what is open."""
    return chosen_id("id")


def choose(customer_id: int) -> None:
    """Open a customer: it stands in the address from then on."""
    close_panel()
    st.query_params["id"] = str(customer_id)


def _look() -> None:
    """Look for what was typed; the only one it fits is opened at once, and what was typed goes."""
    _forget_choice()
    wanted = st.session_state[_SEARCH].strip()
    with refusal():
        people = look_up(enter(Permission.SEE_CUSTOMERS), wanted)
        if len(people) == 1:
            choose(int(people["id"].iloc[0]))
            st.session_state[_SEARCH] = ""


def _forget_choice() -> None:
    close_panel()
    st.query_params.pop("id", None)


def look_up(session: Session, wanted: str) -> pd.DataFrame:
    """The first customers that fit, within the reader's reach."""
    return find_customers(session.actor, session.store, wanted, limit=_MOST_FOUND)


def show_results(people: pd.DataFrame) -> None:
    """List them; a click opens one."""
    if people.empty:
        empty(
            _("Nobody found"),
            _("No customer in your reach has this code, name or phone. Check the spelling or shorten it."),
        )
        return
    st.caption(
        _("The first {n} are shown. Enter more to narrow it down.", n=_MOST_FOUND)
        if len(people) == _MOST_FOUND
        else ngettext("{n} customer found", "{n} customers found", len(people))
    )
    columns = {
        "name": tables.text(_("Name")),
        "code": tables.text(_("Code")),
        "phone": tables.text(_("Phone")),
        "account_manager": tables.text(_("Account manager")),
        "department": tables.text(_("Department")),
    }
    # A customer may have nobody in charge yet: an empty cell, where Streamlit would write None.
    shown = {name: people[name].astype(object).where(people[name].notna(), "").tolist() for name in columns}
    tables.records(
        {"id": people["id"].tolist(), **shown},
        columns,
        key="customer.found",
        alt=_("Customers found"),
        on_choose=choose,
        height=tables.height_of(len(people)),
    )
