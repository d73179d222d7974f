"""The house template of plotly figures: transparent ground, thin grid, the theme's font and colours.

Only `plotly.graph_objects`: plotly express costs a page ten times as much. A figure says in its axis titles what is
counted in which unit, writes labels beside what they name instead of a legend where there is room, and says with its
`alt` what it shows to whom it cannot show it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from pages.frame.palette import GRID, SERIES, TEXT

Picked = tuple[str, ...] | None
"""The `customdata` of what was clicked, as texts; None when a click undoes the last one."""

_SMALL, _TEXT = 12, 13
_AXIS = {
    "gridcolor": GRID,
    "gridwidth": 1,
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "automargin": True,
    "fixedrange": True,  # wheel and finger scroll the page, not the chart
    "tickfont": {"size": _SMALL},
    "title": {"font": {"size": _SMALL}, "standoff": 8},
}
_PALE = {"marker": {"opacity": 0.45}, "textfont": {"color": TEXT}}
"""What was not clicked steps back, its words do not."""
_CLEAR = {"textfont": {"color": TEXT}}
"""Without it plotly fails at a click: it looks for the font of what is selected when that of the rest is set."""
_TEMPLATE = go.layout.Template(
    data={"bar": [{"textposition": "outside", "cliponaxis": False, "unselected": _PALE, "selected": _CLEAR}]},
    layout={
        "colorway": list(SERIES),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": _TEXT},
        "margin": {"l": 8, "r": 8, "t": 24, "b": 8},
        "bargap": 0.35,
        "hovermode": "closest",
        "showlegend": False,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        "xaxis": {**_AXIS, "showgrid": False},
        "yaxis": _AXIS,
    },
)
_WORDS = {"tickfont": {"color": TEXT}, "title": {"font": {"color": TEXT}}}
# Not in the template: Streamlit writes a grey into that, which is too pale for small words on a light ground.
_LAYOUT = {"template": _TEMPLATE, "font": {"color": TEXT}, "xaxis": _WORDS, "yaxis": _WORDS}
_CONFIG = {"displayModeBar": False, "displaylogo": False, "doubleClick": False, "showTips": False}


class _Figure(go.Figure):  # type: ignore[misc] # plotly has no types
    """A figure that is read once for all times it is shown: plotly would copy it value by value for each."""

    _read: dict[str, Any] | None = None

    def finish(self) -> None:
        """Nothing is added to the figure any more."""
        if self._read is None:
            self._read = super().to_dict()

    def to_dict(self) -> dict[str, Any]:
        read: dict[str, Any] = self._read or super().to_dict()
        return read


def figure(height: int) -> go.Figure:
    """An empty figure of the house, `height` pixels tall; the caller adds `go` traces, until it is shown.

    A page that shows the same figure again and again keeps it: to put one together takes ten times as long.
    """
    return _Figure(layout={**_LAYOUT, "height": height})


def literal(text: str) -> str:
    """Data for a text of plotly: shown as it is, where `<b>` or a link in it would be taken for markup.

    Texts of a figure (labels, hover, annotations) that hold data go through it, sentences around them do not.
    """
    return escape(" ".join(text.split()), quote=False)


def show_figure(
    drawn: go.Figure, *, key: str, alt: str, on_pick: Callable[[Picked], None] | None = None
) -> None:
    """Show a figure; `alt` is a sentence that says what it shows.

    With `on_pick` a click on a bar or marker tells its `customdata`. Only bars and markers can be clicked:
    plotly's lines, heat maps and funnels tell nothing or something wrong.
    """
    if isinstance(drawn, _Figure):
        drawn.finish()
    if on_pick is None:
        st.plotly_chart(drawn, key=key, alt=alt, theme="streamlit", config=_CONFIG, width="stretch")
        return

    def clicked() -> None:
        points = st.session_state[key].selection.get("points") or []
        on_pick(_codes(points[0].get("customdata")) if points else None)

    st.plotly_chart(
        drawn,
        key=key,
        alt=alt,
        theme="streamlit",
        config=_CONFIG,
        width="stretch",
        on_select=clicked,
        selection_mode="points",
    )


def _codes(given: object) -> Picked:
    """One value, a list of them or plotly's dictionary of numbered ones, as texts."""
    if given is None:
        return None
    if isinstance(given, dict):
        given = list(given.values())
    values = given if isinstance(given, list | tuple) else [given]
    return tuple(str(value) for value in values)
