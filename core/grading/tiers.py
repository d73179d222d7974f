"""The value tier: how much attention a customer is worth. Pure."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from core.grading.ranks import reaches
from core.policy.model import Tiers

VALUE_TIERS = ("high", "potential", "mid", "low")


def value_tier(
    value_rank: ir.IntegerValue,
    n: ir.IntegerValue,
    scores: tuple[ir.IntegerValue, ir.IntegerValue, ir.IntegerValue],
    rule: Tiers,
) -> ir.StringValue:
    """The tier of a graded customer; the first that fits of high, potential, low, else mid.

    `value_rank` is the rank from zero by (r + f + m, monetary) among the `n` graded, `scores` are
    those of R, F and M.
    """
    r, f, m = scores
    enough = rule.potential_f_or_m_from
    return ibis.cases(
        (reaches(value_rank, n, rule.high_from_rank), "high"),
        ((r >= rule.potential_r_from) & ((f >= enough) | (m >= enough)), "potential"),
        (~reaches(value_rank, n, rule.low_below_rank), "low"),
        else_="mid",
    )
