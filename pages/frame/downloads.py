"""Files out: made by a job from exactly what the page shows, fetched through the app's own guarded route."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from core.access.actor import Permission
from pages.frame import jobs
from pages.frame.parts import refusal
from pages.frame.session import Session
from pages.frame.shown import told_of
from pages.frame.words import _, ngettext


def download(
    slot: str, session: Session, what: str, filters: dict[str, Any], *, button: str = "", of: str = ""
) -> None:
    """A button that has `what` (a key of `core.operations.exports.EXPORTS`) written to a workbook.

    `filters` holds codes and ids only. A file made for other filters is no longer offered. Nothing is shown to
    roles that may not export. `button` names what the file holds where "all" would not do, and `of` the table that it
    is of, for the sheet that tells about the file.
    """
    if not session.actor.may(Permission.EXPORT):
        return
    wanted = json.dumps([what, session.language, filters], sort_keys=True)
    if st.session_state.get(f"{slot}.wanted") != wanted:
        jobs.forget(slot)
    with refusal():
        done = jobs.watch(slot)
        if done is not None and done.result:
            rows = int(done.result.get("rows", 0))
            st.link_button(
                ngettext("Save the file ({n} row)", "Save the file ({n} rows)", rows),
                f"/exports/{done.id}",
                icon=":material/download:",
                type="primary",
            )
        elif slot not in st.session_state:
            payload: dict[str, Any] = {
                "what": what,
                "format": "xlsx",
                "language": session.language,
                "filters": filters,
            }
            if of:
                payload["about"] = told_of(of)
            st.button(
                button or _("Download all as Excel"),
                icon=":material/download:",
                key=f"{slot}.ask",
                on_click=_ask,
                args=(slot, wanted, payload),
            )


def _ask(slot: str, wanted: str, payload: dict[str, Any]) -> None:
    with refusal():
        jobs.start(slot, "export", payload)
        st.session_state[f"{slot}.wanted"] = wanted
