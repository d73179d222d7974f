"""What pages read of grades: only the customers in reach, only what the role may see, and as of when."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from core.access.actor import SYSTEM, Actor
from core.errors import NotAllowed, NotFound
from core.facts.tables import Customer
from core.grading.queries import (
    SegmentFilter,
    cell_summary,
    filter_options,
    freshness,
    grade_explanation,
    graded_customers,
    rfm_map,
    segment_matrix,
)
from core.grading.selection import FIGURES
from core.grading.service import regrade
from core.policy.model import Policy
from core.store.engine import Store
from core.store.mart import refresh_mart
from core.store.versions import raise_data_version
from tests.conftest import Actors
from tests.factmaking import add_customer, add_order
from tests.kept import Kept

AS_OF = date(2026, 10, 31)


@pytest.fixture
def ids(store: Store, actors: Actors, policy: Policy, now: datetime, kept: Kept) -> dict[str, int]:
    """Four customers of the east's staff member and one of the west; graded as of AS_OF.

    C1 to C3 bought once each in October, for 100, 200 and 300; P never bought; W, of the west, for 400.
    """
    return kept.once("graded", lambda: graded_company(store, actors, policy, now))


def graded_company(store: Store, actors: Actors, policy: Policy, now: datetime) -> dict[str, int]:
    with store.write() as session:
        east = {"department_id": actors.east, "account_manager_id": actors.staff.staff_id}
        west = {"department_id": actors.west, "account_manager_id": actors.west_staff.staff_id}
        made = {
            "C1": add_customer(session, "C1", name="张伟", region="华东", industry="教育", **east),
            "C2": add_customer(session, "C2", name="李娜", region="华北", **east),
            "C3": add_customer(session, "C3", name="王芳", region="华东", channel="展会", **east),
            "P": add_customer(session, "P", name="赵敏", **east),
            "W": add_customer(session, "W", name="陈静", region="西南", **west),
        }
        for number, code in enumerate(("C1", "C2", "C3", "W"), start=1):
            add_order(session, made[code], "no:1", [(date(2026, 10, number), number * 1_000_000)])
        session.commit()
    regrade(SYSTEM, store, refresh_mart(store), policy, AS_OF, now=now)
    return made


def codes(actor: Actor, store: Store, **filters: object) -> list[str]:
    return graded_customers(actor, store, SegmentFilter(**filters))["code"].tolist()


def test_customers_come_most_valuable_first_with_labels_and_figures(
    store: Store, ids: dict[str, int], actors: Actors
) -> None:
    frame = graded_customers(actors.manager, store)
    assert frame["code"].tolist() == ["W", "C3", "C2", "C1", "P"]
    first = frame.iloc[0]
    assert (first["name"], first["department"], first["account_manager"]) == ("陈静", "West", "Walt")
    assert (first["monetary"], first["recency_days"], first["value_tier"]) == (4_000_000, 27, "high")
    assert (first["as_of"], first["last_order_on"]) == (AS_OF, date(2026, 10, 4))
    assert graded_customers(actors.manager, store, limit=2)["code"].tolist() == ["W", "C3"]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("administrator", "W C3 C2 C1 P"),
        ("manager", "W C3 C2 C1 P"),
        ("operations", "W C3 C2 C1 P"),
        ("supervisor", "C3 C2 C1 P"),
        ("staff", "C3 C2 C1 P"),
        ("intern", "C1 C2 C3 P"),
        ("west_supervisor", "W"),
        ("west_staff", "W"),
    ],
)
def test_each_role_reads_only_the_customers_in_its_reach(
    store: Store, ids: dict[str, int], actors: Actors, role: str, seen: str
) -> None:
    actor = getattr(actors, role)
    assert codes(actor, store) == seen.split()
    assert segment_matrix(actor, store)["customers"].sum() == len(seen.split())
    assert cell_summary(actor, store)["customers"].sum() == len(set(seen.split()) - {"P"})


def test_interns_get_no_figure_and_no_full_name(store: Store, ids: dict[str, int], actors: Actors) -> None:
    frame = graded_customers(actors.intern, store)
    assert frame[list(FIGURES)].isna().all(axis=None)
    assert frame["name"].tolist() == ["张*", "李*", "王*", "赵*"]
    assert frame["value_tier"].tolist()[0] == "low"
    assert segment_matrix(actors.intern, store)["monetary"].isna().all()
    assert rfm_map(actors.intern, store).empty
    with pytest.raises(NotAllowed):
        graded_customers(actors.intern, store, SegmentFilter(m_scores=(5,)))
    with pytest.raises(NotAllowed):
        grade_explanation(actors.intern, store, ids["C1"])


def test_interns_cannot_find_out_a_name_piece_by_piece(
    store: Store, ids: dict[str, int], actors: Actors
) -> None:
    assert codes(actors.intern, store, text="伟") == []
    assert codes(actors.intern, store, text="张伟") == ["C1"]
    assert codes(actors.staff, store, text="伟") == ["C1"]


def test_a_hand_over_shows_before_anything_is_graded_again(
    store: Store, ids: dict[str, int], actors: Actors
) -> None:
    with store.write() as session:
        customer = session.get_one(Customer, ids["C3"])
        customer.department_id, customer.account_manager_id = actors.west, actors.west_staff.staff_id
        session.commit()
    assert codes(actors.staff, store) == ["C2", "C1", "P"]
    assert codes(actors.west_staff, store) == ["W", "C3"]
    assert codes(actors.manager, store, account_managers=(actors.west_staff.staff_id,)) == ["W", "C3"]
    with pytest.raises(NotFound):
        grade_explanation(actors.staff, store, ids["C3"])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"value_tiers": ("high",)}, "W"),
        ({"value_tiers": ("none",)}, "P"),
        ({"value_tiers": ("high", "none")}, "W P"),
        ({"lifecycle_stages": ("new",)}, "W C3 C2 C1"),
        ({"rfm_cells": ("000",)}, "C2 C1"),
        ({"regions": ("华东",)}, "C3 C1"),
        ({"industries": ("教育",)}, "C1"),
        ({"channels": ("展会",)}, "C3"),
        ({"regions": ("华东",), "value_tiers": ("low",)}, "C1"),
        ({"text": "c"}, "C3 C2 C1"),
        ({"text": "王"}, "C3"),
        ({"text": "100%"}, ""),
        ({"m_scores": (1, 5)}, "W C1"),
        ({"regions": ("火星",)}, ""),
    ],
)
def test_filters_keep_what_they_say(
    store: Store, ids: dict[str, int], actors: Actors, filters: dict[str, object], found: str
) -> None:
    assert codes(actors.manager, store, **filters) == found.split()


def test_the_matrix_counts_customers_and_their_spending(
    store: Store, ids: dict[str, int], actors: Actors
) -> None:
    rows = segment_matrix(actors.supervisor, store).values.tolist()
    assert rows == [
        ["low", "new", 1, 1_000_000],
        ["mid", "new", 1, 2_000_000],
        ["none", "prospect", 1, 0],
        ["potential", "new", 1, 3_000_000],
    ]
    mapped = rfm_map(actors.manager, store).values.tolist()
    assert mapped == [
        [1, 1, 1, 1_000_000],
        [2, 1, 1, 2_000_000],
        [4, 1, 1, 3_000_000],
        [5, 1, 1, 4_000_000],
    ]


def test_options_name_only_what_customers_in_reach_have(
    store: Store, ids: dict[str, int], actors: Actors
) -> None:
    options = filter_options(actors.west_supervisor, store)
    assert (options.regions, options.industries) == (("西南",), ())
    assert options.departments == ((actors.west, "West"),)
    assert options.account_managers == ((actors.west_staff.staff_id, "Walt"),)
    assert set(filter_options(actors.manager, store).regions) == {"华东", "华北", "西南"}


def test_freshness_tells_which_facts_and_rules_the_figures_come_from(
    store: Store, ids: dict[str, int], policy: Policy, now: datetime
) -> None:
    fresh = freshness(store)
    assert (fresh.as_of, fresh.finished_at, fresh.policy_version) == (AS_OF, now, policy.version)
    assert (fresh.graded, fresh.stale) == (True, False)
    with store.write() as session:
        raise_data_version(session)
        session.commit()
    assert freshness(store).stale
    refresh_mart(store)
    assert freshness(store).stale  # copied, but not graded yet


def test_before_the_first_run_every_query_answers_empty(store: Store, actors: Actors) -> None:
    assert not freshness(store).graded
    assert graded_customers(actors.manager, store).empty
    assert segment_matrix(actors.manager, store).empty
    assert cell_summary(actors.manager, store).empty
    assert rfm_map(actors.manager, store).empty
    assert filter_options(actors.manager, store).regions == ()
    with pytest.raises(NotFound):
        grade_explanation(actors.manager, store, 1)


def test_a_customer_added_since_has_no_grade_to_explain(
    store: Store, ids: dict[str, int], actors: Actors
) -> None:
    with store.write() as session:
        newcomer = add_customer(session, "N")
        session.commit()
    assert "N" not in codes(actors.manager, store)
    with pytest.raises(NotFound):
        grade_explanation(actors.manager, store, newcomer)


def test_an_explanation_is_given_to_whoever_serves_the_customer(
    store: Store, ids: dict[str, int], actors: Actors, policy: Policy
) -> None:
    explained = grade_explanation(actors.staff, store, ids["C1"])
    assert (explained.graded, explained.policy_version, explained.value_tier) == (4, policy.version, "low")
    assert [each.measure for each in explained.measures] == ["recency_days", "frequency", "monetary"]
    with pytest.raises(NotFound):
        grade_explanation(actors.staff, store, ids["W"])
