"""Own fields of a customer: on the page, and in the correction form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from core.amounts import from_units
from core.facts.fields import Field
from core.facts.own_entries import OwnValue
from core.facts.queries import CustomerView
from core.language import mark
from pages.frame.formats import day, number
from pages.frame.parts import plain
from pages.frame.words import NOTHING, _, language

_YES_NO = {True: mark("Yes"), False: mark("No")}


def own_rows(view: CustomerView) -> list[tuple[str, object]]:
    """The own fields as labels and values."""
    return [(plain(each.field.header(language())), shown(each.field, each.value)) for each in view.own]


def shown(field: Field, value: Any) -> str:
    """A stored value as a person reads it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _(_YES_NO[value])
    if field.choices:
        return _choices(field).get(value, str(value))
    if isinstance(value, date):
        return day(value)
    if field.kind == "amount":
        value = from_units(value)
    if isinstance(value, int | Decimal):
        written = number(value) if isinstance(value, int) else f"{value.normalize():,f}"
        return f"{written} {field.unit}".strip()
    return str(value)


def form_values(view: CustomerView) -> dict[str, Any]:
    """The own fields as the form holds them: masked ones blank."""
    return {each.field.code: "" if each.masked else _held(each) for each in view.own}


def own_inputs(view: CustomerView, key: Callable[[str], str]) -> None:
    """One input for each own field."""
    for each in view.own:
        _input(each, key(each.field.code))


def own_titles(view: CustomerView) -> Mapping[str, Field]:
    """Code -> own field, for whoever names and words what was typed."""
    return {each.field.code: each.field for each in view.own}


def _held(each: OwnValue) -> Any:
    if each.field.kind in ("date", "yes_no", "choice"):
        return each.value
    if each.value is None:
        return ""
    return f"{from_units(each.value).normalize():f}" if each.field.kind == "amount" else str(each.value)


def _input(each: OwnValue, key: str) -> None:
    field = each.field
    title = plain(field.header(language()))
    if field.unit:
        title = _("{label} ({unit})", label=title, unit=plain(field.unit))
    if field.kind == "date":
        st.date_input(title, key=key, min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))
    elif field.kind == "yes_no":
        st.selectbox(
            title, [None, True, False], key=key, format_func=lambda v: NOTHING if v is None else _(_YES_NO[v])
        )
    elif field.kind == "choice":
        words = _choices(field)
        st.selectbox(title, [None, *words], key=key, format_func=lambda v: NOTHING if v is None else words[v])
    else:
        st.text_input(title, key=key, placeholder=str(each.value) if each.masked else None)


def _choices(field: Field) -> dict[str, str]:
    return {choice.code: choice.word(language()) for choice in field.choices}
