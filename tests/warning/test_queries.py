"""The worklist, one work order, and the counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pandas as pd
import pyarrow as pa
import pytest

from core.access.actor import Actor
from core.errors import NotAllowed, NotFound
from core.store.engine import Store
from core.store.mart import refresh_mart
from core.warning.queries import (
    WORKLIST_COLUMNS,
    WorklistCounts,
    indicator_states,
    unclosed_order,
    work_order,
    worklist,
    worklist_counts,
)
from core.warning.service import assign
from core.warning.states import Step
from tests.conftest import Actors
from tests.warning.conftest import THRESHOLD, Customers, Desk, Warnings

HOUR = timedelta(hours=1)


def test_the_most_urgent_stand_first_then_the_most_valuable(
    actors: Actors,
    warnings: Warnings,
    desk: Desk,
    many: Callable[[int], list[int]],
) -> None:
    store, now = desk.store, desk.now
    late, contacted, high, rich, poor, waits = many(6)
    warnings.cycle([waits], as_of=date(2026, 11, 1))
    warnings.cycle([late, contacted], now=now - 25 * HOUR, as_of=date(2026, 11, 2))
    found = warnings.orders()
    desk.claim(actors.staff, found[contacted].id)
    desk.attempt(actors.staff, found[contacted].id)
    warnings.cycle(
        [high, rich, poor],
        grades={high: ("high", 1), rich: ("mid", 9), poor: ("mid", 2)},
        as_of=date(2026, 11, 3),
    )
    # Withdrawn by the last cycle, which it did not hit; a rehearsal brings it back.
    warnings.cycle([waits], as_of=date(2026, 11, 2))
    rows = worklist(actors.staff, store, now=now)
    assert rows["customer_id"].tolist() == [late, high, rich, poor, contacted, waits]
    assert rows["seconds_left"].tolist()[:2] == [-3600, 24 * 3600]
    assert rows["obligation"].tolist()[:5] == ["late", "pending", "pending", "pending", "missed"]
    assert rows["obligation"].isna().tolist() == [False] * 5 + [True]
    assert rows["seconds_left"].isna().tolist() == [False] * 4 + [True] * 2
    assert list(rows.columns) == list(WORKLIST_COLUMNS)


def test_each_sees_own_orders_their_pool_their_department_or_the_company(
    store: Store, actors: Actors, customers: Customers, warnings: Warnings, now: datetime
) -> None:
    names = ("emils", "walts", "east_pool", "pool")
    warnings.cycle([getattr(customers, name) for name in names])

    def seen(actor: Actor) -> set[str]:
        rows = worklist(actor, store, now=now)
        return {name for name in names if getattr(customers, name) in set(rows["customer_id"])}

    assert seen(actors.staff) == seen(actors.supervisor) == {"emils", "east_pool", "pool"}
    assert seen(actors.west_staff) == seen(actors.west_supervisor) == {"walts", "pool"}
    assert seen(actors.manager) == seen(actors.administrator) == set(names)
    for actor in (actors.intern, actors.operations):
        with pytest.raises(NotAllowed):
            seen(actor)
        with pytest.raises(NotAllowed):
            worklist_counts(actor, store, now=now)
        with pytest.raises(NotAllowed):
            work_order(actor, store, 1, now=now)


def test_the_worklist_can_be_narrowed(
    actors: Actors, customers: Customers, warnings: Warnings, desk: Desk
) -> None:
    store, now = desk.store, desk.now
    warnings.cycle([customers.emils], indicators=("a", "b"), grades={customers.emils: ("high", 3)})
    warnings.cycle([customers.walts, customers.pool], indicators=("b",), now=now - 25 * HOUR)
    desk.claim(actors.staff, warnings.orders()[customers.emils].id)

    def found(**filters: object) -> set[int]:
        rows: pd.DataFrame = worklist(actors.manager, store, now=now, **filters)  # type: ignore[arg-type]
        return set(rows["customer_id"])

    assert found(statuses=["claimed"]) == {customers.emils}
    assert found(statuses=["closed"]) == set()
    assert found(value_tiers=["high"]) == {customers.emils}
    assert found(indicators=["a"]) == {customers.emils}
    assert found(indicators=["b"]) == {customers.emils, customers.walts, customers.pool}
    assert found(assignee_ids=[actors.west_staff.staff_id]) == {customers.walts}
    assert found(department_ids=[actors.east]) == {customers.emils}
    assert found(obligations=["late"]) == {customers.walts, customers.pool}
    assert len(found(limit=1)) == 1
    rows = worklist(actors.staff, store, now=now, mine=True)
    assert rows["customer_id"].tolist() == [customers.emils]
    assert rows.iloc[0]["indicators"] == ["a", "b"]
    assert rows.iloc[0]["name"] == "张晓明"


def test_an_order_of_an_own_customer_stays_in_sight_when_a_colleague_works_on_it(
    actors: Actors, customers: Customers, warnings: Warnings, desk: Desk
) -> None:
    store, now = desk.store, desk.now
    warnings.cycle([customers.emils])
    order_id = warnings.orders()[customers.emils].id
    assign(actors.supervisor, store, [order_id], actors.supervisor.staff_id, now=now)
    assert worklist(actors.staff, store, now=now)["id"].tolist() == [order_id]
    assert worklist(actors.staff, store, now=now, mine=True).empty


def test_one_order_tells_why_it_was_raised_and_what_comes_next(
    actors: Actors, customers: Customers, warnings: Warnings, desk: Desk
) -> None:
    store, now = desk.store, desk.now
    warnings.cycle([customers.emils], indicators=("low_satisfaction",))
    order_id = warnings.orders()[customers.emils].id
    seen = work_order(actors.staff, store, order_id, now=now + HOUR)
    (hit,) = seen.hits
    assert (hit.indicator, hit.observed, hit.threshold) == ("low_satisfaction", {"recent": 0}, THRESHOLD)
    assert (hit.policy_version, hit.as_of) == (1, date(2026, 11, 3))
    assert (seen.customer_code, seen.name, seen.customer_id) == ("C1", "张晓明", customers.emils)
    assert (seen.obligation, seen.seconds_left) == ("pending", 23 * 3600)
    assert seen.actions == (Step.CLAIM,)
    assert work_order(actors.supervisor, store, order_id, now=now).actions == (Step.CLAIM, Step.ASSIGN)
    desk.claim(actors.staff, order_id)
    seen = work_order(actors.staff, store, order_id, now=now)
    assert seen.actions == (Step.LOG_ATTEMPT, Step.DISMISS)
    assert seen.outcomes == ("not_at_risk",)
    for actor in (actors.west_staff, actors.west_supervisor):
        with pytest.raises(NotFound):
            work_order(actor, store, order_id, now=now)


def test_the_counts_say_what_the_worklist_shows(
    actors: Actors,
    customers: Customers,
    warnings: Warnings,
    desk: Desk,
    many: Callable[[int], list[int]],
) -> None:
    store, now = desk.store, desk.now
    assert worklist_counts(actors.staff, store, now=now) == WorklistCounts(0, 0, 0, 0, 0, 0)
    late, soon, closed, waits = many(4)
    warnings.cycle([late], now=now - 25 * HOUR, as_of=date(2026, 11, 2))
    warnings.cycle([soon, closed], now=now - 20 * HOUR, as_of=date(2026, 11, 2))
    warnings.cycle([customers.east_pool])
    warnings.cycle([waits], as_of=date(2026, 11, 2))
    order_id = warnings.orders()[closed].id
    desk.claim(actors.staff, order_id)
    desk.outcome(actors.staff, order_id, "not_at_risk")
    desk.debrief(actors.staff, order_id)
    desk.close(actors.staff, order_id)
    counts = worklist_counts(actors.staff, store, now=now)
    assert counts == WorklistCounts(mine=2, late=1, due_today=1, open=3, backlog=1, closed_30_days=1)
    assert len(worklist(actors.staff, store, now=now)) == counts.open + counts.backlog
    # In 29 days the order still counts as closed lately, in 30 no more.
    assert worklist_counts(actors.staff, store, now=now + 29 * 24 * HOUR).closed_30_days == 1
    assert worklist_counts(actors.staff, store, now=now + 30 * 24 * HOUR).closed_30_days == 0
    assert worklist_counts(actors.west_staff, store, now=now) == WorklistCounts(0, 0, 0, 0, 0, 0)


def test_indicators_are_shown_as_the_last_cycle_saw_them(
    store: Store, actors: Actors, customers: Customers
) -> None:
    assert indicator_states(actors.staff, store, customers.emils) == []
    saved = {"customer_id": [customers.emils, customers.walts], "indicator": ["no_purchase"] * 2}
    refresh_mart(store).save("indicators", pa.table(saved | {"state": ["hit", "clear"], "recent": [0, 3]}))
    rows = indicator_states(actors.staff, store, customers.emils)
    assert rows == [{"indicator": "no_purchase", "state": "hit", "recent": 0}]
    with pytest.raises(NotFound):
        indicator_states(actors.staff, store, customers.walts)
    with pytest.raises(NotAllowed):
        indicator_states(actors.intern, store, customers.emils)


def test_the_unclosed_order_of_a_customer_is_found_until_it_is_closed(
    actors: Actors, warnings: Warnings, desk: Desk, customers: Customers
) -> None:
    assert unclosed_order(actors.staff, desk.store, customers.emils) is None
    warnings.cycle([customers.emils, customers.walts])
    order = warnings.orders()[customers.emils].id
    assert unclosed_order(actors.staff, desk.store, customers.emils) == order
    assert unclosed_order(actors.staff, desk.store, customers.walts) is None
    with pytest.raises(NotAllowed):
        unclosed_order(actors.intern, desk.store, customers.emils)
    desk.claim(actors.staff, order)
    desk.attempt(actors.staff, order)
    desk.outcome(actors.staff, order)
    desk.debrief(actors.staff, order)
    desk.close(actors.staff, order)
    assert unclosed_order(actors.staff, desk.store, customers.emils) is None
