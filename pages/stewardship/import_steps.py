"""The way of a file through data exchange: its five steps, and where in it the reader stands.

The address says it: `file` is the token of an upload and `step` where it is worked on, `at` the sheet in hand; `job` is
a check or an import. What was settled lies beside the upload, so a closed tab loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from core.errors import ProductError
from core.facts import drafts
from core.facts.drafts import Draft
from core.facts.labels import TABLES
from core.facts.uploads import upload
from core.store.jobs import JobView
from pages.frame.parts import plain, refusal
from pages.frame.session import Session, current
from pages.frame.words import _, label, language

STEPS = ("file", "sheets", "columns", "check", "done")
_PLACES = ("file", "step", "at", "job")


def step_names() -> dict[str, str]:
    return {
        "file": _("File"),
        "sheets": _("Sheet and table"),
        "columns": _("Columns"),
        "check": _("Check"),
        "done": _("Result"),
    }


def sheet_as(sheet: str, table: str, between: str = " · ") -> str:
    """A sheet and what its rows are, said once where the sheet is called so."""
    kind = label(TABLES, table)
    return plain(sheet) if sheet == kind else between.join(filter(None, (plain(sheet), kind)))


def sentences(*parts: str) -> str:
    """Sentences one after the other; in Chinese the full stop is wide enough."""
    return ("" if language() == "zh_CN" else " ").join(filter(None, parts))


def open_step(*, file: str = "", step: str = "", at: int | None = None, job: int | None = None) -> None:
    """Let the address say where the file stands; without all it is the beginning."""
    wanted = (file, step, "" if at is None else str(at), "" if job is None else str(job))
    for name, value in zip(_PLACES, wanted, strict=True):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def leave() -> None:
    """Back to the beginning; for a button's callback."""
    open_step()


def load_draft(session: Session, token: str) -> Draft:
    """What was settled about that upload; refused when it is gone or somebody else's."""
    return drafts.draft_of(session.actor, session.store, token)


def change_draft(token: str, change: Callable[[Draft], Draft]) -> None:
    """Settle something; for callbacks, which work on what is kept and not on what the page last showed."""
    session = current()
    with refusal():
        drafts.keep_draft(session.actor, session.store, change(load_draft(session, token)))


def remember(token: str, step: str) -> None:
    """Keep where the person is with that upload, to go on there another time."""
    session = current()
    draft = load_draft(session, token)
    if draft.step != step:
        drafts.keep_draft(session.actor, session.store, replace(draft, step=step))


def slot_of(job_id: int) -> str:
    """The slot in which the frame watches a job of data exchange."""
    slot = f"exchange.job.{job_id}"
    st.session_state.setdefault(slot, job_id)
    return slot


def followed(job_id: int) -> str:
    """The slot of the job in the address. One that was run again is a new job, to which the address then leads."""
    slot = slot_of(job_id)
    retried: int = st.session_state[slot]
    if retried != job_id:
        open_step(job=retried)
        st.rerun()
    return slot


def other_file(kind: Literal["primary", "secondary", "tertiary"] = "secondary") -> None:
    """The button that leaves this file for another one."""
    st.button(_("Choose another file"), icon=":material/undo:", type=kind, on_click=leave)


def still_there(session: Session, token: str) -> str:
    """The token of an upload as long as it is kept; else empty."""
    try:
        return upload(session.actor, session.store, token).token
    except ProductError:
        return ""


def trail(step: str, *, token: str = "", checked: int | None = None, passed: bool = False) -> None:
    """The steps, with the present one marked; those behind it lead back, as long as the file is at hand (`token`).

    `checked`: the check that a return leads on to; `passed`: nothing of the present step is left to do.
    """
    names, present = step_names(), STEPS.index(step)
    ways: dict[str, tuple[dict[str, Any], str]] = {}
    if token:
        ways["file"] = ({}, ":material/check_circle:")
        for each in ("sheets", "columns"):
            ways[each] = ({"file": token, "step": each}, ":material/check_circle:")
        if checked is not None:
            ways["check"] = ({"job": checked}, ":material/fact_check:")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="import_trail"):
        for place, (code, name) in enumerate(names.items()):
            if place != present and code in ways and (place < present or code == "check"):
                where, icon = ways[code]
                st.button(
                    name, icon=icon, type="tertiary", key=f"exchange.step.{code}",
                    on_click=_go, args=(where,),
                )  # fmt: skip
            elif place < present + passed:
                st.markdown(f":material/check_circle: {name}", width="content")
            elif place == present:
                st.markdown(f"**{place + 1} · {name}**", width="content")
            else:
                st.markdown(f":gray[{place + 1} · {name}]", width="content")


def _go(where: dict[str, Any]) -> None:
    open_step(**where)


def result_of(view: JobView) -> dict[str, Any]:
    """What a finished job answered."""
    return view.result or {}


def sheets_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    """What a check or an import answered for each sheet; the answers of earlier versions knew only one."""
    found: list[dict[str, Any]] = result.get("sheets", [result])
    return found
