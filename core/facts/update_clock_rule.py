"""What is owed for a customer's record, worked out from the facts that stand: pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.access.actor import ROLE_PERMISSIONS, ROLE_REACH, Permission, Reach, Role


@dataclass(frozen=True)
class Fact:
    """A transaction, interaction or behaviour event, or those that one import brought of a customer."""

    at: datetime
    """When it came on record."""
    day: date
    """When it happened."""
    asks: int | None
    """The person whom it asks to complete the record; None: whoever serves the customer."""


@dataclass(frozen=True)
class Owing:
    """That the record has to be completed: since when the clock runs, and who is asked first."""

    since: datetime
    asks: int | None


def owing(
    facts: Sequence[Fact],
    *,
    answered_at: datetime | None,
    entered_at: datetime | None,
    taken_back: bool,
    now: datetime,
) -> Owing | None:
    """What is owed for an incomplete record after these facts, or None where all of them are answered.

    `facts`: in the order in which they came on record; `answered_at`: when the record was last edited, confirmed or
    updated because it was owed; `entered_at`: since when it stands in the ledger as owed now, None where it does not;
    `taken_back`: whether facts may have gone. The clock begins when it is entered, because nobody could be asked
    earlier. It runs on while facts join or replace others, so that what is late stays late; when facts were taken back
    it begins with the oldest one that is left.
    """
    waiting = [fact for fact in facts if answered_at is None or fact.at > answered_at]
    if not waiting:
        return None
    since = now if entered_at is None else entered_at
    return Owing(max(since, waiting[0].at) if taken_back and entered_at else since, waiting[0].asks)


@dataclass(frozen=True)
class People:
    """Who can meet what is owed.

    `accounts`: person -> role and department, or None while the account is disabled; whoever has no account is
    responsible all the same. `successors`: person who has left -> who took over.
    """

    accounts: Mapping[int, tuple[Role, int | None] | None]
    successors: Mapping[int, int | None]

    def responsible(self, customer: Any, asked: int | None = None) -> int | None:
        """Whoever is asked, else the account manager, as far as they may edit the customer; else the supervisor of its
        department; None for its pool. `customer` has `department_id` and `account_manager_id`."""
        named = [each for each in (asked, customer.account_manager_id) if each is not None]
        able = (
            each for each in map(self._here, named) if each is not None and self._may_edit(each, customer)
        )
        return next(able, self._supervisor(customer.department_id) if named else None)

    def _here(self, person: int | None) -> int | None:
        """The person, or who took over in the end from one who left."""
        while person is not None and person in self.successors:
            person = self.successors[person]
        return person

    def _supervisor(self, department: int | None) -> int | None:
        wanted = (Role.SUPERVISOR, department)
        return next((person for person, account in self.accounts.items() if account == wanted), None)

    def _may_edit(self, person: int, customer: Any) -> bool:
        if person not in self.accounts:
            return True
        account = self.accounts[person]
        if account is None:
            return False
        role, department = account
        reach = ROLE_REACH[role]
        in_reach = (
            reach is Reach.COMPANY
            or (reach is Reach.DEPARTMENT and department == customer.department_id)
            or person == customer.account_manager_id
        )
        return in_reach and Permission.EDIT_CUSTOMERS in ROLE_PERMISSIONS[role]
