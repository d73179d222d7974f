"""The way from a column of an import that no field stands for to a field of its own, and back to the import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from core.access.actor import Permission
from core.facts.drafts import Draft
from core.facts.matching.match import Matching
from core.facts.own_fields.queries import CatalogueTable
from core.facts.own_fields.service import OWN_TABLES
from core.facts.own_fields.words import LONGEST_LABEL
from core.language import LANGUAGES
from pages.frame.navigation import go_to
from pages.frame.parts import plain
from pages.frame.words import _, ngettext
from pages.stewardship.administration_drawer import open_drawer
from pages.stewardship.import_plan import Plan
from pages.stewardship.import_steps import change_draft

_KEY = "own_fields.for_column"
_MOST = 5
"""A file may have hundreds of columns that nobody wants."""


@dataclass(frozen=True)
class Waiting:
    """An import that waits for a field: its file, the sheet in it and what its rows are, and the column."""

    file: str
    place: int
    table: str
    column: str
    header: str
    name: str = ""
    """What the form of a new field begins with."""


def offer_fields(plan: Plan, place: int, matching: Matching) -> None:
    """For who may add own fields: a button for each of the first columns that are ignored and have a name."""
    if plan.sheet(place).headless:
        return
    table = matching.table.code
    named = {field.header(code) for field in matching.table.fields for code in LANGUAGES}
    ignored = [
        each for each in matching.columns if each.how == "none" and each.header and each.header not in named
    ]
    if not ignored or table not in OWN_TABLES or not plan.session.actor.may(Permission.OWN_FIELDS):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Ignored for want of a field:"), width="content")
        for column in ignored[:_MOST]:
            if st.button(
                _("Add a field for {header}", header=plain(column.header)),
                icon=":material/playlist_add:",
                type="tertiary",
                key=f"{_KEY}.{place}.{column.key}",
            ):
                # Not in the address, which may be sent to others: what a company calls its columns is its own.
                st.session_state[_KEY] = Waiting(
                    plan.draft.token, place, table, column.key, column.header, name=column.header
                )
                open_drawer("add_field", table)
                go_to("own_fields", table=table)
        others = len(ignored) - _MOST
        if others > 0:
            st.caption(ngettext("and {n} more column", "and {n} more columns", others), width="content")


def name_wanted() -> tuple[str, str]:
    """The name of the column in hand, in Chinese or in English; blank without one."""
    waiting: Waiting | None = st.session_state.get(_KEY)
    name = waiting.name[:LONGEST_LABEL] if waiting else ""
    return ("", name) if name.isascii() else (name, "")


def forget_name() -> None:
    """Another field is to be added; the import still waits."""
    if _KEY in st.session_state:
        st.session_state[_KEY] = replace(st.session_state[_KEY], name="")


def way_back(tables: Mapping[str, CatalogueTable]) -> None:
    """A button back to the columns of the import that waits. A field that is called as the column is then chosen for
    it, whatever a kept match says."""
    waiting: Waiting | None = st.session_state.get(_KEY)
    if waiting and st.button(_("Continue the import"), icon=":material/arrow_back:", key="own_fields.back"):
        del st.session_state[_KEY]
        named = (
            each.field.code
            for each in tables[waiting.table].fields
            if each.id is not None and waiting.header in {each.field.header(code) for code in LANGUAGES}
        )
        if code := next(named, None):
            change_draft(waiting.file, partial(_chosen, waiting, code))
        go_to("data_exchange", file=waiting.file, step="columns", at=str(waiting.place))


def _chosen(waiting: Waiting, code: str, draft: Draft) -> Draft:
    sheet = draft.sheet(waiting.place).corrected(waiting.table, {waiting.column: code})
    return draft.with_sheet(waiting.place, sheet)
