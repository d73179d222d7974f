"""Whether the first row of a sheet is its header or data: said where it is doubtful, and turned with one click."""

from __future__ import annotations

import streamlit as st

from core.facts.drafts import Draft
from core.facts.reading import SheetOutline
from pages.frame.formats import number
from pages.frame.parts import plain
from pages.frame.words import _
from pages.stewardship.import_plan import Plan
from pages.stewardship.import_steps import change_draft

_KEY = "exchange.first_row"


def say_first_rows(plan: Plan) -> None:
    """Of every sheet that is imported, or that lacks rows below what was taken for a header."""
    for place, sheet in enumerate(plan.found.sheets):
        if place in plan.chosen or sheet.problem is not None:
            say_first_row(plan, place)


def say_first_row(plan: Plan, place: int) -> None:
    """That the row read as the header looks like data, or that there is none; with the other way to read it."""
    sheet = plan.sheet(place)
    named = f"**{plain(sheet.name)}** · " if len(plan.found.sheets) > 1 else ""
    if sheet.headless:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                named
                + _("Read without a header: the first row is data, and columns are called by their letters."),
                width="content",
            )
            _turn(plan, place, _("The first row is a header"), ":material/table_rows:", headless=False)
    elif sheet.doubtful:
        with st.container(gap="small"):
            st.warning(
                named
                + _(
                    "Row {row} looks like data, not like a header. As it stands it is taken for the header and is not "
                    "imported.",
                    row=number(sheet.header_row or 1),
                ),
                icon=":material/warning:",
            )
            _turn(plan, place, _("Read it as data"), ":material/add_row_above:", headless=True)


def offer_headless(plan: Plan, place: int) -> None:
    """The way to read a header as data where nothing tells that it is."""
    sheet = plan.sheet(place)
    if not _is_settled(sheet) and sheet.header_row is not None:
        words = _("Row {row} is no header: read it as data", row=number(sheet.header_row))
        _turn(plan, place, words, ":material/add_row_above:", headless=True)


def _is_settled(sheet: SheetOutline) -> bool:
    return sheet.headless or sheet.doubtful


def _turn(plan: Plan, place: int, words: str, icon: str, *, headless: bool) -> None:
    st.button(
        words,
        icon=icon,
        type="primary" if plan.sheet(place).doubtful else "tertiary",
        key=f"{_KEY}.{plan.draft.token}.{place}",
        on_click=_read_as,
        args=(plan.draft.token, place, headless),
    )


def _read_as(token: str, place: int, headless: bool) -> None:
    def settle(draft: Draft) -> Draft:
        return draft.with_sheet(place, draft.sheet(place).read_as(headless=headless))

    change_draft(token, settle)
