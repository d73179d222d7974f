"""Tables of records: columns described once, one row at a time chosen by its id, and what is shown as a workbook."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from typing import Any, Literal, TypeAlias

import pandas as pd
import pyarrow as pa
import streamlit as st

from core.operations.export_tables import Column
from pages.frame import shown
from pages.frame.formats import symbol
from pages.frame.words import NOTHING, worded

Rows: TypeAlias = pd.DataFrame | Mapping[str, Sequence[Any]]
"""Records by columns: a frame, or the plain values of each column, which cost a page less."""


_ROWS, _ROW_PIXELS, _FRAME_PIXELS = 16, 33, 3


def height_of(rows: int, most: int = _ROWS) -> int | Literal["content"]:
    """As tall as its rows, up to `most`; a longer table scrolls inside itself and shows whole rows at its foot."""
    return "content" if rows <= most else (most + 1) * _ROW_PIXELS + _FRAME_PIXELS


def records(
    rows: Rows,
    columns: Mapping[str, Any],
    *,
    key: str,
    alt: str,
    on_choose: Callable[[int], None],
    height: int | Literal["auto", "content"] = "auto",
) -> None:
    """Show the columns of `rows` named in `columns` (name -> `st.column_config` entry).

    A click on any cell chooses its row: `on_choose` is told the value of the column `id`, as the reader saw the
    table, also after sorting it. The table is then put up anew, with nothing selected: a second click on a selected
    cell would do nothing, and a table whose selection was merely taken back selects its first cell, as a click
    would, when a closing drawer gives the focus back to it. `alt` is what the table is called, aloud and in its
    workbook.
    """
    ids = [int(each) for each in rows["id"]]
    times = f"{key}.times_chosen"
    this = f"{key}.{st.session_state.get(times, 0)}"

    def chosen() -> None:
        cells = st.session_state[this].selection.cells
        if cells and cells[0][0] < len(ids):
            st.session_state[times] = st.session_state.get(times, 0) + 1
            on_choose(ids[cells[0][0]])

    st.dataframe(
        _sent(rows, columns),
        column_config=dict(columns),
        hide_index=True,
        height=height,
        placeholder=NOTHING,
        key=this,
        on_select=chosen,
        selection_mode="single-cell",
        alt=alt,
    )
    shown.table(alt, _exported(columns), rows, key=key)


def read_only(
    rows: Rows,
    columns: Mapping[str, Any],
    *,
    alt: str,
    height: int | Literal["auto", "content"] = "auto",
) -> None:
    """Show the columns of `rows` named in `columns`; `alt` is what the table is called, aloud and in its workbook."""
    st.dataframe(
        _sent(rows, columns),
        column_config=dict(columns),
        hide_index=True,
        height=height,
        placeholder=NOTHING,
        alt=alt,
    )
    shown.table(alt, _exported(columns), rows)


def _sent(rows: Rows, columns: Collection[str]) -> pd.DataFrame | pa.Table:
    """The named columns, plain values already in the form in which Streamlit sends them."""
    if isinstance(rows, pd.DataFrame):
        return rows[list(columns)]
    return pa.table({name: rows[name] for name in columns})


def _exported(columns: Mapping[str, Any]) -> dict[str, Column]:
    """The same columns for a workbook."""
    return {name: _column(name, entry) for name, entry in columns.items()}


def _column(name: str, entry: Mapping[str, Any]) -> Column:
    kind = entry.get("type_config") or {}
    title = entry.get("label")
    return Column(
        name if title is None else title,
        _number_format(kind.get("format")) if kind.get("type") == "number" else None,
        kind.get("display_text") if kind.get("type") == "link" else None,
    )


@cache
def _number_format(shown_as: str | None) -> str | None:
    """How a workbook writes what `shown_as` (as in `%,.1f`) says on the screen."""
    found = re.fullmatch(r"([^%]*)%(,?)(?:\.(\d))?[df](.*)", shown_as or "")
    if found is None:
        return None
    before, comma, digits, after = found.groups()
    decimals = "." + "0" * int(digits) if digits and digits != "0" else ""
    return _quoted(before) + ("#,##0" if comma else "0") + decimals + _quoted(after.replace("%%", "%"))


def _quoted(text: str) -> str:
    """A text within a number format."""
    return f'"{text}"' if text else ""


def labelled(frame: pd.DataFrame, **labels: Mapping[str, str]) -> pd.DataFrame:
    """A copy of `frame` in which the codes of the named columns are replaced by their labels."""
    changed = {
        column: pd.Series(worded(words, frame[column].tolist()), index=frame.index, dtype=object)
        for column, words in labels.items()
    }
    return frame.assign(**changed)


def money(title: str, currency: str, **options: Any) -> Any:
    """The column entry of an amount in currency units."""
    return st.column_config.NumberColumn(title, format=f"{symbol(currency)}%,.0f", **options)


def text(title: str, **options: Any) -> Any:
    """The column entry of a text; cells of a table are never read as Markdown."""
    return st.column_config.TextColumn(title, **options)


def fitting(title: str, values: Sequence[str]) -> Any:
    """The column entry of a text among so many columns that the grid makes each as narrow as its values: never
    narrower than its title."""
    needed = _pixels(title)
    return text(title, width=needed if all(_pixels(value) < needed for value in values) else None)


def _pixels(words: str) -> int:
    """About how wide a cell has to be for words in the font of tables."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return wide * 14 + (len(words) - wide) * 8 + 22


def count(title: str, **options: Any) -> Any:
    """The column entry of a whole number."""
    return st.column_config.NumberColumn(title, format="%,d", **options)


def signals(title: str, texts: Sequence[str], colors: Sequence[str], **options: Any) -> Any:
    """The column entry of a list of short texts, each on its colour; the texts say all that the colours say."""
    return st.column_config.MultiselectColumn(title, options=list(texts), color=list(colors), **options)
