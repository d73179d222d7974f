"""The migration check: a file held against the database, and the imports so far counted against it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.facts.labels import TABLES as TABLE_NAMES
from core.facts.migration_check import PHONE_FATES, ROW_FATES, TABLES, BatchCheck
from core.facts.migration_queries import import_checks, import_fields
from core.facts.uploads import upload
from core.store.jobs import JobView
from pages.frame import jobs, tables
from pages.frame.filters import chosen_id
from pages.frame.formats import moment, number
from pages.frame.parts import empty, plain, refusal, section
from pages.frame.session import Session, business, current
from pages.frame.words import NOTHING, _, label, ngettext
from pages.stewardship.intake import upload_box

PAGE = "data_quality"
_SLOT = f"{PAGE}.check"
_GOOD = ("there", "merged", "same")


def show_migration(session: Session) -> None:
    """Check a file, then the imports so far."""
    with st.container(border=True):
        section(
            _("Check a file against the database"),
            _("Every row and every phone of the file is looked for. Nothing is imported."),
        )
        _file()
    done = jobs.watch(_SLOT)
    if done is not None and done.result:
        _result(session, done)
    _imports(session)


def _file() -> None:
    names = {code: label(TABLE_NAMES, code) for code in TABLES}
    st.segmented_control(
        _("Kind of data"), list(names), format_func=names.__getitem__, key=f"{_SLOT}.table", default=TABLES[0],
        required=True, label_visibility="collapsed",
    )  # fmt: skip
    token = upload_box(f"{_SLOT}.upload")
    if token:
        _start(token)


def _start(token: str) -> None:
    session = current()
    with refusal():
        found = upload(session.actor, session.store, token)
        asked = {
            "path": token,
            "file_name": found.file_name,
            "table_code": st.session_state[f"{_SLOT}.table"],
            "language": session.language,
        }
        jobs.start(_SLOT, "migration_check", asked)


def _result(session: Session, done: JobView) -> None:
    result: dict[str, Any] = done.result or {}
    total = int(result["findings_total"])
    with st.container(border=True, key="migration_result"):
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            with st.container(gap=None, width="content"):
                st.text(str(result["file_name"]))
                st.caption(ngettext("{n} row read", "{n} rows read", int(result["rows_read"])))
            st.link_button(_("Download the result"), f"/exports/{done.id}", icon=":material/download:")
        if total:
            st.warning(
                ngettext(
                    "{n} difference: something did not arrive.",
                    "{n} differences: not everything arrived.",
                    total,
                ),
                icon=":material/rule:",
            )
        else:
            st.success(_("Every row and every phone arrived."), icon=":material/task_alt:")
        left, right = st.columns([4, 7], gap="medium")
        with left:
            _counts(result)
        with right:
            _findings(result, total)


def _counts(result: dict[str, Any]) -> None:
    lines = [(_("Rows"), ROW_FATES, fate, n) for fate, n in result["rows"].items()]
    lines += [(_("Phones"), PHONE_FATES, fate, n) for fate, n in result["phones"].items()]
    rows = {
        "what": [what for what, _words, _fate, _n in lines],
        "fate": [f"{'●' if fate in _GOOD else '▲'} {label(words, fate)}" for _what, words, fate, _n in lines],
        "n": [n for _what, _words, _fate, n in lines],
    }
    columns = {
        "what": tables.text(_("Counted")),
        "fate": tables.text(_("What became of it")),
        "n": tables.count(_("Number")),
    }
    tables.read_only(rows, columns, alt=_("Rows and phones of the file"), height="content")


def _findings(result: dict[str, Any], total: int) -> None:
    found = result["findings"]
    if not found:
        return
    if total > len(found):
        st.caption(
            _(
                "The first {rows} of {total}; the download has all.",
                rows=number(len(found)),
                total=number(total),
            )
        )
    words = {"row": (_("Row"), ROW_FATES), "phone": (_("Phone"), PHONE_FATES)}
    rows = {
        "row": [each["row"] for each in found],
        "code": [each["code"] or NOTHING for each in found],
        "what": [words[each["what"]][0] for each in found],
        "fate": [label(words[each["what"]][1], each["fate"]) for each in found],
    }
    columns = {
        "row": tables.count(_("Row in the file")),
        "code": tables.text(_("Code")),
        "what": tables.text(_("Counted")),
        "fate": tables.text(_("What became of it")),
    }
    tables.read_only(rows, columns, alt=_("Differences"), height=tables.height_of(len(found)))


def _imports(session: Session) -> None:
    found = import_checks(session.actor, session.store)
    if not found:
        empty(
            _("No customers or leads have been imported yet"),
            _("Each import is listed here with what the database holds of it."),
        )
        return
    section(
        _("Imports against the database"),
        _("What the file had, and what is there as this import left it. A click counts the fields."),
    )
    zone = business(session.store).time_zone
    rows: dict[str, list[Any]] = {
        "id": [each.id for each in found],
        "when": [moment(each.committed_at, zone) for each in found],
        "file": [each.file_name for each in found],
        "table": [label(TABLE_NAMES, each.table_code) for each in found],
        "read": [each.rows_read for each in found],
        "accepted": [each.accepted for each in found],
        "rejected": [each.rejected for each in found],
        "there": [each.there for each in found],
        "phones": [NOTHING if each.phones_in_file is None else number(each.phones_in_file) for each in found],
        "phones_there": [each.phones_there for each in found],
        "verdict": [_verdict(each) for each in found],
    }
    columns = {
        "when": tables.text(_("Imported at")),
        "file": tables.text(_("File"), width="medium"),
        "table": tables.text(_("Kind of data")),
        "read": tables.count(_("Rows read")),
        "accepted": tables.count(_("Accepted")),
        "rejected": tables.count(_("Rejected")),
        "there": tables.count(_("Records there")),
        "phones": tables.text(_("Phones in the file"), alignment="right"),
        "phones_there": tables.count(_("Phones there")),
        "verdict": tables.text(_("Explanation"), width="large"),
    }
    tables.records(
        rows,
        columns,
        key=f"{PAGE}.imports",
        alt=_("Imports against the database"),
        on_choose=_choose,
        height=tables.height_of(len(found)),
    )
    chosen = next((each for each in found if each.id == chosen_id("import")), None)
    if chosen is not None:
        _import(session, chosen)


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
        "field": [_(each.field.label) for each in found],
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


def _verdict(each: BatchCheck) -> str:
    """What explains that records and phones are others than those of the file."""
    if each.undone_at is not None:
        return _("undone")
    explained = []
    if each.edited:
        explained.append(ngettext("{n} edited since", "{n} edited since", each.edited))
    if each.merged:
        explained.append(ngettext("{n} merged since", "{n} merged since", each.merged))
    if each.there < each.accepted and each.later:
        explained.append(_("records that a later import changed are counted there"))
    if each.accepted == each.there and each.phones_in_file is None:
        return " · ".join(["● " + _("rows complete; phones were not counted then"), *explained])
    if each.accepted == each.there and each.phones_in_file == each.phones_there:
        return " · ".join(["● " + _("complete"), *explained])
    return " · ".join(["◐ " + _("differs"), *(explained or [_("check the file itself above")])])
