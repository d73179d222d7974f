"""A small table of shares with a bar beside each figure: one element, cheaper than a table that scrolls and sorts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from pages.frame import shown
from pages.frame.formats import percent


@dataclass(frozen=True)
class ShareRow:
    """One row; all texts are shown as they are."""

    name: str
    count: str
    shares: Sequence[float]
    """From 0 to 1, one for each column of bars."""


def share_table(titles: Sequence[str], rows: Sequence[ShareRow], *, name: str) -> None:
    """Show rows under `titles`: the name's, the count's, and one for each column of bars. `name` is the table's."""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in titles)
    body = "".join(_row(row) for row in rows)
    table = f'<table class="shares"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    st.html(f'<div class="shares-box">{table}</div>')
    cells = [(row.name, row.count, *map(percent, row.shares)) for row in rows]
    shown.written_table(name, titles, cells)


def _row(row: ShareRow) -> str:
    bars = "".join(
        f'<td><span class="share"><i style="width:{share:.1%}"></i></span><b>{escape(percent(share))}</b></td>'
        for share in row.shares
    )
    return f'<tr><th scope="row">{escape(row.name)}</th><td>{escape(row.count)}</td>{bars}</tr>'
