"""First responses owed for imported leads, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.facts.importing import promises
from core.facts.leads import FIRST_RESPONSE, record_response
from core.facts.tables import Lead
from core.obligations.clock import State, state
from core.obligations.queries import ledger
from core.obligations.tables import Obligation
from core.policy.queries import policy_at
from core.policy.tables import PolicyVersion
from tests.facts.conftest import records
from tests.facts.importing.results import counts

HEADER = ["线索编号", "进入时间", "负责人", "首次响应时间", "联系时间"]
ARRIVED = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)
"""Half past nine in Shanghai, half an hour before now."""
NEW = ["L1", "2026-11-03 09:30", "Emil", None, None]


def owed(store):
    return records(store, select(Obligation).order_by(Obligation.subject_id))


def test_a_new_lead_is_owed_an_answer_by_its_owner_within_the_hour(bring, store, actors, now):
    bring("leads", [HEADER, NEW, ["L2", "2026-11-03 08:00", None, None, None]])
    mine, pool = owed(store)
    (lead, _) = records(store, select(Lead).order_by(Lead.code))
    assert (mine.kind, mine.subject_kind, mine.subject_id) == (FIRST_RESPONSE, "lead", lead.id)
    assert (mine.triggered_at, mine.due_at) == (ARRIVED, ARRIVED + timedelta(hours=1))
    assert (mine.owner_id, mine.department_id) == (actors.staff.staff_id, actors.east)
    assert mine.policy_version == policy_at(store, now.date()).version
    assert (pool.owner_id, pool.department_id) == (None, None)
    assert [state(each, now) for each in (mine, pool)] == [State.PENDING, State.LATE]


def test_an_answer_in_the_file_is_met_or_missed(bring, store, now):
    rows = [
        HEADER,
        ["L1", "2026-11-02 09:30", "Emil", "2026-11-02 10:30", "2026-11-02 12:00"],
        ["L2", "2026-11-02 09:30", "Emil", "2026-11-02 10:31", None],
        ["L3", "2026-11-02 09:30", "Emil", None, "2026-11-02 12:00"],
        ["L4", "2026-11-02", "Emil", None, None],
    ]
    bring("leads", rows)
    assert [state(each, now) for each in owed(store)] == [State.MET, State.MISSED]


def test_the_same_file_twice_owes_once(bring, store):
    for _ in range(2):
        bring("leads", [HEADER, NEW], mode="both")
    assert len(owed(store)) == 1


def test_an_answer_that_comes_later_fulfils_what_is_owed(bring, store, now):
    bring("leads", [HEADER, NEW])
    result = bring("leads", [HEADER, [*NEW[:3], "2026-11-03 10:00", None]], mode="both")
    assert counts(result) == (0, 1, 0, 0)
    (entry,) = owed(store)
    assert entry.done_at == ARRIVED + timedelta(minutes=30)
    assert state(entry, now) == State.MET


def test_another_owner_owes_the_answer_and_the_clock_runs_on(bring, store, actors):
    bring("leads", [HEADER, NEW])
    bring("leads", [HEADER, ["L1", NEW[1], "Walt", None, None]], mode="both")
    (entry,) = owed(store)
    assert (entry.owner_id, entry.department_id) == (actors.west_staff.staff_id, actors.west)
    assert entry.due_at == ARRIVED + timedelta(hours=1)


def test_an_answer_that_was_given_stays_with_who_gave_it(bring, store, actors):
    answered = [*NEW[:3], "2026-11-03 10:00", None]
    bring("leads", [HEADER, answered])
    bring("leads", [HEADER, ["L1", NEW[1], "Walt", None, None]], mode="both")
    (entry,) = owed(store)
    assert entry.owner_id == actors.staff.staff_id


@pytest.mark.parametrize(
    ("contacted", "expected"), [("2026-11-03 10:00", None), ("2026-11-03 10:31", State.MISSED)]
)
def test_a_lead_that_goes_on_without_a_noted_answer_is_late_or_counts_nowhere(
    bring, store, now, contacted, expected
):
    bring("leads", [HEADER, NEW])
    bring("deals", [["线索编号", "联系时间"], ["L1", contacted]])
    (entry,) = owed(store)
    assert state(entry, now) == expected


def test_a_corrected_arrival_moves_the_clock(bring, store):
    bring("leads", [HEADER, NEW])
    bring("leads", [HEADER, ["L1", "2026-11-03 09:40", "Emil", None, None]], mode="both")
    (entry,) = owed(store)
    assert entry.due_at == ARRIVED + timedelta(minutes=70)


def test_the_policy_of_the_day_of_arrival_counts(bring, store, now):
    with store.write() as session:
        first = session.scalars(select(PolicyVersion)).one()
        values = first.values | {"first_response": {"within_hours": 4}}
        session.add(
            PolicyVersion(effective_from=date(2026, 11, 3), values=values, published_at=now, note="slower")
        )
        session.commit()
    bring("leads", [HEADER, ["L1", "2026-11-02 09:00", "Emil", None, None], ["L2", *NEW[1:]]])
    old, new = owed(store)
    assert old.due_at - old.triggered_at == timedelta(hours=1)
    assert new.due_at - new.triggered_at == timedelta(hours=4)
    assert new.policy_version > old.policy_version


def test_a_lead_that_is_not_saved_owes_nothing(bring, store, monkeypatch):
    def fail(*_args):
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(promises, "_insert", fail)
    with pytest.raises(RuntimeError):
        bring("leads", [HEADER, NEW])
    assert owed(store) == []
    assert records(store, select(Lead)) == []


def test_a_response_in_the_app_counts_once(bring, store, now):
    bring("leads", [HEADER, NEW])
    with store.write() as session:
        lead = session.scalars(select(Lead)).one()
        assert record_response(session, lead, now)
        assert not record_response(session, lead, now + timedelta(hours=1))
        session.commit()
    (entry,) = owed(store)
    assert entry.done_at == now
    assert records(store, select(Lead))[0].first_response_at == now


def test_what_is_owed_is_seen_within_reach(bring, store, actors, now):
    bring("leads", [HEADER, NEW, ["L2", NEW[1], "Walt", None, None]])
    seen = {
        name: len(ledger(getattr(actors, name), store, now=now, kind=FIRST_RESPONSE))
        for name in ("manager", "supervisor", "staff", "west_staff")
    }
    assert seen == {"manager": 2, "supervisor": 1, "staff": 1, "west_staff": 1}
    with store.write() as session:
        session.execute(update(Obligation).values(department_id=actors.west))
        session.commit()
    assert len(ledger(actors.supervisor, store, now=now)) == 0
