"""Taking files in and handing templates out, as the home page and data exchange both offer it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.fields import TableSpec
from core.facts.labels import TABLES
from core.facts.matching.mappings import importable_tables
from core.facts.reading.limits import DEFAULT_LIMITS, MIB
from core.facts.templates import EXPLAINED, explained, template_workbook
from core.facts.uploads import keep_upload
from core.language import LANGUAGES
from pages.frame import tables
from pages.frame.parts import plain, section
from pages.frame.session import current
from pages.frame.words import _, label, language, say

_LIMIT_MB = DEFAULT_LIMITS.file_bytes // MIB
_DOCS_WIDTHS = {
    "column": 120,
    "form": 220,
    "required": 60,
    "unit": 60,
    "example": 130,
    "owner": 90,
    "personal": 70,
}
"""What is told of a field, in the order of what is asked first: on a phone two of them are seen."""
_LANGUAGE_NAMES = {"zh_CN": "中文", "en": "English"}


def upload_box(slot: str, *, for_check: bool = False) -> str | None:
    """A box to drop a file into. What is dropped is written to the data folder at once.

    `for_check`: it is to be compared, not imported. Returns the token of the file just dropped, once; a refusal is
    shown under the box.
    """
    # A new key for each file: the old widget, and the bytes that it holds in memory, are let go.
    key = f"{slot}.{st.session_state.setdefault(f'{slot}.round', 0)}"
    # The widget's own words are English whatever the reader's language; the style sheet knows the others.
    with st.container(key=f"upload_box_{language()}"):
        st.file_uploader(
            _("Excel or CSV file"),
            key=key,
            max_upload_size=_LIMIT_MB,
            on_change=_take,
            args=(slot, key, for_check),
            label_visibility="collapsed",
        )
    st.caption(
        _(
            "Excel (.xlsx, .xls) or CSV, up to {limit} MB. No macros, no password. The file is only compared; "
            "nothing of it is saved.",
            limit=_LIMIT_MB,
        )
        if for_check
        else _(
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


def _take(slot: str, key: str, for_check: bool) -> None:
    dropped = st.session_state.get(key)
    if dropped is None:
        return
    session = current()
    try:
        kept = keep_upload(
            session.actor, session.store, dropped.name, dropped, now=clock.now(), for_check=for_check
        )
        st.session_state[f"{slot}.taken"] = kept.token
    except ProductError as refused:
        st.session_state[f"{slot}.refused"] = refused.message
    st.session_state[f"{slot}.round"] += 1


def template_box(slot: str) -> None:
    """Choose tables and a language, and download the workbook to fill in; or read what the fields mean."""
    session = current()
    specs = importable_tables(session.actor, session.store)
    names = {code: label(TABLES, code) for code in specs}
    chosen = st.multiselect(
        _("Kinds of data"),
        list(names),
        default=["customers"],
        format_func=names.__getitem__,
        key=f"{slot}.table",
        placeholder=_("Choose at least one"),
    )
    tongue = st.segmented_control(
        _("Language of the headers"),
        list(LANGUAGES),
        default=language(),
        format_func=_LANGUAGE_NAMES.__getitem__,
        key=f"{slot}.language",
        required=True,
        width="stretch",
    )
    tables_chosen = [specs[code] for code in chosen]
    with st.container(horizontal=True):
        st.download_button(
            _("Download the template"),
            data=lambda: template_workbook(tables_chosen, tongue),
            file_name=f"{'-'.join(chosen[:3])}-{tongue}.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/download:",
            on_click="ignore",
            key=f"{slot}.download",
            disabled=not chosen,
        )
        asked = st.button(
            _("What the fields mean"), icon=":material/menu_book:", type="tertiary", key=f"{slot}.fields",
            disabled=not chosen,
        )  # fmt: skip
    if asked:
        st.dialog(_("What the fields mean"), width="large")(_field_docs)(tables_chosen)


def _field_docs(chosen: Sequence[TableSpec]) -> None:
    """The fields of some tables, as the template explains them."""
    for table in chosen:
        section(_(table.label))
        rows = [explained(table, field, language()) for field in table.fields]
        told = [name for name in _DOCS_WIDTHS if any(row[name] for row in rows)]
        tables.read_only(
            {name: [row[name] for row in rows] for name in told},
            {name: tables.text(_(EXPLAINED[name]), width=_DOCS_WIDTHS[name]) for name in told},
            alt=_("What the fields mean"),
            height=tables.height_of(len(rows)),
        )
