"""What people did who have handed over: exported and brought in again, it is known, whoever it is stored for."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from core.access.actor import SYSTEM
from core.access.tables import StaffMember
from core.facts.contacts_service import log_contact
from core.facts.tables import Customer, DisplayFeedback, Interaction, OrderLine
from core.operations.exports import write_export
from core.operations.staff import hand_over
from tests.conftest import NOW
from tests.facts.conftest import records
from tests.facts.importing.exported import bring as bring_file
from tests.facts.importing.exported import staged
from tests.facts.importing.results import counts

CONTACTS = [
    ["客户编号", "联系时间", "联系方式", "员工", "内容"],
    ["A", "2026-10-01", "电话", "李娜", None],
    ["A", "2026-10-01", "电话", "李娜", None],
    ["A", "2026-10-01", "电话", "王伟", None],
]
DISPLAYS = [
    ["门店编号", "巡店时间", "陈列评分", "检查人"],
    ["S1", "2026-10-01", 4, "李娜"],
    ["S1", "2026-10-01", 4, "王伟"],
]
LINES = [
    ["客户编号", "订单编号", "下单时间", "金额", "销售"],
    ["A", "1", "2026-10-01", 10, "李娜"],
    ["A", "1", "2026-10-01", 10, "王伟"],
    ["A", "1", "2026-10-01", 20, None],
    ["A", None, "2026-10-02", 20, "李娜"],
]
FILES = {
    "interactions": (CONTACTS, Interaction, 3),
    "displays": (DISPLAYS, DisplayFeedback, 2),
    "transactions": (LINES, OrderLine, 4),
}


@pytest.fixture
def handed_over(bring, store, actors, now):
    """李娜 has left and 王伟 has taken over, after the first contacts of both were brought in."""
    bring("customers", [["客户编号", "客户名称"], ["A", "甲"], ["B", "乙"]])
    bring("outlets", [["门店编号", "门店名称"], ["S1", "悦邻店"]])
    before = [
        [*CONTACTS[0]],
        ["B", "2026-09-01", "电话", "李娜", "早"],
        ["B", "2026-09-01", "电话", "王伟", "晚"],
    ]
    bring("interactions", before)
    people = {person.name: person.id for person in records(store, select(StaffMember))}
    hand_over(actors.manager, store, people["李娜"], people["王伟"], now=now)
    return people


def again(store, tmp_path, table: str, mode: str) -> tuple[int, int, int, int]:
    """Take the table out to a file and bring that in."""
    path = tmp_path / f"{table}-{mode}.csv"
    write_export(SYSTEM, store, table, path, now=NOW)
    return bring_file(store, table, staged(path, tmp_path / "again"), mode=mode)


@pytest.mark.parametrize("mode", ["add", "both", "update"])
@pytest.mark.parametrize("table", FILES)
def test_what_was_exported_of_people_who_handed_over_is_unchanged(
    bring, store, tmp_path, handed_over, table, mode
):
    rows, record, number = FILES[table]
    assert counts(bring(table, rows)) == (number, 0, 0, 0)
    already = len(records(store, select(record)))
    assert again(store, tmp_path, table, mode) == (0, 0, already, 0)
    assert counts(bring(table, rows, mode=mode)) == (0, 0, number, 0)
    assert len(records(store, select(record))) == already


def test_an_entry_stands_for_one_row_only(bring, store, handed_over):
    bring("interactions", CONTACTS[:2])
    assert counts(bring("interactions", [CONTACTS[0], CONTACTS[3]])) == (0, 0, 1, 0)
    assert counts(bring("interactions", CONTACTS)) == (2, 0, 1, 0)
    assert counts(bring("interactions", CONTACTS)) == (0, 0, 3, 0)


def test_a_changed_line_of_a_person_who_handed_over_is_still_a_change(bring, store, handed_over):
    bring("transactions", LINES)
    changed = [LINES[0], LINES[1], ["A", "1", "2026-10-01", 11, "王伟"], LINES[3]]
    assert counts(bring("transactions", changed)) == (0, 0, 0, 3)
    assert counts(bring("transactions", changed, mode="both")) == (0, 3, 0, 0)
    with store.read() as session:
        assert session.scalar(select(func.sum(OrderLine.amount))) == 610_000


def test_logged_contacts_are_known_beside_equal_ones_that_were_imported(
    bring, store, tmp_path, handed_over, actors, now
):
    (customer,) = records(store, select(Customer).where(Customer.code == "A"))
    for _ in range(2):
        log_contact(actors.manager, store, customer.id, occurred_at=now, kind="call", direction="outbound",
                    content="你好", now=now)  # fmt: skip
    rows = [
        ["客户编号", "联系时间", "联系方式", "方向", "员工", "内容"],
        ["A", now.isoformat(), "电话", "呼出", "Mai", "你好"],
    ]
    assert counts(bring("interactions", rows)) == (0, 0, 1, 0)
    assert again(store, tmp_path, "interactions", "add") == (0, 0, 4, 0)
