"""The rows and phones of a file that are not in the database as the file has them, by what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import streamlit as st

from core.facts.migration.check import PHONE_FATES, ROW_FATES, UNTOLD
from core.language import Message
from pages.frame import tables
from pages.frame.filters import one
from pages.frame.formats import number
from pages.frame.words import NOTHING, _, label, say

PAGE = "data_quality"
Sheets: TypeAlias = Sequence[Mapping[str, Any]]
"""What the job answered for each sheet, see `migration_shown`."""
_FATES = {"row": ROW_FATES, "phone": PHONE_FATES}
_GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "rows": ("row", ("missing", "undone")),
    "phones": ("phone", tuple(fate for fate in PHONE_FATES if fate not in UNTOLD)),
    "rejected": ("row", ("unreadable",)),
    "changed": ("row", ("changed",)),
}
"""What is listed together: row or phone, and the fates. The phones of rows that are not there stand with these."""


def number_of(sheets: Sheets, what: str, fates: Sequence[str]) -> int:
    """How many rows or phones (`what`) of the sheets met one of these fates."""
    return sum(sheet[what].get(fate, 0) for sheet in sheets for fate in fates)


def fates_of(code: str) -> tuple[str, tuple[str, ...]]:
    """What is listed together, as `number_of` takes it."""
    what, fates = _GROUPS[code]
    return f"{what}s", fates


def choose_found(sheets: Sheets) -> tuple[str, int]:
    """What of it is listed, of _GROUPS, and how many there are; nothing where nothing asks for a look."""
    counts = {code: count for code in _GROUPS if (count := number_of(sheets, *fates_of(code)))}
    if not counts:
        st.caption(_("Nothing here is missing."))
        return "", 0
    names = _names()
    code = one(
        "found",
        _("What became of it"),
        list(counts),
        lambda each: f"{names[each]} {number(counts[each])}",
        page=PAGE,
    )
    return code, counts[code]


def _names() -> dict[str, str]:
    return {
        "rows": _("Rows not there"),
        "phones": _("Phones not there"),
        "rejected": _("Rejected"),
        "changed": _("Other values there now"),
    }


def show_found(sheets: Sheets, code: str, counted: int, *, several: bool) -> None:
    """List the first of the rows that `choose_found` chose."""
    what, fates = _GROUPS[code]
    found = [
        (sheet["sheet"], each)
        for sheet in sheets
        for each in sheet["findings"]
        if each["what"] == what and each["fate"] in fates
    ]
    if counted > len(found):
        st.caption(
            _(
                "The first {rows} of {total}; the download has all.",
                rows=number(len(found)),
                total=number(counted),
            )
        )
    _list(found, code, _names()[code], several=several)


def _list(found: Sequence[tuple[str, Mapping[str, Any]]], code: str, title: str, *, several: bool) -> None:
    what, _fates = _GROUPS[code]
    rows: dict[str, list[Any]] = {
        "sheet": [sheet for sheet, _each in found],
        "row": [each["row"] for _sheet, each in found],
        "record": [each["record"] or NOTHING for _sheet, each in found],
        "name": [each["name"] or NOTHING for _sheet, each in found],
        "phone": [each["phone"] or NOTHING for _sheet, each in found],
        "fate": [label(_FATES[what], each["fate"]) for _sheet, each in found],
        "why": [say(Message.from_json(each["why"])) if each["why"] else NOTHING for _sheet, each in found],
    }
    columns = {
        "sheet": tables.text(_("Sheet")),
        "row": tables.count(_("Row in the file"), width=110),
        "record": tables.text(_("Record")),
        "name": tables.text(_("Name")),
        "phone": tables.text(_("Phone")),
        "fate": tables.text(_("What became of it")),
        "why": tables.text(_("Reason"), width="large"),
    }
    blank = {
        name for name in ("name", "phone", "record", "why") if all(value == NOTHING for value in rows[name])
    }
    left_out = (
        blank | (set() if several else {"sheet"}) | ({"fate"} if code in ("rejected", "changed") else set())
    )
    shown = {name: column for name, column in columns.items() if name not in left_out}
    tables.read_only(rows, shown, alt=title, height=tables.height_of(len(found)))
