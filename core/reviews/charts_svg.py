"""Charts of a report as SVG, the same on the page and on paper: departments as dots with their intervals, and as a
funnel plot. Pure.

Text is `currentColor`, so a chart suits the ground it stands on. What a colour says, a shape says too: a triangle up
is really better, one down really worse, a circle cannot be told apart, a hollow circle rests on too few cases.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

BETTER, WORSE = "#1F8A70", "#D4511E"  # told apart by colour-blind people, seen on light and dark ground
WIDTH = 460
_FONT = 12
_LABELS, _NOTES = 112, 114
_ROW = 28
_TOP, _BOTTOM = 42, 26
_TICKS = 4
_FAR = 60
"""How many pixels a name may be moved from its dot."""
_THIN, _STRONG = 'stroke-width="0.8" stroke-opacity="0.45"', 'stroke-width="1.4" stroke-opacity="0.75"'

Band = tuple[float, float]
"""Lower and upper limit."""
Write = Callable[[float], str]
"""How the axis writes a value."""


@dataclass(frozen=True)
class Dot:
    """One department. `place` is a key of `core.reviews.labels.PLACES`; `note` stands at the right of the dot plot."""

    label: str
    value: float
    low: float | None
    high: float | None
    n: int
    place: str
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A value to hold the dots against, with its name."""

    label: str
    value: float


