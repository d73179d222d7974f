"""The queue of customers who may be one, and the merges so far."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.access.actor import Permission
from core.facts.duplicates.merge_service import undo_merge
from core.facts.duplicates.queries import MergeRow, PairRow, merges, pair_counts, pairs
from core.facts.duplicates.service import propose_again
from core.facts.labels import DUPLICATE_REASONS, DUPLICATE_STATES
from core.operations import jobs as operations
from core.store.records import label_of
from pages.frame import jobs, tables
from pages.frame.filters import one
from pages.frame.formats import moment, number, short_day
from pages.frame.parts import confirm, empty, plain, refusal, section
from pages.frame.session import Session, business, current
from pages.frame.words import NOTHING, _, label, listed, ngettext, say

PAGE = "data_quality"
_SHOWN = 200
_STATES = ("open", "distinct", "merged")
_LOOKS = {
    "same_name_phone": ("●", "red"),
    "similar_name_phone": ("◐", "red"),
    "same_name_birthday": ("●", "orange"),
    "same_name_email": ("●", "orange"),
    "same_phone": ("◆", "orange"),
    "same_name": ("◐", "blue"),
    "similar_name": ("○", "blue"),
}


def show_duplicates(session: Session) -> None:
    """The pairs of a state; a click compares the two."""
    _take_in_search(session)
    said = st.session_state.pop(f"{PAGE}.merged", None)
    if said:
        st.success(said, icon=":material/merge:")
    counts = pair_counts(session.actor, session.store)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        state = one("state", _("State"), _STATES, lambda each: _state(each, counts), page=PAGE)
        _search(session)
    if state == "merged":
        _merges(session)
        return
    found = pairs(session.actor, session.store, state, limit=_SHOWN)
    if not found:
        empty(
            _("No pair waits here"),
            _(
                "Customers are searched for duplicates once a month: same phone, same name and phone, similar name."
            ),
        )
        return
    section(
        ngettext("{n} pair", "{n} pairs", counts.get(state, len(found))),
        _("The surest first. A click puts the two side by side."),
    )
    _table(found)


def _state(code: str, counts: dict[str, int]) -> str:
    name = label(DUPLICATE_STATES, code)
    return name if code == "merged" else f"{name} {number(counts.get(code, 0))}"


def _take_in_search(session: Session) -> None:
    """Say what a search came to. Before anything is shown: a choice whose counts change while the page begins anew
    would lose its highlight."""
    slot = f"{PAGE}.search"
    if slot not in st.session_state or not session.actor.may(Permission.IMPORT):
        return
    found = operations.job(session.actor, session.store, st.session_state[slot])
    if found.status == "done" and found.result:
        jobs.forget(slot)
        st.session_state[f"{PAGE}.merged"] = _(
            "Searched: {new} new, {open} to decide.",
            new=number(found.result["new"]), open=number(found.result["open"]),
        )  # fmt: skip


def _search(session: Session) -> None:
    """Look for duplicates now; for who works on data for the whole company."""
    if not session.actor.may(Permission.IMPORT):
        return
    slot = f"{PAGE}.search"
    jobs.watch(slot)
    if slot not in st.session_state:
        st.button(_("Search now"), icon=":material/search:", key=f"{slot}.ask", on_click=_ask, args=(slot,))


def _ask(slot: str) -> None:
    with refusal():
        jobs.start(slot, "duplicates", {})


def _table(found: list[PairRow]) -> None:
    signs = {code: f"{shape} {label(DUPLICATE_REASONS, code)}" for code, (shape, _color) in _LOOKS.items()}
    rows = {
        "id": [each.id for each in found],
        "reason": [[signs[each.reason]] for each in found],
        "first": [each.first_name or NOTHING for each in found],
        "first_code": [each.first_code for each in found],
        "second": [each.second_name or NOTHING for each in found],
        "second_code": [each.second_code for each in found],
        "likeness": [each.likeness for each in found],
        "manager": [each.account_manager or NOTHING for each in found],
        "found": [short_day(each.found_on) for each in found],
    }
    columns = {
        "first": tables.text(_("First customer"), width=175),
        "second": tables.text(_("Second customer"), width=175),
        "reason": tables.signals(
            _("Why"), list(signs.values()), [color for _shape, color in _LOOKS.values()], width=190
        ),
        "likeness": tables.count(
            _("Names alike, %"),
            help=_("Names are compared without their place, legal form and line of trade."),
        ),
        "first_code": tables.text(_("Code of the first")),
        "second_code": tables.text(_("Code of the second")),
        "manager": tables.text(_("Account manager")),
        "found": tables.text(_("Found on")),
    }
    tables.records(
        rows, columns, key=f"{PAGE}.pairs", alt=_("Suspected duplicates"), on_choose=open_pair,
        height=tables.height_of(len(found)),
    )  # fmt: skip


def open_pair(pair_id: int) -> None:
    """Compare the two of a pair; for a callback."""
    st.query_params["pair"] = str(pair_id)


def close_pair() -> None:
    """Back to the queue; for a callback."""
    st.query_params.pop("pair", None)


def take_back(pair_id: int) -> None:
    """Propose a pair again; for a callback."""
    session = current()
    with refusal():
        propose_again(session.actor, session.store, pair_id, now=clock.now())


def _merges(session: Session) -> None:
    done = merges(session.actor, session.store)
    if not done:
        empty(_("Nothing has been merged yet"), _("Every merge is listed here and can be undone."))
        return
    section(
        _("Merges"),
        _("The newest first. What came to a customer after the merge stays with the one that was kept."),
    )
    zone = business(session.store).time_zone
    for each in done[:_SHOWN]:
        with st.container(
            border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            with st.container(gap=None, width="content"):
                st.text(f"{each.name or each.code} ({each.code} ← {each.gone_code})")
                st.caption(_facts(each, zone))
            if each.undone_at is None:
                _undo(session, each)


def _facts(each: MergeRow, zone: str) -> str:
    facts = [moment(each.merged_at, zone), plain(each.merged_by or _("System"))]
    if each.undone_at is not None:
        facts.append(_("undone {when}", when=moment(each.undone_at, zone)))
    return " · ".join(facts)


def _undo(session: Session, each: MergeRow) -> None:
    if not confirm(
        _("Undo the merge"),
        _("Both customers stand as they did before the merge, each with its own records."),
        key=f"{PAGE}.undo.{each.id}",
        icon=":material/undo:",
    ):
        return
    with refusal():
        undone = undo_merge(session.actor, session.store, each.id, now=clock.now())
        stayed = [f"{_(label_of(table))} {number(count)}" for table, count in undone.stayed.items()]
        said = _("The merge is undone.")
        if stayed:
            more = _("Stayed with the one that was kept: {records}.", records=listed(stayed))
            said = _("{said} {more}", said=said, more=more)
        if undone.differing is not None:
            said = _("{said} {more}", said=said, more=say(undone.differing))
        st.session_state[f"{PAGE}.merged"] = said
        st.rerun()
