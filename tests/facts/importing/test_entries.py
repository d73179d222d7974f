"""Interactions and satisfaction on both databases."""

from __future__ import annotations

import csv

from sqlalchemy import select

from core.access.actor import SYSTEM
from core.access.tables import StaffMember
from core.facts.contacts_service import log_contact
from core.facts.tables import (
    BehaviourEvent,
    Customer,
    DisplayFeedback,
    Interaction,
    ProductUsage,
    Satisfaction,
)
from core.operations.exports import write_export
from tests.facts.conftest import records
from tests.facts.importing.results import counts, reasons

CONTACTS = [
    ["客户编号", "联系时间", "联系方式", "方向", "员工", "内容"],
    ["A", "2026-10-01 10:00", "电话", "呼出", "李经理", "询问补货"],
    ["A", "2026-10-01 10:00", "电话", "呼出", "李经理", "询问补货"],
    ["B", "2026/10/2", "微信", None, None, None],
]
SCORES = [
    ["Customer", "Date", "Score", "Comment"],
    ["A", "2026-10-01", 4, "=1+1"],
    ["A", "2026-10-02", 2, None],
]


def test_interactions_are_stored_and_known_again(bring, store):
    first = bring("interactions", CONTACTS, create_customers=True)
    assert (counts(first), first.customers_created, first.suspected_duplicates) == ((3, 0, 0, 0), 2, 1)
    rows = records(store, select(Interaction).order_by(Interaction.id))
    (li,) = records(store, select(StaffMember))
    assert [(r.kind, r.direction, r.staff_id, r.content) for r in rows] == [
        ("call", "outbound", li.id, "询问补货"),
        ("call", "outbound", li.id, "询问补货"),
        ("message", None, None, None),
    ]
    assert (rows[0].occurred_at.isoformat(), rows[0].occurred_on.isoformat()) == (
        "2026-10-01T02:00:00+00:00",
        "2026-10-01",
    )
    assert rows[0].batch_id == first.batch
    assert counts(bring("interactions", CONTACTS)) == (0, 0, 3, 0)
    assert counts(bring("interactions", CONTACTS, mode="update")) == (0, 0, 3, 0)


def test_only_the_new_rows_of_a_longer_file_are_added(bring, store):
    bring("interactions", CONTACTS[:2], create_customers=True)
    assert counts(bring("interactions", CONTACTS, create_customers=True)) == (2, 0, 1, 0)


def test_the_purpose_of_a_contact_is_stored_and_tells_it_from_another(bring, store):
    bring("interactions", CONTACTS, create_customers=True)
    with_purpose = [[*CONTACTS[0], "联系目的"], *([*row, None] for row in CONTACTS[1:])]
    assert counts(bring("interactions", with_purpose)) == (0, 0, 3, 0), "known from files without the column"
    with_purpose.append([*CONTACTS[3], "挽回"])
    assert counts(bring("interactions", with_purpose)) == (1, 0, 3, 0)
    assert counts(bring("interactions", with_purpose)) == (0, 0, 4, 0)
    purposes = [each.purpose for each in records(store, select(Interaction).order_by(Interaction.id))]
    assert purposes == [None, None, None, "win_back"]


def test_a_contact_logged_in_the_app_goes_out_with_its_purpose_and_comes_back_as_known(
    bring, store, actors, now, tmp_path
):
    bring("customers", [["客户编号", "客户名称"], ["A", "甲"]])
    (customer,) = records(store, select(Customer.id))
    log_contact(
        actors.manager, store, customer, occurred_at=now, kind="call", direction="outbound", content="降价可谈",
        purpose="win_back", now=now,
    )  # fmt: skip
    write_export(SYSTEM, store, "interactions", tmp_path / "out.csv", now=now)
    header, row = csv.reader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines())
    assert dict(zip(header, row, strict=True))["purpose"] == "win_back"
    assert counts(bring("interactions", [header, row])) == (0, 0, 1, 0)
    earlier = [
        [value for name, value in zip(header, line, strict=True) if name != "purpose"]
        for line in (header, row)
    ]
    assert counts(bring("interactions", earlier)) == (0, 0, 1, 0), "a file from before there was the column"


def test_satisfaction_is_stored_and_known_again(bring, store):
    assert counts(bring("satisfaction", SCORES, create_customers=True)) == (2, 0, 0, 0)
    rows = records(store, select(Satisfaction).order_by(Satisfaction.id))
    assert [(r.score, r.comment, r.scored_on.isoformat()) for r in rows] == [
        (4, "=1+1", "2026-10-01"),
        (2, None, "2026-10-02"),
    ]
    assert counts(bring("satisfaction", SCORES)) == (0, 0, 2, 0)


def test_updating_refuses_entries_that_are_not_stored(bring, store):
    bring("satisfaction", SCORES[:2], create_customers=True)
    assert counts(bring("satisfaction", SCORES, mode="update")) == (0, 0, 1, 1)


def test_customers_are_created_only_for_rows_that_are_saved(bring, store):
    result = bring("satisfaction", [SCORES[0], ["Z", "2026-10-01", 9, None]], create_customers=True)
    assert (counts(result), result.customers_created, result.batch) == ((0, 0, 0, 1), 0, None)


USAGE = [
    ["客户编号", "使用日期", "产品", "使用次数"],
    ["A", "2026-10-01", "007", 12],
    ["A", "2026-10-01", "007", 12],
]
BEHAVIOUR = [["客户编号", "行为时间", "行为", "页面"], ["A", "2026-10-01 20:15", "=1+1", "张*"]]
DISPLAYS = [
    ["门店编号", "巡店时间", "陈列评分", "陈列反馈", "检查人"],
    ["S1", "2026-10-01 09:30", 4, "NA", "李经理"],
    ["S9", "2026-10-01", 4, None, None],
]


def test_product_usage_and_behaviour_are_stored_and_known_again(bring, store):
    assert counts(bring("usage", USAGE, create_customers=True)) == (2, 0, 0, 0)
    assert counts(bring("behaviour", BEHAVIOUR)) == (1, 0, 0, 0)
    assert [
        (r.product_code, r.uses, r.used_on.isoformat()) for r in records(store, select(ProductUsage))
    ] == [
        ("007", 12, "2026-10-01"),
        ("007", 12, "2026-10-01"),
    ]
    (event,) = records(store, select(BehaviourEvent))
    assert (event.event, event.object, event.occurred_at.hour) == ("=1+1", "张*", 12)
    assert counts(bring("usage", USAGE)) == (0, 0, 2, 0)
    assert counts(bring("behaviour", BEHAVIOUR, mode="both")) == (0, 0, 1, 0)


def test_display_feedback_belongs_to_a_stored_outlet(bring, store):
    bring("outlets", [["门店编号", "门店名称"], ["S1", "悦邻店"]])
    result = bring("displays", DISPLAYS, create_customers=True)
    assert (counts(result), result.customers_created) == ((1, 0, 0, 1), 0)
    assert reasons(store, result) == {3: "No outlet has the code S9. Import the outlets first."}
    (seen,) = records(store, select(DisplayFeedback))
    (li,) = records(store, select(StaffMember))
    assert (seen.score, seen.comment, seen.staff_id) == (4, "NA", li.id)
    assert counts(bring("displays", DISPLAYS)) == (0, 0, 1, 1)
