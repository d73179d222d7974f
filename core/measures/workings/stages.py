"""Where customers stand at the end of months: churn, and the share of high value."""

from __future__ import annotations

import ibis
import pyarrow as pa

from core.dates import months_before
from core.measures.periods import Grain
from core.measures.workings.sources import WHERE, Sources, cells


def churn(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the customers active or dormant at the end of the month before those lost at the end of the month."""
    starts = [each.start for each in sources.periods(grain)]
    names = ibis.memtable(
        pa.table(
            {
                "start": pa.array(starts, pa.date32()),
                "month": pa.array([months_before(start, 1) for start in starts], pa.date32()),
            }
        )
    )
    ends = sources.month_ends
    then = ends.filter(ends.lifecycle_stage.isin(["active", "dormant"])).join(names, "month")
    now = ends.select("customer_id", start=ends.month, stage=ends.lifecycle_stage)
    both = sources.of_customers(then.select("start", "customer_id").join(now, ["start", "customer_id"]))
    counted = both.group_by(["start", *WHERE]).aggregate(
        numerator=(both.stage == "lost").cast("int64").sum(), denominator=both.count()
    )
    return [cells("churn", grain, counted)]


def high_value_share(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the customers with a value tier at the end of the month those of high value."""
    starts = [each.start for each in sources.periods(grain)]
    ends = sources.month_ends
    tiers = ends.filter(ends.value_tier.notnull(), ends.month.isin(starts)).rename(start="month")
    tiers = sources.of_customers(tiers)
    counted = tiers.group_by(["start", *WHERE]).aggregate(
        numerator=(tiers.value_tier == "high").cast("int64").sum(), denominator=tiers.count()
    )
    return [cells("high_value_share", grain, counted)]
