"""Leads and channel costs out, and in again."""

from __future__ import annotations

import csv
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from core.access.vault import open_vault
from core.errors import NotAllowed
from core.facts import identity
from core.facts.importing import ImportRequest, commit_import
from core.facts.tables import ChannelCost, Lead
from core.operations.exports import write_export
from tests.factmaking import add_batch, add_customer
from tests.leadmaking import add_lead


@pytest.fixture
def two(store, actors, now):
    """A lead of the east, which became a customer, and one of the west."""
    vault = open_vault(store)
    with store.write() as session:
        customer = add_customer(session, "C1")
        east = add_lead(
            session, "E1", now - timedelta(days=9, seconds=7), name="=1+1", channel="抖音直播",
            owner_id=actors.staff.staff_id, department_id=actors.east, customer_id=customer,
            first_response_at=now - timedelta(days=9), won_at=now - timedelta(hours=10),
            amount=128_005_000, vault=vault, phone="10000001234",
        )  # fmt: skip
        session.get_one(Lead, east).phone_index = identity.digest(vault, "phone", "10000001234")
        add_lead(session, "W1", now, owner_id=actors.west_staff.staff_id, department_id=actors.west)
        cost = {"channel": "抖音直播", "campaign": "", "amount": 5_000, "batch_id": add_batch(session)}
        session.add(ChannelCost(month=now.date().replace(day=1), **cost))
        session.commit()


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_leads_are_exported_within_reach_in_business_time(store, actors, two, tmp_path, now):
    path = tmp_path / "leads.csv"
    assert write_export(actors.staff, store, "leads", path, now=now) == 1
    (row,) = rows_of(path)
    assert (row["lead_code"], row["name"], row["phone"]) == ("E1", "'=1+1", "10000001234")
    assert (row["arrived_at"], row["won_at"]) == ("2026-10-25 09:59:53", "2026-11-03")
    assert (row["owner"], row["customer_code"], row["amount"]) == ("Emil", "C1", "12800.5")
    assert write_export(actors.manager, store, "leads", path, now=now) == 2
    with store.read() as session:
        west = session.scalars(select(Lead.id).where(Lead.code == "W1")).one()
    assert write_export(actors.manager, store, "leads", path, now=now, filters={"ids": [west]}) == 1


def test_a_phone_that_is_seen_masked_is_not_exported(store, actors, two, tmp_path, now):
    path = tmp_path / "leads.csv"
    write_export(actors.operations, store, "leads", path, now=now)
    assert [row["phone"] for row in rows_of(path)] == ["", ""]
    with pytest.raises(NotAllowed):
        write_export(actors.intern, store, "leads", path, now=now)


@pytest.mark.parametrize("what", ["leads", "channel_costs"])
@pytest.mark.parametrize("language", [None, "zh_CN", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_exported_is_unchanged_when_it_comes_in_again(
    store, actors, two, tmp_path, now, what, language, form
):
    path = tmp_path / f"out.{form}"
    rows = write_export(actors.manager, store, what, path, now=now, language=language)
    sheet = openpyxl.load_workbook(path).sheetnames[0] if form == "xlsx" else None
    request = ImportRequest.of(str(path), path.name, what, sheet=sheet)
    (result,) = commit_import(actors.system, store, request, now=now).sheets
    assert (result.unchanged, result.rejected, result.ignored_columns) == (rows, 0, ())


def test_costs_are_for_those_who_see_measures(store, actors, two, tmp_path, now):
    path = tmp_path / "costs.csv"
    write_export(actors.supervisor, store, "channel_costs", path, now=now)
    assert rows_of(path) == [{"month": "2026-11", "channel": "抖音直播", "campaign": "", "cost": "0.5"}]
    with pytest.raises(NotAllowed):
        write_export(actors.staff, store, "channel_costs", path, now=now)
