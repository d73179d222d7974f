"""The signs of churn, each with what it saw: hit, clear, or no data, which is never shown as fine. Pure.

Every indicator gives one row per customer in the evidence, with INDICATOR_COLUMNS; `evaluate` adds the
customers without any. Days are counted up to the end of `as_of`; what happened later is not seen.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import ibis
import ibis.expr.types as ir

from core.dates import ONE_DAY, DateRange
from core.policy.model import InteractionsDrop, LowSatisfaction, NoPurchase, Policy

INTERACTIONS_DROP = "interactions_drop"
NO_PURCHASE = "no_purchase"
LOW_SATISFACTION = "low_satisfaction"
INDICATORS = (INTERACTIONS_DROP, NO_PURCHASE, LOW_SATISFACTION)
"""Each is also the section of the policy that holds its thresholds."""

STATES = ("hit", "clear", "no_data")

WIN_BACK = "win_back"
"""The purpose of contacts made because of a warning: counting them would silence the warning."""

OBSERVED = {
    INTERACTIONS_DROP: ("recent", "before"),
    NO_PURCHASE: ("recent", "before", "last_on"),
    LOW_SATISFACTION: ("score", "last_on"),
}
"""Indicator -> the observed numbers it fills."""

MONTHS_A_QUARTER = 3
INDICATOR_COLUMNS = ("customer_id", "indicator", "state", "recent", "before", "score", "last_on")


def evaluate(  # noqa: PLR0917 - facts, policy, as_of: the order of every rule
    customers: ir.Table,
    lines: ir.Table,
    interactions: ir.Table,
    satisfaction: ir.Table,
    policy: Policy,
    as_of: date,
) -> ir.Table:
    """One row per customer and indicator, with INDICATOR_COLUMNS.

    `state` is hit, clear or no_data. Observed: interactions_drop `recent` and `before` (interactions in the
    two windows); no_purchase `recent` and `before` (positive orders within the quarters and earlier) and
    `last_on` (day of the last of them); low_satisfaction `score` and `last_on` (day of the latest answer).
    Numbers an indicator does not use are NULL.
    """
    found = ibis.union(
        interactions_drop(interactions, policy.interactions_drop, as_of),
        no_purchase(lines, policy.no_purchase, as_of),
        low_satisfaction(satisfaction, policy.low_satisfaction, as_of),
    )
    names = ibis.memtable({"indicator": list(INDICATORS)})
    every = customers.select(customer_id=customers.id).cross_join(names)
    joined = every.left_join(found, ["customer_id", "indicator"])
    counted = joined.indicator != LOW_SATISFACTION
    return joined.select(
        "customer_id",
        "indicator",
        state=joined.state.fill_null("no_data"),
        recent=ibis.ifelse(counted, joined.recent.fill_null(0), joined.recent),
        before=ibis.ifelse(counted, joined.before.fill_null(0), joined.before),
        score=joined.score,
        last_on=joined.last_on,
    )


def interactions_drop(interactions: ir.Table, rule: InteractionsDrop, as_of: date) -> ir.Table:
    """Contacts of the last days against those of as many days before.

    hit: at most `at_most_share` of the earlier number. no_data: fewer than `at_least_before` earlier ones.
    """
    recent = DateRange.last_days(rule.window_days, as_of)
    before = DateRange.last_days(rule.window_days, recent.start - ONE_DAY)
    counted = interactions.filter(
        _within(interactions.occurred_on, DateRange(before.start, recent.end)),
        interactions.purpose.isnull() | (interactions.purpose != WIN_BACK),
    )
    counts = counted.group_by("customer_id").aggregate(
        recent=counted.count(where=_within(counted.occurred_on, recent)),
        before=counted.count(where=_within(counted.occurred_on, before)),
    )
    share = Fraction(str(rule.at_most_share))
    state = ibis.cases(
        (counts.before < rule.at_least_before, "no_data"),
        (counts.recent * share.denominator <= counts.before * share.numerator, "hit"),
        else_="clear",
    )
    return _result(counts, INTERACTIONS_DROP, state)


def no_purchase(lines: ir.Table, rule: NoPurchase, as_of: date) -> ir.Table:
    """Orders of positive net amount within the last rolling quarters, against all before them.

    An order is dated by its last line. hit: none within the quarters. no_data: fewer than
    `at_least_orders_before` before them, and none within (an order within is evidence enough that all is well).
    """
    quarters = DateRange.last_months(rule.quarters * MONTHS_A_QUARTER, as_of)
    seen = lines.filter(lines.ordered_on < quarters.end)
    orders = (
        seen.group_by(["customer_id", "order_id"])
        .aggregate(net=seen.amount.sum(), on=seen.ordered_on.max())
        .filter(ibis._.net > 0)
    )
    counts = orders.group_by("customer_id").aggregate(
        recent=orders.count(where=orders.on >= quarters.start),
        before=orders.count(where=orders.on < quarters.start),
        last_on=orders.on.max(),
    )
    state = ibis.cases(
        (counts.recent > 0, "clear"),
        (counts.before < rule.at_least_orders_before, "no_data"),
        else_="hit",
    )
    return _result(counts, NO_PURCHASE, state)


def low_satisfaction(satisfaction: ir.Table, rule: LowSatisfaction, as_of: date) -> ir.Table:
    """The latest answer within the window; of several at that instant the lowest, so that none is overlooked.

    Answers whose time nobody noted stand at the beginning of their day.

    hit: at most `at_most_score`. no_data: no answer within the window.
    """
    answers = satisfaction.filter(
        _within(satisfaction.scored_on, DateRange.last_days(rule.window_days, as_of))
    )
    latest = answers.mutate(last_at=answers.scored_at.max().over(group_by=answers.customer_id))
    latest = latest.filter(latest.scored_at == latest.last_at)
    scores = latest.group_by("customer_id").aggregate(
        score=latest.score.min(), last_on=latest.scored_on.max()
    )
    return _result(scores, LOW_SATISFACTION, ibis.ifelse(scores.score <= rule.at_most_score, "hit", "clear"))


def thresholds(policy: Policy, indicator: str) -> dict[str, float]:
    """The policy values that `indicator` is held against, by their keys."""
    return policy.values()[indicator]


def _within(day: ir.DateValue, days: DateRange) -> ir.BooleanValue:
    return (day >= days.start) & (day < days.end)


def _result(counts: ir.Table, indicator: str, state: ir.StringValue) -> ir.Table:
    kinds = {"recent": "int64", "before": "int64", "score": "int64", "last_on": "date"}
    observed = {
        name: counts[name].cast(kind) if name in OBSERVED[indicator] else ibis.null(kind)
        for name, kind in kinds.items()
    }
    return counts.select("customer_id", indicator=ibis.literal(indicator), state=state, **observed)
