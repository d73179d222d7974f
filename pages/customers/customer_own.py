"""Own fields of a record as its page shows them, and those of a customer in the correction form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import streamlit as st

from core.amounts import SCALE, from_units
from core.facts.fields import Field
from core.facts.own_fields.entries import OwnValue
from core.facts.queries import CustomerView
from core.language import mark
from pages.frame import tables
from pages.frame.formats import day, number
from pages.frame.parts import plain
from pages.frame.words import NOTHING, _, language

_YES_NO = {True: mark("Yes"), False: mark("No")}


def own_rows(values: Iterable[OwnValue]) -> list[tuple[str, object]]:
    """The own fields of a record as labels and values."""
    return [(plain(each.field.header(language())), shown(each.field, each.value)) for each in values]


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


def own_column(field: Field, values: Sequence[Any]) -> tuple[list[Any], Any]:
    """The values of a field as a table shows them, and its column."""
    title = field.header(language())
    if field.unit:
        title = _("{label} ({unit})", label=title, unit=field.unit)
    if field.kind == "integer":
        return list(values), tables.count(title)
    if field.kind == "amount":
        units = [None if value is None else value / SCALE for value in values]
        return units, st.column_config.NumberColumn(title, format="%,.2f")
    return ["" if value is None else shown(field, value) for value in values], tables.text(title)


def own_columns(
    rows: Sequence[Sequence[OwnValue]],
) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    """The values and the columns of the own fields in which one of these records says something."""
    by_field = list(zip(*rows, strict=True))
    used = [each for each in by_field if any(one.value is not None for one in each)]
    made = {each[0].field.code: own_column(each[0].field, [one.value for one in each]) for each in used}
    return {code: cells for code, (cells, _column) in made.items()}, {
        code: column for code, (_cells, column) in made.items()
    }


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
