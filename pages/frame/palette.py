"""The colours of charts: told apart by colour-blind people, and by everybody on light and dark ground.

Series colours are tokens: Streamlit puts the theme's own (`chartCategoricalColors`) in their place, in plotly and
Vega-Lite charts alike, so that they suit the ground. Colours with a meaning are the same on both grounds; each
reaches the contrast of 3 to 1 that WCAG asks of graphics on either. Text is never coloured by them.
"""

from __future__ import annotations

SERIES = tuple(f"#{number:06d}" for number in range(1, 9))
"""The theme's colours of series, in order. Only for charts drawn by `charts.show_figure`."""

MAIN = SERIES[0]
"""One series alone, and the first of several."""

TEXT = "#000037"
"""The token of a ground's colour of text, for plotly figures; `currentColor` is its name in Vega-Lite."""

GOOD = "#0E9C5B"
BAD = "#CE5236"
WARNING = "#B6760C"
NEUTRAL = "#757973"
"""Too few to say, not yet known, in the background."""
TARGET = "#8A6BB8"
"""Lines of targets."""
PICKED = "#C4701A"
"""What was clicked."""

MEANINGS = {"good": GOOD, "bad": BAD, "warning": WARNING, "neutral": NEUTRAL}
"""Tone of a status (`pages.frame.status`) -> colour of a mark."""

GRID = "rgba(127, 131, 122, 0.22)"
BAND = "rgba(127, 131, 122, 0.14)"
"""Intervals and limits as areas: the grey of NEUTRAL, seen through."""
