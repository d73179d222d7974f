"""Leads and deals on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from core.access.tables import Department, StaffMember
from core.access.vault import open_vault
from core.facts.fields import TABLES
from core.facts.importing import preview
from core.facts.matching.match import match_headers
from core.facts.tables import Customer, Lead
from core.language import translate
from core.store.versions import data_version
from tests.facts.conftest import records
from tests.facts.importing.results import counts, reasons

HEADER = ["线索编号", "姓名", "手机号", "进入时间", "渠道", "负责人"]
ZHANG = ["L1", "张晓明", "100 0000 1234", "2026-10-01 10:00", "抖音直播", "Emil"]
LI = ["L2", "李娜", None, "2026-10-02 11:00", "行业展会", None]
DEAL = ["线索编号", "联系时间", "成交时间", "金额"]


def leads(store):
    return {lead.code: lead for lead in records(store, select(Lead).order_by(Lead.code))}


def utc(day: int, hour: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_a_lead_is_stored_with_its_phone_sealed_and_its_owners_department(bring, store, actors):
    header = [*HEADER, "首次响应时间", "成交时间", "金额", "推广活动"]
    row = [*ZHANG, "2026-10-01 10:20", "2026-10-09", "1.28万", "品牌日"]
    result = bring("leads", [header, row, [*LI, None, None, None, None]])
    assert counts(result) == (2, 0, 0, 0)
    found = leads(store)["L1"]
    vault = open_vault(store)
    assert vault.open(found.phone_sealed, f"leads.phone.{found.id}") == "10000001234"
    assert found.phone_index == vault.index("10000001234", "phone")
    assert (found.name, found.channel, found.campaign) == ("张晓明", "抖音直播", "品牌日")
    assert (found.owner_id, found.department_id) == (actors.staff.staff_id, actors.east)
    assert (found.arrived_at, found.arrived_on) == (utc(1, 2), date(2026, 10, 1))
    assert (found.won_at, found.won_on) == (utc(8, 16), date(2026, 10, 9))
    assert (found.amount, found.batch_id, found.version) == (128_000_000, result.batch, 1)
    other = leads(store)["L2"]
    assert (other.phone_sealed, other.owner_id, other.department_id, other.won_on) == (None, None, None, None)


@pytest.mark.parametrize("mode", ["add", "update", "both"])
def test_the_same_leads_again_are_unchanged(bring, store, mode):
    bring("leads", [HEADER, ZHANG, LI])
    with store.read() as session:
        before = data_version(session)
    assert counts(bring("leads", [HEADER, ZHANG, LI], mode=mode)) == (0, 0, 2, 0)
    assert [lead.version for lead in leads(store).values()] == [1, 1]
    with store.read() as session:
        assert data_version(session) == before


def test_adding_refuses_a_lead_stored_with_other_values(bring, store):
    bring("leads", [HEADER, ZHANG])
    result = bring("leads", [HEADER, [*ZHANG[:4], "小程序", "Emil"], LI])
    assert counts(result) == (1, 0, 0, 1)
    assert reasons(store, result)[2].startswith("Lead L1 is already stored with other values.")
    assert leads(store)["L1"].channel == "抖音直播"


@pytest.mark.parametrize("mode", ["update", "both"])
def test_replacing_overwrites_with_what_is_given_and_keeps_the_rest(bring, store, actors, mode):
    bring("leads", [HEADER, ZHANG])
    result = bring(
        "leads", [HEADER, ["L1", None, "10000009999", "2026-10-01 10:00", None, "Walt"]], mode=mode
    )
    assert counts(result) == (0, 1, 0, 0)
    found = leads(store)["L1"]
    assert (found.name, found.channel, found.version) == ("张晓明", "抖音直播", 2)
    assert (found.owner_id, found.department_id) == (actors.west_staff.staff_id, actors.west)
    assert open_vault(store).open(found.phone_sealed, f"leads.phone.{found.id}") == "10000009999"


def test_updating_refuses_leads_that_are_not_stored(bring, store):
    result = bring("leads", [HEADER, ZHANG], mode="update")
    assert counts(result) == (0, 0, 0, 1)
    assert reasons(store, result)[2].startswith("Lead L1 is not stored yet.")


def test_one_lead_told_of_twice_is_taken_once_or_not_at_all(bring, store):
    assert counts(bring("leads", [HEADER, ZHANG, ZHANG])) == (1, 0, 1, 0)
    result = bring("leads", [HEADER, LI, [*LI[:4], "小程序", None]])
    assert counts(result) == (0, 0, 0, 2)
    assert reasons(store, result)[3] == "Rows 2 and 3 name the same record with different values. Keep one."


def test_bad_cells_are_refused_one_by_one(bring, store):
    rows = [
        HEADER,
        [*ZHANG[:3], None, "抖音直播", None],
        ["L2", "李娜", "not a phone", "2026-10-02", None, None],
    ]
    result = bring("leads", rows)
    assert counts(result) == (0, 0, 0, 2)
    assert reasons(store, result) == {
        2: "Arrived at is missing. Fill it in.",
        3: "This is not a phone number. Correct it or leave the cell blank.",
    }


def test_owners_join_the_directory_and_their_department_follows_later(bring, store):
    bring("leads", [HEADER, [*ZHANG[:5], "王销售"]])
    (person,) = records(store, select(StaffMember))
    assert (leads(store)["L1"].owner_id, leads(store)["L1"].department_id) == (person.id, None)
    bring("customers", [["客户编号", "部门", "客户经理"], ["C1", "客户一部", "王销售"]])
    (department,) = records(store, select(Department))
    assert leads(store)["L1"].department_id == department.id
    assert counts(bring("leads", [HEADER, [*ZHANG[:5], "王销售"]])) == (0, 0, 1, 0)


def test_the_customer_of_a_lead_has_to_be_known_unless_it_may_be_created(bring, store):
    rows = [[*HEADER, "客户编号"], [*ZHANG, "C1"], [*LI, None]]
    result = bring("leads", rows)
    assert counts(result) == (1, 0, 0, 1)
    assert reasons(store, result)[2].startswith("No customer has the code C1.")
    result = bring("leads", rows, create_customers=True)
    assert (counts(result), result.customers_created) == ((1, 0, 1, 0), 1)
    (customer,) = records(store, select(Customer))
    assert (leads(store)["L1"].customer_id, leads(store)["L2"].customer_id) == (customer.id, None)


def test_a_deal_fills_in_what_was_not_known_of_its_lead(bring, store, actors):
    bring("leads", [HEADER, ZHANG, LI])
    rows = [DEAL, ["L1", "2026-10-01 12:00", "2026-10-08", 900], ["L2", "2026-10-02 12:00", None, None]]
    assert counts(bring("deals", rows)) == (0, 2, 0, 0)
    assert counts(bring("deals", rows)) == (0, 0, 2, 0)
    found = leads(store)["L1"]
    assert (found.contacted_at, found.won_on, found.amount) == (utc(1, 4), date(2026, 10, 8), 9_000_000)
    assert (found.name, found.channel, found.owner_id) == ("张晓明", "抖音直播", actors.staff.staff_id)
    assert found.arrived_at == utc(1, 2)


def test_adding_deals_overwrites_nothing_and_replacing_does(bring, store):
    bring("leads", [HEADER, ZHANG])
    bring("deals", [DEAL, ["L1", "2026-10-01 12:00", "2026-10-08", 900]])
    other = [DEAL, ["L1", None, "2026-10-09", 950]]
    result = bring("deals", other)
    assert counts(result) == (0, 0, 0, 1)
    assert reasons(store, result)[2].startswith("Lead L1 is already stored with other values.")
    assert counts(bring("deals", other, mode="update")) == (0, 1, 0, 0)
    assert leads(store)["L1"].amount == 9_500_000


def test_a_deal_of_an_unknown_lead_is_refused_in_every_mode(bring, store):
    for mode in ("add", "update", "both"):
        result = bring("deals", [DEAL, ["L9", None, "2026-10-08", 900]], mode=mode)
        assert counts(result) == (0, 0, 0, 1)
        assert reasons(store, result)[2].startswith("No lead has the code L9. Import the leads first")


def test_dates_out_of_order_are_taken_and_counted(bring, store):
    header = ["线索编号", "进入时间", "联系时间", "需求确认时间", "成交时间"]
    rows = [
        header,
        ["L1", "2026-10-05 10:00", "2026-10-04 10:00", None, None],
        ["L2", "2026-10-05 10:00", "2026-10-08 10:00", None, "2026-10-07"],
        ["L3", "2026-10-05 10:00", "2026-10-05", "2026-10-05", "2026-10-05"],
        ["L4", "2026-10-05 10:00", None, None, None],
    ]
    seen = preview_notes(bring, "leads", rows)
    assert seen == [
        "Leads whose dates are out of order, such as won before contacted: 2, the first in row 2. They are "
        "taken as they are; times between stages leave them out."
    ]
    assert counts(bring("leads", rows)) == (4, 0, 0, 0)
    assert leads(store)["L2"].won_on < leads(store)["L2"].contacted_at.date()


def test_a_deal_won_before_its_lead_arrived_is_counted_too(bring, store):
    bring("leads", [HEADER, ZHANG, LI])
    rows = [DEAL, ["L1", None, "2026-09-01", None], ["L2", None, "2026-10-09", None]]
    (note,) = preview_notes(bring, "deals", rows)
    assert note.startswith(
        "Leads whose dates are out of order, such as won before contacted: 1, the first in row"
    )


def test_leads_without_a_time_of_day_are_counted(bring):
    rows = [["线索编号", "进入时间"], ["L1", "2026-10-05"], ["L2", "2026-10-05 08:00"]]
    (note,) = preview_notes(bring, "leads", rows)
    assert note.startswith("Leads without a time of day: 1.")


def preview_notes(bring, table, rows):
    return [translate(note, "en") for note in bring(table, rows, command=preview).notes]


def test_a_preview_of_leads_masks_names_and_phones(bring):
    (row,) = bring("leads", [HEADER, ZHANG], command=preview).sample
    assert (row["name"], row["phone"], row["arrived_at"]) == ("张**", "100****1234", "2026-10-01 10:00")


def test_public_files_of_a_marketing_funnel_match_by_themselves():
    qualified = match_headers(TABLES["leads"], ["mql_id", "first_contact_date", "landing_page_id", "origin"])
    assert qualified.problems == ()
    assert list(qualified.fields) == ["lead_code", "arrived_at", "campaign", "channel"]
    closed = match_headers(TABLES["deals"],
        ["mql_id", "seller_id", "sdr_id", "sr_id", "won_date", "business_segment", "lead_type",
         "declared_monthly_revenue"],
    )  # fmt: skip
    assert closed.problems == ()
    assert list(closed.fields) == ["lead_code", "customer_code", "owner", "won_at", "industry"]
