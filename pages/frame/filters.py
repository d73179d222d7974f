"""Filters whose state lives in the address as codes, so that a view can be sent to a colleague or kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.frame.shown import narrowed
from pages.frame.words import _, listed

_LONGEST_ID = 19  # digits of the largest key that a database takes


def chosen(code: str, allowed: Sequence[str]) -> list[str]:
    """The codes that the address holds under `code`; unknown ones are left out."""
    return [value for value in st.query_params.get_all(code) if value in allowed]


def chosen_id(code: str) -> int | None:
    """The id that the address holds under `code`; None without one."""
    asked = st.query_params.get(code, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < _LONGEST_ID else None


def keep(code: str, values: Sequence[str]) -> None:
    """Write `values` under `code` into the address; none removes it. Never personal data."""
    if list(values) == st.query_params.get_all(code):
        return
    if values:
        st.query_params[code] = list(values)
    else:
        st.query_params.pop(code, None)


def many(
    code: str, title: str, options: Sequence[str], show: Callable[[str], str], *, page: str
) -> tuple[str, ...]:
    """A filter of several choices kept in the address; `options` are codes, `show` gives their words."""
    key = f"{page}.{code}"
    if key not in st.session_state:
        st.session_state[key] = chosen(code, options)
    else:  # what the widget holds may have left the options with the last import
        st.session_state[key] = [value for value in st.session_state[key] if value in options]
    st.multiselect(title, options, format_func=show, key=key, placeholder=_("any"))
    keep(code, st.session_state[key])
    narrowed(title, listed(show(value) for value in st.session_state[key]))
    return tuple(st.session_state[key])


def one(code: str, title: str, options: Sequence[str], show: Callable[[str], str], *, page: str) -> str:
    """A choice of one of a few views, kept in the address; the first option is the default and is not written."""
    key = f"{page}.{code}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = (chosen(code, options) or options[:1])[0]
    st.segmented_control(
        title, options, format_func=show, key=key, required=True, label_visibility="collapsed"
    )
    keep(code, [] if st.session_state[key] == options[0] else [st.session_state[key]])
    narrowed(title, show(st.session_state[key]))
    return str(st.session_state[key])


def clear(page: str, codes: Sequence[str]) -> None:
    """Forget the choices of `codes`; for a button's callback."""
    for code in codes:
        st.session_state[f"{page}.{code}"] = []
