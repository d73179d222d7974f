"""Where a customer stands in the life with the company, by the days of the first and the last order. Pure."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from core.policy.model import Lifecycle

LIFECYCLE_STAGES = ("prospect", "new", "active", "dormant", "lost")


def lifecycle_stage(
    first: ir.DateValue, last: ir.DateValue, rule: Lifecycle, as_of: date | ir.DateValue
) -> ir.StringValue:
    """The stage at `as_of` of a customer whose first and last order of positive amount fell on these days.

    prospect: never ordered. new: the first order is at most `new_days` ago. Otherwise active, dormant or
    lost by the days since the last order.
    """
    return ibis.cases(
        (first.isnull(), "prospect"),
        (days_ago(first, as_of) <= rule.new_days, "new"),
        (days_ago(last, as_of) <= rule.active_days, "active"),
        (days_ago(last, as_of) <= rule.dormant_days, "dormant"),
        else_="lost",
    )


def days_ago(day: ir.DateValue, as_of: date | ir.DateValue) -> ir.IntegerValue:
    """Whole days from `day` to `as_of`; 0 on the day itself."""
    until = ibis.literal(as_of) if isinstance(as_of, date) else as_of
    return until.delta(day, unit="day")
