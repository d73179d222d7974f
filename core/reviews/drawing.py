"""What the drawings of a report are made of, the same on the page and on paper. Pure.

Text is `currentColor`, so a drawing suits the ground it stands on. What a colour says, a shape says too: a triangle up
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
FONT = 12
NAMES = 112
"""How many pixels the name of a department may take."""
_TICKS = 4

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
class Scale:
    """Where a value lies between two pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 1)


def nice_ticks(low: float, high: float, smallest: float = 0) -> list[float]:
    """Round values, evenly apart by `smallest` or more, that hold `low` and `high` between first and last."""
    if high <= low:
        high, low = low + (abs(low) or 1) * 0.1, low - (abs(low) or 1) * 0.1
    raw = max((high - low) / _TICKS, smallest)
    power = 10 ** math.floor(math.log10(raw))
    step = next(each * power for each in (1, 2, 5, 10) if each * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def svg(height: float, alt: str, body: Sequence[str]) -> str:
    """The whole drawing; `alt` says what it shows."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'role="img" aria-label="{escape(alt)}" font-size="{FONT}" fill="currentColor">'
        f"<title>{escape(alt)}</title>{''.join(body)}</svg>"
    )


def text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = FONT, faint: bool = False
) -> str:
    """Words beginning, ending or centred at a point, escaped."""
    opacity = ' fill-opacity="0.75"' if faint else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"{opacity}>{escape(words)}</text>'
    )


def color(place: str) -> str:
    """The colour of a place, for lines as for shapes."""
    return {"better": BETTER, "worse": WORSE}.get(place, "currentColor")


def shape(x: float, y: float, dot: Dot) -> str:
    """The mark of a department by its place; with a pointer on it its name and note."""
    tip = f"<title>{escape(' '.join((dot.label, dot.note)))}</title>"
    paint = color(dot.place)
    if dot.place in ("better", "worse"):
        up = -6 if dot.place == "better" else 6
        corners = f"{x},{y + up:g} {x - 6},{y - up * 0.8:g} {x + 6},{y - up * 0.8:g}"
        return f'<polygon points="{corners}" fill="{paint}">{tip}</polygon>'
    if dot.place == "too_few":
        # A stroke alone, so that the ground shows through whatever it is.
        return f'<circle cx="{x}" cy="{y:g}" r="4.5" fill="none" stroke="{paint}" stroke-width="1.6">{tip}</circle>'
    return f'<circle cx="{x}" cy="{y:g}" r="5" fill="{paint}">{tip}</circle>'


def shortened(words: str, room: float) -> str:
    """The words, cut off with an ellipsis where they would be wider than `room` pixels."""
    if wide(words) <= room:
        return words
    while words and wide(words) > room - FONT:
        words = words[:-1]
    return words.rstrip() + "…"


def wide(words: str) -> float:
    """About how many pixels the words take: a Chinese character is as wide as it is high."""
    return sum(FONT if unicodedata.east_asian_width(c) in "WF" else FONT * 0.56 for c in words)
