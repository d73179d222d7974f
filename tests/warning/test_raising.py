"""A cycle's hits become work orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.access.actor import Actor
from core.access.tables import StaffMember
from core.errors import NotAllowed
from core.obligations.queries import ledger
from core.policy.model import Policy
from core.store.engine import Store
from core.warning.service import WarningResult, assign, raise_work_orders
from core.warning.states import Status
from core.warning.tables import WorkOrder
from tests.conftest import Actors
from tests.warning.conftest import Customers, Warnings

TODAY = date(2026, 11, 3)
DAY = timedelta(days=1)


def test_an_order_goes_to_the_account_manager_or_the_pool_with_its_clock(
    store: Store, actors: Actors, customers: Customers, warnings: Warnings, now: datetime
) -> None:
    result = warnings.cycle([customers.emils, customers.pool], grades={customers.emils: ("high", 5_0000)})
    assert result == WarningResult(warnings=2, opened=2, backlog=0, joined=0, withdrawn=0)
    orders = warnings.orders()
    mine, pool = orders[customers.emils], orders[customers.pool]
    assert (mine.status, mine.assignee_id, mine.department_id) == ("open", actors.staff.staff_id, actors.east)
    assert (mine.value_tier, mine.monetary, mine.as_of) == ("high", 5_0000, TODAY)
    assert (mine.raised_at, mine.opened_at) == (now, now)
    assert (pool.status, pool.assignee_id, pool.department_id) == ("open", None, None)
    assert (pool.value_tier, pool.monetary) == (None, 0)
    owed = ledger(actors.manager, store, now=now, kind="win_back_response").set_index("subject_id")
    assert owed.loc[mine.id, "owner_id"] == actors.staff.staff_id
    assert owed.loc[mine.id, "due_at"] == now + timedelta(hours=24)
    assert owed["state"].tolist() == ["pending", "pending"]
    assert warnings.hits(mine.id) == {"no_purchase": {"recent": 0}}


def test_an_order_follows_whoever_took_over_from_an_account_manager_who_left(
    store: Store, actors: Actors, customers: Customers, warnings: Warnings, now: datetime
) -> None:
    with store.write() as session:
        emil = session.get_one(StaffMember, actors.staff.staff_id)
        emil.left_at, emil.successor_id = now, actors.supervisor.staff_id
        walt = session.get_one(StaffMember, actors.west_staff.staff_id)
        walt.left_at = now
        session.commit()
    warnings.cycle([customers.emils, customers.walts])
    orders = warnings.orders()
    assert orders[customers.emils].assignee_id == actors.supervisor.staff_id
    assert orders[customers.walts].assignee_id is None


def test_the_same_cycle_twice_changes_nothing(
    customers: Customers, warnings: Warnings, many: Callable[[int], list[int]]
) -> None:
    everybody = [customers.emils, customers.pool, *many(25)]
    first = warnings.cycle(everybody)
    before = {each.customer_id: (each.id, each.status, each.version) for each in warnings.orders().values()}
    second = warnings.cycle(everybody)
    after = {each.customer_id: (each.id, each.status, each.version) for each in warnings.orders().values()}
    assert (first.opened, first.backlog) == (21, 6)
    assert second == replace(first, opened=0)
    assert after == before


def test_nobody_is_given_more_than_a_days_limit_and_the_next_day_goes_on_by_value(
    warnings: Warnings, many: Callable[[int], list[int]], now: datetime
) -> None:
    everybody = many(45)
    grades: dict[int, tuple[str | None, int]] = {each: ("mid", each) for each in everybody}
    assert warnings.cycle(everybody, grades=grades).opened == 20
    opened = [each for each, order in warnings.orders().items() if order.status == Status.OPEN]
    assert sorted(opened) == everybody[-20:]

    result = warnings.cycle(everybody, grades=grades, as_of=TODAY + DAY, now=now + DAY)
    assert (result.opened, result.backlog) == (20, 5)
    waiting = [each for each, order in warnings.orders().items() if order.status == Status.BACKLOG]
    assert sorted(waiting) == everybody[:5]


def test_a_day_of_business_ends_at_midnight_in_its_own_time_zone(
    warnings: Warnings, many: Callable[[int], list[int]], now: datetime
) -> None:
    everybody = many(30)
    warnings.cycle(everybody)
    minute = timedelta(minutes=1)
    midnight_in_shanghai = now.replace(hour=16, minute=0)
    assert warnings.cycle(everybody, now=midnight_in_shanghai - minute).opened == 0
    assert warnings.cycle(everybody, as_of=TODAY + DAY, now=midnight_in_shanghai).opened == 10


def test_orders_claimed_from_the_pool_or_assigned_on_still_count_where_the_cycle_put_them(
    store: Store, actors: Actors, warnings: Warnings, many: Callable[[int], list[int]], now: datetime
) -> None:
    everybody = many(21)
    warnings.cycle(everybody)
    opened = [order.id for order in warnings.orders().values() if order.status == Status.OPEN]
    assign(actors.supervisor, store, opened, actors.supervisor.staff_id, now=now)
    assert warnings.cycle(everybody).opened == 0


def test_what_was_released_shows_the_reasons_of_the_day_its_clock_began(
    warnings: Warnings, customers: Customers, now: datetime
) -> None:
    yesterday = TODAY - DAY
    warnings.cycle([customers.emils], indicators=("low_satisfaction", "no_purchase"), as_of=yesterday)
    warnings.cycle([customers.emils], grades={customers.emils: ("high", 7)})
    order = warnings.orders()[customers.emils]
    assert (order.status, order.as_of, order.value_tier, order.monetary) == ("open", TODAY, "high", 7)
    assert set(warnings.hits(order.id)) == {"no_purchase"}
    assert (order.raised_at, order.opened_at) == (now, now)


def test_later_hits_join_the_open_order_once(warnings: Warnings, customers: Customers) -> None:
    warnings.cycle([customers.emils])
    order = warnings.orders()[customers.emils]
    both = ("low_satisfaction", "no_purchase")
    assert warnings.cycle([customers.emils], indicators=both).joined == 1
    assert warnings.cycle([customers.emils], indicators=both).joined == 0
    assert set(warnings.hits(order.id)) == set(both)
    assert warnings.orders()[customers.emils].id == order.id


def test_a_rehearsal_puts_everything_into_the_backlog_without_a_clock(
    store: Store, actors: Actors, warnings: Warnings, customers: Customers, now: datetime
) -> None:
    result = warnings.cycle([customers.emils, customers.walts], as_of=TODAY - DAY)
    assert (result.opened, result.backlog) == (0, 2)
    assert {order.status for order in warnings.orders().values()} == {Status.BACKLOG}
    assert {order.opened_at for order in warnings.orders().values()} == {None}
    assert ledger(actors.manager, store, now=now).empty


def test_who_waits_and_no_longer_hits_is_withdrawn_and_may_be_raised_again(
    warnings: Warnings, customers: Customers
) -> None:
    warnings.cycle([customers.emils, customers.walts], as_of=TODAY - DAY)
    result = warnings.cycle([customers.walts], as_of=TODAY - DAY)
    assert (result.withdrawn, result.backlog) == (1, 1)
    withdrawn = warnings.orders()[customers.emils]
    assert withdrawn.status == Status.WITHDRAWN
    assert withdrawn.closed_at is not None
    warnings.cycle([customers.emils, customers.walts])
    assert warnings.orders()[customers.emils].status == Status.OPEN
    assert warnings.orders()[customers.emils].id != withdrawn.id


@pytest.mark.parametrize(("days", "opened"), [(0, 0), (29, 0), (30, 1), (31, 1)])
def test_thirty_days_after_closing_a_customer_may_be_warned_again(
    warnings: Warnings, customers: Customers, now: datetime, days: int, opened: int
) -> None:
    warnings.cycle([customers.emils])
    with warnings.store.write() as session:
        order = session.scalars(select(WorkOrder)).one()
        order.status, order.closed_at = Status.CLOSED, now
        session.commit()
    # The hour does not matter: a cycle that runs earlier in the day than the order was closed counts days too.
    later = now + days * DAY - timedelta(hours=9 if days else 0)
    assert warnings.cycle([customers.emils], as_of=TODAY + days * DAY, now=later).opened == opened


def test_the_database_refuses_a_second_unclosed_order(
    store: Store, warnings: Warnings, customers: Customers
) -> None:
    warnings.cycle([customers.emils])
    order = warnings.orders()[customers.emils]
    fields = ("customer_id", "status", "as_of", "raised_at", "policy_version", "monetary")
    with store.write() as session:
        session.add(WorkOrder(**{field: getattr(order, field) for field in fields}))
        with pytest.raises(IntegrityError):
            session.flush()


def test_only_who_may_run_the_cycle_raises_orders(
    store: Store, actors: Actors, warnings: Warnings, policy: Policy, now: datetime
) -> None:
    warnings.cycle([])
    empty = {"customer_id": [], "indicator": [], "observed": [], "threshold": []}

    hits, grades = pd.DataFrame(empty), pd.DataFrame({"customer_id": [], "value_tier": [], "monetary": []})

    def run(actor: Actor) -> WarningResult:
        return raise_work_orders(actor, store, hits, grades, policy, TODAY, now=now)

    for actor in (actors.supervisor, actors.staff, actors.intern):
        with pytest.raises(NotAllowed):
            run(actor)
    assert run(actors.operations).warnings == 0


def test_a_first_load_of_five_thousand_hits_leaves_nobody_flooded(
    store: Store, actors: Actors, warnings: Warnings, many: Callable[[int], list[int]]
) -> None:
    everybody = many(1_000)
    result = warnings.cycle(everybody, indicators=("a", "b", "c", "d", "e"))
    assert (result.warnings, result.opened, result.backlog) == (5_000, 20, 980)
    people = Counter(order.assignee_id for order in warnings.orders().values())
    assert people == {actors.staff.staff_id: 1_000}
