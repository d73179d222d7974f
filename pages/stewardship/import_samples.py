"""What a check found, by what becomes of the rows: a tile with the count for each, and the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st

from core.facts.catalogue.model import Field, TableSpec
from core.facts.labels import YES_NO
from core.language import Message
from pages.frame import tables
from pages.frame.formats import number
from pages.frame.words import NOTHING, _, label, language, say
from pages.stewardship.import_steps import sentences

_FATES = ("new", "changed", "unchanged", "rejected", "cleaned", "suspected_duplicate")
_COUNTED = {
    "new": "added",
    "changed": "updated",
    "unchanged": "unchanged",
    "rejected": "rejected",
    "suspected_duplicate": "suspected_duplicates",
}

Seen = Mapping[str, Any]


def fate_names() -> dict[str, str]:
    return {
        "new": _("New"),
        "changed": _("Changed"),
        "unchanged": _("Unchanged"),
        "rejected": _("Rejected"),
        "cleaned": _("Tidied cells"),
        "suspected_duplicate": _("Suspected duplicates"),
    }


def counts_of(seen: Seen) -> dict[str, int]:
    """Fate -> how many rows (of tidied ones: cells)."""
    counts = {fate: int(seen["counts"].get(name, 0)) for fate, name in _COUNTED.items()}
    return {**counts, "cleaned": sum(int(each["cells"]) for each in seen["cleaned"])}


def show_fates(seen: Seen, spec: TableSpec, key: str) -> None:
    """The tiles, and the rows behind the one that is open: at first what needs a look most."""
    counts, names = counts_of(seen), fate_names()
    if key not in st.session_state:
        wanted = (fate for fate in ("rejected", "changed", "new") if counts[fate])
        st.session_state[key] = next(wanted, "unchanged")
    with st.container(key=f"import_fates_{key.replace('.', '_')}"):
        fate = st.segmented_control(
            _("What becomes of the rows"),
            _FATES,
            format_func=lambda each: f"**{number(counts[each])}** {names[each]}",
            key=key,
            required=True,
            label_visibility="collapsed",
            width="stretch",
        )
    _SHOWN[str(fate)](seen, spec, counts[str(fate)])


def _new(seen: Seen, spec: TableSpec, count: int) -> None:
    rows = seen.get("samples", {}).get("new", seen["sample"])
    _rows(rows, spec, count, _("Rows that are not stored yet, as they would be. Personal data is masked."))


def _unchanged(seen: Seen, spec: TableSpec, count: int) -> None:
    rows = seen.get("samples", {}).get("unchanged", ())
    _rows(rows, spec, count, _("Rows that say nothing else than what is stored."))


def _suspected(seen: Seen, spec: TableSpec, count: int) -> None:
    rows = seen.get("samples", {}).get("suspected_duplicate", ())
    sentence = (
        _(
            "New customers whose phone another customer has too. They are imported; merge them afterwards if they "
            "are one."
        )
        if spec.code == "customers"
        else _(
            "Rows that repeat another row of the file in every cell. They are imported; strike out those "
            "that are too many."
        )
    )
    _rows(rows, spec, count, sentence)


def _rows(rows: Sequence[Mapping[str, str]], spec: TableSpec, count: int, sentence: str) -> None:
    _said(sentence, len(rows), count)
    if not rows:
        return
    codes = [code for code in spec.codes if any(row.get(code) for row in rows)]
    words = {code: _words_of(spec.field(code)) for code in codes}
    shown: dict[str, list[str]] = {
        code: [words[code].get(row.get(code, ""), row.get(code, "")) for row in rows] for code in codes
    }
    columns = {code: tables.fitting(say(spec.field(code).named), shown[code]) for code in codes}
    _table(shown, columns, sentence)


def _changed(seen: Seen, spec: TableSpec, count: int) -> None:
    """Old → new, cell by cell."""
    changes = seen.get("changes", ())
    _said(
        _("Each cell that would be replaced. Blank cells replace nothing. Personal data is masked."),
        len(changes),
        max(int(seen.get("changes_total", 0)), count),
    )
    if not changes:
        return
    names = {code: say(spec.field(code).named) for code in spec.codes}
    words = {code: _words_of(spec.field(code)) for code in spec.codes}

    def read(change: Mapping[str, Any], side: str) -> str:
        value = str(change[side] or "")
        return words.get(change["field"], {}).get(value, value) or NOTHING

    shown: dict[str, Sequence[Any]] = {
        "row": [int(each["row"]) for each in changes],
        "record": [str(each["record"]) for each in changes],
        "field": [names.get(each["field"], _("Lines of the order")) for each in changes],
        "old": [read(each, "old") for each in changes],
        "new": ["→ " + read(each, "new") for each in changes],
    }
    columns = {
        "row": tables.count(_("Row"), width=70),
        "record": tables.text(_("Record"), width=150),
        "field": tables.text(_("Field"), width=150),
        "old": tables.text(_("Stored"), width=300),
        "new": tables.text(_("In the file"), width=300),
    }
    _table(shown, columns, _("Changed"))


def _rejected(seen: Seen, spec: TableSpec, count: int) -> None:
    problems, total = seen["problems"], int(seen["problems_total"])
    _said(
        _("Correct them in the workbook of rejected rows and bring it in again; nothing is doubled."),
        len(problems),
        total,
    )
    if not problems:
        return
    # The reason right after the row: on a phone it is what can be seen of the table.
    shown: dict[str, Sequence[Any]] = {
        "row": [int(each["row"]) for each in problems],
        "reason": [say(Message.from_json(each["message"])) for each in problems],
        "column": [each["column"] or NOTHING for each in problems],
    }
    columns = {
        "row": tables.count(_("Row"), width=50),
        "reason": tables.text(_("Reason"), width=470),
        "column": tables.text(_("Column"), width=150),
    }
    _table(shown, columns, _("Rejected"))


def _cleaned(seen: Seen, spec: TableSpec, count: int) -> None:
    """Old → new by spelling; samples of personal fields are left out by the check."""
    cleaned = seen["cleaned"]
    kinds = {each.get("kind", "tidied") for each in cleaned}
    sentence = (
        _("Same meaning, one way of writing; blank places are filled in from phone and address.")
        if "filled" in kinds
        else _("Same meaning, one way of writing. Nothing else is changed.")
    )
    if "shown" in kinds:
        zeros = _("Leading zeros that the sheet shows are kept, though the cells hold plain numbers.")
        sentence = sentences(sentence, zeros) if kinds != {"shown"} else zeros
    _said(sentence, count, count)
    if not cleaned:
        return
    words = {each["field"]: _words_of(spec.field(each["field"])) for each in cleaned}
    pairs = [
        (
            say(spec.field(each["field"]).named),
            number(each["cells"]) if not nth else "",
            before or _("empty"),
            words[each["field"]].get(after, after) or _("empty"),
        )
        for each in cleaned
        for nth, (before, after) in enumerate(each["samples"] or [(NOTHING, _("personal data, not shown"))])
    ]
    fields, cells, before, after = (list(column) for column in zip(*pairs, strict=True))
    shown = {"field": fields, "cells": cells, "old": before, "new": [f"→ {each}" for each in after]}
    columns = {
        "field": tables.text(_("Field"), width=170),
        "cells": tables.text(_("Cells"), width=80),
        "old": tables.text(_("In the file"), width=300),
        "new": tables.text(_("Stored as"), width=300),
    }
    _table(shown, columns, _("Tidied cells"))


def _said(sentence: str, shown: int, total: int) -> None:
    """What the rows are; that they are not all, or that there are none."""
    if not total:
        st.caption(_("None."))
    elif 0 < shown < total:
        st.caption(
            sentences(sentence, _("The first {shown} of {all}.", shown=number(shown), all=number(total)))
        )
    else:
        st.caption(sentence)


def _table(shown: Mapping[str, Sequence[Any]], columns: Mapping[str, Any], alt: str) -> None:
    height = tables.height_of(len(next(iter(shown.values()))))
    arrays = {name: pa.array(list(values)) for name, values in shown.items()}
    tables.read_only(arrays, columns, alt=alt, height=height)


def _words_of(field: Field) -> dict[str, str]:
    """The words for the values of a field that is stored as a code; none for other fields."""
    if field.kind == "yes_no":
        return {"True": label(YES_NO, "yes"), "False": label(YES_NO, "no")}
    chinese = language() == "zh_CN"
    return {choice.code: choice.zh if chinese else choice.en for choice in field.choices}


_SHOWN = {
    "new": _new,
    "changed": _changed,
    "unchanged": _unchanged,
    "rejected": _rejected,
    "cleaned": _cleaned,
    "suspected_duplicate": _suspected,
}
