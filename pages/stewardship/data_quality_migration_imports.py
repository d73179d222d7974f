"""The imports so far, counted against the database as it is now."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.facts.labels import TABLES
from core.facts.migration.imports import BatchCheck, import_checks, import_fields
from pages.frame import tables
from pages.frame.filters import chosen_id
from pages.frame.formats import moment, number
from pages.frame.parts import empty, plain, section
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label, ngettext, say

_KEY = "data_quality.imports"


def show_imports(session: Session) -> None:
    """What each import brought and what is there of it; a click counts its fields."""
    found = import_checks(session.actor, session.store)
    if not found:
        empty(
            _("Nothing has been imported yet"),
            _("Each import is listed here with what the database holds of it."),
        )
        return
    section(
        _("Imports against the database"),
        _("What the import brought, and what is there of it now. A click counts the fields."),
    )
    zone = business(session.store).time_zone
    rows: dict[str, list[Any]] = {
        "id": [each.id for each in found],
        "when": [moment(each.committed_at, zone) for each in found],
        "file": [" · ".join(filter(None, (each.file_name, each.sheet))) for each in found],
        "table": [label(TABLES, each.table_code) for each in found],
        "read": [each.rows_read for each in found],
        "rejected": [each.rejected for each in found],
        "left": [each.left for each in found],
        "there": [each.there for each in found],
        "phones": [_number(each.phones_in_file) for each in found],
        "phones_there": [_number(each.phones_there) for each in found],
        "state": [_state(each) for each in found],
        "verdict": [_explained(each) for each in found],
    }
    columns = {
        "state": tables.text(_("State"), width=95),
        "file": tables.text(_("File"), width=135),
        "left": tables.count(_("Added or changed")),
        "there": tables.count(_("Records there")),
        "verdict": tables.text(_("Explanation")),
        "phones": tables.text(_("Phones brought in"), alignment="right"),
        "phones_there": tables.text(_("Phones there"), alignment="right"),
        "table": tables.text(_("Kind of data")),
        "read": tables.count(_("Rows read")),
        "rejected": tables.count(_("Rejected")),
        "when": tables.text(_("Imported at")),
    }
    if all(value == NOTHING for value in rows["verdict"]):
        del columns["verdict"]
    tables.records(
        rows, columns, key=_KEY, alt=_("Imports against the database"), on_choose=_choose,
        height=tables.height_of(len(found)),
    )  # fmt: skip
    chosen = next((each for each in found if each.id == chosen_id("import")), None)
    if chosen is not None:
        _import(session, chosen)


def _number(count: int | None) -> str:
    return NOTHING if count is None else number(count)


def _choose(batch_id: int) -> None:
    st.query_params["import"] = str(batch_id)


def _import(session: Session, chosen: BatchCheck) -> None:
    """The fields of one import, in the file and in the database."""
    section(_("Import no. {number} by field", number=number(chosen.id)), plain(chosen.file_name))
    found = import_fields(session.actor, session.store, chosen.id)
    if not found:
        st.caption(_("Fields were not counted when this file was imported. Check the file itself above."))
        return
    rows: dict[str, list[Any]] = {
        "field": [say(each.field.named) for each in found],
        "file": [each.in_file for each in found],
        "there": [each.there for each in found],
        "difference": [each.there - each.in_file for each in found],
    }
    columns = {
        "field": tables.text(_("Field")),
        "file": tables.count(_("In the file")),
        "there": tables.count(_("In the database")),
        "difference": tables.count(_("Difference")),
    }
    tables.read_only(rows, columns, alt=_("Fields of an import"), height="content")


def _state(each: BatchCheck) -> str:
    if each.undone_at is not None:
        return "– " + _("undone")
    return "● " + _("complete") if each.complete else "◐ " + _("differs")


def _explained(each: BatchCheck) -> str:
    """What explains that records and phones are others than those of the file."""
    if each.undone_at is not None:
        return NOTHING
    explained = []
    if each.unchanged:
        explained.append(ngettext("{n} row was there before", "{n} rows were there before", each.unchanged))
    if each.edited:
        explained.append(ngettext("{n} edited since", "{n} edited since", each.edited))
    if each.merged:
        explained.append(ngettext("{n} merged since", "{n} merged since", each.merged))
    if each.there < each.left and each.later:
        explained.append(_("a later import changed some"))
    if not explained and not each.complete:
        explained.append(_("check the file itself above"))
    return " · ".join(explained) or NOTHING
