"""The ledger of what is owed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actor import Actor
from core.errors import NotAllowed
from core.obligations import service
from core.obligations.clock import State
from core.obligations.queries import LEDGER_COLUMNS, ledger
from core.obligations.tables import Obligation
from core.store.engine import Store
from tests.conftest import Actors

HOUR = timedelta(hours=1)


def owe(session: Session, subject_id: int, owner: Actor, now: datetime, hours: int = 24) -> None:
    service.owe(
        session,
        kind="answer",
        subject_kind="letter",
        subject_id=subject_id,
        owner_id=owner.staff_id,
        department_id=owner.department_id,
        triggered_at=now,
        due_at=now + hours * HOUR,
        policy_version=1,
    )


def stored(store: Store, subject_id: int) -> Obligation:
    with store.read() as session:
        entry = session.scalars(select(Obligation).where(Obligation.subject_id == subject_id)).one()
        session.expunge(entry)
        return entry


def test_only_the_first_time_counts_as_done(store: Store, actors: Actors, now: datetime) -> None:
    with store.write() as session:
        owe(session, 1, actors.staff, now)
        assert service.fulfil(session, "answer", "letter", 1, at=now + HOUR)
        assert not service.fulfil(session, "answer", "letter", 1, at=now + 2 * HOUR)
        session.commit()
    assert stored(store, 1).done_at == now + HOUR


def test_what_is_done_is_neither_cancelled_nor_handed_on(store: Store, actors: Actors, now: datetime) -> None:
    with store.write() as session:
        owe(session, 1, actors.staff, now)
        service.fulfil(session, "answer", "letter", 1, at=now + HOUR)
        assert not service.cancel(session, "answer", "letter", 1, at=now + HOUR)
        assert service.reassign(session, "letter", [1], owner_id=None, department_id=None) == 0
        session.commit()
    assert stored(store, 1).owner_id == actors.staff.staff_id
    assert stored(store, 1).cancelled_at is None


def test_only_the_named_kind_and_subject_change(store: Store, actors: Actors, now: datetime) -> None:
    with store.write() as session:
        owe(session, 1, actors.staff, now)
        assert not service.fulfil(session, "answer", "letter", 2, at=now)
        assert not service.fulfil(session, "answer", "parcel", 1, at=now)
        assert not service.fulfil(session, "call", "letter", 1, at=now)
        session.commit()
    assert stored(store, 1).done_at is None


def test_a_matter_settled_in_time_counts_nowhere_and_one_settled_late_stays_on_record(
    store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        owe(session, 1, actors.staff, now)
        owe(session, 2, actors.staff, now)
        service.settle(session, "answer", "letter", 1, at=now + 24 * HOUR)
        service.settle(session, "answer", "letter", 2, at=now + 25 * HOUR)
        session.commit()
    assert stored(store, 1).cancelled_at == now + 24 * HOUR
    assert stored(store, 2).cancelled_at is None
    rows = ledger(actors.manager, store, now=now + 30 * HOUR)
    assert rows[["subject_id", "state"]].to_numpy().tolist() == [[2, State.MISSED]]


def test_the_ledger_tells_how_each_entry_stands_at_the_time_it_is_read(
    store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        for subject_id, hours in ((1, 1), (2, 3), (3, 1), (4, 2)):
            owe(session, subject_id, actors.staff, now, hours)
        service.fulfil(session, "answer", "letter", 3, at=now + HOUR)
        service.fulfil(session, "answer", "letter", 4, at=now + 3 * HOUR)
        session.commit()
    rows = ledger(actors.manager, store, now=now + 3 * HOUR)
    assert list(rows.columns) == list(LEDGER_COLUMNS)
    assert dict(zip(rows["subject_id"], rows["state"], strict=True)) == {
        1: State.LATE,
        2: State.PENDING,
        3: State.MET,
        4: State.MISSED,
    }
    assert rows["owner"].unique().tolist() == ["Emil"]
    late = ledger(actors.manager, store, now=now + 3 * HOUR, states=[State.LATE])
    assert late["subject_id"].tolist() == [1]
    due = ledger(actors.manager, store, now=now, due_from=now + 2 * HOUR, due_before=now + 3 * HOUR)
    assert due["subject_id"].tolist() == [4]


def test_each_sees_what_their_own_their_department_or_company_owes(
    store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        owe(session, 1, actors.staff, now)
        owe(session, 2, actors.supervisor, now)
        owe(session, 3, actors.west_staff, now)
        session.commit()

    def seen(actor: Actor) -> list[int]:
        return ledger(actor, store, now=now)["subject_id"].tolist()

    assert seen(actors.staff) == [1]
    assert seen(actors.supervisor) == [1, 2]
    assert seen(actors.west_supervisor) == [3]
    assert seen(actors.manager) == [1, 2, 3]
    with pytest.raises(NotAllowed):
        seen(actors.intern)
