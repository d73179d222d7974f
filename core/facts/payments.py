"""Whether a payment is settled. Pure."""

from __future__ import annotations

from datetime import date


def outstanding(amount: int, paid_on: date | None, paid_amount: int | None, as_of: date) -> int:
    """What is still owed of an amount, in its own unit.

    A payment that names a day but no amount was paid in full; one after `as_of` is not there yet. What was paid too
    much is nobody's debt.
    """
    if paid_on is not None and paid_on > as_of:
        return amount
    if paid_amount is None:
        return 0 if paid_on is not None else amount
    return max(amount - paid_amount, 0)


def is_overdue(due_on: date, owed: int, as_of: date) -> bool:
    """Whether something is owed beyond its day; on that day it is still in time."""
    return owed > 0 and due_on < as_of
