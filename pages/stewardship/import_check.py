"""Step three of an import: what it would do, told before anything is saved."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import clock
from core.facts.fields import TABLES as SPECS
from core.facts.fields import Field, TableSpec
from core.facts.importing import ImportRequest
from core.facts.labels import MODES, TABLES, YES_NO
from core.facts.uploads import upload_outline
from core.language import Message
from core.operations import jobs as operations
from core.store.jobs import JobView
from pages.frame import tables
from pages.frame.formats import number
from pages.frame.parts import Tile, plain, refusal, section, tiles
from pages.frame.session import Session, current
from pages.frame.words import NOTHING, _, label, language, ngettext, say
from pages.stewardship.import_steps import draft_of, keep_draft, leave, open_step, result_of

_TALLEST = 420
_ROW_HEIGHT = 35


def show_check(session: Session, done: JobView) -> None:
    """The preview that the finished check `done` holds, and the ways on from it."""
    request, seen = ImportRequest.from_json(done.payload), result_of(done)
    counts = seen["counts"]
    accepted = counts["added"] + counts["updated"] + counts["unchanged"]
    _verdict(request, counts, accepted)
    show_counts(counts, "exchange_check")
    _ways_on(request, counts, done)
    if seen["problems_total"]:
        _problems(seen, done)
    _details(request, seen)


def show_counts(counts: dict[str, Any], key: str) -> None:
    """What became, or would become, of the rows."""
    row = [
        Tile(_("Rows read"), number(counts["rows_read"])),
        Tile(_("Added"), number(counts["added"])),
        Tile(_("Updated"), number(counts["updated"])),
        Tile(_("Unchanged"), number(counts["unchanged"]), _("stored already")),
        Tile(_("Rejected"), number(counts["rejected"]), _("with a reason for each")),
    ]
    if counts["customers_created"]:
        row.append(Tile(_("New customers"), number(counts["customers_created"])))
    if counts["suspected_duplicates"]:
        row.append(
            Tile(
                _("Suspected duplicates"),
                number(counts["suspected_duplicates"]),
                _("equal lines, kept"),
                help=_(
                    "Lines of one order that are equal in every value. They may be meant, so they are kept."
                ),
            )
        )
    tiles(row, key)


def _verdict(request: ImportRequest, counts: dict[str, Any], accepted: int) -> None:
    what = [plain(request.file_name)]
    if request.sheet:
        what.append(plain(request.sheet))
    what += [label(TABLES, request.table_code), label(MODES, request.mode)]
    st.caption(" · ".join(what))
    if not accepted:
        sentence = (
            _("A row is rejected, and you asked to import nothing then. Correct the file, or change that.")
            if request.all_or_nothing
            else _("No row can be taken. The reasons stand below.")
        )
        st.error(sentence, icon=":material/block:")
    elif counts["rejected"]:
        sentence = (
            ngettext(
                "{n} row is rejected; all others can be imported.",
                "{n} rows are rejected; all others can be imported.",
                counts["rejected"],
            )
            if counts["added"] or counts["updated"]
            else ngettext(
                "{n} row is rejected; all others are stored already.",
                "{n} rows are rejected; all others are stored already.",
                counts["rejected"],
            )
        )
        st.warning(sentence, icon=":material/rule:")
    elif not counts["added"] and not counts["updated"]:
        st.info(_("Every row is stored already; there is nothing to import."), icon=":material/done_all:")
    else:
        st.success(_("Every row can be imported."), icon=":material/check_circle:")


def _ways_on(request: ImportRequest, counts: dict[str, Any], done: JobView) -> None:
    changes = counts["added"] + counts["updated"]
    with st.container(horizontal=True, vertical_alignment="center"):
        if changes:
            st.button(
                ngettext("Import {n} row", "Import {n} rows", changes),
                type="primary",
                icon=":material/download_done:",
                on_click=_commit,
                args=(done.id,),
            )
        st.button(_("Change columns or options"), icon=":material/edit:", on_click=_change, args=(request,))
        st.button(_("Choose another file"), icon=":material/undo:", type="tertiary", on_click=leave)
        st.caption(_("Nothing is saved yet."))


def _commit(job_id: int) -> None:
    """Import exactly what was checked."""
    session = current()
    with refusal():
        asked = operations.job(session.actor, session.store, job_id).payload
        open_step(job=operations.ask(session.actor, session.store, "import_commit", asked, now=clock.now()))


def _change(request: ImportRequest) -> None:
    session = current()
    with refusal():
        sheets = upload_outline(session.actor, session.store, request.path).sheets
        place = next((n for n, sheet in enumerate(sheets) if sheet.name == (request.sheet or "")), 0)
        keep_draft(draft_of(request, place))
        open_step(file=request.path)


def _problems(seen: dict[str, Any], done: JobView) -> None:
    shown, total = seen["problems"], seen["problems_total"]
    note = (
        _("The first {shown} of {all}; the workbook holds every rejected row.",
          shown=number(len(shown)), all=number(total))
        if total > len(shown)
        else _("Correct them in the workbook and bring it in again; nothing is doubled.")
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        section(_("What is wrong"), note)
        if "file" in seen:
            st.link_button(_("Rejected rows"), f"/exports/{done.id}", icon=":material/download:")
    frame = pd.DataFrame(
        [
            {
                "row": each["row"],
                "column": each["column"] or NOTHING,
                "reason": say(Message.from_json(each["message"])),
            }
            for each in shown
        ]
    )
    columns = {
        "row": tables.count(_("Row"), width=70),
        "column": tables.text(_("Column"), width=170),
        "reason": tables.text(_("Reason"), width=800),
    }
    tables.read_only(frame, columns, alt=_("What is wrong"), height=_height(frame))


def _details(request: ImportRequest, seen: dict[str, Any]) -> None:
    """What was tidied, what was decided, and how the first rows would be stored."""
    spec = SPECS[request.table_code]
    notes = [say(Message.from_json(each)) for each in seen["notes"]]
    if seen["ignored_columns"]:
        notes.append(
            _(
                "Ignored columns: {columns}.",
                columns=", ".join(each or "–" for each in seen["ignored_columns"]),
            )
        )
    if notes:
        section(_("Good to know"))
        with st.container(gap="xsmall"):
            for note in notes:
                st.caption(f":material/info: {plain(note)}")
    if seen["cleaned"]:
        section(_("Tidied"), _("Same meaning, one way of writing."))
        cleaned = pd.DataFrame(
            [
                {
                    "field": _(spec.field(each["field"]).label),
                    "cells": each["cells"],
                    "sample": "   ".join(f"{before} → {after}" for before, after in each["samples"])
                    or NOTHING,
                }
                for each in seen["cleaned"]
            ]
        )
        columns = {
            "field": tables.text(_("Field"), width=170),
            "cells": tables.count(_("Cells"), width=70),
            "sample": tables.text(_("For example"), width=800),
        }
        tables.read_only(cleaned, columns, alt=_("Tidied"), height=_height(cleaned))
    if seen["sample"]:
        section(_("First rows, as they would be stored"), _("Personal data is masked."))
        sample = pd.DataFrame([_readable(spec, row) for row in seen["sample"]]).fillna("")
        fields = {code: tables.text(_(spec.field(code).label)) for code in spec.codes if code in sample}
        tables.read_only(sample, fields, alt=_("First rows, as they would be stored"), height=_height(sample))


def _readable(spec: TableSpec, row: dict[str, str]) -> dict[str, str]:
    """A sampled row with words in place of codes."""
    return {code: _words_of(spec.field(code)).get(value, value) for code, value in row.items()}


def _words_of(field: Field) -> dict[str, str]:
    """The words for the values of a field that is stored as a code; none for other fields."""
    if field.kind == "yes_no":
        return {"True": label(YES_NO, "yes"), "False": label(YES_NO, "no")}
    chinese = language() == "zh_CN"
    return {choice.code: choice.zh if chinese else choice.en for choice in field.choices}


def _height(frame: pd.DataFrame) -> int:
    return min(_TALLEST, 2 + _ROW_HEIGHT * (len(frame) + 1))
