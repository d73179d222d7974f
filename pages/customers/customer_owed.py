"""A line on a customer's page: what somebody owes the record, how long is left, and the two ways to settle it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from core import clock
from core.facts.queries import CustomerView
from pages.customers.customer_panels import open_panel, toggle_panel
from pages.frame.formats import time_left
from pages.frame.words import _


def owed_line(
    view: CustomerView,
    kind: str,
    *,
    due_at: datetime,
    owner: str | None,
    says: Sequence[str],
    ways: tuple[str, str],
    confirm: Callable[[int], None],
) -> None:
    """`kind` is unique on the page; `says`: what is owed by when, then, behind its owner, what the record needs;
    `ways`: what the buttons say that open the form and that `confirm` for a customer that there is nothing to enter.
    """
    now = clock.now()
    late = due_at < now
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", gap="small", key=f"customer_{kind}"
    ):
        st.badge(
            time_left(due_at, now),
            icon=":material/warning:" if late else ":material/schedule:",
            color="red" if late else "orange",
        )
        owed, *needs = says
        st.text(" · ".join((owed, owner or _("in the pool"), *needs)), width="stretch")
        if view.editable:
            _ways_on(view.id, kind, ways, confirm)


def _ways_on(customer_id: int, kind: str, ways: tuple[str, str], confirm: Callable[[int], None]) -> None:
    enter, nothing = ways
    with st.container(horizontal=True, width="content", gap="small"):
        if open_panel(customer_id) != "edit":
            st.button(
                enter,
                icon=":material/edit:",
                key=f"customer.{kind}.edit",
                on_click=toggle_panel,
                args=(customer_id, "edit"),
            )
        st.button(
            nothing,
            icon=":material/check:",
            type="tertiary",
            key=f"customer.{kind}.confirm",
            on_click=confirm,
            args=(customer_id,),
        )
