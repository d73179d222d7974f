"""The daily cycle: mart, grades, indicators, work orders, measures. Running it twice changes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from core.access import audit
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.errors import Refused
from core.facts.duplicates.service import search_monthly
from core.facts.quality.history import keep_counts
from core.grading.service import GradingResult, regrade
from core.language import Message, mark
from core.measures.service import work_out
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.jobs import Progress
from core.store.mart import Mart, refresh_mart
from core.warning.indicators import OBSERVED, evaluate, thresholds
from core.warning.service import WarningResult, raise_work_orders


@dataclass(frozen=True)
class CycleResult:
    """What a cycle did. `graded`: customers with scores; `warnings`: hits of indicators, several a customer
    where several hit; `backlog`: work orders that wait without a clock when the cycle has ended."""

    graded: int
    grades_changed: int
    warnings: int
    work_orders_opened: int
    backlog: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def run_cycle(
    actor: Actor, store: Store, as_of: date, *, now: datetime, progress: Progress = lambda _share, _step: None
) -> CycleResult:
    """Grade all customers by the facts up to `as_of`, raise work orders for those that fade, and measure.

    Each part commits for itself, and each can be run again: a cycle that was cut off is completed by the next.
    A day that has not come yet in the business time zone is refused; an earlier one is a rehearsal.
    """
    actor.require(Permission.RUN_CYCLE)
    policy = policy_at(store, as_of)
    today = business_today(store, now=now)
    if as_of > today:
        raise Refused(
            mark("{as_of} has not come yet. Give {today} or an earlier day."), as_of=as_of, today=today
        )
    progress(0.0, Message(mark("Copying the facts for analysis")))
    mart = refresh_mart(store)
    grading, warning = warn_as_of(actor, store, mart, policy, as_of, now=now, progress=progress)
    progress(0.8, Message(mark("Working out the measures")))
    work_out(actor, store, mart, policy, as_of, now=now)
    keep_counts(actor, store, mart, as_of, now=now)
    progress(0.95, Message(mark("Looking for duplicates")))
    search_monthly(actor, store, policy, as_of, now=now)
    result = CycleResult(
        graded=grading.graded,
        grades_changed=grading.grades_changed,
        warnings=warning.warnings,
        work_orders_opened=warning.opened,
        backlog=warning.backlog,
    )
    with store.write() as session:
        audit.record(session, actor, "cycle.run", "cycle", as_of.isoformat(), now=now, **result.to_json())
        session.commit()
    return result


def warn_as_of(
    actor: Actor,
    store: Store,
    mart: Mart,
    policy: Policy,
    as_of: date,
    *,
    now: datetime,
    progress: Progress = lambda _share, _step: None,
) -> tuple[GradingResult, WarningResult]:
    """The part of a cycle that ends in work orders: grade all customers in `mart`, and warn of those that fade.

    Measures stay as they were. Writes the mart's tables `grades` and `indicators`.
    """
    progress(0.25, Message(mark("Grading customers")))
    grading = regrade(actor, store, mart, policy, as_of, now=now)
    progress(0.45, Message(mark("Looking for customers who fade")))
    states = evaluate(
        mart.table("customers"),
        mart.table("order_lines"),
        mart.table("interactions"),
        mart.table("satisfaction"),
        policy,
        as_of,
    )
    mart.save("indicators", states.order_by("customer_id", "indicator").to_pyarrow())
    progress(0.6, Message(mark("Raising work orders")))
    grades = mart.table("grades").select("customer_id", "value_tier", "monetary").to_pandas()
    return grading, raise_work_orders(actor, store, _hits(mart, policy), grades, policy, as_of, now=now)


def _hits(mart: Mart, policy: Policy) -> pd.DataFrame:
    """What hit, in the form that warning takes: customer_id, indicator, observed, threshold."""
    states = mart.table("indicators")
    found = states.filter(states.state == "hit").order_by("customer_id", "indicator").to_pyarrow().to_pylist()
    rows = [
        {
            "customer_id": row["customer_id"],
            "indicator": row["indicator"],
            "observed": {name: row[name] for name in OBSERVED[row["indicator"]]},
            "threshold": thresholds(policy, row["indicator"]),
        }
        for row in found
    ]
    return pd.DataFrame(rows, columns=["customer_id", "indicator", "observed", "threshold"])


def business_today(store: Store, *, now: datetime) -> date:
    """The day it is now in the business time zone."""
    return business_date(now, policy_at(store, now.date()).business.time_zone)
