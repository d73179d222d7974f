"""Tables of records: columns described once, one row at a time chosen by its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from core.amounts import SCALE
from pages.frame.formats import symbol
from pages.frame.words import label


def records(
    frame: pd.DataFrame,
    columns: Mapping[str, Any],
    *,
    key: str,
    alt: str,
    on_choose: Callable[[int], None],
    height: int | Literal["auto", "content"] = "auto",
) -> None:
    """Show the columns of `frame` named in `columns` (name -> `st.column_config` entry).

    A click on any cell chooses its row: `on_choose` is told the value of the column `id`, as the reader saw the
    table, also after sorting it. The selection is taken back at once, because a second click on the same row
    would change nothing and so do nothing.
    """
    ids = [int(each) for each in frame["id"]]

    def chosen() -> None:
        cells = st.session_state[key].selection.cells
        if cells and cells[0][0] < len(ids):
            st.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": []}}
            on_choose(ids[cells[0][0]])

    st.dataframe(
        frame[list(columns)],
        column_config=dict(columns),
        hide_index=True,
        height=height,
        key=key,
        on_select=chosen,
        selection_mode="single-cell",
        alt=alt,
    )


def read_only(
    frame: pd.DataFrame,
    columns: Mapping[str, Any],
    *,
    alt: str,
    height: int | Literal["auto", "content"] = "auto",
) -> None:
    """Show the columns of `frame` named in `columns`."""
    st.dataframe(frame[list(columns)], column_config=dict(columns), hide_index=True, height=height, alt=alt)


def labelled(frame: pd.DataFrame, **labels: Mapping[str, str]) -> pd.DataFrame:
    """A copy of `frame` in which the codes of the named columns are replaced by their labels."""
    changed: dict[str, Any] = {}
    for column, words in labels.items():
        # A column has few codes and many rows: each code is worded once.
        codes = frame[column].tolist()
        worded = {code: label(words, code) for code in set(codes)}
        changed[column] = pd.Series([worded[code] for code in codes], index=frame.index, dtype=object)
    return frame.assign(**changed)


def in_currency(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """A copy of `frame` with stored ten-thousandths turned into currency units, for showing only."""
    return frame.assign(**{column: frame[column].astype("Float64") / SCALE for column in columns})


def money(title: str, currency: str, **options: Any) -> Any:
    """The column entry of an amount in currency units."""
    return st.column_config.NumberColumn(title, format=f"{symbol(currency)}%,.0f", **options)


def text(title: str, **options: Any) -> Any:
    """The column entry of a text; cells of a table are never read as Markdown."""
    return st.column_config.TextColumn(title, **options)


def count(title: str, **options: Any) -> Any:
    """The column entry of a whole number."""
    return st.column_config.NumberColumn(title, format="%,d", **options)


def date_column(title: str, **options: Any) -> Any:
    """The column entry of a day."""
    return st.column_config.DateColumn(title, format="YYYY-MM-DD", **options)


def signals(title: str, texts: Sequence[str], colors: Sequence[str], **options: Any) -> Any:
    """The column entry of a list of short texts, each on its colour; the texts say all that the colours say."""
    return st.column_config.MultiselectColumn(title, options=list(texts), color=list(colors), **options)
