"""The box on a customer's page: what its owner owes the record, how long is left, and the two ways to settle it.

The update clock and a reminder of data quality may ask for the same record: they are one box, which names each field
once, and one answer settles both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from core import clock
from core.facts import update_clock
from core.facts.fields import CUSTOMERS
from core.facts.quality.asked import Asked, asked_about
from core.facts.quality.reminders import nothing_more
from core.facts.queries import CustomerView
from core.facts.update_clock_queries import OwedUpdate, owed
from pages.customers.customer_panels import open_panel, saved, toggle_panel
from pages.frame.formats import moment, time_left
from pages.frame.parts import confirm, is_asked
from pages.frame.session import Session, business
from pages.frame.words import _, listed

_KEY = "customer.owed"


def show_owed(session: Session, view: CustomerView) -> list[str]:
    """What is owed and by when; nothing where nothing is. Gives the fields that are missing."""
    update = owed(session.actor, session.store, view.id)
    fix = asked_about(session.actor, session.store, view.id)
    found: list[OwedUpdate | Asked] = [each for each in (update, fix) if each is not None]
    if not found:
        return []
    first = min(found, key=lambda each: each.due_at)
    missing = list(dict.fromkeys([*(update.fields if update else ()), *(fix.missing if fix else ())]))
    said = " · ".join(
        (_by(session, first), first.owner or _("in the pool"), *needs(missing, fix.wrong if fix else ()))
    )
    now, key = clock.now(), f"{_KEY}.{view.id}"
    late = first.due_at < now
    asks = is_asked(key)
    with st.container(
        border=True, horizontal=not asks, vertical_alignment="center", gap="small", key="customer_owed"
    ):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(
                time_left(first.due_at, now),
                icon=":material/warning:" if late else ":material/schedule:",
                color="red" if late else "orange",
            )
            st.text(said, width="stretch")
        if view.editable and open_panel(view.id) != "edit":
            _ways_on(session, view.id, update, fix, key)
    return missing


def _by(session: Session, first: OwedUpdate | Asked) -> str:
    due = moment(first.due_at, business(session.store).time_zone)
    if isinstance(first, Asked):
        return _("Data to be corrected by {moment}", moment=due)
    return _("Record to be completed by {moment}", moment=due)


def _ways_on(
    session: Session, customer_id: int, update: OwedUpdate | None, fix: Asked | None, key: str
) -> None:
    corrects = update is None or (fix is not None and bool(fix.wrong))
    with st.container(horizontal=True, width="stretch" if is_asked(key) else "content", gap="small"):
        if not is_asked(key):
            st.button(
                _("Correct the data") if corrects else _("Complete it"),
                icon=":material/edit:",
                key=f"{_KEY}.edit",
                on_click=toggle_panel,
                args=(customer_id, "edit"),
            )
        meant = confirm(
            _("Checked, nothing can be corrected") if corrects else _("Checked, nothing more is known"),
            _("The record stays as it is, and what is asked for here counts as done."),
            key=key,
            icon=":material/check:",
        )
    if meant:
        with saved(customer_id, "owed", _("Confirmed.")):
            now = clock.now()
            if update is not None:
                update_clock.confirm(session.actor, session.store, customer_id, now=now)
            if fix is not None:
                nothing_more(session.actor, session.store, customer_id, now=now)
        st.rerun()


def needs(missing: Sequence[str], wrong: Sequence[str] = ()) -> list[str]:
    """What a record needs, in words: fields that are missing, and fields that are not valid."""
    said = []
    if missing:
        said.append(_("missing: {fields}", fields=named(missing)))
    if wrong:
        said.append(_("not valid: {fields}", fields=named(wrong)))
    return said or [_("nothing is missing any more")]


def named(fields: Iterable[str]) -> str:
    """Fields of customers, as a reader calls them."""
    return listed(_(CUSTOMERS.field(field).label) for field in fields)
