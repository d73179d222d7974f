"""A company small enough to check by hand: customers of Emil (east), of Walt (west), and of nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select

from core.access.actor import SYSTEM, Actor
from core.policy.model import Policy
from core.store.engine import Store
from core.warning.service import (
    WarningResult,
    claim,
    close,
    log_attempt,
    raise_work_orders,
    record_outcome,
    write_debrief,
)
from core.warning.tables import WorkOrder, WorkOrderHit
from tests.conftest import Actors
from tests.factmaking import add_customer, served_by

THRESHOLD = {"at_most_score": 3}


@dataclass(frozen=True)
class Warnings:
    """Runs the work-order part of a cycle and looks at what it left."""

    store: Store
    policy: Policy
    now: datetime

    def cycle(
        self,
        customers: Iterable[int],
        *,
        indicators: tuple[str, ...] = ("no_purchase",),
        grades: dict[int, tuple[str | None, int]] | None = None,
        as_of: date = date(2026, 11, 3),
        now: datetime | None = None,
        policy: Policy | None = None,
    ) -> WarningResult:
        hits = [
            {"customer_id": each, "indicator": code, "observed": {"recent": 0}, "threshold": THRESHOLD}
            for each in customers
            for code in indicators
        ]
        graded = [
            {"customer_id": each, "value_tier": tier, "monetary": monetary, "lifecycle_stage": "lost"}
            for each, (tier, monetary) in (grades or {}).items()
        ]
        return raise_work_orders(
            SYSTEM,
            self.store,
            pd.DataFrame(hits, columns=["customer_id", "indicator", "observed", "threshold"]),
            pd.DataFrame(graded, columns=["customer_id", "value_tier", "monetary", "lifecycle_stage"]),
            policy or self.policy,
            as_of,
            now=now or self.now,
        )

    def orders(self) -> dict[int, WorkOrder]:
        """Customer -> its newest order."""
        with self.store.read() as session:
            found = session.scalars(select(WorkOrder).order_by(WorkOrder.id)).all()
            session.expunge_all()
        return {each.customer_id: each for each in found}

    def hits(self, order_id: int) -> dict[str, dict[str, Any]]:
        """Indicator -> what it observed."""
        with self.store.read() as session:
            query = select(WorkOrderHit).where(WorkOrderHit.work_order_id == order_id)
            return {each.indicator: each.observed for each in session.scalars(query)}


@pytest.fixture
def warnings(store: Store, policy: Policy, now: datetime) -> Warnings:
    return Warnings(store, policy, now)


@dataclass(frozen=True)
class Customers:
    emils: int
    """East, managed by Emil."""
    walts: int
    """West, managed by Walt."""
    east_pool: int
    """East, without a manager."""
    pool: int
    """Without manager and department."""


@pytest.fixture
def customers(store: Store, actors: Actors) -> Customers:
    with store.write() as session:
        made = Customers(
            emils=add_customer(
                session,
                "C1",
                name="张晓明",
                **served_by(actors.staff),
            ),
            walts=add_customer(
                session,
                "C2",
                name="李四",
                **served_by(actors.west_staff),
            ),
            east_pool=add_customer(session, "C3", department_id=actors.east),
            pool=add_customer(session, "C4"),
        )
        session.commit()
    return made


@pytest.fixture
def many(store: Store, actors: Actors) -> Callable[[int], list[int]]:
    """Adds that many customers of Emil."""

    def add(count: int) -> list[int]:
        with store.write() as session:
            added = [
                add_customer(
                    session,
                    f"M{n}",
                    **served_by(actors.staff),
                )
                for n in range(count)
            ]
            session.commit()
        return added

    return add


@dataclass(frozen=True)
class Desk:
    """Takes the steps of a work order with the answers that do not matter to a test."""

    store: Store
    now: datetime

    def version(self, order_id: int) -> int:
        with self.store.read() as session:
            return session.get_one(WorkOrder, order_id).version

    def claim(self, actor: Actor, order_id: int) -> None:
        claim(actor, self.store, order_id, self.version(order_id), now=self.now)

    def attempt(self, actor: Actor, order_id: int, **given: Any) -> int:
        return log_attempt(
            actor,
            self.store,
            order_id,
            **{
                "kind": "call",
                "reached": True,
                "cause": "price",
                "offer": "5 %",
                "proposal": "a yearly plan",
                "content": "called back",
                "occurred_at": self.now,
                "now": self.now,
            }
            | given,
        )

    def outcome(self, actor: Actor, order_id: int, outcome: str = "retained", **given: Any) -> None:
        version = self.version(order_id)
        record_outcome(
            actor,
            self.store,
            order_id,
            **{"outcome": outcome, "note": "stays", "expected_version": version, "now": self.now} | given,
        )

    def debrief(self, actor: Actor, order_id: int, **given: Any) -> None:
        version = self.version(order_id)
        answers = {"root_cause": "price", "text": "ask earlier", "expected_version": version, "now": self.now}
        write_debrief(actor, self.store, order_id, **answers | given)

    def close(self, actor: Actor, order_id: int, **given: Any) -> None:
        version = self.version(order_id)
        close(actor, self.store, order_id, **{"expected_version": version, "now": self.now} | given)


@pytest.fixture
def desk(store: Store, now: datetime) -> Desk:
    return Desk(store, now)
