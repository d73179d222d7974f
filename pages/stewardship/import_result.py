"""Step five of an import: what it did, where that is seen, the grading that follows, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from core.access.actor import Permission
from core.facts.importing import ImportRequest
from core.facts.importing.queries import Undoing, undoing_of
from core.facts.labels import TABLES
from core.operations import jobs as operations
from core.store.jobs import JobView
from pages.frame import jobs, tables
from pages.frame.formats import moment, number
from pages.frame.navigation import link_to, offered
from pages.frame.parts import Tile, plain, section, tiles
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label, listed, ngettext
from pages.stewardship.import_steps import leave, result_of, sheets_of, slot_of
from pages.stewardship.import_undo import undo_box

_SEEN_AT = {
    "leads": ("funnel", "filter_alt"),
    "deals": ("funnel", "filter_alt"),
    "channel_costs": ("funnel", "filter_alt"),
    "campaigns": ("funnel", "filter_alt"),
    "customers": ("customer", "person_search"),
}
"""Table -> the page on which its rows are seen; the segments where it is not named."""


def show_result(session: Session, done: JobView) -> None:
    """What the finished import `done` did, and the ways on."""
    request, result = ImportRequest.from_json(done.payload), result_of(done)
    sheets = sheets_of(result)
    counts = result.get("counts", result)
    codes = [sheet.get("table_code", request.sheets[0].table_code) for sheet in sheets]
    st.caption(f"{plain(request.file_name)} · {listed(dict.fromkeys(label(TABLES, code) for code in codes))}")
    batches = [int(sheet["batch"]) for sheet in sheets if sheet.get("batch") is not None]
    undone = undoing_of(session.actor, session.store, batches[0]) if batches else None
    if undone:
        _undone(session, undone, batches)
    else:
        _verdict(counts, batches)
    _counts(counts)
    if len(sheets) > 1:
        _by_sheet(sheets)
    with st.container(horizontal=True, vertical_alignment="center"):
        if "file" in result:
            st.link_button(
                _("Rejected rows ({n})", n=number(counts["rejected"])),
                f"/exports/{done.id}",
                icon=":material/download:",
            )
        if batches and not undone:
            _watch_search(session, result.get("search_job"))
            _ways_on(session, codes, counts)
        st.button(_("Bring in another file"), icon=":material/upload:", type="tertiary", on_click=leave)
    if batches:
        undo_box(session, batches[0], undone=undone is not None)
    if result.get("cycle_job") is not None and not undone:
        _grading(session, int(result["cycle_job"]))


def _undone(session: Session, undone: Undoing, batches: Sequence[int]) -> None:
    """When and by whom it was taken back; what follows tells of the past."""
    by = undone.by or _("System")
    st.info(
        ngettext(
            "Import no. {batch} was undone on {moment} by {name}.",
            "Imports no. {batch} were undone on {moment} by {name}.",
            len(batches),
            batch=listed(str(batch) for batch in batches),
            moment=moment(undone.at, business(session.store).time_zone),
            name=plain(by),
        ),
        icon=":material/undo:",
    )
    section(_("What it had done"), _("Before it was undone."))


def _verdict(counts: dict[str, Any], batches: Sequence[int]) -> None:
    if not batches:
        st.error(_("Nothing was imported: no row could be taken."), icon=":material/block:")
        return
    changed = counts["added"] + counts["updated"]
    st.success(
        ngettext(
            "Imported: {n} row was added or updated. Import no. {batch}.",
            "Imported: {n} rows were added or updated. Import no. {batch}.",
            changed,
            batch=listed(str(batch) for batch in batches),
        ),
        icon=":material/check_circle:",
    )


def _counts(counts: dict[str, Any]) -> None:
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
        row.append(Tile(_("Suspected duplicates"), number(counts["suspected_duplicates"])))
    tiles(row, "exchange_result")


def _by_sheet(sheets: Sequence[dict[str, Any]]) -> None:
    figures = ("rows_read", "added", "updated", "unchanged", "rejected")
    shown = {
        "sheet": [each["sheet"] or NOTHING for each in sheets],
        "table": [label(TABLES, each["table_code"]) for each in sheets],
        **{name: [int(each[name]) for each in sheets] for name in figures},
    }
    columns = {
        "sheet": tables.text(_("Sheet")),
        "table": tables.text(_("Kind of data")),
        "rejected": tables.count(_("Rejected")),
        "rows_read": tables.count(_("Rows read")),
        "added": tables.count(_("Added")),
        "updated": tables.count(_("Updated")),
        "unchanged": tables.count(_("Unchanged")),
    }
    arrays = {name: pa.array(values) for name, values in shown.items()}
    tables.read_only(arrays, columns, alt=_("Sheets"), height="content")


def _watch_search(session: Session, job_id: int | None) -> None:
    """Let the list of duplicates show the search that the import has set going, while it runs."""
    if job_id is not None and operations.job(session.actor, session.store, job_id).status in jobs.UNSETTLED:
        st.session_state["data_quality.search"] = job_id


def _ways_on(session: Session, codes: Sequence[str], counts: Mapping[str, Any]) -> None:
    """Links to where what came in is seen."""
    words = {
        "funnel": _("Open the funnel"),
        "segment_explorer": _("Open the segments"),
        "customer": _("Open the customers"),
        "data_quality": _("Look at suspected duplicates"),
    }
    places = dict.fromkeys(_SEEN_AT.get(code, ("segment_explorer", "grid_view")) for code in codes)
    if "customers" in codes:
        # Who is new may have been graded too, and may be somebody who is known.
        places["segment_explorer", "grid_view"] = None
        if counts["suspected_duplicates"]:
            places["data_quality", "join_inner"] = None
    for code, icon in places:
        if offered(session.actor, code):
            where = {"view": "duplicates"} if code == "data_quality" else {}
            link_to(code, words[code], icon=f":material/{icon}:", **where)


def _grading(session: Session, job_id: int) -> None:
    """The cycle that the import has set going."""
    section(_("Grading"), _("Grades, warnings and work orders are worked out anew after each import."))
    slot = slot_of(job_id)
    operations.job(session.actor, session.store, st.session_state[slot])
    with st.container(border=True):
        done = jobs.watch(slot)
        if done is None:
            return
        cycle = result_of(done)
        st.markdown(
            ":material/check_circle: "
            + _(
                "{graded} customers with orders were scored; the grade or stage of {changed} customers changed; "
                "{opened} work orders were opened.",
                graded=number(cycle["graded"]),
                changed=number(cycle["grades_changed"]),
                opened=number(cycle["work_orders_opened"]),
            )
        )
        if session.actor.may(Permission.WORK_ORDERS) and cycle["work_orders_opened"]:
            link_to("churn_worklist", _("Open the worklist"), icon=":material/notification_important:")
