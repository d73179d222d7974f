"""How orders are named. Pure.

`no:` and the order number, or `day:` and the ISO date. Behind it, where the order came under the code of a customer who
turned out to be another one, a mark for each merge that it went through: so two codes that have an order 1 each still
have two orders when they are one customer, and each file goes on to mean its own.
"""

from __future__ import annotations

_MARK = "\x1f"
"""Before the number of the customer who was merged away. No cell of a file holds it: reading makes a space of it."""


def mark_of(gone_id: int) -> str:
    """What the keys of orders get behind them when their customer is merged into another one."""
    return f"{_MARK}{gone_id}"


def order_number(key: str) -> str | None:
    """The order number, or None where the order is that of a day."""
    kind, _, number = without_marks(key).partition(":")
    return number if kind == "no" else None


def first_owner(key: str) -> int | None:
    """The merged customer under whose code the order came; None where it is that of the one who holds it."""
    marks = key.split(_MARK)[1:]
    return int(marks[0]) if marks else None


def without_marks(key: str) -> str:
    """The key as it was before any merge."""
    return key.partition(_MARK)[0]
