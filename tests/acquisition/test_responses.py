"""First responses: whose are owed, and what recording one changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import AuditEntry
from core.acquisition.queries import first_open_responses, open_responses
from core.acquisition.service import record_first_response
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.facts.leads import FIRST_RESPONSE
from core.facts.tables import Lead
from core.obligations.queries import ledger
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.leadmaking import add_lead, owe_response


@pytest.fixture
def owed(store: Store, actors: Actors) -> dict[str, int]:
    """`late` came three hours ago and `new` ten minutes ago, both Emil's; `pool` is nobody's; `done` is answered."""
    emil = {"owner_id": actors.staff.staff_id, "department_id": actors.east, "channel": "web"}
    with store.write() as session:
        ids = {
            "late": add_lead(session, "late", NOW - timedelta(hours=3), name="张伟", **emil),
            "new": add_lead(session, "new", NOW - timedelta(minutes=10), **emil),
            "pool": add_lead(session, "pool", NOW - timedelta(hours=2)),
            "done": add_lead(session, "done", NOW - timedelta(hours=9), **emil, first_response_at=NOW),
        }
        for code, lead_id in ids.items():
            owe_response(session, lead_id, done_at=NOW if code == "done" else None)
        session.commit()
    return ids


def respond(actor: Actor, store: Store, lead_id: int, version: int = 1, at: datetime = NOW) -> None:
    record_first_response(actor, store, lead_id, version, at=at, now=NOW)


def test_who_can_be_answered_in_time_comes_first_and_then_the_newest_late(
    store: Store, actors: Actors, owed: dict[str, int]
) -> None:
    found = open_responses(actors.manager, store, now=NOW)
    assert list(found["code"]) == ["new", "pool", "late"]
    assert list(found["state"]) == ["pending", "late", "late"]
    assert list(found["seconds_left"]) == [3000, -3600, -7200]
    counted = first_open_responses(actors.manager, store, now=NOW, limit=1)
    assert (counted.owed, counted.late, len(counted.first)) == (3, 2, 1)
    assert list(open_responses(actors.manager, store, now=NOW, limit=1)["code"]) == ["new"]


def test_only_leads_in_reach_are_listed(store: Store, actors: Actors, owed: dict[str, int]) -> None:
    assert list(open_responses(actors.staff, store, now=NOW)["code"]) == ["new", "late"]
    assert open_responses(actors.west_staff, store, now=NOW).empty
    with pytest.raises(NotAllowed):
        open_responses(actors.intern, store, now=NOW)


def test_a_response_meets_what_is_owed_and_is_audited(
    store: Store, actors: Actors, owed: dict[str, int]
) -> None:
    respond(actors.staff, store, owed["new"])
    assert "new" not in set(open_responses(actors.staff, store, now=NOW)["code"])
    entries = ledger(actors.manager, store, now=NOW, kind=FIRST_RESPONSE).set_index("subject_id")
    assert entries.loc[owed["new"], "state"] == "met"
    with store.read() as session:
        lead = session.get_one(Lead, owed["new"])
        assert (lead.first_response_at, lead.contacted_at, lead.version) == (NOW, None, 2)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "lead.first_response")).one()
        assert (entry.account_id, entry.subject_id) == (actors.staff.account_id, str(lead.id))


def test_a_late_response_stays_late(store: Store, actors: Actors, owed: dict[str, int]) -> None:
    respond(actors.staff, store, owed["late"])
    entries = ledger(actors.manager, store, now=NOW, kind=FIRST_RESPONSE).set_index("subject_id")
    assert entries.loc[owed["late"], "state"] == "missed"


def test_the_second_of_two_who_answered_is_told(store: Store, actors: Actors, owed: dict[str, int]) -> None:
    respond(actors.staff, store, owed["new"])
    with pytest.raises(StaleEdit, match="recorded already"):
        respond(actors.supervisor, store, owed["new"])


def test_a_stale_edit_is_refused_and_changes_nothing(
    store: Store, actors: Actors, owed: dict[str, int]
) -> None:
    with pytest.raises(StaleEdit, match="in between"):
        respond(actors.staff, store, owed["new"], version=7)
    assert "new" in set(open_responses(actors.staff, store, now=NOW)["code"])


@pytest.mark.parametrize("at", [NOW + timedelta(seconds=1), NOW - timedelta(minutes=11)])
def test_a_response_before_the_lead_or_in_the_future_is_refused(
    store: Store, actors: Actors, owed: dict[str, int], at: datetime
) -> None:
    with pytest.raises(Refused, match="between the arrival"):
        respond(actors.staff, store, owed["new"], at=at)


def test_a_lead_out_of_reach_is_not_found(store: Store, actors: Actors, owed: dict[str, int]) -> None:
    with pytest.raises(NotFound):
        respond(actors.west_staff, store, owed["new"])
    with pytest.raises(NotFound):
        respond(actors.staff, store, owed["pool"])


def test_who_may_not_edit_cannot_record_a_response(
    store: Store, actors: Actors, owed: dict[str, int]
) -> None:
    with pytest.raises(NotAllowed):
        respond(actors.intern, store, owed["new"])
