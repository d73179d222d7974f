"""Departments as dots with their intervals, one row each, held against the company and a target. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from core.reviews.drawing import (
    NAMES,
    WIDTH,
    Dot,
    Line,
    Scale,
    Write,
    color,
    nice_ticks,
    shape,
    shortened,
    svg,
    text,
)

_NOTES = 114
_ROW = 28
_TOP, _BOTTOM = 42, 26


def dot_plot(dots: Sequence[Dot], company: Line | None, target: Line | None, write: Write, alt: str) -> str:
    """A row for each department: its value as a dot, its interval as a line, the company's value and the target
    as lines from top to bottom."""
    lines = [line.value for line in (company, target) if line is not None]
    bounds = [b for dot in dots for b in (dot.value, dot.low, dot.high) if b is not None] + lines
    ticks = nice_ticks(min(bounds), max(bounds))
    scale = Scale(ticks[0], ticks[-1], NAMES + 10, WIDTH - _NOTES - 10)
    height = _TOP + _ROW * len(dots) + _BOTTOM
    foot = height - _BOTTOM + 4
    body = [_grid_x(ticks, scale, foot, write)]
    if company is not None:
        body.append(_upright(company, scale, 12, foot, dashed=False))
    if target is not None:
        body.append(_upright(target, scale, height - 6, foot, dashed=True))
    for number, dot in enumerate(dots):
        body.append(_row(dot, scale, _TOP + _ROW * number + _ROW / 2))
    return svg(height, alt, body)


def _grid_x(ticks: Sequence[float], scale: Scale, foot: float, write: Write) -> str:
    parts = []
    for tick in ticks:
        x = scale(tick)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{foot}" stroke="currentColor" stroke-opacity="0.13"/>'
        )
        parts.append(text(x, _TOP - 11, write(tick), anchor="middle", size=11, faint=True))
    return "".join(parts)


def _upright(line: Line, scale: Scale, y: float, foot: float, *, dashed: bool) -> str:
    x = scale(line.value)
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    anchor = "start" if x < NAMES + 40 else "end" if x > WIDTH - _NOTES - 40 else "middle"
    return (
        f'<line x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{foot}" stroke="currentColor" stroke-width="1.2"{dash}/>'
        + text(x, y, line.label, anchor=anchor, size=11)
    )


def _row(dot: Dot, scale: Scale, y: float) -> str:
    paint = color(dot.place)
    parts = [text(NAMES, y + 4, shortened(dot.label, NAMES), anchor="end")]
    if dot.low is not None and dot.high is not None:
        parts.append(
            f'<line x1="{scale(dot.low)}" x2="{scale(dot.high)}" y1="{y:g}" y2="{y:g}" '
            f'stroke="{paint}" stroke-width="3" stroke-opacity="0.55" stroke-linecap="round"/>'
        )
    parts.append(shape(scale(dot.value), y, dot))
    parts.append(text(WIDTH, y + 4, dot.note, anchor="end", size=11))
    return "".join(parts)
