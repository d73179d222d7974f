"""The rules of grading and warning written a second time, slowly, in plain Python, to check the product against.

Nothing here imports the rules under test; thresholds are written out as numbers.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Line = tuple[int, int, date, int]
"""customer, order, day, amount"""


@dataclass
class Graded:
    last: date
    frequency: int
    monetary: int


def twelve_months_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def grades(lines: Iterable[Line], customers: Iterable[int], as_of: date) -> dict[int, dict[str, Any]]:
    """Customer -> grade, under the default policy."""
    seen = [line for line in lines if line[2] <= as_of]
    start = twelve_months_before(as_of)
    inside = [line for line in seen if line[2] > start]
    spent: dict[int, int] = defaultdict(int)
    for customer, _, _, amount in inside:
        spent[customer] += amount
    graded = {
        customer: Graded(max(orders), len(orders), spent[customer])
        for customer, orders in positive_orders(inside).items()
    }
    all_time = positive_orders(seen)
    with_lines = {line[0] for line in seen}
    days_of_last = sorted(own.last for own in graded.values())
    frequencies = sorted(own.frequency for own in graded.values())
    amounts = sorted(own.monetary for own in graded.values())
    scores = {
        customer: (
            score(days_of_last, own.last),
            score(frequencies, own.frequency),
            score(amounts, own.monetary),
        )
        for customer, own in graded.items()
    }
    values = {customer: (sum(scores[customer]), own.monetary) for customer, own in graded.items()}
    ordered = sorted(values.values())
    result = {}
    for customer in customers:
        days = all_time.get(customer, [])
        row: dict[str, Any] = {
            "recency_days": None,
            "frequency": 0,
            "monetary": spent.get(customer, 0),
            "r_score": None,
            "f_score": None,
            "m_score": None,
            "rfm_cell": None,
            "value_tier": "low" if customer in with_lines else None,
            "lifecycle_stage": stage(days, as_of),
            "first_order_on": min(days, default=None),
            "last_order_on": max(days, default=None),
            "orders_total": len(days),
        }
        if customer in graded:
            own = graded[customer]
            r, f, m = scores[customer]
            halves = (
                share(days_of_last, own.last),
                share(frequencies, own.frequency),
                share(amounts, own.monetary),
            )
            rank = share(ordered, values[customer])
            row |= {
                "recency_days": (as_of - own.last).days,
                "frequency": own.frequency,
                "r_score": r,
                "f_score": f,
                "m_score": m,
                "rfm_cell": "".join("1" if half >= Fraction(1, 2) else "0" for half in halves),
                "value_tier": tier(rank, r, f, m),
            }
        result[customer] = row
    return result


def positive_orders(lines: Iterable[Line]) -> dict[int, list[date]]:
    """Customer -> the day of the last line of each order of positive net amount."""
    net: dict[tuple[int, int], int] = defaultdict(int)
    last: dict[tuple[int, int], date] = {}
    for customer, order, day, amount in lines:
        net[customer, order] += amount
        last[customer, order] = max(day, last.get((customer, order), day))
    found: dict[int, list[date]] = defaultdict(list)
    for (customer, order), amount in net.items():
        if amount > 0:
            found[customer].append(last[customer, order])
    return dict(found)


def score(values: list[Any], own: Any) -> int:
    """The score of `own` among the sorted `values`."""
    n = len(values)
    if n == 1:
        return 1
    rank = 1 + bisect_left(values, own)
    return min(5, 5 * (rank - 1) // (n - 1) + 1)


def share(values: list[Any], own: Any) -> Fraction:
    """percent_rank among the sorted `values`: (rank - 1) / (n - 1), 0 for the only one."""
    return Fraction(bisect_left(values, own), max(len(values) - 1, 1))


def tier(rank: Fraction, r: int, f: int, m: int) -> str:
    if rank >= Fraction(80, 100):
        return "high"
    if r >= 4 and (f >= 4 or m >= 4):
        return "potential"
    if rank < Fraction(30, 100):
        return "low"
    return "mid"


def stage(days: list[date], as_of: date) -> str:
    if not days:
        return "prospect"
    if as_of - min(days) <= timedelta(days=90):
        return "new"
    ago = (as_of - max(days)).days
    return "active" if ago <= 90 else "dormant" if ago <= 180 else "lost"


def no_purchase(lines: Iterable[Line], quarters_start: date, as_of: date) -> dict[int, str]:
    """Customer -> hit, clear or no_data, of all with a positive order up to `as_of`."""
    found = {}
    for customer, days in positive_orders(line for line in lines if line[2] <= as_of).items():
        recent = [day for day in days if day >= quarters_start]
        found[customer] = "clear" if recent else "hit" if len(days) >= 2 else "no_data"
    return found
