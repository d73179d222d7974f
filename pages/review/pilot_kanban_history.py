"""What was done to a card, and its stored values, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from core.measures.catalogue import MEASURES
from core.reviews.board_queries import CardPage, Entry
from core.reviews.labels import CARD_FIELDS, CARD_KINDS, CARD_STAGES, RULES
from pages.frame.formats import day, moment
from pages.frame.session import Session, business
from pages.frame.words import NOTHING, _, label


def history(session: Session, page: CardPage) -> None:
    """Everything that was done to the card, the newest first; comments stand by themselves."""
    zone = business(session.store).time_zone
    lines = [
        "  ".join((moment(each.at, zone), each.by or _("by the system"), _happened(each)))
        for each in page.entries
        if each.kind != "comment"
    ]
    with st.expander(_("What happened"), icon=":material/history:"):
        st.text("\n".join(lines))


def _happened(entry: Entry) -> str:
    if entry.kind == "created":
        return _("added it to “{stage}”", stage=label(CARD_STAGES, entry.detail["stage"]))
    if entry.kind == "moved":
        return _(
            "moved it from “{before}” to “{after}”",
            before=label(CARD_STAGES, entry.detail["from"]),
            after=label(CARD_STAGES, entry.detail["to"]),
        )
    changes = [
        _(
            "{field}: {before} → {after}",
            field=label(CARD_FIELDS, name),
            before=worded(name, before),
            after=worded(name, after),
        )
        for name, (before, after) in entry.detail.items()
    ]
    return "; ".join(changes)


def worded(name: str, value: Any, names: Mapping[Any, Any] | None = None) -> str:
    """A stored value of a card's field in the reader's words."""
    if value in (None, ""):
        return NOTHING
    if name == "owner":
        return str((names or {}).get(value, value))
    if name == "measure":
        return measure_words(value)
    if name == "due_on":
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    if name == "body":
        return _("changed")
    return label({"kind": CARD_KINDS, "rule": RULES}.get(name, {}), value)


def measure_words(code: str | None) -> str:
    """The name of a measure; the sign for nothing where there is none, or none any more."""
    return _(MEASURES[code].label) if code in MEASURES else NOTHING
