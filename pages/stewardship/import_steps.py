"""The way of a file through data exchange: its steps, and where in it the reader stands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from core.facts.importing import ImportRequest
from core.store.jobs import JobView
from pages.frame.words import _

_DRAFT = "exchange.draft"


@dataclass(frozen=True)
class Draft:
    """What the reader has chosen so far for one upload; None and empty where nothing was chosen yet.

    `chosen` holds, for each table and sheet, the headers corrected by hand.
    """

    token: str
    sheet: int | None = None
    table: str | None = None
    chosen: dict[tuple[str, int], dict[str, str | None]] = field(default_factory=dict)
    mode: str = "add"
    create_customers: bool = False
    all_or_nothing: bool = False

    @property
    def place(self) -> tuple[str, int]:
        """The table and sheet that are being matched."""
        return (self.table or "", self.sheet or 0)

    @property
    def corrections(self) -> dict[str, str | None]:
        """The headers corrected by hand for them: header -> field code, or None to ignore the column."""
        return self.chosen.get(self.place, {})


def draft(token: str) -> Draft:
    """The draft of that upload; it is kept while the tab is open."""
    kept = st.session_state.get(_DRAFT)
    return kept if isinstance(kept, Draft) and kept.token == token else Draft(token)


def keep_draft(changed: Draft, **changes: Any) -> Draft:
    """Remember the draft with these changes."""
    kept = replace(changed, **changes)
    st.session_state[_DRAFT] = kept
    return kept


def draft_of(request: ImportRequest, sheet: int) -> Draft:
    """The draft that leads to this request, to change what was asked."""
    chosen = {(request.table_code, sheet): dict(request.mapping)}
    return Draft(
        request.path, sheet, request.table_code, chosen, request.mode, request.create_customers,
        request.all_or_nothing,
    )  # fmt: skip


def open_step(*, file: str = "", job: int | None = None) -> None:
    """Let the address say where the file stands; without both it is the beginning."""
    for name, value in (("file", file), ("job", "" if job is None else str(job))):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)


def leave() -> None:
    """Back to the beginning; for a button's callback."""
    open_step()


def slot_of(job_id: int) -> str:
    """The slot in which the frame watches a job of data exchange."""
    slot = f"exchange.job.{job_id}"
    st.session_state.setdefault(slot, job_id)
    return slot


def trail(step: str, *, passed: bool = False) -> None:
    """The steps, with the present one marked; `passed` when nothing of it is left to do."""
    names = {"file": _("File"), "match": _("Columns"), "check": _("Check"), "done": _("Import")}
    present = list(names).index(step)
    shown = [
        f":material/check_circle: {name}"
        if place < present + passed
        else f"**{name}**"
        if place == present
        else f":gray[{name}]"
        for place, name in enumerate(names.values())
    ]
    st.markdown(" :gray[:material/chevron_right:] ".join(shown))


def result_of(view: JobView) -> dict[str, Any]:
    """What a finished job answered."""
    return view.result or {}
