"""The rule of what is owed for a record, on facts, and who can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.access.actor import Role
from core.facts.update_clock_rule import Fact, Owing, People, owing
from tests.conftest import NOW

HOUR = timedelta(hours=1)
EAST, WEST = 1, 2
ANN, BEN, EVE, OLGA, IDA = range(11, 16)


def fact(hours: int, asks: int | None = None) -> Fact:
    """A fact of that many hours ago."""
    return Fact(NOW - hours * HOUR, NOW.date(), asks)


def owed(facts, answered=None, entered=None, taken_back=False):
    ago = [None if hours is None else NOW - hours * HOUR for hours in (answered, entered)]
    return owing(facts, answered_at=ago[0], entered_at=ago[1], taken_back=taken_back, now=NOW)


def test_the_clock_begins_when_it_is_entered_and_runs_on():
    assert owed([fact(0)]) == Owing(NOW, None)
    assert owed([fact(9)]) == Owing(NOW, None), "nobody could be asked earlier"
    assert owed([fact(9), fact(0)], entered=9) == Owing(NOW - 9 * HOUR, None)
    assert owed([fact(2)], entered=9) == Owing(NOW - 9 * HOUR, None), "a fact that replaces another joins"


def test_after_facts_were_taken_back_it_begins_with_the_oldest_that_is_left():
    assert owed([fact(4), fact(2)], entered=9, taken_back=True) == Owing(NOW - 4 * HOUR, None)
    assert owed([fact(9), fact(2)], entered=8, taken_back=True) == Owing(NOW - 8 * HOUR, None)


def test_what_was_answered_owes_nothing():
    assert owed([]) is None
    assert owed([fact(4), fact(3)], answered=3) is None
    assert owed([fact(4, ANN), fact(2, BEN)], answered=3) == Owing(NOW, BEN)


def test_the_oldest_fact_that_is_not_answered_says_who_is_asked():
    assert owed([fact(4, ANN), fact(2, BEN)], entered=4) == Owing(NOW - 4 * HOUR, ANN)


@dataclass
class Customer:
    department_id: int | None = EAST
    account_manager_id: int | None = ANN


PEOPLE = People(
    {
        ANN: (Role.STAFF, EAST),
        EVE: (Role.SUPERVISOR, EAST),
        OLGA: (Role.OPERATIONS, None),
        IDA: (Role.INTERN, EAST),
    },
    {},
)


def test_who_is_asked_does_it_if_they_may_else_who_serves_the_customer():
    assert PEOPLE.responsible(Customer(), OLGA) == OLGA
    assert PEOPLE.responsible(Customer(), IDA) == ANN
    assert PEOPLE.responsible(Customer(account_manager_id=BEN), ANN) == BEN, (
        "not Ann's any more, and Ben has no account"
    )
    assert PEOPLE.responsible(Customer()) == ANN


def test_where_neither_can_it_is_the_supervisor_of_the_department_or_its_pool():
    assert PEOPLE.responsible(Customer(account_manager_id=IDA)) == EVE
    assert PEOPLE.responsible(Customer(WEST, IDA)) is None
    assert PEOPLE.responsible(Customer(account_manager_id=None)) is None


def test_who_cannot_sign_in_owes_nothing():
    disabled = People({ANN: None, EVE: (Role.SUPERVISOR, EAST)}, {})
    assert disabled.responsible(Customer(), ANN) == EVE
    assert disabled.responsible(Customer(account_manager_id=None), ANN) == EVE


def test_who_has_left_is_answered_for_by_who_took_over_in_the_end():
    left = People({**PEOPLE.accounts, ANN: None}, {ANN: BEN, BEN: OLGA})
    assert left.responsible(Customer()) == OLGA
    nobody = People({EVE: (Role.SUPERVISOR, EAST)}, {ANN: None})
    assert nobody.responsible(Customer()) == EVE
