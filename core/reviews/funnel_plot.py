"""Departments as a funnel plot: value by number of cases, between the limits of chance. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from core.reviews.drawing import (
    FONT,
    NAMES,
    WIDTH,
    Dot,
    Line,
    Scale,
    Write,
    nice_ticks,
    shape,
    shortened,
    svg,
    text,
    wide,
)

_FAR = 60
"""How many pixels a name may be moved from its dot."""
_THIN, _STRONG = 'stroke-width="0.8" stroke-opacity="0.45"', 'stroke-width="1.4" stroke-opacity="0.75"'

Band = tuple[float, float]
"""Lower and upper limit."""


def funnel_plot(
    dots: Sequence[Dot],
    company: Line,
    *,
    limits: Callable[[int], tuple[Band, Band]],
    write: Write,
    alt: str,
    cases: str,
) -> str:
    """Value by number of cases: within the strong curves a department cannot be told apart from the company.

    `limits` gives the thin curves and the strong ones for a number of cases; `cases` names the axis of n.
    """
    height = 240
    most = max((dot.n for dot in dots), default=1)
    ns = nice_ticks(0, max(most * 1.06, 4), smallest=1)
    left, right, top, foot = 46.0, WIDTH - 14.0, 16.0, height - 40.0
    across = Scale(0, ns[-1], left, right)
    counts = sorted({max(1, round(ns[-1] * (step / 40) ** 2)) for step in range(1, 41)})
    bands = {n: limits(n) for n in counts}
    fewest = min(dot.n for dot in dots)
    seen = [band for n, both in bands.items() if n >= fewest for band in both]
    bounds = [company.value, *(dot.value for dot in dots), *(each for pair in seen for each in pair)]
    ticks = nice_ticks(min(bounds), max(bounds))
    up = Scale(ticks[0], ticks[-1], foot, top)
    body = [_grid_y(ticks, up, left, right, write), _axis_n(ns, across, foot, cases)]
    body.extend(_curves(bands, company.value, across, up))
    level = up(company.value)
    body.append(
        f'<line x1="{left}" x2="{right}" y1="{level}" y2="{level}" stroke="currentColor" stroke-width="1.4"/>'
    )
    body.append(text(left + 4, level - 5, company.label, size=11))
    label = (left + 4, left + 4 + wide(company.label), level - 5)
    body.extend(_named(dots, across, up, label, (top, foot)))
    return svg(height, alt, body)


def _curves(bands: Mapping[int, tuple[Band, Band]], middle: float, across: Scale, up: Scale) -> Iterator[str]:
    """The thin and the strong limits, below and above the company's value."""
    for which, weight in ((0, _THIN), (1, _STRONG)):
        for side in (0, 1):
            curve = [(n, both[which][side]) for n, both in bands.items()]
            # Of very few cases a limit between whole counts can fall on the wrong side of what it is a limit of.
            outward = (point for point in curve if (point[1] > middle) == (side == 1))
            inside = [point for point in outward if up.low <= point[1] <= up.high]
            path = " ".join(f"{across(n)},{up(value)}" for n, value in inside)
            yield f'<polyline points="{path}" fill="none" stroke="currentColor" {weight}/>'


def _grid_y(ticks: Sequence[float], scale: Scale, left: float, right: float, write: Write) -> str:
    parts = []
    for tick in ticks:
        y = scale(tick)
        parts.append(
            f'<line x1="{left}" x2="{right}" y1="{y}" y2="{y}" stroke="currentColor" stroke-opacity="0.13"/>'
        )
        parts.append(text(left - 6, y + 4, write(tick), anchor="end", size=11, faint=True))
    return "".join(parts)


def _axis_n(ns: Sequence[float], scale: Scale, foot: float, cases: str) -> str:
    marks = [text(scale(n), foot + 16, f"{n:,.0f}", anchor="middle", size=11, faint=True) for n in ns]
    return "".join(marks) + text(WIDTH - 14, foot + 32, cases, anchor="end", size=11, faint=True)


_Place = tuple[float, float, float]
"""Where a word stands: left end, right end, base line."""


def _named(
    dots: Sequence[Dot], across: Scale, up: Scale, label: _Place, height: tuple[float, float]
) -> list[str]:
    """The dots with their names beside them, moved apart where they would lie upon each other, a dot or `label`."""
    parts: list[str] = []
    taken = [label, *((across(dot.n) - 7, across(dot.n) + 7, up(dot.value) + 4) for dot in dots)]
    for dot in sorted(dots, key=lambda each: up(each.value)):
        x, y = across(dot.n), up(dot.value)
        words = shortened(dot.label, NAMES)
        start, end, at = place = _free(x, y, wide(words), taken, height)
        taken.append(place)
        parts.append(shape(x, y, dot))
        before = start < x
        parts.append(text(end if before else start, round(at, 1), words, anchor="end" if before else "start"))
    return parts


def _free(x: float, y: float, wide: float, taken: Sequence[_Place], height: tuple[float, float]) -> _Place:
    """The place for a word nearest to a dot, right of it or left, that touches nothing; without one, beside it."""
    sides = [start for start in (x + 10, x - 10 - wide) if start >= 0 and start + wide <= WIDTH] or [x + 10]
    for moved in sorted(range(-_FAR, _FAR + 1, 2), key=abs):
        at = y + 4 + moved
        for start in sides:
            free = not any(
                start < right and left < start + wide and abs(at - other) < FONT
                for left, right, other in taken
            )
            if free and (not moved or height[0] <= at <= height[1]):
                return start, start + wide, at
    return sides[0], sides[0] + wide, y + 4
