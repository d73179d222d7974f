"""A company of two departments, to which a test adds the few facts it needs, and its measures worked out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.access.actor import SYSTEM
from core.facts.tables import ChannelCost, Lead
from core.measures.queries import Reading, by_department, readings
from core.measures.service import read_sources, work_out
from core.measures.workings import Sources
from core.obligations.tables import Obligation
from core.policy.model import Policy
from core.store.engine import Store
from core.store.mart import refresh_mart
from core.warning.tables import WorkOrder
from tests.conftest import NOW, Actors
from tests.factmaking import add_batch, add_customer, add_order, at_noon

AS_OF = date(2026, 11, 3)
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))


@dataclass(frozen=True)
class Company:
    """Adds facts; `east` and `west` are departments, None is nobody's."""

    store: Store
    actors: Actors
    session: Session
    numbers: Iterator[int]

    def customer(self, department: int | None = None, region: str | None = None, **fields: Any) -> int:
        code = f"C{next(self.numbers)}"
        return add_customer(self.session, code, department_id=department, region=region, **fields)

    def order(self, customer: int, *lines: tuple[date, int]) -> None:
        """An order with lines of (day, currency units)."""
        units = [(day, amount * 10_000) for day, amount in lines]
        add_order(self.session, customer, f"no:{next(self.numbers)}", units)

    def lead(self, arrived: date, won: date | None = None, **fields: Any) -> int:
        lead = Lead(
            code=f"L{next(self.numbers)}",
            arrived_at=at_noon(arrived),
            arrived_on=arrived,
            won_at=at_noon(won) if won else None,
            won_on=won,
            created_at=NOW,
            updated_at=NOW,
            **fields,
        )
        self.session.add(lead)
        self.session.flush()
        return lead.id

    def cost(self, month: date, amount: int) -> None:
        batch = add_batch(self.session)
        units, channel = amount * 10_000, f"channel {next(self.numbers)}"
        self.session.add(ChannelCost(month=month, channel=channel, amount=units, batch_id=batch))

    def owed(
        self, kind: str, subject: tuple[str, int], due: datetime, done: datetime | None, **more: Any
    ) -> None:
        obligation = Obligation(
            **{
                "kind": kind,
                "subject_kind": subject[0],
                "subject_id": subject[1],
                "triggered_at": due - timedelta(hours=1),
                "due_at": due,
                "done_at": done,
                "policy_version": 1,
            }
            | more
        )
        self.session.add(obligation)

    def work_order(self, customer: int, **fields: Any) -> int:
        order = WorkOrder(
            **{
                "customer_id": customer,
                "status": "closed" if fields.get("closed_at") else "open",
                "as_of": AS_OF,
                "raised_at": NOW,
                "policy_version": 1,
                "monetary": 0,
            }
            | fields
        )
        self.session.add(order)
        self.session.flush()
        return order.id


@pytest.fixture
def company(store: Store, actors: Actors) -> Callable[[], Any]:
    """`with company() as it:` adds facts in one transaction."""
    numbers = iter(range(1, 1_000))

    @contextmanager
    def opened() -> Iterator[Company]:
        with store.write() as session:
            yield Company(store, actors, session, numbers)
            session.commit()

    return opened


@dataclass(frozen=True)
class Measured:
    """The measures as a manager reads them."""

    store: Store
    actors: Actors

    def all(self, code: str, grain: Any = "month") -> dict[date, Reading]:
        return {each.start: each for each in readings(self.actors.manager, self.store, grain)[code]}

    def counts(self, code: str, grain: Any = "month") -> dict[date, tuple[int, int]]:
        """Start -> (numerator, denominator) of the periods with any."""
        found = self.all(code, grain)
        return {
            start: (each.numerator, each.denominator)
            for start, each in found.items()
            if each.numerator or each.denominator
        }

    def departments(self, code: str, month: date) -> dict[int | None, tuple[int, int]]:
        found = by_department(self.actors.manager, self.store, month, codes=[code])[code]
        return {each: (reading.numerator, reading.denominator) for each, reading in found.items()}


@pytest.fixture
def measured(store: Store, actors: Actors, policy: Policy) -> Callable[..., Measured]:
    """Works the measures out as of a day and gives them to read."""

    def work(as_of: date = AS_OF, now: datetime = NOW) -> Measured:
        work_out(SYSTEM, store, refresh_mart(store), policy, as_of, now=now)
        return Measured(store, actors)

    return work


@pytest.fixture
def sources(store: Store, policy: Policy) -> Callable[[], Sources]:
    """Reads what the workings read, after the measures were worked out once."""

    def read() -> Sources:
        mart = refresh_mart(store)
        work_out(SYSTEM, store, mart, policy, AS_OF, now=NOW)
        return read_sources(store, mart, policy, AS_OF, NOW)

    return read
