"""Money and quantities as integers of a ten-thousandth of their unit, so that sums are exact and repeatable."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

SCALE = 10_000
"""Stored integers per currency unit (or per piece, for quantities)."""


def to_units(value: Decimal) -> int:
    """The stored integer of a decimal value, rounded half up to a ten-thousandth."""
    return int((value * SCALE).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_units(units: int) -> Decimal:
    """The decimal value of a stored integer, exact."""
    return Decimal(units) / SCALE
