"""Money and quantities as integers of a ten-thousandth of their unit, so that sums are exact and repeatable."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SCALE = 10_000
"""Stored integers per currency unit (or per piece, for quantities)."""


def to_units(value: Decimal) -> int:
    """The stored integer of a decimal value, rounded half up to a ten-thousandth."""
    return int((value * SCALE).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_units(units: int) -> Decimal:
    """The decimal value of a stored integer, exact."""
    return Decimal(units) / SCALE


@dataclass(frozen=True)
class Money:
    """An amount that a sentence says: `units` in ten-thousandths of `currency` (ISO 4217). Pages write it with the sign
    that their reader knows."""

    units: int
    currency: str

    def __str__(self) -> str:
        return f"{self.currency} {from_units(self.units):,.2f}"
