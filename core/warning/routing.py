"""Who gets a work order today, and who waits: pure.

One unclosed order a customer; whoever closed one is left alone for a while; nobody is given more than a day's
limit of new ones, the most valuable first, and the rest waits in a backlog without a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

TIER_ORDER: tuple[str | None, ...] = ("high", "potential", "mid", "low", None)
"""Value tiers, the most valuable first; None is a customer without a tier."""

Person = int | None
"""Id of a staff member; None is the pool, which has a day's limit like a person."""


@dataclass(frozen=True)
class Warned:
    """A customer that hits at least one indicator, and where its order would go."""

    customer_id: int
    indicators: frozenset[str]
    value_tier: str | None
    monetary: int
    """Ten-thousandths of the currency unit in the scoring window."""
    person: Person


@dataclass(frozen=True)
class Unclosed:
    """A work order that is not closed."""

    order_id: int
    customer_id: int
    as_of: date
    """The day whose facts raised it."""
    indicators: frozenset[str]
    waits: bool
    """Whether it is in the backlog."""


@dataclass(frozen=True)
class Joined:
    """Indicators that hit a customer whose order they were not yet part of."""

    order_id: int
    customer_id: int
    indicators: frozenset[str]


@dataclass(frozen=True)
class Decision:
    """What a cycle does with the work orders; customers and orders stand in the order of their value."""

    opened: tuple[Warned, ...]
    """New orders that are given to somebody at once."""
    waiting: tuple[Warned, ...]
    """New orders for the backlog."""
    released: tuple[tuple[int, Warned], ...]
    """Order id and customer of those that leave the backlog."""
    joined: tuple[Joined, ...]
    withdrawn: tuple[int, ...]
    """Ids of orders in the backlog whose customer no longer hits anything."""


def by_value(warned: Warned) -> tuple[int, int, int]:
    """The sort key that puts the most valuable customer first; the id makes it total."""
    return TIER_ORDER.index(warned.value_tier), -warned.monetary, warned.customer_id


def decide(
    warned: Collection[Warned],
    unclosed: Collection[Unclosed],
    *,
    cooling: Collection[int],
    given_today: Mapping[Person, int],
    limit: int,
    as_of: date,
    rehearsal: bool,
) -> Decision:
    """What follows from the customers warned at `as_of`, one entry each.

    `cooling` are the customers whose last order was closed too lately, `given_today` how many orders each
    person was already given today, `limit` how many a day are allowed. In a rehearsal nothing is given to
    anybody. A day before an order's own says nothing about it: it neither joins nor withdraws.
    """
    order_of = {each.customer_id: each for each in unclosed}
    at_rest = frozenset(cooling)
    new = [each for each in warned if each.customer_id not in order_of and each.customer_id not in at_rest]
    known = [(order_of[each.customer_id], each) for each in warned if each.customer_id in order_of]
    hit = {each.customer_id for each in warned}

    places: Counter[Person] = Counter(given_today)
    opened, waiting, released = [], [], []
    candidates = new + [each for order, each in known if order.waits]
    for each in sorted(candidates, key=by_value):
        order = order_of.get(each.customer_id)
        if rehearsal or places[each.person] >= limit:
            if order is None:
                waiting.append(each)
            continue
        places[each.person] += 1
        if order is None:
            opened.append(each)
        else:
            released.append((order.order_id, each))
    return Decision(
        opened=tuple(opened),
        waiting=tuple(waiting),
        released=tuple(released),
        joined=tuple(
            Joined(order.order_id, order.customer_id, each.indicators - order.indicators)
            for order, each in known
            if order.as_of <= as_of and each.indicators - order.indicators
        ),
        withdrawn=tuple(
            each.order_id
            for each in unclosed
            if each.waits and each.as_of <= as_of and each.customer_id not in hit
        ),
    )
