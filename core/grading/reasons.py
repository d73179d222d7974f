"""The sentences that say why a grade is what it is and what would change it. Pure.

A `row` is a row of the mart's grades as a mapping.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from core.amounts import SCALE, Money
from core.grading.cutoffs import Field, MeasureExplanation
from core.grading.labels import VALUE_TIER_LABELS
from core.language import Message, mark
from core.policy.model import Policy

_CENT = SCALE // 100

Row = Mapping[str, Any]


def tier_reason(row: Row, policy: Policy) -> Message:
    """Why the value tier is what it is."""
    rule, tier = policy.tiers, row["value_tier"]
    if tier is None:
        return Message(mark("No value tier: there are no orders yet."))
    if row["r_score"] is None:
        sentence = mark("Low value: no order of positive amount in the {months} months up to {day}.")
        return Message(sentence, {"months": policy.scoring.window_months, "day": row["as_of"]})
    sentences = {
        "high": mark("High value: ranks at {rank} % by scores and spending; high value begins at {high} %."),
        "potential": mark(
            "Potential: R is {r}, of at least {r_from}, and the higher of F {f} and M {m} reaches {enough}."
        ),
        "mid": mark("Mid value: ranks at {rank} % by scores and spending, between {low} % and {high} %."),
        "low": mark("Low value: ranks at {rank} % by scores and spending; low value ends at {low} %."),
    }
    return Message(
        sentences[tier],
        {
            "rank": _percent(row["value_rank"]),
            "high": _percent(rule.high_from_rank),
            "low": _percent(rule.low_below_rank),
            "r": row["r_score"],
            "f": row["f_score"],
            "m": row["m_score"],
            "r_from": rule.potential_r_from,
            "enough": rule.potential_f_or_m_from,
        },
    )


def stage_reason(row: Row, policy: Policy) -> Message:
    """Why the lifecycle stage is what it is."""
    stage, rule, as_of = row["lifecycle_stage"], policy.lifecycle, row["as_of"]
    if stage == "prospect":
        return Message(mark("Prospect: no order of positive amount yet."))
    sentence, days, limit = {
        "new": (
            mark("New: the first order was {days} days ago, of at most {limit}."),
            "first",
            rule.new_days,
        ),
        "active": (
            mark("Active: the last order was {days} days ago, of at most {limit}."),
            "last",
            rule.active_days,
        ),
        "dormant": (
            mark("Dormant: the last order was {days} days ago, of at most {limit}."),
            "last",
            rule.dormant_days,
        ),
        "lost": (
            mark("Lost: the last order was {days} days ago, more than {limit}."),
            "last",
            rule.dormant_days,
        ),
    }[stage]
    return Message(sentence, {"days": (as_of - row[f"{days}_order_on"]).days, "limit": limit})


def stage_change(row: Row, policy: Policy) -> Message:
    """When the stage would change by itself, or what an order would make of it."""
    stage, rule = row["lifecycle_stage"], policy.lifecycle
    if stage == "prospect":
        return Message(mark("The first order makes this a new customer."))
    if stage == "lost":
        return Message(mark("An order makes this customer active again."))
    sentence, day = {
        "new": (mark("Counts as a new customer up to {day}."), _after(row["first_order_on"], rule.new_days)),
        "active": (
            mark("Without another order the stage becomes dormant after {day}."),
            _after(row["last_order_on"], rule.active_days),
        ),
        "dormant": (
            mark("Without another order the stage becomes lost after {day}; an order makes it active."),
            _after(row["last_order_on"], rule.dormant_days),
        ),
    }[stage]
    return Message(sentence, {"day": day})


def score_changes(measures: Sequence[MeasureExplanation], currency: str) -> list[Message]:
    """What the next score of each measure takes, while everybody else stays as they are."""
    sentences = {
        "recency_days": mark("A last order at most {value} days ago would score R {score}."),
        "frequency": mark("{value} orders in the period ({more} more) would score F {score}."),
        "monetary": mark("Spending of {value} in the period ({more} more) would score M {score}."),
    }
    found = []
    for each in measures:
        if each.next_value is None:
            continue
        value, more = each.next_value, each.next_value - each.value
        is_money = each.measure == "monetary"
        values = {
            "value": _at_least(value, currency) if is_money else value,
            "more": _at_least(more, currency) if is_money else more,
            "score": each.next_score,
        }
        found.append(Message(sentences[each.measure], values))
    return found


def another_order(row: Row, field: Field, policy: Policy) -> Message:
    """What one more order of the customer's usual size, on the day itself, would make of the tier."""
    usual = max(row["monetary"] // row["frequency"], 0) // _CENT * _CENT
    at = field.place_of(row)
    tier, _ = field.moved(at, 0, row["frequency"] + 1, row["monetary"] + usual).tier_and_rank(at, policy)
    values = {
        "amount": Money(usual, policy.business.currency),
        "tier": Message(VALUE_TIER_LABELS[tier]),
        "day": row["as_of"],
    }
    if tier == row["value_tier"]:
        sentence = mark("One more order of {amount} on {day} would leave the value tier at “{tier}”.")
    else:
        sentence = mark("One more order of {amount} on {day} would make the value tier “{tier}”.")
    return Message(sentence, values)


def _after(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _at_least(units: int, currency: str) -> Money:
    """An amount in hundredths of the currency unit, rounded up: paying less would not do."""
    return Money(-(-units // _CENT) * _CENT, currency)


def _percent(share: float) -> str:
    """Per cent to two places, cut rather than rounded, so that 79.999 never reads as a threshold of 80."""
    hundredths = int(Fraction(str(share)) * 10_000)
    return f"{hundredths / 100:g}"
