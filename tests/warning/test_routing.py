"""Who gets a work order today, and who waits."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.warning.routing import TIER_ORDER, Decision, Person, Unclosed, Warned, by_value, decide

TODAY = date(2026, 11, 3)
YESTERDAY = TODAY - timedelta(days=1)
ANN, BOB, POOL = 1, 2, None


def warned(
    customer_id: int,
    tier: str | None = "mid",
    monetary: int = 0,
    person: Person = ANN,
    indicators: frozenset[str] = frozenset({"no_purchase"}),
) -> Warned:
    return Warned(customer_id, indicators, tier, monetary, person)


def order(customer_id: int, *, waits: bool, as_of: date = YESTERDAY) -> Unclosed:
    return Unclosed(100 + customer_id, customer_id, as_of, frozenset({"no_purchase"}), waits)


def decided(
    customers: list[Warned],
    unclosed: list[Unclosed] | None = None,
    *,
    cooling: set[int] | None = None,
    given_today: dict[Person, int] | None = None,
    limit: int = 2,
    as_of: date = TODAY,
    rehearsal: bool = False,
) -> Decision:
    return decide(
        customers,
        unclosed or [],
        cooling=cooling or set(),
        given_today=given_today or {},
        limit=limit,
        as_of=as_of,
        rehearsal=rehearsal,
    )


def ids(customers: tuple[Warned, ...]) -> list[int]:
    return [each.customer_id for each in customers]


def test_the_most_valuable_come_first_and_the_rest_waits() -> None:
    decision = decided([
        warned(1, "mid", 900), warned(2, "high", 10), warned(3, None, 999), warned(4, "high", 20),
        warned(5, "potential"), warned(6, "low", 5),
    ])  # fmt: skip
    assert ids(decision.opened) == [4, 2]
    assert ids(decision.waiting) == [5, 1, 6, 3]


def test_equal_value_is_decided_by_the_customer_id() -> None:
    assert ids(decided([warned(3), warned(1), warned(2)]).opened) == [1, 2]


def test_the_limit_holds_for_each_person_and_for_the_pool() -> None:
    customers = [warned(n, person=person) for n, person in enumerate([ANN, BOB, POOL] * 3)]
    decision = decided(customers)
    assert Counter(each.person for each in decision.opened) == {ANN: 2, BOB: 2, POOL: 2}
    assert Counter(each.person for each in decision.waiting) == {ANN: 1, BOB: 1, POOL: 1}


def test_what_a_person_was_given_earlier_today_counts() -> None:
    decision = decided([warned(1), warned(2), warned(3, person=BOB)], given_today={ANN: 1, BOB: 5})
    assert ids(decision.opened) == [1]
    assert ids(decision.waiting) == [2, 3]


def test_the_backlog_is_released_together_with_new_hits_by_value() -> None:
    waiting = [order(1, waits=True), order(2, waits=True)]
    decision = decided([warned(1, "low"), warned(2, "high"), warned(3, "mid")], waiting)
    assert [order_id for order_id, _ in decision.released] == [102]
    assert ids(decision.opened) == [3]
    assert decision.waiting == ()
    assert decision.withdrawn == ()


def test_who_waits_and_no_longer_hits_anything_is_withdrawn() -> None:
    assert decided([], [order(1, waits=True), order(2, waits=False)]).withdrawn == (101,)


def test_a_day_before_the_orders_own_neither_withdraws_nor_joins() -> None:
    both = frozenset({"no_purchase", "low_satisfaction"})
    orders = [order(1, waits=True, as_of=TODAY), order(2, waits=False, as_of=TODAY)]
    decision = decided([warned(2, indicators=both)], orders, as_of=YESTERDAY, rehearsal=True)
    assert decision == Decision((), (), (), (), ())


def test_later_hits_join_the_unclosed_order() -> None:
    both = frozenset({"no_purchase", "low_satisfaction"})
    decision = decided(
        [warned(1, indicators=both), warned(2)], [order(1, waits=False), order(2, waits=False)]
    )
    assert [(each.order_id, each.indicators) for each in decision.joined] == [(101, {"low_satisfaction"})]
    assert decision.opened == decision.waiting == ()


def test_who_closed_an_order_lately_is_left_alone() -> None:
    decision = decided([warned(1), warned(2)], cooling={1})
    assert ids(decision.opened) == [2]
    assert decision.waiting == ()


def test_in_a_rehearsal_everything_waits_and_nothing_is_released() -> None:
    decision = decided([warned(1), warned(2)], [order(1, waits=True)], rehearsal=True)
    assert ids(decision.waiting) == [2]
    assert decision.opened == decision.released == ()


def test_a_tier_that_nobody_ordered_by_value_is_refused() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        by_value(warned(1, "platinum"))


_people = st.sampled_from([ANN, BOB, POOL])
_warned = st.builds(
    Warned,
    customer_id=st.integers(1, 30),
    indicators=st.frozensets(st.sampled_from(["a", "b", "c"]), min_size=1),
    value_tier=st.sampled_from(TIER_ORDER),
    monetary=st.integers(-5, 5),
    person=_people,
)
_unclosed = st.builds(
    lambda customer_id, waits, indicators, as_of: Unclosed(
        1000 + customer_id, customer_id, as_of, indicators, waits
    ),
    st.integers(1, 30),
    st.booleans(),
    st.frozensets(st.sampled_from(["a", "b", "c"]), min_size=1),
    st.sampled_from([YESTERDAY, TODAY]),
)


@given(
    customers=st.lists(_warned, unique_by=lambda each: each.customer_id),
    orders=st.lists(_unclosed, unique_by=lambda each: each.customer_id),
    cooling=st.sets(st.integers(1, 30)),
    given_today=st.dictionaries(_people, st.integers(0, 6)),
    limit=st.integers(0, 5),
    rehearsal=st.booleans(),
)
def test_whatever_happens_the_rules_hold(
    customers: list[Warned],
    orders: list[Unclosed],
    cooling: set[int],
    given_today: dict[Person, int],
    limit: int,
    rehearsal: bool,
) -> None:
    decision = decided(
        customers, orders, cooling=cooling, given_today=given_today, limit=limit, rehearsal=rehearsal
    )
    released = [each for _, each in decision.released]
    given = [*decision.opened, *released]

    for person, count in Counter(each.person for each in given).items():
        assert count + given_today.get(person, 0) <= limit

    with_order = {each.customer_id for each in orders}
    new = ids(decision.opened) + ids(decision.waiting)
    assert len(new) == len(set(new))
    assert not set(new) & (with_order | cooling)
    assert {each.customer_id for each in customers} - with_order - cooling == set(new)

    waiting_on = {each.customer_id for each in orders if each.waits}
    assert set(ids(tuple(released))) <= waiting_on
    left = [*decision.waiting]
    left += [each for each in customers if each.customer_id in waiting_on and each not in released]
    for each in given:
        assert all(by_value(each) < by_value(other) for other in left if other.person == each.person)
    assert list(decision.opened) == sorted(decision.opened, key=by_value)
    if rehearsal:
        assert not given
