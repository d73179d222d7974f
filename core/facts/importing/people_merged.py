"""Customers who were merged, as files may still know them: what was known before a merge says nothing new after it.

A file from before a merge has a row for each code. None of them takes back what was chosen at the merge, and the row of
a code that was merged away never renames the customer who was kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from core.dates import business_date
from core.facts.duplicates.merge_fields import from_json
from core.facts.duplicates.merged import owner_of_code, standing_merges, survivor
from core.facts.tables import Customer, CustomerMerge
from core.language import Message, mark

_COLUMNS = tuple(column.key for column in Customer.__table__.columns)


class Earlier:
    """What was stored of merged customers before their merges."""

    def __init__(self, session: Session) -> None:
        self._session = session
        more = (CustomerMerge.before, CustomerMerge.merged_at)
        self._merges = list(session.execute(standing_merges().add_columns(*more)))
        self._parts = {key for each in self._merges for key in (each.kept_id, each.gone_id)}

    def versions(self, customer: Customer | None, also: Sequence[Customer] = ()) -> list[Customer]:
        """The customer as files may know it beside what is stored; nobody else's objects, never to be saved. `also`:
        whom a file without codes may mean too."""
        if customer is None or customer.id not in self._parts:
            return []
        known = [customer, *also]
        owner = owner_of_code(self._merges, customer.id)
        if owner != customer.id:  # the two codes changed places: files know the other one by this code
            known.append(self._session.get_one(Customer, owner))
        found = [*known[1:], *(before for each in known for before in self._before(each))]
        return found if customer.merged_into_id is None else [*found, self.kept(customer)]

    def kept(self, customer: Customer) -> Customer:
        """Whom this customer turned out to be, or the customer."""
        if customer.merged_into_id is None:
            return customer
        return self._session.get_one(Customer, survivor(self._session, customer.id))

    def people(self) -> Iterator[tuple[tuple[str, bytes | None], Customer]]:
        """Who had another name or phone before a merge: (name, phone index), customer."""
        for key in sorted({each.kept_id for each in self._merges if _NAMING & each.before["kept"].keys()}):
            customer = self._session.get_one(Customer, key)
            for before in self._before(customer):
                yield (before.name, before.phone_index), customer

    def refusal(self, customer: Customer, zone: str) -> Message:
        """Why a row with the code of a customer who was merged away is not taken."""
        at = next(each.merged_at for each in self._merges if each.gone_id == customer.id)
        return Message(
            mark(
                "{code} was merged into {kept} on {day}. A row with this code changes nothing any more: correct "
                "{kept}, or undo the merge."
            ),
            {"code": customer.code, "kept": self.kept(customer).code, "day": business_date(at, zone)},
        )

    def _before(self, customer: Customer) -> Iterator[Customer]:
        """The customer without the last of its merges, without the last two, and so on."""
        values: dict[str, Any] = {name: getattr(customer, name) for name in _COLUMNS}
        for each in reversed(self._merges):
            if each.kept_id == customer.id and each.before["kept"]:
                values |= {name: from_json(was) for name, (was, _now) in each.before["kept"].items()}
                yield Customer(**values)


_NAMING = {"name", "phone_index"}


def of_before(rows: list[int]) -> list[Message]:
    """What is told of rows that say what was known before a merge."""
    if not rows:
        return []
    return [
        Message(
            mark(
                "Rows that say of merged customers what was known before the merge: {rows}, the first in row {first}. "
                "They change nothing; what was chosen at the merge stays."
            ),
            {"rows": len(rows), "first": min(rows)},
        )
    ]
