"""Why a customer has its grade, and what would change it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from core.grading import reasons
from core.grading.cutoffs import MEASURES, Field, MeasureExplanation, measures
from core.language import Message
from core.policy.model import Policy


@dataclass(frozen=True)
class GradeExplanation:
    """The grade of one customer with everything it was decided by; `measures` is empty without scores."""

    customer_id: int
    as_of: date
    policy_version: int
    graded: int
    """How many customers have scores: the n of every rank."""
    rfm_cell: str | None
    value_tier: str | None
    value_rank: float | None
    lifecycle_stage: str
    first_order_on: date | None
    last_order_on: date | None
    orders_total: int
    measures: tuple[MeasureExplanation, ...]
    why: tuple[Message, ...]
    what_would_change: tuple[Message, ...]


def explain(row: Mapping[str, Any], graded: pa.Table, policy: Policy) -> GradeExplanation:
    """Explain `row` (a row of the mart's grades) against the MEASURES of all graded customers."""
    days, orders, amounts = (graded.column(name).to_numpy().astype("int64") for name in MEASURES)
    field = Field(-days, orders, amounts)
    scored = row["r_score"] is not None
    explained = measures(row, field, policy) if scored else ()
    changes = reasons.score_changes(explained, policy.business.currency)
    if scored:
        changes.append(reasons.another_order(row, field, policy))
    return GradeExplanation(
        customer_id=row["customer_id"],
        as_of=row["as_of"],
        policy_version=row["policy_version"],
        graded=len(graded),
        rfm_cell=row["rfm_cell"],
        value_tier=row["value_tier"],
        value_rank=row["value_rank"],
        lifecycle_stage=row["lifecycle_stage"],
        first_order_on=row["first_order_on"],
        last_order_on=row["last_order_on"],
        orders_total=row["orders_total"],
        measures=explained,
        why=(reasons.tier_reason(row, policy), reasons.stage_reason(row, policy)),
        what_would_change=(*changes, reasons.stage_change(row, policy)),
    )
