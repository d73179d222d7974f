"""Step two of an import: which sheets, and what the rows of each are; of a text file, how it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import streamlit as st

from core.facts.drafts import Draft
from core.facts.labels import TABLES
from core.facts.reading import DELIMITERS, ENCODINGS, FileOutline, SheetOutline
from core.facts.reading.staged import column_letter
from pages.frame import tables
from pages.frame.choosers import Chooser, choosers
from pages.frame.formats import number
from pages.frame.parts import plain, section
from pages.frame.words import _, label, listed, ngettext, say
from pages.stewardship.import_first_row import offer_headless, say_first_rows
from pages.stewardship.import_plan import Plan
from pages.stewardship.import_steps import change_draft, leave, open_step

_KEY = "exchange.sheets"
_ROWS_SHOWN, _COLUMNS_SHOWN, _LONGEST = 5, 12, 60
_FOUND = ""


def show_sheets(plan: Plan) -> None:
    """Every sheet with what it holds and what it is taken for."""
    show_file(plan.found)
    sheets_box(plan, leave_out=_("Do not import"), left_out=_("Not imported"))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Go on to the columns"),
            type="primary",
            icon=":material/arrow_forward:",
            disabled=not plan.chosen,
            key="exchange.to_columns",
            on_click=_go_on,
            args=(plan.draft.token,),
        )
        chosen = len(plan.chosen)
        if chosen > 1:
            st.caption(_("{n} sheets are imported, in the order that they need.", n=number(chosen)))
        elif not chosen:
            st.caption(_("Choose what the rows of a sheet are."))


def sheets_box(plan: Plan, *, leave_out: str, left_out: str) -> None:
    """What each sheet is taken for, to be corrected, and the first rows; of a text file how it is written.

    `leave_out` and `left_out`: what is said of a sheet that is not taken, as a choice and as a state.
    """
    if plan.found.encoding:
        _writing(plan)
    else:
        section(_("Sheets"), _("Hidden sheets are left out unless you choose what their rows are."))
    names = {"": leave_out} | {code: label(TABLES, code) for code in plan.tables}
    choosers(
        f"{_KEY}.{plan.draft.token}",
        [_row(plan, place, sheet, left_out) for place, sheet in enumerate(plan.found.sheets)],
        {"": names, "none": {"": _("Cannot be used")}},
        on_choose=lambda choices: _choose(plan.draft.token, choices),
        choose=_("Kind of data in {title}"),
        search=_("Search for a sheet"),
    )
    say_first_rows(plan)
    _first_rows(plan)


def show_file(found: FileOutline) -> None:
    """The file, and a way to another one."""
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        with st.container(gap=None, width="content"):
            st.text(found.file_name)
            st.caption(_facts(found))
        st.button(
            _("Choose another file"),
            icon=":material/undo:",
            type="tertiary",
            on_click=leave,
            key=f"{_KEY}.leave",
        )


def _facts(found: FileOutline) -> str:
    size = (
        _("{size} MB", size=number(found.size / 2**20, 1))
        if found.size >= 2**20
        else _("{size} KB", size=number(max(1, found.size / 2**10)))
    )
    facts = [ngettext("{n} sheet", "{n} sheets", len(found.sheets))] if not found.encoding else []
    facts += [
        ngettext("{n} row", "{n} rows", sum(sheet.rows for sheet in found.sheets if not sheet.hidden)),
        size,
    ]
    if found.encoding:
        facts += [plain(found.encoding.upper()), _delimiters()[found.delimiter or ","]]
    return " · ".join(facts)


def _delimiters() -> dict[str, str]:
    return {",": _("comma"), ";": _("semicolon"), "\t": _("tab")}


def _row(plan: Plan, place: int, sheet: SheetOutline, left_out: str) -> Chooser:
    facts = [
        ngettext("{n} row", "{n} rows", sheet.rows),
        ngettext("{n} column", "{n} columns", sheet.columns),
    ]
    if sheet.header_row and sheet.header_row > 1:
        facts.append(_("header in row {row}", row=sheet.header_row))
    if sheet.hidden:
        facts.append(_("hidden"))
    name = sheet.name or plan.found.file_name
    called = _called(sheet) if sheet.doubtful else list(sheet.headers)
    headers = tuple(header[:_LONGEST] for header in called[:_COLUMNS_SHOWN] if header)
    note = " · ".join(facts)
    if sheet.problem is not None:
        why = say(sheet.problem)
        return Chooser(str(place), name, "", note, headers, "✕", "neutral", _("Cannot be used"), why,
                       options="none")  # fmt: skip
    guess, table = plan.guesses[place], plan.chosen.get(place, "")
    settled = plan.draft.sheet(place).table
    if settled is not None:
        shape, tone, how, why = "✓", "good", _("Chosen by hand"), ""
        if not settled:
            shape, tone, how = "–", "neutral", left_out
    elif table:
        lacking = plan.lacks(place, table)
        shape, tone = ("◐", "warning") if lacking else ("●", "good")
        how, why = _("Guessed"), say(guess.why)
    else:
        shape, tone, how, why = "–", "neutral", left_out, _why_not(plan, place)
    return Chooser(str(place), name, table, note, headers, shape, tone, how, why)


def _called(sheet: SheetOutline) -> list[str]:
    """What its columns are called: by their headers, or by their letters where they have none."""
    return [header or column_letter(column) for column, header in enumerate(sheet.headers)]


def _why_not(plan: Plan, place: int) -> str:
    if plan.sheet(place).hidden:
        return _("It is hidden.")
    if plan.explains(place):
        return _("It explains the template.")
    return _("It lacks columns that are needed.")


def _choose(token: str, choices: Mapping[str, str]) -> None:
    def settle(draft: Draft) -> Draft:
        for place, table in choices.items():
            if place.isdecimal():
                draft = draft.with_sheet(int(place), replace(draft.sheet(int(place)), table=table))
        return draft

    change_draft(token, settle)


def _go_on(token: str) -> None:
    open_step(file=token, step="columns")


def _writing(plan: Plan) -> None:
    """Encoding and delimiter of a text file, which its first rows below prove right or wrong."""
    draft, found = plan.draft, plan.found
    if found.encodings:
        st.warning(
            _(
                "The characters may also be meant as {encodings}. Look at the first rows; if words look wrong, choose "
                "another encoding.",
                encodings=listed(plain(each.upper()) for each in found.encodings),
            ),
            icon=":material/translate:",
        )
    left, right = st.columns(2, gap="small")
    encodings = {_FOUND: _("{name} (found)", name=(found.encoding or "").upper())}
    encodings |= {each: each.upper() for each in ENCODINGS}
    delimiters = {_FOUND: _("{name} (found)", name=_delimiters()[found.delimiter or ","])} | {
        each: name for each, name in _delimiters().items() if each in DELIMITERS
    }
    with left:
        _reading(draft.token, "encoding", _("Encoding"), encodings, draft.encoding)
    with right:
        _reading(draft.token, "delimiter", _("Cells are parted by"), delimiters, draft.delimiter)


def _reading(token: str, what: str, title: str, names: dict[str, str], present: str | None) -> None:
    key = f"{_KEY}.{what}.{token}"
    st.session_state[key] = present or _FOUND
    st.selectbox(
        title,
        list(names),
        format_func=names.__getitem__,
        key=key,
        on_change=_read_as,
        args=(token, what, key),
    )


def _read_as(token: str, what: str, key: str) -> None:
    asked = st.session_state[key] or None
    change_draft(token, lambda draft: draft.changed(**{what: asked}))


def _first_rows(plan: Plan) -> None:
    """The first rows of a sheet that is imported, as they are read; of several the person chooses."""
    places = [place for place in plan.chosen or (0,) if plan.sheet(place).sample]
    if not places:
        return
    section(_("First rows"), _("As they are read. Personal data is masked."))
    place = places[0] if len(places) == 1 else _sheet_shown(plan, places)
    sheet = plan.sheet(place)
    width = min(len(sheet.headers), _COLUMNS_SHOWN)
    rows = plan.rows_shown(place)[:_ROWS_SHOWN]
    cells = {
        str(n): [(row[n] or "")[:_LONGEST] if n < len(row) else "" for row in rows] for n in range(width)
    }
    columns = {
        name: tables.fitting(called, each)
        for (name, each), called in zip(cells.items(), _called(sheet), strict=False)
    }
    tables.read_only({name: pa.array(each, pa.string()) for name, each in cells.items()}, columns,
                     alt=_("First rows"), height="content")  # fmt: skip
    if width < len(sheet.headers):
        st.caption(
            _("The first {shown} of {all} columns.", shown=number(width), all=number(len(sheet.headers)))
        )
    offer_headless(plan, place)


def _sheet_shown(plan: Plan, places: list[int]) -> int:
    key = f"{_KEY}.shown.{plan.draft.token}"
    if st.session_state.get(key) not in places:
        st.session_state[key] = places[0]
    chosen = st.segmented_control(
        _("Sheet"),
        places,
        format_func=lambda place: plain(plan.sheet(place).name),
        key=key,
        required=True,
        label_visibility="collapsed",
    )
    return places[0] if chosen is None else int(chosen)
