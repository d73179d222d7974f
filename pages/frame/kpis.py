"""KPI tiles: value, unit and n, how it stands to its target, whether its change is real, and its last year.

A page may show fourteen of them, and every Streamlit element costs the server about a millisecond; so a row of tiles
is one element of our own markup. Every text in it is escaped, and Streamlit cleans it once more in the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import streamlit as st

from pages.frame.status import Mark
from pages.frame.words import _

_ABREAST = 7
_WIDTH, _HEIGHT, _PAD = 100, 28, 3
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" preserveAspectRatio="none">'
    '<g fill="none" stroke="#000" stroke-linecap="round" stroke-linejoin="round">{target}'
    '<path d="{line}" stroke-width="1.75" vector-effect="non-scaling-stroke"/></g></svg>'
)
_TARGET = (
    '<path d="M0 {y}H{width}" stroke-width="1" stroke-dasharray="3 3" stroke-opacity=".45" '
    'vector-effect="non-scaling-stroke"/>'
)


@dataclass(frozen=True)
class KpiTile:
    """One measure as a tile. All texts are data or our own words; none is read as markup."""

    label: str
    value: str
    """Written with its unit, or the sign for nothing."""
    note: str = ""
    """Period and n, under the value: `May · n = 1,204`."""
    standing: Mark | None = None
    target: str = ""
    """The target, written like the value."""
    change: str = ""
    """The difference to the period before, with sign and unit: `+1.2 pp`."""
    real: bool | None = None
    """Whether the change is more than noise; None: it cannot be said."""
    better: bool | None = None
    """Whether a real change is for the better; None: neither can be said."""
    trend: Sequence[float | None] = ()
    """Values by time, the last one the value shown; None leaves a gap."""
    goal: float | None = None
    """The target on the scale of `trend`: a dashed line."""
    help: str = ""
    """Shown when the pointer rests on the tile."""


def kpi_tiles(row: Sequence[KpiTile], key: str) -> None:
    """Show tiles in a grid that fits the width: seven side by side on a wide screen, two on a phone.

    Fewer than seven fill the width.
    """
    plain = all(tile.standing is None and not tile.change and not tile.trend for tile in row)
    kinds = "kpis" + (" kpis-few" if len(row) < _ABREAST else "") + (" kpis-plain" if plain else "")
    with st.container(key=f"kpis_{key}"):
        st.html(f'<ul class="{kinds}">{"".join(_tile(tile, plain=plain) for tile in row)}</ul>')


def _tile(tile: KpiTile, *, plain: bool) -> str:
    """Each part is there, if empty, because the lines of neighbours stand level."""
    measured = "" if plain else _standing(tile) + _change(tile) + _spark(tile)
    hint = f' title="{escape(tile.help)}"' if tile.help else ""
    return (
        f'<li class="kpi"{hint}>'
        f'<div class="kpi-label">{escape(tile.label)}</div>'
        f'<div class="kpi-value">{escape(tile.value)}</div>'
        f"{measured}"
        f'<div class="kpi-note">{escape(tile.note)}</div>'
        "</li>"
    )


def _standing(tile: KpiTile) -> str:
    if tile.standing is None:
        return '<div class="kpi-line"></div>'
    mark, said = tile.standing, _(tile.standing.words)
    if tile.target:
        said += f" · {tile.target}"
    sign = f'<span class="tone-{mark.tone}" aria-hidden="true">{mark.shape}</span>'
    return f'<div class="kpi-line">{sign} {escape(said)}</div>'


def _change(tile: KpiTile) -> str:
    """The change with its verdict beside it: an arrow alone would call every wobble a direction."""
    verdict = ""
    if tile.change and tile.real is not None:
        tone = {True: "good", False: "bad", None: "neutral"}[tile.better]
        said = _("real") if tile.real else _("noise")
        verdict = f' <span class="kpi-verdict tone-{tone}">{escape(said)}</span>'
    return f'<div class="kpi-line">{escape(tile.change)}{verdict}</div>'


def _spark(tile: KpiTile) -> str:
    """The trend as a mask over the colour of text: right on light and dark ground, without a script."""
    known = [value for value in tile.trend if value is not None]
    if len(known) < 2:
        return '<div class="kpi-spark kpi-spark-none"></div>'
    picture = quote(spark_svg(tile.trend, tile.goal))  # nothing is left that could end the address early
    return f'<div class="kpi-spark" style="--line:url(data:image/svg+xml,{picture})"></div>'


def spark_svg(trend: Sequence[float | None], goal: float | None) -> str:
    """The drawing of a trend: its line, broken where a value is missing, and its goal."""
    scale = [value for value in (*trend, goal) if value is not None]
    low, high = min(scale), max(scale)
    step = _WIDTH / max(len(trend) - 1, 1)

    def height(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(_HEIGHT - _PAD - share * (_HEIGHT - 2 * _PAD), 1)

    line, pen = [], "M"
    for place, value in enumerate(trend):
        if value is None:
            pen = "M"
            continue
        line.append(f"{pen}{round(place * step, 1)} {height(value)}")
        pen = "L"
    # A value between two gaps is a point: a line of no length, which round ends make visible.
    target = "" if goal is None else _TARGET.format(y=height(goal), width=_WIDTH)
    return _SVG.format(width=_WIDTH, height=_HEIGHT, target=target, line="".join(_dots(line)))


def _dots(line: list[str]) -> list[str]:
    following = [*line[1:], "M"]
    return [
        f"{point}h0" if point.startswith("M") and after.startswith("M") else point
        for point, after in zip(line, following, strict=True)
    ]
