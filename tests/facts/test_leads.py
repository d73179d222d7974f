"""Leads within reach."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.access.vault import open_vault
from core.errors import NotFound
from core.facts import identity
from core.facts.leads import leads_in_reach, visible_lead
from core.facts.tables import Lead
from tests.leadmaking import add_lead


@pytest.fixture
def two(store, actors, now):
    """A lead of the east with a phone, and one of the west; their ids."""
    vault = open_vault(store)
    with store.write() as session:
        east = add_lead(
            session, "E1", now, vault=vault, name="张晓明", phone="10000001234",
            owner_id=actors.staff.staff_id, department_id=actors.east,
        )  # fmt: skip
        west = add_lead(session, "W1", now, owner_id=actors.west_staff.staff_id, department_id=actors.west)
        session.commit()
    return east, west


def test_nobody_sees_leads_out_of_reach(store, actors, two):
    for who, codes in (
        (actors.manager, {"E1", "W1"}),
        (actors.supervisor, {"E1"}),
        (actors.staff, {"E1"}),
        (actors.west_staff, {"W1"}),
    ):
        with store.read() as session:
            assert set(session.scalars(select(Lead.code).where(leads_in_reach(who)))) == codes


def test_a_lead_out_of_reach_is_not_there(store, actors, two):
    with store.read() as session:
        assert visible_lead(actors.staff, session, two[0], lock=True).code == "E1"
        with pytest.raises(NotFound):
            visible_lead(actors.staff, session, two[1])


def test_a_sealed_phone_opens_for_its_lead_alone(store, two):
    vault = open_vault(store)
    with store.read() as session:
        sealed = session.get_one(Lead, two[0]).phone_sealed
    assert identity.look_lead(vault, two[0], sealed) == "10000001234"
    with pytest.raises(Exception, match="cannot be opened"):
        identity.look(vault, two[0], "phone", sealed)
