"""How strangers become customers: conversion of leads, and what a customer costs."""

from __future__ import annotations

import pyarrow as pa

from core.measures.periods import Grain
from core.measures.workings.sources import WHERE, Sources, cells


def lead_conversion(sources: Sources, grain: Grain) -> list[pa.Table]:
    """Of the leads that arrived in the period and whose window has passed those won within it."""
    leads = sources.within(sources.matured_leads, "arrived_on", grain)
    counted = leads.group_by(["start", *WHERE]).aggregate(
        numerator=leads.won.cast("int64").sum(), denominator=leads.count()
    )
    return [cells("lead_conversion", grain, counted)]


def acquisition_cost(sources: Sources, grain: Grain) -> list[pa.Table]:
    """What the channels cost in the month, and the customers won in it; only where costs are known.

    Costs are of months and of no department, so it is not known by week or department.
    """
    spent = sources.costs.group_by(start=sources.costs.month).aggregate(numerator=sources.costs.amount.sum())
    leads = sources.within(sources.leads, "won_on", grain)
    won = leads.group_by("start").aggregate(denominator=leads.count())
    counted = spent.filter(spent.start.isin([each.start for each in sources.periods(grain)]))
    counted = counted.left_join(won, "start").select(
        "start", "numerator", denominator=won.denominator.fill_null(0)
    )
    return [cells("acquisition_cost", grain, counted)]
