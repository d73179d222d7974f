"""Buttons that take a step which may be refused, and the state of the forms they stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import clock
from core.errors import ProductError
from pages.frame.parts import plain
from pages.frame.session import current
from pages.frame.words import say


def step_button(
    words: str,
    step: Callable[..., None],
    *subject: int,
    refused: str,
    done: str = "",
    forget: str = "",
    in_form: bool = True,
    primary: bool = False,
    **look: Any,
) -> None:
    """A button, of a form unless it is told otherwise, that takes a step on a subject; see `take`."""
    make = st.form_submit_button if in_form else st.button
    make(
        words,
        type="primary" if primary else "secondary",
        on_click=take,
        args=(refused, step, *subject),
        kwargs={"done": done, "forget": forget},
        **look,
    )


def take(refused: str, step: Callable[..., None], *subject: int, done: str = "", forget: str = "") -> None:
    """Call `step` with the session, the subject and the present instant, and say `done`.

    What was typed under keys that begin with `forget` is then dropped. When the step is refused all of it stays,
    and `refused` in the state keeps the sentence until it has been shown.
    """
    try:
        step(current(), *subject, clock.now())
    except ProductError as refusal:
        st.session_state[refused] = say(refusal.message)
        return
    if forget:
        for name in [name for name in st.session_state if str(name).startswith(forget)]:
            del st.session_state[name]
    if done:
        st.toast(done, icon=":material/check_circle:")


def show_refused(refused: str) -> bool:
    """Say once why the last step was refused; whether there was anything to say."""
    words = st.session_state.pop(refused, None)
    if words:
        st.error(plain(words), icon=":material/block:")
    return bool(words)


def keys(kind: str, number: int) -> Callable[[str], str]:
    """The keys of the fields of this subject's forms."""
    return lambda name: f"{kind}.{number}.{name}"


def values(kind: str, number: int) -> Callable[[str], Any]:
    """What stands in these fields."""
    key = keys(kind, number)
    return lambda name: st.session_state.get(key(name))
