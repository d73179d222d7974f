"""The drawer of the administration page: one thing at a time, beside the table it was chosen from.

Which drawer is open is kept in the session state, so that what happens inside it can open another or close it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import streamlit as st

from pages.frame.words import _

_OPEN = "administration.drawer"
_DONE = "administration.done"
_SURE = "administration.sure"

Body = Callable[..., None]


def open_drawer(kind: str, *subject: Any) -> None:
    """Open the drawer `kind` for `subject`; for callbacks and drawers alike."""
    st.session_state[_OPEN] = (kind, *subject)
    st.session_state.pop(_SURE, None)


def close_drawer() -> None:
    """Close whichever is open."""
    st.session_state.pop(_OPEN, None)
    st.session_state.pop(_SURE, None)


def show_drawer(drawers: dict[str, tuple[str, Body]]) -> None:
    """Show the open drawer of `drawers` (kind -> title, body), and say what the last one did."""
    done = st.session_state.pop(_DONE, None)
    if done:
        st.toast(done, icon=":material/check_circle:")
    kind, *subject = st.session_state.get(_OPEN, (None,))
    if kind in drawers:
        title, body = drawers[kind]
        st.dialog(title, position="right", on_dismiss=close_drawer)(body)(*subject)


def finish(sentence: str) -> NoReturn:
    """Close the drawer and say what was done, in our own words."""
    close_drawer()
    st.session_state[_DONE] = sentence
    st.rerun()


def next_drawer(kind: str, *subject: Any) -> NoReturn:
    """Go on with another drawer."""
    open_drawer(kind, *subject)
    st.rerun()


def sure(action: str, button: str, consequence: str) -> bool:
    """A button that asks once more, saying the consequence; True when it was meant."""
    if st.session_state.get(_SURE) != action:
        st.button(button, on_click=_ask, args=(action,), key=f"{_SURE}.{action}.ask", width="stretch")
        return False
    with st.container(border=True):
        st.caption(consequence)
        with st.container(horizontal=True):
            meant = st.button(button, type="primary", key=f"{_SURE}.{action}.do")
            st.button(_("Cancel"), type="tertiary", on_click=_ask, args=(None,), key=f"{_SURE}.{action}.no")
    return meant


def _ask(action: str | None) -> None:
    st.session_state[_SURE] = action
