"""What came in before, with its way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from core.access.actor import Permission
from core.facts.importing.queries import import_batches
from core.facts.labels import MODES, TABLES
from core.store.engine import Store
from pages.frame import tables
from pages.frame.filters import chosen_id, keep
from pages.frame.formats import moment, number
from pages.frame.parts import empty, pairs, plain, section
from pages.frame.session import Session, business
from pages.frame.words import _, label, listed, ngettext
from pages.stewardship.import_undo import undo_box

_LIMIT = 200
_HASH_SHOWN = 8
_OPEN = "import"


def show_history(session: Session) -> None:
    """The imports so far, newest first; a click opens one."""
    batches = import_batches(session.actor, session.store, limit=_LIMIT)
    if batches.empty:
        section(_("Imports"))
        empty(
            _("Nothing has been imported yet"),
            _("Every import is listed here, with what became of its rows."),
        )
        return
    opened = chosen_id(_OPEN)
    here = batches[batches["id"] == opened]
    if opened is not None and len(here):
        _detail(session, here.iloc[0], batches)
    note = ngettext(
        "{n} import. Click it for its file hash, its rejected rows and the way to undo it.",
        "{n} imports, the newest first. Click a row for its file hash, its rejected rows and the way to undo it.",
        len(batches),
    )
    section(_("Imports"), note)
    zone = business(session.store).time_zone
    shown = {
        "id": batches["id"].tolist(),
        "when": [moment(each, zone) for each in batches["committed_at"]],
        "file_name": [_file(name, sheet) for name, sheet in zip(batches["file_name"], batches["sheet"], strict=True)],
        "table_code": [label(TABLES, each) for each in batches["table_code"]],
        "state": [_standing(each) for each in batches.to_dict("records")],
        **{name: batches[name].tolist() for name in ("rows_read", "added", "updated", "unchanged", "rejected")},
        "who": batches["committed_by_name"].fillna(_("System")).tolist(),
        "sha": [str(each)[:_HASH_SHOWN] for each in batches["file_sha256"]],
    }  # fmt: skip
    columns = {
        "id": tables.count(_("No."), width=50),
        "state": tables.text(_("State"), width=110),
        "file_name": tables.text(_("File"), width=130),
        "rejected": tables.count(_("Rejected")),
        "added": tables.count(_("Added")),
        "updated": tables.count(_("Updated")),
        "unchanged": tables.count(_("Unchanged")),
        "rows_read": tables.count(_("Rows read")),
        "when": tables.text(_("Imported at")),
        "table_code": tables.text(_("Kind of data")),
        "who": tables.text(_("By")),
        "sha": tables.text(_("File hash"), help=_("The first characters of the file's SHA-256.")),
    }
    tables.records(
        shown,
        columns,
        key="exchange.history",
        alt=_("Imports"),
        on_choose=lambda batch: keep(_OPEN, [str(batch)]),
        height=tables.height_of(len(batches)),
    )


def _file(name: str, sheet: str | None) -> str:
    """The sheet first: sheets of one workbook are told apart where a cell has no room for the whole."""
    return f"{sheet} · {name}" if sheet and not pd.isna(sheet) else str(name)


def _standing(batch: Any) -> str:
    if _is_refused(batch):
        return _("✕ nothing taken")
    return _("● in use") if pd.isna(batch["undone_at"]) else _("↶ undone")


def _is_refused(batch: Any) -> bool:
    """Whether no row of an import was taken."""
    return bool(batch["rejected"] >= batch["rows_read"])


def _detail(session: Session, batch: Any, batches: pd.DataFrame) -> None:
    """One import whole: its file and hash, its counts, who and when, its rejected rows, and the way back."""
    zone = business(session.store).time_zone
    undone = not pd.isna(batch["undone_at"]) and not _is_refused(batch)
    with st.container(border=True, key="import_detail"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            section(
                _("Import no. {batch}", batch=batch["id"]), plain(_file(batch["file_name"], batch["sheet"]))
            )
            st.button(
                _("Close"), icon=":material/close:", type="tertiary", key="exchange.close", on_click=keep,
                args=(_OPEN, []),
            )  # fmt: skip
        rows: list[tuple[str, object]] = [
            (_("Kind of data"), label(TABLES, batch["table_code"])),
            (_("Imported at"), moment(batch["committed_at"], zone)),
            (_("By"), _("System") if pd.isna(batch["committed_by_name"]) else batch["committed_by_name"]),
            (_("Mode"), label(MODES, batch["mode"])),
            (_("Rows"), _counts(batch)),
        ]
        together = _together(batch, batches)
        if together:
            rows.append((_("Together with"), together))
        if undone:
            by = _("System") if pd.isna(batch["undone_by_name"]) else batch["undone_by_name"]
            rows.append((_("Undone"), f"{moment(batch['undone_at'], zone)} · {by}"))
        pairs(rows, "import_detail")
        st.caption(_("SHA-256 of the file"))
        st.code(str(batch["file_sha256"]), language=None, wrap_lines=True)
        own = batch["committed_by"] == session.actor.account_id
        kept = not pd.isna(batch["rejects_file"]) and (own or session.actor.may(Permission.SEE_CONTACT_DATA))
        if kept and _is_kept(session.store, str(batch["rejects_file"])):
            st.link_button(
                _("Rejected rows ({n})", n=number(batch["rejected"])),
                f"/exports/rejects/{batch['id']}",
                icon=":material/download:",
            )
        elif kept:
            st.caption(_("The rejected rows are no longer kept; check the file again to get them anew."))
        if _is_refused(batch):
            st.info(
                _(
                    "No row of it was taken, so there is nothing to undo. Correct the rejected rows and import them."
                ),
                icon=":material/block:",
            )
        else:
            undo_box(session, int(batch["id"]), undone=undone)


def _is_kept(store: Store, relative: str) -> bool:
    return (store.data_dir / relative).is_file()


def _counts(batch: Any) -> str:
    return _(
        "{rows_read} read: {added} added, {updated} updated, {unchanged} unchanged, {rejected} rejected",
        **{name: number(batch[name]) for name in ("rows_read", "added", "updated", "unchanged", "rejected")},
    )


def _together(batch: Any, batches: pd.DataFrame) -> str:
    """The other sheets of the file that came in with it."""
    if pd.isna(batch["together"]):
        return ""
    others: Sequence[Any] = [
        each for each in batches.to_dict("records")
        if each["together"] == batch["together"] and each["id"] != batch["id"]
    ]  # fmt: skip
    return listed(
        _("no. {batch} ({table})", batch=each["id"], table=label(TABLES, each["table_code"]))
        for each in others
    )
