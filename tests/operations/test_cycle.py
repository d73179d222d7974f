"""The cycle: from facts to work orders, and once more without any change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from core.access.tables import AuditEntry
from core.errors import NotAllowed, Refused
from core.grading.tables import Grade
from core.measures.queries import readings, worked_out_at
from core.operations.cycle import CycleResult, run_cycle
from core.store.mart import current_mart
from core.warning.tables import WorkOrder, WorkOrderHit
from tests.factmaking import add_customer, add_order, add_satisfaction

TODAY = date(2026, 11, 3)


@pytest.fixture
def facts(store, actors):
    """Three customers of the east: one buys, one has stopped and is unhappy, one has never bought."""
    with store.write() as session:
        place = {"department_id": actors.east, "account_manager_id": actors.staff.staff_id}
        buys, stopped, _ = (add_customer(session, code, **place) for code in ("C1", "C2", "C3"))
        add_order(session, buys, "no:1", [(date(2026, 10, 20), 100_0000)])
        add_order(session, stopped, "no:2", [(date(2026, 1, 5), 50_0000)])
        add_order(session, stopped, "no:3", [(date(2026, 2, 5), 50_0000)])
        add_satisfaction(session, stopped, date(2026, 10, 1), 2)
        session.commit()
    return stopped


@pytest.fixture
def first(kept, store, actors, facts, now):
    """What the first cycle over the facts gave."""
    return kept.once("first cycle", lambda: run_cycle(actors.operations, store, TODAY, now=now))


def test_facts_become_grades_states_and_one_work_order_with_both_reasons(store, actors, facts, first):
    assert first == CycleResult(graded=2, grades_changed=3, warnings=2, work_orders_opened=1, backlog=0)
    with store.read() as session:
        order = session.scalars(select(WorkOrder)).one()
        assert (order.customer_id, order.status, order.assignee_id) == (facts, "open", actors.staff.staff_id)
        hits = {hit.indicator: (hit.observed, hit.threshold) for hit in session.scalars(select(WorkOrderHit))}
    assert hits == {
        "no_purchase": (
            {"recent": 0, "before": 2, "last_on": "2026-02-05"},
            {"quarters": 2, "at_least_orders_before": 2},
        ),
        "low_satisfaction": (
            {"score": 2, "last_on": "2026-10-01"},
            {"at_most_score": 3, "window_days": 90},
        ),
    }
    states = current_mart(store).table("indicators").to_pyarrow().to_pylist()
    assert len(states) == 9
    assert sum(row["state"] == "no_data" for row in states) == 6


def test_a_cycle_leaves_the_measures_to_read(store, actors, first, now):
    assert worked_out_at(store) == TODAY
    october = {code: found[-2] for code, found in readings(actors.manager, store, "month").items()}
    assert {code for code, found in october.items() if found.n} == {
        *("completeness", "accuracy", "average_order_value", "satisfaction", "satisfied_share"),
        "high_value_share",
    }
    assert (october["average_order_value"].value, october["satisfaction"].value) == (100.0, 2.0)
    before = readings(actors.manager, store, "month")
    run_cycle(actors.operations, store, TODAY, now=now + timedelta(hours=1))
    assert readings(actors.manager, store, "month") == before


def test_a_second_cycle_changes_nothing(store, actors, first, now):
    def written():
        with store.read() as session:
            return [
                session.scalar(select(func.count()).select_from(t)) for t in (Grade, WorkOrder, WorkOrderHit)
            ]

    before = written()
    second = run_cycle(actors.operations, store, TODAY, now=now + timedelta(hours=1))
    assert second == CycleResult(first.graded, 0, first.warnings, 0, 0)
    assert written() == before


def test_a_past_day_is_a_rehearsal_whose_orders_wait(store, actors, facts, now):
    result = run_cycle(actors.operations, store, TODAY - timedelta(days=1), now=now)
    assert (result.warnings, result.work_orders_opened, result.backlog) == (2, 0, 1)


def test_a_day_that_has_not_come_in_the_business_time_zone_is_refused(store, actors, now):
    with pytest.raises(Refused, match="2026-11-04 has not come yet"):
        run_cycle(actors.operations, store, TODAY + timedelta(days=1), now=now)
    evening = now + timedelta(hours=14)  # four in the afternoon in UTC is midnight in Shanghai
    assert run_cycle(actors.operations, store, TODAY + timedelta(days=1), now=evening).graded == 0


def test_who_may_not_run_the_cycle_is_refused_and_who_did_is_on_record(store, actors, now):
    for actor in (actors.staff, actors.supervisor, actors.intern):
        with pytest.raises(NotAllowed):
            run_cycle(actor, store, TODAY, now=now)
    run_cycle(actors.operations, store, TODAY, now=now)
    with store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "cycle.run")).one()
        assert (entry.account_id, entry.subject_id) == (actors.operations.account_id, "2026-11-03")


def test_a_company_without_any_facts_has_an_empty_cycle(store, actors, now):
    assert run_cycle(actors.system, store, TODAY, now=now) == CycleResult(0, 0, 0, 0, 0)
