"""What stands now for what a record named earlier: for a person who has left whoever took over, for a customer who was
merged away the one that it turned out to be, and nothing for what is stored no more.

Undoing gives records back by what was written down of them; nobody who left and no merged-away customer gets anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from core.access.directory import took_over
from core.access.tables import StaffMember
from core.facts.tables import Customer, OrderLine
from core.language import Message, mark

LEFT = Message(mark("Whoever had it has left: it goes to the person who took over."))
MERGED_AWAY = Message(mark("Its customer was merged into another since: it goes to that one."))
BLANK = Message(mark("Somebody or something that it named is not stored any more: that place stays blank."))

Named = tuple[str, int]
"""Table and id of what a record names."""


@dataclass(frozen=True)
class StandIns:
    """Who stands for whom. `people`: who has left -> who took over; `customers`: who was merged away -> the one that it
    turned out to be; `lacking`: what is stored no more."""

    people: Mapping[int, StaffMember]
    customers: Mapping[int, int]
    lacking: Collection[Named] = field(default=frozenset())

    @classmethod
    def of_now(cls, session: Session, lacking: Collection[Named] = frozenset()) -> StandIns:
        into = Customer.merged_into_id
        customers = session.execute(select(Customer.id, into).where(into.is_not(None)))
        return cls(took_over(session), {key: kept for key, kept in customers if kept is not None}, lacking)

    def stand_in(self, table: Table, values: Mapping[str, Any]) -> tuple[dict[str, Any], Message | None]:
        """The values (as JSON holds them) that a record of the table gets for these, and why where they differ."""
        found, why = dict(values), None
        department = None
        for column in naming(table):
            value = values.get(column.name)
            if value is None:
                continue
            if (target(column).name, value) in self.lacking:
                found[column.name], why = None, BLANK
            elif target(column) is Customer.__table__ and value in self.customers:
                found[column.name], why = self.customers[value], MERGED_AWAY
            elif target(column) is StaffMember.__table__ and value in self.people and _serves(table):
                person = self.people[value]
                found[column.name], why = person.id, LEFT
                department = person.department_id
        if department is not None and "department_id" in table.c:
            found["department_id"] = department
        return found, why


def naming(table: Table) -> Iterator[Column[Any]]:
    """The columns of a table that name people, departments, customers and other records."""
    for column in table.columns:
        if column.foreign_keys and column.name not in ("id", "batch_id"):
            yield column


def target(column: Column[Any]) -> Table:
    """The table of what a column names."""
    (key,) = column.foreign_keys
    return key.column.table


def _serves(table: Table) -> bool:
    """Whether the person whom a record names is in charge of it; of a line it is who sold it, and stays so."""
    return table is not OrderLine.__table__
