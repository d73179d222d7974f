"""Own fields among the filters of the segment explorer: picked by their names, then asked each in its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from core.amounts import SCALE, to_units
from core.facts.fields import Field
from core.facts.own_fields.catalogue import PREFIX
from core.grading.own_conditions import LISTED, MEASURED, NO, NOT_STATED, YES, OwnCondition
from core.operations.export_own import condition_in_words, value_in_words
from pages.frame.filters import keep
from pages.frame.parts import plain
from pages.frame.shown import narrowed
from pages.frame.words import _, language

_PICKED = "segment.own"
_BETWEEN = ".."
"""Parts the two ends of a range in the address; either may be open."""
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,4})?")
_FIRST, _LAST = date(1900, 1, 1), date(2100, 12, 31)


def own_asked(fields: Sequence[Field]) -> tuple[OwnCondition, ...]:
    """What is asked of own fields: at first by the address, then by the widgets that `own_inputs` shows.

    The address keeps choices, numbers and days. Words stay out of it: they may be a name.
    """
    codes = [field.code for field in fields]
    for gone in [name for name in st.query_params if name.startswith(PREFIX) and name not in codes]:
        keep(gone, [])  # retired, or not for this role: a link must not say more than the page does
    if _PICKED not in st.session_state:
        st.session_state[_PICKED] = [code for code in codes if code in st.query_params]
    st.session_state[_PICKED] = [code for code in st.session_state[_PICKED] or () if code in codes]
    asked = []
    for field in fields:
        condition = _condition(field) if field.code in st.session_state[_PICKED] else OwnCondition(field.code)
        used = condition != OwnCondition(field.code)
        if used:
            asked.append(condition)
        keep(field.code, _in_address(field, condition))
        narrowed(field.header(language()), condition_in_words(field, condition, language()) if used else "")
    return tuple(asked)


def own_inputs(fields: Sequence[Field]) -> None:
    """The names of the own fields, and below them the inputs of those that were picked."""
    if not fields:
        return
    names = {field.code: plain(field.header(language())) for field in fields}
    st.pills(_("Own fields"), list(names), selection_mode="multi", format_func=names.__getitem__, key=_PICKED)
    for field in fields:
        if field.code in st.session_state[_PICKED]:
            _input(field, names[field.code])


def clear_own() -> None:
    """Ask nothing of own fields; for a button's callback."""
    st.session_state[_PICKED] = []


def _condition(field: Field) -> OwnCondition:
    """What the state of the widgets asks; before they were shown, what the address does."""
    if field.kind in LISTED:
        allowed = [*_values(field)]
        given = st.session_state.get(_key(field), st.query_params.get_all(field.code))
        st.session_state[_key(field)] = [value for value in given if value in allowed]
        return OwnCondition(field.code, values=tuple(st.session_state[_key(field)]))
    if field.kind in MEASURED:
        written = st.query_params.get(field.code, "").partition(_BETWEEN)
        ends: list[Any] = []
        for place, word in ((0, "from"), (2, "to")):
            key = _key(field, word)
            if key not in st.session_state:
                st.session_state[key] = _read_end(field, written[place])
            ends.append(_stored(field, st.session_state[key]))
        return OwnCondition(field.code, least=ends[0], most=ends[1])
    return OwnCondition(field.code, text=(st.session_state.get(_key(field)) or "").strip())


def _input(field: Field, name: str) -> None:
    if field.kind in LISTED:
        words = _values(field)
        st.multiselect(
            name, list(words), format_func=words.__getitem__, key=_key(field), placeholder=_("any")
        )
    elif field.kind in MEASURED:
        title = _("{label} ({unit})", label=name, unit=plain(field.unit)) if field.unit else name
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _end(field, _("{name} from", name=title), "from")
            _end(field, _("up to"), "to")
        least, most = (st.session_state[_key(field, word)] for word in ("from", "to"))
        if least is not None and most is not None and least > most:
            st.caption(_("Nobody can match: the first end lies behind the second."))
    else:
        st.text_input(
            name, key=_key(field), type="search", placeholder=_("Contains"), icon=":material/search:"
        )


def _end(field: Field, title: str, word: str) -> None:
    key = _key(field, word)
    if field.kind == "date":
        st.date_input(title, value=None, key=key, min_value=_FIRST, max_value=_LAST)
    elif field.kind == "integer":
        st.number_input(title, value=None, key=key, step=1, min_value=0, placeholder=_("any"))
    else:
        st.number_input(title, value=None, key=key, step=1.0, format="%.2f", placeholder=_("any"))


def _values(field: Field) -> dict[str, str]:
    """Code -> words of what can be chosen, with the customers of whom nothing is said at the end."""
    codes = [YES, NO] if field.kind == "yes_no" else [choice.code for choice in field.choices]
    return {code: value_in_words(field, code, language()) for code in (*codes, NOT_STATED)}


def _key(field: Field, word: str = "value") -> str:
    return f"segment.{field.code}.{word}"


def _read_end(field: Field, written: str) -> date | int | float | None:
    """An end as its widget holds it; None for one that is open, or is none."""
    if field.kind == "date":
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return None
        return day if _FIRST <= day <= _LAST else None
    if not written.isascii() or not _NUMBER.fullmatch(written):
        return None
    if field.kind == "integer":
        return int(written) if written.isdecimal() else None
    return float(written)


def _stored(field: Field, end: Any) -> int | date | None:
    return to_units(Decimal(str(end))) if end is not None and field.kind == "amount" else end


def _in_address(field: Field, condition: OwnCondition) -> list[str]:
    if field.kind in LISTED:
        return list(condition.values)
    if condition.least is None and condition.most is None:
        return []
    return [_BETWEEN.join(_written(field, end) for end in (condition.least, condition.most))]


def _written(field: Field, end: int | date | None) -> str:
    if end is None:
        return ""
    if isinstance(end, date):
        return end.isoformat()
    return f"{Decimal(end) / SCALE:f}" if field.kind == "amount" else str(end)
