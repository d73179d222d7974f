"""The head of step two: the file, which of its sheets, of which table its rows are, and a kept match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.labels import TABLES
from core.facts.mappings import NamedMapping, forget_mapping, likeliest_table, save_mapping, saved_mappings
from core.facts.matching import Matching
from core.facts.reading import FileOutline, SheetOutline
from pages.frame.formats import number
from pages.frame.parts import plain
from pages.frame.session import Session, current
from pages.frame.words import _, label, ngettext, say
from pages.stewardship.import_steps import Draft, draft, keep_draft, leave

_KEY = "exchange.file"


def show_file(session: Session, found: FileOutline, plan: Draft) -> Draft:
    """The file with its sheet and table to choose; the draft with what was chosen."""
    with st.container(border=True):
        head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
        left, middle, right = st.columns([3, 6, 3], gap="medium", vertical_alignment="bottom")
        with left:
            plan = _sheet(found, plan)
        sheet = found.sheets[plan.sheet or 0]
        with head:
            with st.container(gap=None, width="content"):
                st.text(found.file_name)
                st.caption(_facts(found, sheet))
            st.button(_("Choose another file"), icon=":material/undo:", type="tertiary", on_click=leave)
        if sheet.problem is None:
            with middle:
                plan = _table(sheet, plan)
            with right:
                _kept(session, sheet, plan)
    return plan


def _sheet(found: FileOutline, plan: Draft) -> Draft:
    usable = (each for each, sheet in enumerate(found.sheets) if sheet.problem is None and not sheet.hidden)
    before = plan.sheet if plan.sheet is not None else next(usable, 0)
    key = _sheet_key(plan.token)
    st.session_state.setdefault(key, before)
    names = [_sheet_name(each) for each in found.sheets]
    place = st.selectbox(
        _("Sheet"),
        range(len(names)),
        format_func=names.__getitem__,
        key=key,
        disabled=len(names) == 1,
    )
    return keep_draft(plan, sheet=place, table=plan.table if place == before else None)


def place_on_screen(found: FileOutline, plan: Draft) -> tuple[int, str]:
    """The sheet and the table as their widgets stand, for a callback."""
    held = st.session_state
    sheet = int(held.get(_sheet_key(plan.token), plan.sheet or 0))
    table = held.get(_table_key(plan.token, sheet)) or likeliest_table(found.sheets[sheet].headers)
    return sheet, table


def _sheet_key(token: str) -> str:
    return f"{_KEY}.sheet.{token}"


def _table_key(token: str, sheet: int | None) -> str:
    return f"{_KEY}.table.{token}.{sheet}"


def _sheet_name(sheet: SheetOutline) -> str:
    rows = ngettext("{n} row", "{n} rows", sheet.rows)
    return " · ".join(filter(None, (sheet.name, rows, _("hidden") if sheet.hidden else "")))


def _facts(found: FileOutline, sheet: SheetOutline) -> str:
    size = (
        _("{size} MB", size=number(found.size / 2**20, 1))
        if found.size >= 2**20
        else _("{size} KB", size=number(max(1, found.size / 2**10)))
    )
    columns = ngettext("{n} column", "{n} columns", sheet.columns)
    facts = [ngettext("{n} row", "{n} rows", sheet.rows), columns, size]
    if found.encoding:
        facts.append(plain(found.encoding.upper()))
    return " · ".join(facts)


def _table(sheet: SheetOutline, plan: Draft) -> Draft:
    key = _table_key(plan.token, plan.sheet)
    st.session_state.setdefault(key, plan.table or likeliest_table(sheet.headers))
    names = {code: label(TABLES, code) for code in TABLES}
    table = st.segmented_control(
        _("Kind of data"),
        list(names),
        format_func=names.__getitem__,
        key=key,
        required=True,
    )
    return keep_draft(plan, table=table)


def _kept(session: Session, sheet: SheetOutline, plan: Draft) -> None:
    """The kept matches whose headers this sheet has."""
    fitting = [
        each
        for each in saved_mappings(session.actor, session.store, sheet.headers)
        if each.table_code == plan.table
    ]
    if not fitting:
        return
    title = ngettext("{n} kept match fits", "{n} kept matches fit", len(fitting))
    with st.popover(title, icon=":material/bookmark:", width="stretch"):
        for each in fitting:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    plain(each.name),
                    key=f"{_KEY}.use.{each.id}",
                    on_click=_use,
                    args=(plan, each),
                    width="stretch",
                )
                st.button(
                    _("Forget"), key=f"{_KEY}.forget.{each.id}", type="tertiary", icon=":material/delete:",
                    on_click=_forget, args=(each.id,),
                )  # fmt: skip


def _use(plan: Draft, kept: NamedMapping) -> None:
    now = replace(draft(plan.token), table=plan.table, sheet=plan.sheet)
    keep_draft(now, chosen=now.chosen | {plan.place: dict(kept.mapping)})


def _forget(mapping_id: int) -> None:
    session = current()
    try:
        forget_mapping(session.actor, session.store, mapping_id, now=clock.now())
    except ProductError as refused:
        st.toast(plain(say(refused.message)), icon=":material/block:")


def keep_match(plan: Draft, matching: Callable[[], Matching]) -> None:
    """Give the match a name, so that it is offered for the next file of this kind. `matching` is asked when the
    button is pressed."""
    with st.popover(_("Keep this match"), icon=":material/bookmark_add:"):
        key = f"{_KEY}.name.{plan.token}"
        st.text_input(_("Name of the match"), key=key, max_chars=80)
        st.caption(_("It is offered again for files that have the same headers."))
        st.button(_("Keep"), key=f"{_KEY}.keep", on_click=_save, args=(key, matching))


def _save(key: str, match: Callable[[], Matching]) -> None:
    session, matching = current(), match()
    mapping = {each.header: each.field for each in matching.columns if each.header}
    name = st.session_state[key]
    try:
        save_mapping(session.actor, session.store, matching.table.code, name, mapping, now=clock.now())
        st.toast(_("The match is kept."), icon=":material/bookmark_added:")
    except ProductError as refused:
        st.toast(plain(say(refused.message)), icon=":material/block:")