@dataclass(frozen=True)
class _Scale:
    """Where a value lies between two pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 1)


def dot_plot(dots: Sequence[Dot], company: Line | None, target: Line | None, write: Write, alt: str) -> str:
    """A row for each department: its value as a dot, its interval as a line, the company's value and the target
    as lines from top to bottom."""
    lines = [line.value for line in (company, target) if line is not None]
    bounds = [b for dot in dots for b in (dot.value, dot.low, dot.high) if b is not None] + lines
    ticks = nice_ticks(min(bounds), max(bounds))
    scale = _Scale(ticks[0], ticks[-1], _LABELS + 10, WIDTH - _NOTES - 10)
    height = _TOP + _ROW * len(dots) + _BOTTOM
    foot = height - _BOTTOM + 4
    body = [_grid_x(ticks, scale, foot, write)]
    if company is not None:
        body.append(_upright(company, scale, 12, foot, dashed=False))
    if target is not None:
        body.append(_upright(target, scale, height - 6, foot, dashed=True))
    for number, dot in enumerate(dots):
        body.append(_row(dot, scale, _TOP + _ROW * number + _ROW / 2))
    return _svg(height, alt, body)


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
    across = _Scale(0, ns[-1], left, right)
    counts = sorted({max(1, round(ns[-1] * (step / 40) ** 2)) for step in range(1, 41)})
    bands = {n: limits(n) for n in counts}
    fewest = min(dot.n for dot in dots)
    seen = [band for n, both in bands.items() if n >= fewest for band in both]
    bounds = [company.value, *(dot.value for dot in dots), *(each for pair in seen for each in pair)]
    ticks = nice_ticks(min(bounds), max(bounds))
    up = _Scale(ticks[0], ticks[-1], foot, top)
    body = [_grid_y(ticks, up, left, right, write), _axis_n(ns, across, foot, cases)]
    for which, weight in ((0, _THIN), (1, _STRONG)):
        for side in (0, 1):
            curve = [(n, both[which][side]) for n, both in bands.items()]
            # Of very few cases a limit between whole counts can fall on the wrong side of what it is a limit of.
            outward = (point for point in curve if (point[1] > company.value) == (side == 1))
            inside = [point for point in outward if ticks[0] <= point[1] <= ticks[-1]]
            path = " ".join(f"{across(n)},{up(value)}" for n, value in inside)
            body.append(f'<polyline points="{path}" fill="none" stroke="currentColor" {weight}/>')
    level = up(company.value)
    body.append(
        f'<line x1="{left}" x2="{right}" y1="{level}" y2="{level}" stroke="currentColor" stroke-width="1.4"/>'
    )
    body.append(_text(left + 4, level - 5, company.label, size=11))
    label = (left + 4, left + 4 + _wide(company.label), level - 5)
    body.extend(_named(dots, across, up, label, (top, foot)))
    return _svg(height, alt, body)


def nice_ticks(low: float, high: float, smallest: float = 0) -> list[float]:
    """Round values, evenly apart by `smallest` or more, that hold `low` and `high` between first and last."""
    if high <= low:
        high, low = low + (abs(low) or 1) * 0.1, low - (abs(low) or 1) * 0.1
    raw = max((high - low) / _TICKS, smallest)
    power = 10 ** math.floor(math.log10(raw))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _svg(height: float, alt: str, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'role="img" aria-label="{escape(alt)}" font-size="{_FONT}" fill="currentColor">'
        f"<title>{escape(alt)}</title>{''.join(body)}</svg>"
    )


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = _FONT, faint: bool = False
) -> str:
    opacity = ' fill-opacity="0.75"' if faint else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"{opacity}>{escape(words)}</text>'
    )


def _grid_x(ticks: Sequence[float], scale: _Scale, foot: float, write: Write) -> str:
    parts = []
    for tick in ticks:
        x = scale(tick)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{foot}" stroke="currentColor" stroke-opacity="0.13"/>'
        )
        parts.append(_text(x, _TOP - 11, write(tick), anchor="middle", size=11, faint=True))
    return "".join(parts)


def _grid_y(ticks: Sequence[float], scale: _Scale, left: float, right: float, write: Write) -> str:
    parts = []
    for tick in ticks:
        y = scale(tick)
        parts.append(
            f'<line x1="{left}" x2="{right}" y1="{y}" y2="{y}" stroke="currentColor" stroke-opacity="0.13"/>'
        )
        parts.append(_text(left - 6, y + 4, write(tick), anchor="end", size=11, faint=True))
    return "".join(parts)


def _axis_n(ns: Sequence[float], scale: _Scale, foot: float, cases: str) -> str:
    marks = [_text(scale(n), foot + 16, f"{n:,.0f}", anchor="middle", size=11, faint=True) for n in ns]
    return "".join(marks) + _text(WIDTH - 14, foot + 32, cases, anchor="end", size=11, faint=True)


def _upright(line: Line, scale: _Scale, y: float, foot: float, *, dashed: bool) -> str:
    x = scale(line.value)
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    anchor = "start" if x < _LABELS + 40 else "end" if x > WIDTH - _NOTES - 40 else "middle"
    return (
        f'<line x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{foot}" stroke="currentColor" stroke-width="1.2"{dash}/>'
        + _text(x, y, line.label, anchor=anchor, size=11)
    )


def _row(dot: Dot, scale: _Scale, y: float) -> str:
    color = _color(dot.place)
    parts = [_text(_LABELS, y + 4, shortened(dot.label, _LABELS), anchor="end")]
    if dot.low is not None and dot.high is not None:
        parts.append(
            f'<line x1="{scale(dot.low)}" x2="{scale(dot.high)}" y1="{y:g}" y2="{y:g}" '
            f'stroke="{color}" stroke-width="3" stroke-opacity="0.55" stroke-linecap="round"/>'
        )
    parts.append(_shape(scale(dot.value), y, dot))
    parts.append(_text(WIDTH, y + 4, dot.note, anchor="end", size=11))
    return "".join(parts)


def _color(place: str) -> str:
    return {"better": BETTER, "worse": WORSE}.get(place, "currentColor")


def _shape(x: float, y: float, dot: Dot) -> str:
    tip = f"<title>{escape(' '.join((dot.label, dot.note)))}</title>"
    color = _color(dot.place)
    if dot.place in ("better", "worse"):
        up = -6 if dot.place == "better" else 6
        corners = f"{x},{y + up:g} {x - 6},{y - up * 0.8:g} {x + 6},{y - up * 0.8:g}"
        return f'<polygon points="{corners}" fill="{color}">{tip}</polygon>'
    if dot.place == "too_few":
        # A stroke alone, so that the ground shows through whatever it is.
        return f'<circle cx="{x}" cy="{y:g}" r="4.5" fill="none" stroke="{color}" stroke-width="1.6">{tip}</circle>'
    return f'<circle cx="{x}" cy="{y:g}" r="5" fill="{color}">{tip}</circle>'


_Place = tuple[float, float, float]
"""Where a word stands: left end, right end, base line."""


def _named(
    dots: Sequence[Dot], across: _Scale, up: _Scale, label: _Place, height: tuple[float, float]
) -> list[str]:
    """The dots with their names beside them, moved apart where they would lie upon each other, a dot or `label`."""
    parts: list[str] = []
    taken = [label, *((across(dot.n) - 7, across(dot.n) + 7, up(dot.value) + 4) for dot in dots)]
    for dot in sorted(dots, key=lambda each: up(each.value)):
        x, y = across(dot.n), up(dot.value)
        words = shortened(dot.label, _LABELS)
        start, end, at = place = _free(x, y, _wide(words), taken, height)
        taken.append(place)
        parts.append(_shape(x, y, dot))
        before = start < x
        parts.append(
            _text(end if before else start, round(at, 1), words, anchor="end" if before else "start")
        )
    return parts


def _free(x: float, y: float, wide: float, taken: Sequence[_Place], height: tuple[float, float]) -> _Place:
    """The place for a word nearest to a dot, right of it or left, that touches nothing; without one, beside it."""
    sides = [start for start in (x + 10, x - 10 - wide) if start >= 0 and start + wide <= WIDTH] or [x + 10]
    for moved in sorted(range(-_FAR, _FAR + 1, 2), key=abs):
        at = y + 4 + moved
        for start in sides:
            free = not any(
                start < right and left < start + wide and abs(at - other) < _FONT
                for left, right, other in taken
            )
            if free and (not moved or height[0] <= at <= height[1]):
                return start, start + wide, at
    return sides[0], sides[0] + wide, y + 4


def shortened(words: str, room: float) -> str:
    """The words, cut off with an ellipsis where they would be wider than `room` pixels."""
    if _wide(words) <= room:
        return words
    while words and _wide(words) > room - _FONT:
        words = words[:-1]
    return words.rstrip() + "…"


def _wide(words: str) -> float:
    """About how many pixels the words take: a Chinese character is as wide as it is high."""
    return sum(_FONT if unicodedata.east_asian_width(c) in "WF" else _FONT * 0.56 for c in words)
