"""The result of a migration check: each sheet against the database, and the rows and phones that did not arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.access.actor import Permission
from core.facts.labels import TABLES
from core.facts.migration.check import ARRIVED, PHONE_ARRIVED, PHONE_REJECTED
from core.store.jobs import JobView
from pages.frame import tables
from pages.frame.formats import moment, number
from pages.frame.navigation import link_to
from pages.frame.parts import plain, section
from pages.frame.session import Session, business
from pages.frame.shown import narrowed
from pages.frame.words import NOTHING, _, label, listed, ngettext
from pages.stewardship.data_quality_migration_list import (
    Sheets,
    choose_found,
    fates_of,
    number_of,
    show_found,
)
from pages.stewardship.import_steps import other_file, still_there

PAGE = "data_quality"
_KEY = f"{PAGE}.check"


def show_result(session: Session, done: JobView) -> None:
    """The file, the verdict, the count of each sheet, and the rows behind every number that asks for a look."""
    result = done.result or {}
    sheets: Sheets = result["sheets"]
    _head(session, done, sheets)
    _verdict(sheets, complete=bool(result["complete"]))
    _counts(sheets)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        place = _sheet(sheets)
        seen = sheets if place is None else [sheets[place]]
        code, counted = choose_found(seen)
    if code:
        show_found(seen, code, counted, several=len(seen) > 1)


def _head(session: Session, done: JobView, sheets: Sheets) -> None:
    facts = [
        ngettext("{n} sheet", "{n} sheets", len(sheets)),
        ngettext("{n} row read", "{n} rows read", sum(sheet["rows_read"] for sheet in sheets)),
    ]
    if done.finished_at is not None:
        zone = business(session.store).time_zone
        facts.append(_("compared {when}", when=moment(done.finished_at, zone)))
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        with st.container(gap=None, width="content"):
            st.text(str((done.result or {})["file_name"]))
            st.caption(" · ".join(facts))
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            other_file("tertiary")
            token = still_there(session, str(done.payload["path"]))
            if token and session.actor.may(Permission.IMPORT):
                link_to("data_exchange", _("Import this file"), icon=":material/upload:", file=token)
            st.link_button(_("Download the result"), f"/exports/{done.id}", icon=":material/download:")


def _compared(sheet: Mapping[str, Any]) -> bool:
    """Whether the phones of a sheet were looked at; answers of earlier versions say it by what they counted."""
    return bool(sheet.get("phones_compared", sheet["phones"]))


def _phones(sheet: Mapping[str, Any]) -> int:
    return sum(sheet["phones"].values())


def _verdict(sheets: Sheets, *, complete: bool) -> None:
    rows, phones = sum(sheet["rows_read"] for sheet in sheets), sum(map(_phones, sheets))
    told = {"rows": number(rows), "phones": number(phones)}
    silent = [sheet for sheet in sheets if sheet["has_phones"] and not _compared(sheet)]
    if silent:
        # That every row arrived must not be taken to say so of phones nobody looked at.
        names = listed(sheet["sheet"] or label(TABLES, sheet["table"]) for sheet in silent)
        st.warning(
            _("No phones were compared in {sheets}: no column is matched to the phone.", sheets=plain(names)),
            icon=":material/phone_disabled:",
        )
    if complete:
        said = (
            _("Every row and every phone arrived. Rows: {rows}. Phones: {phones}.", **told)
            if phones
            else _("Every row arrived. Rows: {rows}.", **told)
        )
        st.success(said, icon=":material/task_alt:")
        return
    told["arrived"] = number(number_of(sheets, "rows", ARRIVED))
    told["same"] = number(number_of(sheets, "phones", PHONE_ARRIVED))
    said = (
        _("{arrived} of {rows} rows and {same} of {phones} phones arrived.", **told)
        if phones
        else _("{arrived} of {rows} rows arrived.", **told)
    )
    rejected = number_of(sheets, "phones", PHONE_REJECTED)
    if rejected:
        more = ngettext("{n} phone stands in a rejected row.", "{n} phones stand in rejected rows.", rejected)
        said = _("{said} {more}", said=said, more=more)
    st.warning(said, icon=":material/rule:")


def _counts(sheets: Sheets) -> None:
    section(
        _("File and database"),
        _("A click lists the rows of one sheet.") if len(sheets) > 1 else "",
    )
    rows: dict[str, list[Any]] = {
        "id": list(range(len(sheets))),
        "sheet": [f"{'▲' if _open(sheet) else '●'} {sheet['sheet']}" for sheet in sheets],
        "table": [label(TABLES, sheet["table"]) for sheet in sheets],
        "read": [sheet["rows_read"] for sheet in sheets],
        "arrived": [number_of([sheet], "rows", ARRIVED) for sheet in sheets],
        "missing": [number_of([sheet], *fates_of("rows")) for sheet in sheets],
        "rejected": [number_of([sheet], *fates_of("rejected")) for sheet in sheets],
        "phones": [_phones_said(sheet, _phones(sheet)) for sheet in sheets],
        "phones_there": [
            _phones_said(sheet, number_of([sheet], "phones", PHONE_ARRIVED)) for sheet in sheets
        ],
    }
    columns = {
        "sheet": tables.text(_("Sheet"), pinned=True),
        "missing": tables.count(_("Rows not there")),
        "rejected": tables.count(_("Rejected")),
        "phones": tables.text(_("Phones in the file"), alignment="right"),
        "phones_there": tables.text(_("Phones in the database"), alignment="right"),
        "read": tables.count(_("Rows in the file")),
        "arrived": tables.count(_("Rows in the database")),
        "table": tables.text(_("Kind of data")),
    }
    tables.records(
        rows, columns, key=f"{_KEY}.sheets", alt=_("File and database"), on_choose=_choose_sheet,
        height=tables.height_of(len(sheets)),
    )  # fmt: skip


def _phones_said(sheet: Mapping[str, Any], counted: int) -> str:
    if not sheet["has_phones"]:
        return NOTHING
    return number(counted) if _compared(sheet) else _("not compared")


def _open(sheet: Mapping[str, Any]) -> int:
    """How many rows and phones of a sheet did not arrive."""
    return sum(number_of([sheet], *fates_of(code)) for code in ("rows", "phones", "rejected"))


def _choose_sheet(place: int) -> None:
    st.session_state[f"{_KEY}.sheet"] = place


def _sheet(sheets: Sheets) -> int | None:
    """The sheet whose rows are listed; None: all."""
    if len(sheets) == 1:
        return None
    key = f"{_KEY}.sheet"
    if st.session_state.get(key) not in range(len(sheets)):
        st.session_state[key] = None
    names = [str(sheet["sheet"]) for sheet in sheets]
    picked: int | None = st.selectbox(
        _("Sheet"), range(len(sheets)), format_func=names.__getitem__, key=key, placeholder=_("All sheets"),
        label_visibility="collapsed", width=280,
    )  # fmt: skip
    narrowed(_("Sheet"), "" if picked is None else names[picked])
    return picked
