"""Ranks and what is read off them, in integers, so that nothing depends on how a float was rounded. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import ibis
import ibis.expr.types as ir

SCORES = 5
"""Scores run from 1 to this."""


def rank_from_zero(*measures: ir.Value, within: Sequence[ir.Column] = ()) -> ir.IntegerColumn:
    """How many rows lie strictly below, by the measures in turn, among those alike in `within`; equal rows get equal
    ranks."""
    return ibis.rank().over(group_by=list(within), order_by=list(measures))


def score(rank: ir.IntegerValue, n: ir.IntegerValue) -> ir.IntegerValue:
    """1 to 5 for a rank from zero among `n`: fifths of the ranks; the only one of one scores 1."""
    return ibis.least((rank * SCORES) // _span(n) + 1, SCORES).cast("int64")


def percent_rank(rank: ir.IntegerValue, n: ir.IntegerValue) -> ir.FloatingValue:
    """rank / (n - 1), from 0 to 1; 0 when n is 1. For show: decisions compare with `reaches`."""
    return rank / _span(n)


def reaches(rank: ir.IntegerValue, n: ir.IntegerValue, share: float) -> ir.BooleanValue:
    """Whether the percent rank is at least `share`, taken as the decimal it is written as (0.8 is 4/5)."""
    exact = Fraction(str(share))
    return rank * exact.denominator >= _span(n) * exact.numerator


def _span(n: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.greatest(n - 1, 1)
