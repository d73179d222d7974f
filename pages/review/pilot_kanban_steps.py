"""What the card and the weekly meeting share: steps that may be refused, and the state of their forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core import clock
from core.errors import ProductError
from pages.frame.parts import plain
from pages.frame.session import current
from pages.frame.words import say


def take(refused: str, step: Callable[..., None], *subject: int) -> None:
    """Take a step on a subject; what was typed stays when it is refused, and `refused` in the state says why."""
    try:
        step(current(), *subject, clock.now())
    except ProductError as refusal:
        st.session_state[refused] = say(refusal.message)


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
