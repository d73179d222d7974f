"""The forms of the customer page: one open at a time, and what a refusal leaves of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from core.errors import ProductError
from pages.frame.parts import plain
from pages.frame.words import say

_OPEN = "customer.panel"
_REFUSED = "customer.refused"


def keys(customer_id: int, panel: str) -> Callable[[str], str]:
    """Name of a field -> its key in the session state."""
    return lambda name: f"customer.{customer_id}.{panel}.{name}"


def open_panel(customer_id: int) -> str | None:
    """Which form of this customer is open."""
    opened = st.session_state.get(_OPEN)
    return opened[1] if opened and opened[0] == customer_id else None


def toggle_panel(customer_id: int, panel: str) -> None:
    """Open the form, or close it when it is open."""
    st.session_state.pop(_REFUSED, None)
    st.session_state[_OPEN] = None if open_panel(customer_id) == panel else (customer_id, panel)


def close_panel() -> None:
    """Close whichever form is open; what was typed is dropped."""
    st.session_state.pop(_OPEN, None)
    st.session_state.pop(_REFUSED, None)


def show_refusal() -> None:
    """The sentence of the last refusal, once."""
    refused = st.session_state.pop(_REFUSED, None)
    if refused:
        st.error(plain(refused), icon=":material/block:")


@contextmanager
def saved(customer_id: int, panel: str, done: str) -> Iterator[None]:
    """Around a save: closes the form and says `done`; a refusal keeps it open with all that was typed."""
    try:
        yield
    except ProductError as refusal:
        st.session_state[_REFUSED] = say(refusal.message)
        return
    prefix = keys(customer_id, panel)("")
    for name in [name for name in st.session_state if str(name).startswith(prefix)]:
        del st.session_state[name]
    close_panel()
    st.toast(done, icon=":material/check_circle:")
