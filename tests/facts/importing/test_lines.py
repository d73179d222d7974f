"""Transactions on both databases."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from core.access.tables import StaffMember
from core.facts.tables import Customer, ImportBatch, OrderLine
from core.language import Message, translate
from core.store.versions import data_version
from tests.facts.importing.orders import HEADER, TWO_ORDERS, amounts, lines
from tests.facts.importing.results import counts, reasons, rejected


def test_lines_become_orders_of_new_customers(bring, store):
    result = bring("transactions", TWO_ORDERS, create_customers=True)
    assert counts(result) == (3, 0, 0, 0)
    assert (result.customers_created, result.ignored_columns, result.rejects_file) == (2, (), None)
    assert [(c, k, a.isoformat(), d.isoformat(), m) for c, k, a, d, m in lines(store)] == [
        ("A", "no:1", "2026-10-01T01:30:00+00:00", "2026-10-01", 30000),
        ("A", "no:1", "2026-10-01T01:30:00+00:00", "2026-10-01", 125000),
        ("B", "no:1", "2026-10-01T16:00:00+00:00", "2026-10-02", -40000),
    ]
    with store.read() as session:
        assert data_version(session) == 1
        assert set(session.scalars(select(OrderLine.batch_id))) == {result.batch}
        assert set(session.scalars(select(Customer.batch_id))) == {result.batch}
        batch = session.get(ImportBatch, result.batch)
        assert (batch.rows_read, batch.added, batch.mapping["Amount"]) == (3, 3, "amount")


def test_the_same_file_twice_adds_nothing(bring, store):
    bring("transactions", TWO_ORDERS, create_customers=True)
    for mode in ("add", "both", "update"):
        again = bring("transactions", TWO_ORDERS, mode=mode)
        assert counts(again) == (0, 0, 3, 0)
    assert len(lines(store)) == 3
    with store.read() as session:
        assert data_version(session) == 1  # nothing new, nothing to analyse anew


def test_some_of_the_stored_lines_of_an_order_are_nothing_new(bring, store):
    bring("transactions", TWO_ORDERS, create_customers=True)
    assert counts(bring("transactions", TWO_ORDERS[:2])) == (0, 0, 1, 0)
    assert len(lines(store)) == 3


def test_unknown_customers_are_refused_by_name_unless_they_may_be_created(bring, store):
    result = bring("transactions", TWO_ORDERS)
    assert counts(result) == (0, 0, 0, 3)
    assert result.batch is None
    assert reasons(store, result)[4] == (
        "No customer has the code B. Import the customers first, or have new customers created from this file."
    )
    assert lines(store) == []
    with store.read() as session:
        (batch,) = session.scalars(select(ImportBatch)).all()
        assert (batch.rows_read, batch.added, batch.rejected, batch.filled) == (3, 0, 3, {})


def test_adding_refuses_an_order_that_is_stored_with_other_lines(bring, store):
    bring("transactions", TWO_ORDERS, create_customers=True)
    result = bring(
        "transactions", [HEADER, ["A", "1", "2026-10-01 09:30", 3], ["A", "1", "2026-10-01 09:30", 4],
                         ["A", "2", "2026-10-03", 9]],
    )  # fmt: skip
    assert counts(result) == (1, 0, 0, 2)
    assert set(reasons(store, result)) == {2, 3}
    assert reasons(store, result)[2].startswith("Order 1 of customer A is stored with other lines.")
    assert amounts(store) == [("A", "no:1", 3), ("A", "no:1", 12), ("A", "no:2", 9), ("B", "no:1", -4)]


@pytest.mark.parametrize("mode", ["update", "both"])
def test_replacing_takes_an_order_whole(bring, store, mode):
    bring("transactions", TWO_ORDERS, create_customers=True)
    result = bring("transactions", [HEADER, ["A", "1", "2026-10-01 09:30", 3]], mode=mode)
    assert counts(result) == (0, 1, 0, 0)
    assert amounts(store) == [("A", "no:1", 3), ("B", "no:1", -4)]


def test_updating_refuses_orders_that_are_not_stored(bring, store):
    bring("transactions", TWO_ORDERS, create_customers=True)
    result = bring("transactions", [HEADER, ["A", "9", "2026-10-01", 3]], mode="update")
    assert counts(result) == (0, 0, 0, 1)
    assert reasons(store, result)[2].startswith("Order 9 of customer A is not stored yet.")


def test_a_stored_order_is_not_replaced_by_a_part_of_its_new_lines(bring, store):
    bring("transactions", TWO_ORDERS, create_customers=True)
    result = bring(
        "transactions",
        [HEADER, ["A", "1", "2026-10-01 09:30", 3], ["A", "1", "2026-10-01 09:30", "much"]],
        mode="both",
    )
    assert counts(result) == (0, 0, 0, 2)
    assert amounts(store)[0] == ("A", "no:1", 3)
    assert len(lines(store)) == 3


def test_without_an_order_number_a_customers_day_is_the_order(bring, store):
    header = ["Customer code", "Order time", "Amount"]
    bring(
        "transactions",
        [header, ["A", "2026-10-01 23:59", 1], ["A", "2026-10-01 00:00", 2], ["A", "2026-10-02", 3]],
        create_customers=True,
    )
    assert amounts(store) == [
        ("A", "day:2026-10-01", 1),
        ("A", "day:2026-10-01", 2),
        ("A", "day:2026-10-02", 3),
    ]


def test_equal_lines_are_kept_and_counted_as_suspected_duplicates(bring, store):
    rows = [HEADER, *[["A", "1", "2026-10-01", 5]] * 3]
    first = bring("transactions", rows, create_customers=True)
    assert (counts(first), first.suspected_duplicates) == ((3, 0, 0, 0), 2)
    assert len(lines(store)) == 3
    assert counts(bring("transactions", rows)) == (0, 0, 3, 0)
    assert counts(bring("transactions", [*rows, ["A", "1", "2026-10-01", 5]])) == (
        0,
        0,
        0,
        4,
    )  # one line more


NUMBERED = [*HEADER, "Line number"]


def test_numbered_lines_are_known_by_their_number_and_compared_by_their_values(bring, store):
    rows = [NUMBERED, ["A", "1", "2026-10-01", 5, "1"], ["A", "1", "2026-10-01", 5, "2"]]
    assert counts(bring("transactions", rows, create_customers=True)) == (2, 0, 0, 0)
    assert counts(bring("transactions", rows)) == (0, 0, 2, 0)
    changed = [NUMBERED, ["A", "1", "2026-10-01", 6, "1"], ["A", "1", "2026-10-01", 5, "2"]]
    assert counts(bring("transactions", changed)) == (0, 0, 0, 2)
    assert counts(bring("transactions", changed, mode="update")) == (0, 2, 0, 0)
    assert amounts(store) == [("A", "no:1", 5), ("A", "no:1", 6)]


def test_a_numbered_line_given_twice_alike_is_stored_once(bring, store):
    line = ["A", "1", "2026-10-01", 5, "1"]
    result = bring("transactions", [NUMBERED, line, line], create_customers=True)
    assert counts(result) == (1, 0, 1, 0)
    assert len(lines(store)) == 1


def test_a_salesperson_joins_the_staff_directory_and_a_leaver_is_followed(bring, store, now):
    rows = [[*NUMBERED, "Salesperson"], ["A", "1", "2026-10-01", 5, "1", "Wang"]]
    bring("transactions", rows, create_customers=True)
    with store.write() as session:
        wang = session.scalars(select(StaffMember).where(StaffMember.name == "Wang")).one()
        heir = StaffMember(name="Zhao")
        session.add(heir)
        session.flush()
        wang.left_at, wang.successor_id = now, heir.id
        session.commit()
    bring("transactions", [rows[0], ["A", "2", "2026-10-01", 5, "1", "Wang"]])
    with store.read() as session:
        served = session.scalars(select(OrderLine.salesperson_id).order_by(OrderLine.id)).all()
    assert served == [wang.id, heir.id]


def test_all_or_nothing_saves_nothing_when_a_row_is_refused(bring, store):
    rows = [*TWO_ORDERS, ["C", "1", "2099-01-01", 5]]
    result = bring("transactions", rows, create_customers=True, all_or_nothing=True)
    assert (result.batch, counts(result), result.customers_created) == (None, (0, 0, 0, 4), 0)
    assert set(reasons(store, result)) == {5}
    assert lines(store) == []


def test_the_good_rows_of_a_file_are_saved_and_the_bad_ones_come_back(bring, store):
    rows = [[*HEADER, "Remark"], ["A", "1", "2026-10-01", 5, "good"], ["B", "1", "2026-10-01", "much", "bad"]]
    result = bring("transactions", rows, create_customers=True)
    assert counts(result) == (1, 0, 0, 1)
    assert (result.customers_created, result.ignored_columns) == (1, ("Remark",))
    assert rejected(store, result) == [
        ["Row in the file", "Where", "Reason", *rows[0]],
        [3, "D (Amount)", "“much” is not a number. Enter digits only.", *rows[2]],
    ]


def test_the_key_of_a_line_never_changes(bring, store):
    """A change here would make every stored line look new to the next import."""
    bring("transactions", [HEADER, *[["A", "1", "2026-10-01 08:00", 5]] * 2], create_customers=True)
    own = b"row:ordered_at=1790812800000000\x1famount=50000"
    expected = [
        int.from_bytes(hashlib.md5(text).digest()[8:], "little") >> 1 for text in (own, b"again:1:" + own)
    ]
    with store.read() as session:
        assert session.scalars(select(OrderLine.line_key).order_by(OrderLine.id)).all() == expected


def test_reasons_come_in_the_language_asked_for(bring, store):
    result = bring("transactions", [HEADER, ["A", "1", "2099-01-01", 5]], language="zh_CN")
    assert rejected(store, result)[0][0] == translate(Message("Row in the file"), "zh_CN")


def test_the_corrected_workbook_of_rejected_rows_replaces_an_order_whole(bring, store):
    order = [["A", "1", "2026-10-01", 5], ["A", "1", "2026-10-01", "much"], ["A", "1", "2026-10-01", 7]]
    first = bring("transactions", [HEADER, *order, ["A", "2", "2026-10-01", 9]], create_customers=True)
    assert counts(first) == (3, 0, 0, 1)
    told = reasons(store, first)
    assert list(told) == [2, 3, 4]
    assert told[2].startswith("This row is taken as it is.")
    assert told[4] == told[2]
    assert told[3] == "“much” is not a number. Enter digits only."
    corrected = [[6 if cell == "much" else cell for cell in row] for row in rejected(store, first)]
    assert counts(bring("transactions", corrected, mode="both")) == (0, 3, 0, 0)
    assert amounts(store) == [("A", "no:1", 5), ("A", "no:1", 6), ("A", "no:1", 7), ("A", "no:2", 9)]


def test_without_an_order_number_the_rejected_line_brings_its_customers_day_along(bring, store):
    header = ["Customer code", "Order time", "Amount"]
    rows = [
        ["A", "2026-10-01", 1],
        ["A", "2026-10-01", "much"],
        ["A", "2026-10-02", 3],
        ["B", "2026-10-01", 4],
    ]
    result = bring("transactions", [header, *rows], create_customers=True)
    assert list(reasons(store, result)) == [2, 3]


def test_a_rejected_line_of_no_known_day_brings_every_day_of_its_customer_along(bring, store):
    header = ["Customer code", "Order number", "Order time", "Amount"]
    rows = [["A", None, "2026-10-01", 1], ["A", None, "someday", 2], ["A", "7", "2026-10-02", 3],
            ["A", None, "2026-10-02", 4], ["B", None, "2026-10-01", 5]]  # fmt: skip
    result = bring("transactions", [header, *rows], create_customers=True)
    assert list(reasons(store, result)) == [2, 3, 5]
