"""Undoing an import: what would be restored, removed and kept is said before it is done."""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from core import clock
from core.errors import ProductError
from core.facts.importing.undo import UndoPlan, undo_plan
from core.operations import jobs as operations
from pages.frame import jobs, tables
from pages.frame.formats import number
from pages.frame.parts import plain, refusal
from pages.frame.session import Session, current
from pages.frame.words import _, listed, say

_KEY = "exchange.undo"


def undo_box(session: Session, batch: int, *, undone: bool = False) -> None:
    """A button that asks with all consequences, then what the undoing did. `undone`: there is nothing left to undo."""
    slot, asked = f"{_KEY}.job.{batch}", f"{_KEY}.asked.{batch}"
    if slot in st.session_state:
        done = jobs.watch(slot)
        if done is not None:
            told = done.result or {}
            st.success(
                _told(int(told["added"]), int(told["restored"]), int(told["kept_total"]), done=True),
                icon=":material/undo:",
            )
        return
    if undone:
        return
    if not st.session_state.get(asked):
        st.button(
            _("Undo this import"), icon=":material/undo:", key=f"{_KEY}.ask.{batch}", type="tertiary",
            on_click=_ask, args=(asked, True),
        )  # fmt: skip
        return
    with st.container(border=True, key=f"confirm_undo_{batch}"), refusal():
        _question(undo_plan(session.actor, session.store, batch), slot, asked, batch)


def _question(plan: UndoPlan, slot: str, asked: str, batch: int) -> None:
    if plan.blocked:
        st.warning("\n".join(f"- {plain(say(each))}" for each in plan.blocked), icon=":material/block:")
    else:
        if len(plan.batches) > 1:
            st.caption(
                _(
                    "The sheets of one file are undone together: imports {batches}.",
                    batches=listed(str(each) for each in plan.batches),
                )
            )
        st.markdown(
            ":orange[:material/warning:] " + _told(plan.added, plan.restored, plan.kept_total, done=False)
        )
        if plan.kept:
            kept = {
                "record": pa.array([f"{say(each.kind)} {each.label}" for each in plan.kept]),
                "reason": pa.array([say(each.reason) for each in plan.kept]),
            }
            columns = {
                "record": tables.text(_("Stays as it is"), width=220),
                "reason": tables.text(_("Reason"), width=600),
            }
            tables.read_only(kept, columns, alt=_("Stays as it is"), height=tables.height_of(len(plan.kept)))
    with st.container(horizontal=True):
        if not plan.blocked:
            st.button(
                _("Undo this import"), type="primary", icon=":material/undo:", key=f"{_KEY}.do.{batch}",
                on_click=_undo, args=(slot, asked, batch),
            )  # fmt: skip
        st.button(_("Cancel"), type="tertiary", key=f"{_KEY}.no.{batch}", on_click=_ask, args=(asked, False))


def _told(removed: int, restored: int, kept: int, *, done: bool) -> str:
    """What goes, what comes back and what stays, in one line."""
    if done:
        return _(
            "Undone. Removed: {removed} · restored: {restored} · kept because changed since: {kept}",
            removed=number(removed), restored=number(restored), kept=number(kept),
        )  # fmt: skip
    return _(
        "Records this import added are removed: {removed} · values it replaced are restored in: {restored} · "
        "records changed since stay as they are: {kept}",
        removed=number(removed), restored=number(restored), kept=number(kept),
    )  # fmt: skip


def _ask(asked: str, wanted: bool) -> None:
    st.session_state[asked] = wanted


def _undo(slot: str, asked: str, batch: int) -> None:
    session = current()
    try:
        st.session_state[slot] = operations.ask(
            session.actor, session.store, "import_undo", {"batch": batch}, now=clock.now()
        )
        st.session_state.pop(asked, None)
    except ProductError as refused:
        st.toast(plain(say(refused.message)), icon=":material/block:")
