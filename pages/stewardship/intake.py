"""Taking files in and handing templates out, as the home page and data exchange both offer it."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.fields import TABLES as SPECS
from core.facts.labels import TABLES
from core.facts.reading.limits import DEFAULT_LIMITS, MIB
from core.facts.templates import template_workbook
from core.facts.uploads import keep_upload
from core.language import LANGUAGES
from pages.frame.parts import plain
from pages.frame.session import current
from pages.frame.words import _, label, language, say

_LIMIT_MB = DEFAULT_LIMITS.file_bytes // MIB
_LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}


def upload_box(slot: str) -> str | None:
    """A box to drop a file into. What is dropped is written to the data folder at once.

    Returns the token of the file just dropped, once; a refusal is shown under the box.
    """
    # A new key for each file: the old widget, and the bytes that it holds in memory, are let go.
    key = f"{slot}.{st.session_state.setdefault(f'{slot}.round', 0)}"
    st.file_uploader(
        _("Excel or CSV file"),
        key=key,
        max_upload_size=_LIMIT_MB,
        on_change=_take,
        args=(slot, key),
        label_visibility="collapsed",
    )
    st.caption(
        _(
            "Excel (.xlsx, .xls) or CSV, up to {limit} MB. No macros, no password. The file is only looked into "
            "now; nothing is saved before you confirm.",
            limit=_LIMIT_MB,
        )
    )
    refused = st.session_state.pop(f"{slot}.refused", None)
    if refused is not None:
        st.error(plain(say(refused)), icon=":material/block:")
    taken: str | None = st.session_state.pop(f"{slot}.taken", None)
    return taken


def _take(slot: str, key: str) -> None:
    dropped = st.session_state.get(key)
    if dropped is None:
        return
    session = current()
    try:
        kept = keep_upload(session.actor, session.store, dropped.name, dropped, now=clock.now())
        st.session_state[f"{slot}.taken"] = kept.token
    except ProductError as refused:
        st.session_state[f"{slot}.refused"] = refused.message
    st.session_state[f"{slot}.round"] += 1


def template_box(slot: str) -> None:
    """Choose a table and a language, and download the workbook to fill in."""
    names = {code: label(TABLES, code) for code in TABLES}
    table = st.selectbox(
        _("Kind of data"),
        list(names),
        format_func=names.__getitem__,
        key=f"{slot}.table",
    )
    chosen = st.segmented_control(
        _("Language of the headers"),
        list(LANGUAGES),
        default=language(),
        format_func=_LANGUAGE_NAMES.__getitem__,
        key=f"{slot}.language",
        required=True,
        width="stretch",
    )
    st.download_button(
        _("Download the template"),
        data=lambda: template_workbook(SPECS[table], chosen),
        file_name=f"{table}-{chosen}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        icon=":material/download:",
        on_click="ignore",
        key=f"{slot}.download",
        width="stretch",
    )
