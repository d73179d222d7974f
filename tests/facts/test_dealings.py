"""Contracts, payments and stores of one customer, in reach, and what of it is overdue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.access.actor import Role
from core.errors import NotAllowed, NotFound
from core.facts.dealings import dealings
from core.facts.history import timeline
from core.facts.payments import is_overdue, outstanding
from core.facts.tables import (
    BehaviourEvent,
    Contract,
    DisplayFeedback,
    Outlet,
    Payment,
    ProductUsage,
)
from tests.factmaking import add_batch, add_customer, at_noon, served_by

TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(("paid_on", "paid", "owed"), [
    (None, None, 100),
    (None, 40, 60),
    (date(2026, 11, 1), None, 0),
    (date(2026, 11, 1), 40, 60),
    (date(2026, 11, 1), 130, 0),
    (date(2026, 11, 4), 100, 100),
])  # fmt: skip
def test_what_is_owed_of_a_payment(paid_on, paid, owed):
    assert outstanding(100, paid_on, paid, TODAY) == owed


def test_a_payment_is_overdue_from_the_day_after_it_was_due():
    assert not is_overdue(TODAY, 1, TODAY)
    assert is_overdue(TODAY - timedelta(days=1), 1, TODAY)
    assert not is_overdue(TODAY - timedelta(days=9), 0, TODAY)


@pytest.fixture
def emils(store, actors):
    """A customer of Emil with two contracts, three payments, two stores, usage and behaviour; and one of Walt."""
    with store.write() as session:
        mine = add_customer(session, "E1", **served_by(actors.staff))
        theirs = add_customer(session, "W1", **served_by(actors.west_staff))
        batch = {"batch_id": add_batch(session)}
        old, new = (
            Contract(
                code=f"K{day.year}", customer_id=mine, signed_on=day, ends_on=end, amount=50_000, **batch
            )
            for day, end in ((date(2024, 1, 1), date(2024, 12, 31)), (date(2026, 1, 1), None))
        )
        session.add_all([old, new])
        session.flush()
        for code, due, contract, paid in (
            ("P1", date(2026, 10, 1), new.id, None),
            ("P2", date(2026, 10, 2), new.id, 10_000),
            ("P3", date(2026, 12, 1), None, None),
        ):
            session.add(Payment(code=code, customer_id=mine, contract_id=contract, due_on=due, amount=10_000,
                                paid_amount=paid, **batch))  # fmt: skip
        stores = [Outlet(code=code, name=code.lower(), customer_id=mine, **batch) for code in ("S1", "S2")]
        session.add_all([*stores, Outlet(code="S9", customer_id=theirs, **batch)])
        session.flush()
        for number, (day, score) in enumerate(((date(2026, 9, 1), 2), (date(2026, 10, 1), 4))):
            session.add(DisplayFeedback(outlet_id=stores[0].id, row_key=number, checked_at=at_noon(day),
                                        checked_on=day, score=score, **batch))  # fmt: skip
        about = {"customer_id": mine, "row_key": 1, **batch}
        day = date(2026, 10, 5)
        session.add(ProductUsage(used_at=at_noon(day), used_on=day, product_code="007", uses=3, **about))
        session.add(BehaviourEvent(occurred_at=at_noon(TODAY), occurred_on=TODAY, event="page_view", object="张*",
                                   **about))  # fmt: skip
        session.commit()
    return mine


def test_contracts_payments_and_stores_are_told_with_what_is_overdue(store, actors, emils):
    found = dealings(actors.staff, store, emils, as_of=TODAY)
    assert [(each.code, each.ended) for each in found.contracts] == [("K2026", False), ("K2024", True)]
    assert [(each.code, each.contract, each.owed, each.overdue) for each in found.payments] == [
        ("P3", None, 10_000, False),
        ("P2", "K2026", 0, False),
        ("P1", "K2026", 10_000, True),
    ]
    assert found.overdue == 10_000
    assert [(each.code, each.score, each.checked_on) for each in found.outlets] == [
        ("S1", 4, date(2026, 10, 1)),
        ("S2", None, None),
    ]


def test_they_are_for_who_reaches_the_customer_and_sees_details(store, actors, emils):
    for role in (Role.ADMINISTRATOR, Role.MANAGER, Role.OPERATIONS, Role.SUPERVISOR):
        assert dealings(actors.of(role), store, emils, as_of=TODAY).contracts
    with pytest.raises(NotFound):
        dealings(actors.west_staff, store, emils, as_of=TODAY)
    with pytest.raises(NotAllowed):
        dealings(actors.intern, store, emils, as_of=TODAY)


def test_usage_and_behaviour_stand_in_the_one_timeline_for_who_sees_details(store, actors, emils):
    rows = timeline(actors.staff, store, emils)
    assert [(each.what, each.text, each.kind, each.uses) for each in rows] == [
        ("behaviour", "张*", "page_view", None),
        ("usage", "007", None, 3),
    ]
    assert timeline(actors.intern, store, emils) == []
