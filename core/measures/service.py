"""Commands of measures: work all of them out as of a day, for pages to read."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import pyarrow as pa

from core.access.actor import Actor, Permission
from core.dates import ONE_DAY, business_midnight
from core.facts.quality.counting import TABLE as QUALITY
from core.facts.quality.counting import save_quality
from core.measures.catalogue import MEASURES
from core.measures.cells import SCHEMA, TABLE, Stamp, stamped
from core.measures.movement import MONTH_ENDS, month_ends
from core.measures.periods import GRAINS, last_periods
from core.measures.workings import WORKINGS, Sources
from core.measures.workings.ledger import read_closed_orders, read_first_responses, read_warning_responses
from core.policy.model import Policy
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.mart import Mart


def work_out(actor: Actor, store: Store, mart: Mart, policy: Policy, as_of: date, *, now: datetime) -> int:
    """Count every measure by period, department and region, from the facts in `mart` and the ledger.

    Writes the mart's tables `customer_quality`, `month_ends` and `measure_cells`, the last in one step at the end, so
    that pages show either the figures before or those after. What happened after the end of `as_of` is not seen,
    except in the fields of customers, which are judged as they stand. Returns how many cells there are.
    """
    actor.require(Permission.RUN_CYCLE)
    save_quality(store, mart, policy, as_of)
    policies = lru_cache(lambda day: policy_at(store, day))
    mart.save(MONTH_ENDS, month_ends(mart.table("order_lines"), mart.table("customers"), as_of, policies))
    sources = read_sources(store, mart, policy, as_of, now)
    counted = [SCHEMA.empty_table()]
    for working in dict.fromkeys(WORKINGS.values()):
        grains = [g for g in GRAINS if g == "month" or any(_weekly(code, working) for code in MEASURES)]
        for grain in grains:
            counted += working(sources, grain)
    cells = pa.concat_tables(counted).sort_by([(name, "ascending") for name in SCHEMA.names[:5]])
    mart.save(TABLE, stamped(cells, Stamp.of(policy, as_of)))
    return len(cells)


def _weekly(code: str, working: object) -> bool:
    return MEASURES[code].weekly and WORKINGS[code] is working


def read_sources(store: Store, mart: Mart, policy: Policy, as_of: date, now: datetime) -> Sources:
    """What the workings read: tables of `mart`, among them QUALITY and MONTH_ENDS, and the ledger as of `as_of`."""
    zone = policy.business.time_zone
    first = min(last_periods(grain, as_of)[0].start for grain in GRAINS)
    span = (business_midnight(first, zone), min(now, business_midnight(as_of + ONE_DAY, zone)), zone)
    with store.read() as session:
        first_responses = read_first_responses(session, *span)
        warning_responses = read_warning_responses(session, *span)
        closed_orders = read_closed_orders(session, *span)
    return Sources(
        policy=policy,
        as_of=as_of,
        customers=mart.table("customers"),
        lines=mart.table("order_lines"),
        interactions=mart.table("interactions"),
        satisfaction=mart.table("satisfaction"),
        leads=mart.table("leads"),
        costs=mart.table("channel_costs"),
        quality=mart.table(QUALITY),
        month_ends=mart.table(MONTH_ENDS),
        first_responses=first_responses,
        warning_responses=warning_responses,
        closed_orders=closed_orders,
    )
