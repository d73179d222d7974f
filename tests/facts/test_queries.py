"""Customers found, shown and listed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest
from sqlalchemy import update

from core.access.actor import Actor, Role
from core.access.vault import open_vault
from core.errors import NotAllowed, NotFound
from core.facts import identity
from core.facts.contacts_service import log_contact
from core.facts.history import timeline
from core.facts.importing.queries import import_batches
from core.facts.queries import LABEL_COLUMNS, customer, customer_labels, facts_summary, find_customers
from core.facts.tables import Customer, OrderLine
from core.store.engine import Store
from tests.conftest import Actors
from tests.factmaking import add_customer, add_interaction, add_order, add_satisfaction, served_by

PHONE, MASKED_PHONE = "10000001234", "100****1234"


@dataclass(frozen=True)
class Customers:
    emils: int
    evas: int
    walts: int


@pytest.fixture
def customers(store: Store, actors: Actors) -> Customers:
    """Two customers in the east, of Emil and of Eve, one in the west; all with the same phone."""
    with store.write() as session:
        made = Customers(
            emils=add_customer(
                session,
                "A-1",
                name="张晓明",
                **served_by(actors.staff),
                annual_revenue=120_0000,
                sku_count=3,
                birthday=date(1990, 5, 1),
                consent=True,
                city="杭州市",
            ),
            evas=add_customer(
                session,
                "A-10",
                name="100%棉_纺织",
                **served_by(actors.supervisor),
            ),
            walts=add_customer(
                session,
                "B-1",
                name="张伟",
                **served_by(actors.west_staff),
            ),
        )
        vault = open_vault(store)
        for each in (made.emils, made.evas, made.walts):
            found = session.get_one(Customer, each)
            identity.put(vault, found, "phone", PHONE)
            identity.put(vault, found, "email", "zhang@example.com")
        session.commit()
    return made


def test_a_customer_is_found_by_code_name_or_phone_with_the_same_code_first(
    store: Store, actors: Actors, customers: Customers
) -> None:
    def found(text: str) -> list[str]:
        return find_customers(actors.manager, store, text)["code"].tolist()

    assert found("A-1") == ["A-1", "A-10"]
    assert found("a-10") == ["A-10"]
    assert found(" 晓明 ") == ["A-1"]
    assert found("张") == ["A-1", "B-1"]
    assert found("+86 100-0000-1234") == ["A-1", "A-10", "B-1"]
    assert found("1234") == []
    assert found("-1") == []
    assert found("  ") == []


def test_what_looks_like_a_wildcard_is_searched_as_it_stands(
    store: Store, actors: Actors, customers: Customers
) -> None:
    def found(text: str) -> list[str]:
        return find_customers(actors.manager, store, text)["code"].tolist()

    assert found("%") == ["A-10"]
    assert found("_") == ["A-10"]
    assert found("%%") == found("A_1") == found("\\") == []


def test_no_more_are_found_than_asked_for(store: Store, actors: Actors, customers: Customers) -> None:
    assert find_customers(actors.manager, store, PHONE, limit=2)["code"].tolist() == ["A-1", "A-10"]


def test_each_finds_and_sees_only_customers_in_reach(
    store: Store, actors: Actors, customers: Customers
) -> None:
    everybody = [customers.emils, customers.evas, customers.walts]
    reach = {
        "staff": [customers.emils],
        "supervisor": [customers.emils, customers.evas],
        "intern": [customers.emils, customers.evas],
        "west_staff": [customers.walts],
        "west_supervisor": [customers.walts],
        "operations": everybody,
        "manager": everybody,
        "administrator": everybody,
    }
    for name, expected in reach.items():
        actor = getattr(actors, name)
        assert customer_labels(actor, store, everybody)["id"].tolist() == expected, name
        if actor.role is not Role.INTERN:
            assert find_customers(actor, store, PHONE)["id"].tolist() == expected, name
        for each in everybody:
            if each in expected:
                assert customer(actor, store, each).id == each
                timeline(actor, store, each)
            else:
                with pytest.raises(NotFound):
                    customer(actor, store, each)
                with pytest.raises(NotFound):
                    timeline(actor, store, each)


def test_an_intern_finds_by_code_and_whole_name_only(
    store: Store, actors: Actors, customers: Customers
) -> None:
    def found(text: str) -> list[str]:
        return find_customers(actors.intern, store, text)["code"].tolist()

    assert found("A-1") == ["A-1", "A-10"]
    assert found("张晓明") == ["A-1"]
    assert found("晓") == []
    assert found(PHONE) == []


def test_labels_come_in_the_order_asked_for_and_once(
    store: Store, actors: Actors, customers: Customers
) -> None:
    rows = customer_labels(actors.manager, store, [customers.walts, customers.emils, customers.walts, 999])
    assert list(rows.columns) == list(LABEL_COLUMNS)
    assert rows["code"].tolist() == ["B-1", "A-1"]
    assert rows["account_manager"].tolist() == ["Walt", "Emil"]
    assert rows["department"].tolist() == ["West", "East"]
    assert customer_labels(actors.manager, store, []).empty


@pytest.mark.parametrize(
    ("who", "name", "phone", "email", "details"),
    [
        ("staff", "张晓明", PHONE, "zhang@example.com", True),
        ("supervisor", "张晓明", PHONE, "zhang@example.com", True),
        ("manager", "张晓明", PHONE, "zhang@example.com", True),
        ("administrator", "张晓明", PHONE, "zhang@example.com", True),
        ("operations", "张晓明", MASKED_PHONE, "z***@example.com", True),
        ("intern", "张**", MASKED_PHONE, "z***@example.com", False),
    ],
)
def test_a_customer_is_masked_for_the_role_in_views_and_lists(
    store: Store, actors: Actors, customers: Customers, who: str, name: str, phone: str, email: str, details: bool
) -> None:  # fmt: skip
    actor: Actor = getattr(actors, who)
    seen = customer(actor, store, customers.emils)
    assert (seen.name, seen.phone, seen.email) == (name, phone, email)
    assert seen.contact_masked == (phone == MASKED_PHONE)
    (listed,) = customer_labels(actor, store, [customers.emils]).to_dict("records")
    assert (listed["name"], listed["phone"]) == (name, phone)
    private = (seen.annual_revenue, seen.sku_count, seen.birthday, seen.consent, seen.orders.amount)
    assert private == ((120_0000, 3, date(1990, 5, 1), True, 0) if details else (None,) * 5)
    assert (seen.city, seen.code, seen.account_manager) == ("杭州市", "A-1", "Emil")


def test_the_timeline_tells_what_happened_newest_first(
    store: Store, actors: Actors, customers: Customers
) -> None:
    with store.write() as session:
        days = [(date(2026, 10, 1), 100_0000), (date(2026, 10, 2), -30_0000)]
        add_order(session, customers.emils, "no:7", days)
        add_order(session, customers.emils, "day:2026-09-01", [(date(2026, 9, 1), 50_0000)])
        add_order(session, customers.emils, "no:8", [(date(2026, 10, 9), -5_0000)])
        add_interaction(session, customers.emils, date(2026, 10, 3), content="asked for a discount")
        add_satisfaction(session, customers.emils, date(2026, 9, 15), 2)
        session.commit()
    rows = timeline(actors.staff, store, customers.emils)
    assert [each.what for each in rows] == ["order", "interaction", "order", "satisfaction", "order"]
    assert [each.amount for each in rows] == [-5_0000, None, 70_0000, None, 50_0000]
    assert [each.text for each in rows] == ["8", "asked for a discount", "7", "slow delivery", None]
    assert [each.score for each in rows] == [None, None, None, 2, None]
    assert timeline(actors.staff, store, customers.emils, limit=2) == rows[:2]
    orders = customer(actors.staff, store, customers.emils).orders
    assert (orders.orders, orders.amount) == (2, 115_0000)
    assert (orders.first_on, orders.last_on) == (date(2026, 9, 1), date(2026, 10, 2))


def test_the_timeline_names_who_sold_and_who_had_the_contact(
    store: Store, actors: Actors, customers: Customers, now: datetime
) -> None:
    unlisted = replace(actors.supervisor, staff_id=None)
    log_contact(
        unlisted,
        store,
        customers.emils,
        kind="call",
        direction=None,
        occurred_at=now,
        content="rang",
        now=now,
    )
    with store.write() as session:
        add_order(session, customers.emils, "no:7", [(date(2026, 10, 1), 100), (date(2026, 10, 1), 50)])
        session.execute(update(OrderLine).values(salesperson_id=actors.staff.staff_id))
        add_order(session, customers.emils, "no:8", [(date(2026, 9, 1), 100)])
        session.commit()
    rows = timeline(actors.staff, store, customers.emils)
    assert [(each.staff, each.amount) for each in rows] == [("Eve", None), ("Emil", 150), (None, 100)]
    assert {each.staff for each in timeline(actors.intern, store, customers.emils)} == {None}


def test_basic_data_hold_no_amounts_words_or_satisfaction(
    store: Store, actors: Actors, customers: Customers
) -> None:
    with store.write() as session:
        add_order(session, customers.emils, "no:7", [(date(2026, 10, 1), 100_0000)])
        add_interaction(session, customers.emils, date(2026, 10, 3), content="asked for a discount")
        add_satisfaction(session, customers.emils, date(2026, 9, 15), 2)
        session.commit()
    rows = timeline(actors.intern, store, customers.emils)
    assert [(each.what, each.text, each.amount) for each in rows] == [
        ("interaction", None, None),
        ("order", "7", None),
    ]


def test_the_summary_counts_records_and_an_empty_app_has_none(
    store: Store, actors: Actors, now: datetime
) -> None:
    assert set(facts_summary(actors.intern, store).values()) == {0}
    with store.write() as session:
        key = add_customer(session, "C1")
        add_order(session, key, "no:1", [(date(2026, 10, 1), 1), (date(2026, 10, 1), 2)])
        session.commit()
    assert facts_summary(actors.intern, store) == {
        "customers": 1,
        "orders": 1,
        "transactions": 2,
        "interactions": 0,
        "satisfaction": 0,
    }


def test_only_who_imports_sees_the_imports_newest_first(
    store: Store, actors: Actors, customers: Customers
) -> None:
    with store.write() as session:
        add_order(session, customers.emils, "no:1", [(date(2026, 10, 1), 1)])
        add_order(session, customers.emils, "no:2", [(date(2026, 10, 1), 1)])
        session.commit()
    rows = import_batches(actors.operations, store)
    assert rows["id"].tolist() == sorted(rows["id"], reverse=True)
    assert len(rows) == 2
    assert "mapping" not in rows.columns
    for actor in (actors.staff, actors.supervisor, actors.intern):
        with pytest.raises(NotAllowed):
            import_batches(actor, store)
