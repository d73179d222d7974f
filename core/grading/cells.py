"""The eight cells of recency, frequency and monetary value, each split into a lower and an upper half. Pure."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from core.grading.ranks import reaches
from core.policy.model import Cells

RFM_CELLS = ("111", "011", "101", "001", "110", "010", "100", "000")
"""Digits of R, F, M: 1 in the upper half. Important (M = 1) before general, as the cells are usually listed."""


def rfm_cell(
    r_rank: ir.IntegerValue, f_rank: ir.IntegerValue, m_rank: ir.IntegerValue, n: ir.IntegerValue, rule: Cells
) -> ir.StringValue:
    """The cell of a customer with these ranks from zero among `n` graded customers.

    The ranks are those of the measures themselves (the day of the last order, the number of orders, the
    amount), the same that the scores come from; equal customers share the lowest rank of their group, so
    a group that straddles the middle falls into the lower half together.
    """
    digits = [
        ibis.ifelse(reaches(rank, n, rule.upper_from_rank), "1", "0") for rank in (r_rank, f_rank, m_rank)
    ]
    return digits[0] + digits[1] + digits[2]
