"""What channels brought and cost, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.access.actor import SYSTEM
from core.acquisition.channels import ChannelTier, Remark
from core.acquisition.queries import EVERY_LEAD, FunnelFilter, channels
from core.acquisition.shares import Share
from core.operations.cycle import run_cycle
from core.store.engine import Store
from tests.acquisition.conftest import AS_OF
from tests.conftest import NOW, Actors
from tests.kept import Kept
from tests.leadmaking import add_cost, add_lead

MONEY = 10_000


@pytest.fixture
def table(store: Store, actors: Actors, company: dict[str, int]) -> dict[str | None, dict[str, Any]]:
    """Channel -> its row, for the manager without a filter."""
    rows = channels(actors.manager, store).rows
    return {row["channel"]: row for row in rows.astype(object).where(rows.notna(), None).to_dict("records")}


def test_costs_are_of_the_months_whose_leads_are_past_their_window(
    store: Store, actors: Actors, table: dict[str | None, dict[str, Any]]
) -> None:
    found = channels(actors.manager, store)
    assert (found.first_month, found.last_month) == (date(2026, 5, 1), date(2026, 7, 1))
    assert found.company.conversion == Share(1, 4)
    assert found.company.cost == 11_400 * MONEY
    assert table["expo"]["cost"] == 10_000 * MONEY


def test_a_channel_is_counted_as_by_hand(table: dict[str | None, dict[str, Any]]) -> None:
    expo = table["expo"]
    assert (expo["leads"], expo["matured"], expo["won"], expo["conversion"]) == (3, 2, 1, 0.5)
    assert expo["acquisition_cost"] == 10_000 * MONEY
    assert (expo["customers"], expo["high_value"], expo["high_value_share"]) == (1, 1, 1)
    assert expo["tier"] == ChannelTier.TOO_FEW


def test_cost_without_leads_is_a_row_that_says_so(table: dict[str | None, dict[str, Any]]) -> None:
    radio = table["radio"]
    assert (radio["leads"], radio["cost"], radio["conversion"], radio["acquisition_cost"]) == (
        0,
        900 * MONEY,
        None,
        None,
    )
    assert radio["remark"] == Remark.COST_WITHOUT_LEADS


def test_leads_without_cost_and_without_a_channel_are_a_row_that_says_so(
    table: dict[str | None, dict[str, Any]],
) -> None:
    assert (table[None]["leads"], table[None]["cost"]) == (1, None)
    assert table[None]["remark"] == Remark.NO_COST


def test_where_nobody_was_won_there_is_no_cost_of_a_customer(table: dict[str | None, dict[str, Any]]) -> None:
    web = table["web"]
    assert (web["won"], web["cost"], web["acquisition_cost"]) == (0, 500 * MONEY, None)
    assert web["remark"] == Remark.NOBODY_WON


def test_a_cost_is_held_only_against_all_leads_of_a_channel(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    for actor, filters in (
        (actors.manager, FunnelFilter(regions=("华东",))),
        (actors.manager, FunnelFilter(owners=(actors.staff.staff_id,))),
        (actors.staff, EVERY_LEAD),
        (actors.supervisor, EVERY_LEAD),
    ):
        found = channels(actor, store, filters)
        assert found.rows["cost"].isna().all()
        assert found.company.cost is None
        assert set(found.rows["remark"]) == {Remark.COST_NOT_DIVISIBLE}


def test_a_filter_by_channel_leaves_the_company_it_is_held_against(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    found = channels(actors.manager, store, FunnelFilter(channels=("web",)))
    assert list(found.rows["channel"]) == ["web"]
    assert found.company.conversion == Share(1, 4)


def test_a_filter_by_campaign_counts_the_cost_of_the_campaign(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    found = channels(actors.manager, store, FunnelFilter(campaigns=("spring",))).rows
    assert list(found["channel"]) == ["expo"]
    assert list(found["cost"]) == [3_000 * MONEY]


@pytest.fixture
def spent_first(store: Store, actors: Actors, kept: Kept) -> None:
    """In April 90,000 were spent and nobody came; in May 10,000, and ten leads came that were all won."""
    kept.once("spent first", lambda: spend_first(store))


def spend_first(store: Store) -> None:
    with store.write() as session:
        for number in range(10):
            add_lead(session, f"M{number}", date(2026, 5, 4), channel="fair", contacted=1, won=5)
        add_cost(session, date(2026, 3, 1), "fair", 5)
        add_cost(session, date(2026, 4, 1), "fair", 90_000)
        add_cost(session, date(2026, 5, 1), "fair", 10_000)
        session.commit()
    run_cycle(SYSTEM, store, AS_OF, now=NOW)


@pytest.mark.parametrize(
    ("first", "begins", "cost"),
    [
        (date(2026, 4, 1), date(2026, 4, 1), 100_000),
        (date(2026, 5, 1), date(2026, 5, 1), 10_000),
        (date(2026, 2, 1), date(2026, 2, 1), 100_005),
        (None, date(2026, 3, 1), 100_005),
    ],
)
@pytest.mark.usefixtures("spent_first")
def test_what_was_spent_before_the_first_lead_came_is_part_of_its_cost(
    store: Store, actors: Actors, first: date | None, begins: date, cost: int
) -> None:
    found = channels(actors.manager, store, FunnelFilter(first_month=first, last_month=date(2026, 6, 1)))
    assert (found.first_month, found.last_month) == (begins, date(2026, 6, 1))
    assert (found.company.conversion, found.company.cost) == (Share(10, 10), cost * MONEY)
    assert list(found.rows["cost"]) == [cost * MONEY]
    assert list(found.rows["acquisition_cost"]) == [cost * MONEY // 10]


@pytest.mark.usefixtures("spent_first")
def test_months_with_cost_and_without_any_lead_are_shown_too(store: Store, actors: Actors) -> None:
    found = channels(actors.manager, store, FunnelFilter(last_month=date(2026, 4, 1)))
    assert (found.company.conversion, found.company.cost) == (Share(0, 0), 90_005 * MONEY)
    assert list(found.rows["remark"]) == [Remark.COST_WITHOUT_LEADS]


def test_while_no_month_is_over_nothing_is_compared(
    store: Store, actors: Actors, company: dict[str, int]
) -> None:
    found = channels(actors.manager, store, FunnelFilter(first_month=date(2026, 10, 1)))
    assert (found.first_month, found.last_month) == (None, None)
    assert set(found.rows["matured"]) == {0}
    assert found.rows["cost"].isna().all()
