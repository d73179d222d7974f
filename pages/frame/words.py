"""Words in the reader's language. Works in page bodies, callbacks and fragments alike."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

import pandas as pd
import streamlit as st
from babel.dates import format_date
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core import language as languages
from core.language import LANGUAGES, Message, catalogue, translate

_KEY = "frame.language"
NOTHING = "–"
"""Stands where there is no value."""


class _Settled(threading.local):
    """What the run of this thread has settled: asking the session state for every word costs more than the word."""

    run: object = None
    language = ""


_settled = _Settled()


def language() -> str:
    """The code of the reader's language, as the frame last settled it for this browser tab."""
    run = get_script_run_ctx(suppress_warning=True)
    if run is not None and _settled.run is run:
        return _settled.language
    return str(st.session_state.get(_KEY, "en"))


def settle_language(choice: str | None) -> str:
    """Settle the language of this run: the account's choice, else `?lang=`, else the browser's."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state["frame.asked_language"] = asked
    settled = choice or st.session_state.get("frame.asked_language") or _of_browser(st.context.locale)
    st.session_state[_KEY] = settled
    # The run is told apart by its context, so that a thread which serves another tab next asks for that tab's.
    _settled.run, _settled.language = get_script_run_ctx(suppress_warning=True), settled
    return settled


def _of_browser(locale: str | None) -> str:
    return "zh_CN" if (locale or "").lower().startswith("zh") else "en"


def _(sentence: str, **values: object) -> str:
    """The sentence in the reader's language, its `{named}` places filled in."""
    return translate(Message(sentence, values), language())


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """The sentence for `n` things; `{n}` is filled with `n` written with separators."""
    text = catalogue(language()).ngettext(singular, plural, n)
    return text.format(n=f"{n:,}", **values)


def say(message: Message | str) -> str:
    """A message that core made, in the reader's language, its days as readers write them."""
    return translate(_dated(message) if isinstance(message, Message) else message, language())


def _dated(message: Message) -> Message:
    def worded(value: object) -> object:
        if isinstance(value, Message):
            return _dated(value)
        if isinstance(value, list | tuple):
            return [worded(each) for each in value]
        if isinstance(value, date) and not isinstance(value, datetime):
            return format_date(value, "medium", locale=language())
        return value

    return replace(message, values={name: worded(value) for name, value in message.values.items()})


def label(labels: Mapping[str, str], code: str | None) -> str:
    """The label of a code from a room's `labels.py`; an unknown code is shown as it is."""
    if code is None or pd.isna(code):
        return NOTHING
    return _(labels[code]) if code in labels else str(code)


def worded(labels: Mapping[str, str], codes: Iterable[str | None]) -> list[str]:
    """The labels of a column of codes; a column has few codes and many rows, so each is worded once."""
    codes = list(codes)
    words = {code: label(labels, code) for code in set(codes)}
    return [words[code] for code in codes]


def listed(words: Iterable[str]) -> str:
    """Words side by side, parted as the language does."""
    return languages.listed(words, language())
