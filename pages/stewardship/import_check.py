"""Step four of an import: what it would do, told before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.importing import ImportRequest
from core.facts.labels import MODES
from core.facts.matching.mappings import tables_of_checks
from core.language import Message
from core.operations import jobs as operations
from core.store.jobs import JobView
from pages.frame.formats import number
from pages.frame.parts import plain, refusal, section
from pages.frame.session import Session, current
from pages.frame.words import _, label, listed, ngettext, say
from pages.stewardship.import_match import ask_check
from pages.stewardship.import_options import options
from pages.stewardship.import_plan import Plan, plan_of
from pages.stewardship.import_samples import Seen, show_fates
from pages.stewardship.import_steps import (
    load_draft,
    open_step,
    other_file,
    result_of,
    sentences,
    sheet_as,
    sheets_of,
    still_there,
)
from pages.stewardship.import_values import values_box

_KEY = "exchange.check"


def show_check(session: Session, done: JobView) -> None:
    """The preview that the finished check `done` holds, and the ways on from it."""
    request, result = ImportRequest.from_json(done.payload), result_of(done)
    sheets, counts = sheets_of(result), result["counts"]
    plan = _plan(session, request)
    _heading(request)
    again = False
    if still_there(session, request.path):
        _verdict(request, counts)
        changed = plan is not None and _differs(plan, request)
        again = _ways_on(counts, done, changed=changed, may_change=plan is not None)
    else:
        _gone(counts, done)
    if plan is not None and st.session_state.get(f"{_KEY}.options.{done.id}"):
        options(plan)
    seen = _sheet_in_hand(sheets, done.id)
    if plan is not None:
        _settle(plan, seen, request)
    spec = tables_of_checks(session.actor, session.store)[seen["table_code"]]
    show_fates(seen, spec, f"{_KEY}.fate.{done.id}.{sheets.index(seen)}")
    _notes(result, seen)
    if plan is not None and again:
        ask_check(session, plan)


def _plan(session: Session, request: ImportRequest) -> Plan | None:
    """What is settled about the file; None when the file is gone or somebody else's: then it cannot be changed."""
    try:
        return plan_of(session, load_draft(session, request.path))
    except ProductError:
        return None


def _differs(plan: Plan, request: ImportRequest) -> bool:
    """Whether something was settled otherwise since this check, or a field of it was retired."""
    draft = plan.draft
    for sheet in request.sheets:
        if any(code and code not in plan.tables[sheet.table_code].codes for code in sheet.mapping.values()):
            return True
    if any(getattr(draft, name) != getattr(request, name) for name in ("mode", "all_or_nothing")):
        return True
    if plan.clears_blanks != request.clear_blanks:
        return True
    if draft.create_customers != request.create_customers and request.create_customers:
        return True
    return draft.checked is None and plan.request(request.language) != request


def _heading(request: ImportRequest) -> None:
    what = [plain(request.file_name)]
    what.append(listed(sheet_as(sheet.sheet or "", sheet.table_code, " → ") for sheet in request.sheets))
    what.append(label(MODES, request.mode))
    st.caption(" · ".join(what))


def _verdict(request: ImportRequest, counts: Mapping[str, int]) -> None:
    accepted = counts["rows_read"] - counts["rejected"]
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


def _ways_on(counts: Mapping[str, int], done: JobView, *, changed: bool, may_change: bool) -> bool:
    """The buttons. True when the file is to be checked again."""
    changes, again = counts["added"] + counts["updated"], False
    with st.container(horizontal=True, vertical_alignment="center"):
        if changed:
            again = st.button(
                _("Check again"), type="primary", icon=":material/fact_check:", key="exchange.check_again"
            )
        elif changes:
            st.button(
                ngettext("Import {n} row", "Import {n} rows", changes),
                type="primary",
                icon=":material/download_done:",
                key="exchange.import",
                on_click=_commit,
                args=(done.id,),
            )
        _rejects(counts, done)
        if may_change:
            st.toggle(_("Options"), key=f"{_KEY}.options.{done.id}")
        created = counts.get("customers_created", 0)
        facts = [_counted(counts)]
        if created:
            facts.append(ngettext("{n} customer would be added.", "{n} customers would be added.", created))
        facts.append(_("Nothing is saved yet."))
        st.caption(sentences(*facts))
    return bool(again)


def _gone(counts: Mapping[str, int], done: JobView) -> None:
    """What was found can still be read; an import would be refused, now and whenever it is tried again."""
    st.warning(_("This file is no longer kept. Upload it again."), icon=":material/hourglass_disabled:")
    with st.container(horizontal=True):
        other_file("primary")
        _rejects(counts, done)


def _rejects(counts: Mapping[str, int], done: JobView) -> None:
    """The workbook of rejected rows, if there are any."""
    if "file" in result_of(done):
        st.link_button(
            _("Rejected rows ({n})", n=number(counts["rejected"])),
            f"/exports/{done.id}",
            icon=":material/download:",
        )


def _counted(counts: Mapping[str, int]) -> str:
    """What becomes of all rows of all sheets; the parts add up to what was read."""
    names = ("rows_read", "added", "updated", "unchanged", "rejected")
    return _(
        "{rows_read} rows: {added} new, {updated} changed, {unchanged} unchanged, {rejected} rejected.",
        **{name: number(counts[name]) for name in names},
    )


def _commit(job_id: int) -> None:
    """Import exactly what was checked."""
    session = current()
    with refusal():
        asked = operations.job(session.actor, session.store, job_id).payload
        open_step(job=operations.ask(session.actor, session.store, "import_commit", asked, now=clock.now()))


def _sheet_in_hand(sheets: list[dict[str, Any]], job_id: int) -> dict[str, Any]:
    """The sheet that is looked at; of several the person chooses."""
    if len(sheets) == 1:
        return sheets[0]
    names = {
        place: f"{'▲' if each['counts']['rejected'] else '●'} {sheet_as(each['sheet'], each['table_code'])}"
        for place, each in enumerate(sheets)
    }
    chosen = st.segmented_control(
        _("Sheet"),
        list(names),
        format_func=names.__getitem__,
        key=f"{_KEY}.sheet.{job_id}",
        default=0,
        required=True,
        label_visibility="collapsed",
    )
    return sheets[int(chosen)]


def _notes(result: Mapping[str, Any], seen: Seen) -> None:
    """What was decided without refusing a row, of the file and of the sheet that is looked at."""
    whole = (
        result.get("notes", ()) if "sheets" in result else ()
    )  # of earlier versions a sheet is the result itself
    notes = [say(Message.from_json(each)) for each in (*whole, *seen["notes"])]
    ignored = [each for each in seen["ignored_columns"] if each]
    if ignored:
        notes.append(_("Ignored columns: {columns}.", columns=listed(ignored)))
    if not notes:
        return
    section(_("Good to know"))
    st.markdown("\n".join(f"- {plain(note)}" for note in notes))


def _settle(plan: Plan, seen: Seen, request: ImportRequest) -> None:
    """Words that the check could not read, in the whole file, to be settled right here."""
    place = next((n for n in plan.chosen if (plan.sheet(n).name or "") == (seen["sheet"] or "")), None)
    if place is None or plan.chosen[place] != seen["table_code"]:
        return
    table = plan.table(place)
    unread = {code: words for code, words in seen.get("unread", {}).items() if code in table.codes}
    values_box(plan, place, table, unread, _("in the file"))
