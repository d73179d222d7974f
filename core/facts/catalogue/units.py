"""What the numbers of fields count."""

from __future__ import annotations

from core.language import mark

CURRENCY = mark("in your currency")
PIECES = mark("pieces")
DAYS = mark("days")
TIMES = mark("times")
POINTS = mark("points")
