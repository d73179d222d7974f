"""Regrading: figures for all, history only for changes, and nothing that a second run would add."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from core.access.actor import SYSTEM
from core.access.tables import AuditEntry
from core.errors import NotAllowed, Refused
from core.grading.rfm import GRADE_COLUMNS
from core.grading.service import GradingResult, regrade
from core.grading.tables import Grade, GradingRun
from core.policy.model import Policy
from core.store.engine import Store
from core.store.mart import current_mart, refresh_mart
from tests.conftest import Actors
from tests.factmaking import add_customer, add_order

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)


@pytest.fixture
def buyer(store: Store) -> int:
    """A customer who bought once, on 2026-06-01; besides, a prospect."""
    with store.write() as session:
        customer = add_customer(session, "B")
        add_customer(session, "P")
        add_order(session, customer, "no:1", [(date(2026, 6, 1), 1000)])
        session.commit()
    return customer


def run(store: Store, policy: Policy, as_of: date, now: datetime) -> GradingResult:
    return regrade(SYSTEM, store, refresh_mart(store), policy, as_of, now=now)


def history(store: Store, customer: int) -> list[tuple[date, date | None, str, str | None]]:
    with store.read() as session:
        query = (
            select(Grade.valid_from, Grade.valid_to, Grade.lifecycle_stage, Grade.value_tier)
            .where(Grade.customer_id == customer)
            .order_by(Grade.valid_from)
        )
        return [tuple(row) for row in session.execute(query)]


def buy(store: Store, customer: int, key: str, day: date, amount: int = 1000) -> None:
    with store.write() as session:
        add_order(session, customer, key, [(day, amount)])
        session.commit()


def test_the_first_run_grades_everybody(store: Store, buyer: int, policy: Policy, now: datetime) -> None:
    result = run(store, policy, JUNE, now)
    assert (result.graded, result.grades_changed) == (1, 2)
    assert history(store, buyer) == [(JUNE, None, "new", "low")]
    mart = current_mart(store, having="grades")
    assert mart is not None
    rows = mart.rows("grades")
    assert rows.column_names == [*GRADE_COLUMNS, "as_of", "policy_version", "run_id"]
    assert [(r["as_of"], r["policy_version"], r["run_id"]) for r in rows.to_pylist()] == [
        (JUNE, policy.version, result.run_id)
    ] * 2


def test_a_second_run_changes_nothing(store: Store, buyer: int, policy: Policy, now: datetime) -> None:
    first = run(store, policy, JUNE, now)
    assert run(store, policy, JUNE, now) == GradingResult(first.run_id, 1, 0)
    assert history(store, buyer) == [(JUNE, None, "new", "low")]
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(GradingRun)) == 1
        runs = select(AuditEntry.detail).where(AuditEntry.action == "grading.run")
        assert session.scalars(runs).all() == [{"as_of": "2026-06-30", "graded": 1, "grades_changed": 2}]


def test_history_gets_a_row_only_for_a_changed_grade(
    store: Store, buyer: int, policy: Policy, now: datetime
) -> None:
    run(store, policy, JUNE, now)
    assert run(store, policy, JULY, now).grades_changed == 0  # older by a month, but the same grade
    assert run(store, policy, date(2026, 8, 31), now).grades_changed == 1  # 91 days: dormant
    assert history(store, buyer) == [
        (JUNE, date(2026, 8, 31), "new", "low"),
        (date(2026, 8, 31), None, "dormant", "low"),
    ]


def test_new_facts_on_the_same_day_correct_the_row_of_that_day(
    store: Store, buyer: int, policy: Policy, now: datetime
) -> None:
    run(store, policy, JUNE, now)
    buy(store, buyer, "no:0", date(2025, 8, 1))
    assert run(store, policy, JUNE, now).grades_changed == 1
    assert history(store, buyer) == [(JUNE, None, "active", "low")]


def test_a_look_back_shows_its_figures_and_leaves_history_alone(
    store: Store, buyer: int, policy: Policy, now: datetime
) -> None:
    run(store, policy, JULY, now)
    before = history(store, buyer)
    result = run(store, policy, date(2026, 5, 1), now)
    assert (result.graded, result.grades_changed) == (0, 0)
    assert history(store, buyer) == before
    mart = current_mart(store, having="grades")
    assert mart is not None
    assert set(mart.rows("grades")["lifecycle_stage"].to_pylist()) == {"prospect"}
    assert run(store, policy, JULY, now).grades_changed == 0
    assert history(store, buyer) == before


def test_a_run_that_fails_leaves_the_old_grades(
    store: Store, buyer: int, policy: Policy, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store, policy, JUNE, now)
    buy(store, buyer, "no:2", date(2026, 7, 1))

    def broken(*_: object) -> int:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("core.grading.service._keep_history", broken)
        with pytest.raises(RuntimeError, match="power cut"):
            run(store, policy, JULY, now)
    mart = current_mart(store, having="grades")
    assert mart is not None
    assert set(mart.rows("grades")["as_of"].to_pylist()) == {JUNE}
    assert history(store, buyer) == [(JUNE, None, "new", "low")]
    assert run(store, policy, JULY, now).graded == 1


def test_a_deleted_mart_gets_its_grades_back_from_the_next_run(
    store: Store, buyer: int, policy: Policy, now: datetime
) -> None:
    run(store, policy, JUNE, now)
    for file in (store.data_dir / "mart").rglob("grades.parquet"):
        file.unlink()
    assert current_mart(store, having="grades") is None
    assert run(store, policy, JUNE, now).grades_changed == 0
    assert current_mart(store, having="grades") is not None


def test_a_day_that_has_not_come_in_the_business_time_zone_is_refused(
    store: Store, buyer: int, policy: Policy, now: datetime
) -> None:
    """2026-11-03 02:00 UTC is ten in the morning in Shanghai, of the same day."""
    assert run(store, policy, date(2026, 11, 3), now).graded == 1
    with pytest.raises(Refused, match="2026-11-04 has not come yet"):
        run(store, policy, date(2026, 11, 4), now)


def test_only_roles_that_may_run_the_cycle_regrade(
    store: Store, actors: Actors, policy: Policy, now: datetime
) -> None:
    mart = refresh_mart(store)
    for actor in (actors.staff, actors.supervisor, actors.intern):
        with pytest.raises(NotAllowed):
            regrade(actor, store, mart, policy, JUNE, now=now)
    assert regrade(actors.operations, store, mart, policy, JUNE, now=now).graded == 0
