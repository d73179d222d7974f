"""Why a work order was raised, one sentence for each hit: the numbers seen, and the rule they were held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from core.warning.labels import INDICATORS
from core.warning.work_order import Hit
from pages.frame.formats import day, number, percent
from pages.frame.words import NOTHING, _, label

Numbers = Mapping[str, Any]


def reason(hit: Hit) -> tuple[str, str]:
    """What was seen, and the rule with its version."""
    seen, rule = seen_and_rule(hit.indicator, hit.observed, hit.threshold)
    stamp = _("rules version {version}, as of {day}", version=hit.policy_version, day=day(hit.as_of))
    said = _("{indicator}: {seen}", indicator=label(INDICATORS, hit.indicator), seen=seen)
    return said, f"{rule} · {stamp}"


def seen_and_rule(indicator: str, observed: Numbers, threshold: Numbers) -> tuple[str, str]:
    """What an indicator saw, and the rule it was held against."""
    return _SENTENCES.get(indicator, _unknown)(observed, threshold)


def _interactions_drop(seen: Numbers, rule: Numbers) -> tuple[str, str]:
    return (
        _(
            "{recent} contacts in the last {days} days, after {before} in the {days} days before.",
            recent=_count(seen, "recent"),
            before=_count(seen, "before"),
            days=_count(rule, "window_days"),
        ),
        _(
            "Warned at {share} or less, from {least} contacts before",
            share=percent(rule.get("at_most_share")),
            least=_count(rule, "at_least_before"),
        ),
    )


def _no_purchase(seen: Numbers, rule: Numbers) -> tuple[str, str]:
    return (
        _(
            "no order in the last {quarters} quarters, after {before} orders until then; the last on {day}.",
            quarters=_count(rule, "quarters"),
            before=_count(seen, "before"),
            day=_day(seen.get("last_on")),
        ),
        _(
            "Warned after {quarters} quarters without an order, from {least} orders before",
            quarters=_count(rule, "quarters"),
            least=_count(rule, "at_least_orders_before"),
        ),
    )


def _low_satisfaction(seen: Numbers, rule: Numbers) -> tuple[str, str]:
    return (
        _("{score} of 5 on {day}.", score=_count(seen, "score"), day=_day(seen.get("last_on"))),
        _(
            "Warned at {score} or less within {days} days",
            score=_count(rule, "at_most_score"),
            days=_count(rule, "window_days"),
        ),
    )


def _unknown(seen: Numbers, rule: Numbers) -> tuple[str, str]:
    return _pairs(seen), _pairs(rule)


def _pairs(values: Numbers) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _count(values: Numbers, name: str) -> str:
    return number(values.get(name))


def _day(value: object) -> str:
    if isinstance(value, str):
        return day(date.fromisoformat(value[:10]))
    return day(value) if isinstance(value, date) else NOTHING


_SENTENCES: dict[str, Callable[[Numbers, Numbers], tuple[str, str]]] = {
    "interactions_drop": _interactions_drop,
    "no_purchase": _no_purchase,
    "low_satisfaction": _low_satisfaction,
}
