"""How each measure is worked out: for every period the cells of departments and regions, to be added up."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from core.measures.periods import Grain
from core.measures.workings import acquisition, ledger, quality, satisfaction, stages, trade
from core.measures.workings.sources import Sources

__all__ = ["WORKINGS", "Sources", "Working"]

Working = Callable[[Sources, Grain], list[pa.Table]]
"""Gives the cells of a grain, of all measures that name it in WORKINGS."""

WORKINGS: dict[str, Working] = {
    "completeness": quality.fields,
    "accuracy": quality.fields,
    "first_response_on_time": ledger.first_response_on_time,
    "warning_response_on_time": ledger.warning_response_on_time,
    "win_back": ledger.win_back,
    "lead_conversion": acquisition.lead_conversion,
    "acquisition_cost": acquisition.acquisition_cost,
    "retention": trade.retention,
    "repurchase": trade.repurchase,
    "average_order_value": trade.average_order_value,
    "satisfaction": satisfaction.answers,
    "satisfied_share": satisfaction.answers,
    "churn": stages.churn,
    "high_value_share": stages.high_value_share,
}
"""Code of the measure -> its working."""
