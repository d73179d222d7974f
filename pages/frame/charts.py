"""Charts that answer a click with codes. Vega-Lite as plain dictionaries: Altair's checks cost more than the page.

Colours are those of the theme; what a colour says is always also said in figures, so that nobody depends on it.
Charts that need more than these two kinds are plotly figures: `figure`, `show_figure` and the colours of `palette`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.frame.figures import Picked, figure, literal, show_figure
from pages.frame.palette import PICKED
from pages.frame.tables import Rows

__all__ = ["Pick", "Picked", "bars", "figure", "heatmap", "literal", "show_figure"]

Pick = dict[str, str] | None
"""Field -> code of what was clicked; None when a click undoes the last one."""

_CLICK = "click"
_TEXT = "currentColor"  # the page's own colour of text: right in the light and in the dark theme
_BARE = {"domain": False, "ticks": False, "grid": False, "labelColor": _TEXT}
_DEPTHS = [0.05, 0.55]  # no deeper, so that text stays readable on every cell in both themes
_HEIGHT_OF_ROW = 46
_HEIGHT_OF_LABEL = 14  # a line of a label above a column
_PADDING = 33  # Streamlit keeps it free inside a chart, above and below
_HEIGHT_OF_BAR = 34


def heatmap(
    frame: Rows,
    *,
    row: str,
    column: str,
    rows: Sequence[str],
    columns: Sequence[str],
    key: str,
    alt: str,
    on_pick: Callable[[Pick], None],
    tooltip: Sequence[tuple[str, str]] = (),
) -> None:
    """Counts in a grid; `on_pick` is told the codes `row` and `column` of the cell clicked, or None.

    `frame` holds a row for each cell: the codes `row` and `column`, `row_label`, `column_label`, `depth` (0 to 1:
    how dark the cell is), `figure` and `note` (the texts inside), and the texts that `tooltip` names
    (column, title); `picked` outlines a cell. `rows` and `columns` are the labels in their order.
    """
    # The height holds the labels too: without room of their own they would take it from the rows.
    around = _PADDING + _HEIGHT_OF_LABEL * max(len(label.split(" ")) for label in columns)
    axes = {
        "y": {"field": "row_label", "type": "nominal", "sort": list(rows), "title": None},
        "x": {
            "field": "column_label",
            "type": "nominal",
            "sort": list(columns),
            "title": None,
            "axis": {
                "orient": "top",
                "labelAngle": 0,
                "labelOverlap": False,
                "labelFlush": False,
                # Words of a label stand under each other, so that narrow columns keep apart.
                "labelExpr": "split(datum.label, ' ')",
            },
        },
    }
    spec = {
        "height": around + _HEIGHT_OF_ROW * len(rows),
        "encoding": axes,
        "layer": [
            {
                "mark": {"type": "rect", "cornerRadius": 4, "cursor": "pointer", "tooltip": True},
                "params": [{"name": _CLICK, "select": {"type": "point", "fields": [row, column]}}],
                "encoding": {
                    "fillOpacity": {
                        "field": "depth",
                        "type": "quantitative",
                        "scale": {"domain": [0, 1], "range": _DEPTHS},
                        "legend": None,
                    },
                    "strokeWidth": {"condition": {"test": "datum.picked", "value": 3}, "value": 0},
                    "stroke": {"value": PICKED},
                    "tooltip": [{"field": name, "title": title} for name, title in tooltip],
                },
            },
            _inside("figure", dy=-6, size=14, weight=600),
            _inside("note", dy=10, size=11),
        ],
        "config": {"view": {"stroke": None}, "axis": {**_BARE, "labelLimit": 220}},
    }
    _show(frame, spec, key, alt, on_pick)


def bars(
    frame: Rows,
    *,
    code: str,
    labels: Sequence[str],
    key: str,
    alt: str,
    on_pick: Callable[[Pick], None],
    tooltip: Sequence[tuple[str, str]] = (),
) -> None:
    """Horizontal bars; `on_pick` is told the `code` of the bar clicked, or None.

    `frame` holds a row for each bar: `code`, `bar_label`, `length`, `figure` (the text at its end), `picked` and the
    texts that `tooltip` names (column, title). `labels` are the bar labels in their order.
    """
    faded = {"condition": {"test": "datum.picked", "value": 1}, "value": 0.75}
    spec = {
        "height": _HEIGHT_OF_BAR * len(labels),
        "encoding": {
            "y": {"field": "bar_label", "type": "nominal", "sort": list(labels), "title": None},
            "x": {
                "field": "length",
                "type": "quantitative",
                "axis": None,
                # Room on the right for the figure at the end of the longest bar.
                "scale": {"domainMin": 0, "domainMax": float(max(frame["length"], default=0) or 1) * 1.6},
            },
        },
        "layer": [
            {
                "mark": {"type": "bar", "cornerRadiusEnd": 3, "cursor": "pointer", "height": {"band": 0.7}},
                "params": [{"name": _CLICK, "select": {"type": "point", "fields": [code]}}],
                "encoding": {
                    "opacity": faded,
                    "tooltip": [{"field": name, "title": title} for name, title in tooltip],
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12, "color": _TEXT},
                "encoding": {"text": {"field": "figure"}},
            },
        ],
        "config": {"view": {"stroke": None}, "axis": {**_BARE, "labelLimit": 220}},
    }
    _show(frame, spec, key, alt, on_pick)


def _inside(field: str, *, dy: int, size: int, weight: int = 400) -> dict[str, Any]:
    return {
        "mark": {
            "type": "text",
            "dy": dy,
            "fontSize": size,
            "fontWeight": weight,
            "color": _TEXT,
            "cursor": "pointer",
        },
        "encoding": {"text": {"field": field}},
    }


def _show(frame: Rows, spec: dict[str, Any], key: str, alt: str, on_pick: Callable[[Pick], None]) -> None:
    def clicked() -> None:
        points = st.session_state[key].selection.get(_CLICK) or []
        on_pick({name: str(value) for name, value in points[0].items()} if points else None)

    data = frame if isinstance(frame, pd.DataFrame) else pa.table(frame)
    st.vega_lite_chart(data, spec, key=key, on_select=clicked, alt=alt, width="stretch")
