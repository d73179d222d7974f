"""Files of facts that use the codes of merged customers: they mean what they meant, and undoing gives it back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.access.actor import SYSTEM
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.fields import TABLES
from core.facts.history import timeline
from core.facts.importing.undo import undo_import
from core.facts.outgoing import table_rows
from core.facts.tables import (
    Customer,
    CustomerMerge,
    Interaction,
    Order,
    OrderLine,
)
from core.operations.export_facts import _read
from tests.conftest import NOW
from tests.facts.duplicates.merges import emptied, facts, ids, merged
from tests.facts.importing.orders import amounts
from tests.facts.importing.results import counts, reasons

LATER = NOW + timedelta(hours=1)
HEADER = ["Customer code", "Order number", "Order time", "Amount", "Line number"]
FILE = [
    HEADER,
    ["A", "1", "2026-10-01", 5, "1"],
    ["B", "1", "2026-10-01", 6, "1"],
    ["B", "1", "2026-10-01", 7, "2"],
]
TURNED = [HEADER, *reversed(FILE[1:])]
WITHOUT_NUMBERS = [HEADER, *([row[0], None, *row[2:4], None] for row in FILE[1:])]


def own(store):
    """Lines as `amounts` has them, without the marks of merges."""
    return [(code, key.partition("\x1f")[0], amount) for code, key, amount in amounts(store)]


@pytest.mark.parametrize(
    ("mode", "file"),
    [("add", WITHOUT_NUMBERS), ("update", TURNED), ("both", FILE), ("both", WITHOUT_NUMBERS)],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_the_same_file_after_a_merge_changes_nothing_and_undoing_restores_exactly(
    bring, store, mode, file, swapped
):
    bring("transactions", file, create_customers=True)
    before = facts(store)
    done = merged(store, customer_code=swapped)
    assert sorted(amount for _, _, amount in amounts(store)) == [5, 6, 7]
    assert counts(bring("transactions", file, mode=mode)) == (0, 0, 3, 0)
    undo_merge(SYSTEM, store, done, now=LATER)
    assert facts(store) == before


@pytest.mark.parametrize("file", [FILE, TURNED])
def test_a_new_file_after_a_merge_keeps_orders_of_either_code_apart_in_any_order_of_rows(bring, store, file):
    bring("customers", [["Customer code", "Name"], ["A", "甲"], ["B", "乙"]])
    done = merged(store)
    assert counts(bring("transactions", file)) == (3, 0, 0, 0)
    assert own(store) == [("A", "no:1", 5), ("A", "no:1", 6), ("A", "no:1", 7)]
    assert dict(undo_merge(SYSTEM, store, done, now=LATER).stayed) == {"orders": 1, "order_lines": 1}
    assert amounts(store) == [("A", "no:1", 5), ("B", "no:1", 6), ("B", "no:1", 7)]
    assert counts(bring("transactions", file)) == (0, 0, 3, 0)


def test_rows_of_one_code_never_replace_an_order_of_the_other(bring, store):
    bring("transactions", FILE, create_customers=True)
    done = merged(store)
    assert counts(bring("transactions", FILE[:1] + FILE[2:], mode="both")) == (0, 0, 2, 0)
    replaced = bring("transactions", [HEADER, ["B", "1", "2026-10-01", 60, "1"]], mode="both")
    assert counts(replaced) == (0, 1, 0, 0)
    assert own(store) == [("A", "no:1", 5), ("A", "no:1", 60)]
    undo_merge(SYSTEM, store, done, now=LATER)
    assert amounts(store) == [("A", "no:1", 5), ("B", "no:1", 60)]
    undo_import(SYSTEM, store, replaced.batch, now=LATER)
    assert amounts(store) == [("A", "no:1", 5), ("B", "no:1", 6), ("B", "no:1", 7)]


def test_orders_of_a_customer_merged_twice_are_known_and_go_back_step_by_step(bring, store):
    file = [HEADER, *([code, "1", "2026-10-01", 5, "1"] for code in "ABC")]
    bring("transactions", file, create_customers=True)
    states, merges = [], []
    for kept, gone in (("B", "A"), ("C", "B")):
        states.append(facts(store))
        merges.append(merged(store, kept, gone))
    assert counts(bring("transactions", file, mode="both")) == (0, 0, 3, 0)
    for done, state in zip(reversed(merges), reversed(states), strict=True):
        undo_merge(SYSTEM, store, done, now=LATER)
        assert facts(store) == state


def test_two_codes_of_a_merge_that_marked_nothing_contradict_each_other_in_any_order_of_rows(bring, store):
    bring("customers", [["Customer code", "Name"], ["A", "甲"], ["B", "乙"]])
    with store.write() as session:
        one, two = session.scalars(select(Customer).order_by(Customer.code))
        two.merged_into_id = one.id
        session.commit()
    for file in (FILE, TURNED):
        result = bring("transactions", file)
        assert counts(result) == (1, 0, 0, 2) if file is FILE else (0, 0, 1, 2)
        told = [
            each for each in reasons(store, result).values() if "same record with different values" in each
        ]
        assert len(told) == 2
    assert amounts(store) == [("A", "no:1", 7)]


def test_no_order_number_of_a_file_can_look_like_the_mark_of_a_merge(bring, store):
    bring("transactions", [HEADER, ["A", "1\x1f2", "2026-10-01", 5, "1"]], create_customers=True)
    assert amounts(store) == [("A", "no:1 2", 5)]


def test_a_merge_of_an_earlier_version_that_joined_two_orders_can_still_be_undone(bring, store):
    bring("transactions", FILE, create_customers=True)
    before = facts(store)
    done = merged(store)
    with store.write() as session:
        first, second = session.scalars(select(Order).order_by(Order.id))
        joined = session.scalars(select(OrderLine).where(OrderLine.order_id == second.id)).all()
        said = [[line.id, second.id, line.line_key] for line in joined]
        for line in joined:
            line.order_id, line.line_key = first.id, line.line_key + 1
        session.flush()
        merge_made = session.get_one(CustomerMerge, done)
        gone = {"lines": said, "orders": [[second.id, "no:1"]], "records": {
            "order_lines.customer_id": [line.id for line in joined]
        }}  # fmt: skip
        merge_made.moved = {**merge_made.moved, **gone, "marked": False}
        session.delete(second)
        session.commit()
    undo_merge(SYSTEM, store, done, now=LATER)
    assert facts(store) == before


@pytest.mark.parametrize("swapped", [False, True])
def test_orders_go_out_under_the_code_they_came_under_and_are_known_again(bring, store, swapped):
    bring("transactions", FILE, create_customers=True)
    merged(store, customer_code=swapped)
    rows = list(table_rows(SYSTEM, TABLES["transactions"], "Asia/Shanghai", partial(_read, store)))
    assert [(r["customer_code"], r["order_no"], int(r["amount"])) for r in rows] == [
        ("A", "1", 5), ("B", "1", 6), ("B", "1", 7),
    ]  # fmt: skip
    names = ("customer_code", "order_no", "ordered_at", "amount", "line_no")
    again = [HEADER, *([row[name] for name in names] for row in rows)]
    assert counts(bring("transactions", again, mode="both")) == (0, 0, 3, 0)


def test_the_timeline_shows_the_number_of_an_order_that_came_with_a_merge(bring, store):
    bring("transactions", FILE, create_customers=True)
    merged(store)
    (kept, _version) = ids(store)["A"]
    assert [each.text for each in timeline(SYSTEM, store, kept)] == ["1", "1"]


ENTRIES = {
    "interactions": (["Customer code", "Contact time", "Contact kind"], ["2026-10-03", "Call"]),
    "satisfaction": (["客户编号", "评价时间", "评分"], ["2026-10-01", 5]),
    "usage": (["客户编号", "使用时间", "产品编号", "使用次数"], ["2026-10-01", "P", 1]),
    "behaviour": (["客户编号", "发生时间", "行为"], ["2026-10-01", "view"]),
}


@pytest.mark.parametrize("table", ENTRIES)
@pytest.mark.parametrize("mode", ["update", "both"])
def test_equal_entries_of_merged_customers_are_known_again_and_one_more_is_added(bring, store, table, mode):
    header, values = ENTRIES[table]
    file = [header, ["A", *values], ["B", *values], ["B", *values]]
    bring(table, file, create_customers=True)
    before = facts(store)
    done = merged(store)
    for rows in (file, [header, *file[:0:-1]], [header, *file[2:]], [header, *([["A", *values]] * 3)]):
        result = bring(table, rows, mode=mode)
        assert counts(result) == (0, 0, len(rows) - 1, 0)
    if mode != "update":
        assert counts(bring(table, [*file, ["A", *values]], mode=mode)) == (1, 0, 3, 0)
        assert counts(bring(table, [*file, ["A", *values]], mode=mode)) == (0, 0, 4, 0)
    undo_merge(SYSTEM, store, done, now=LATER)
    assert counts(bring(table, file, mode="update")) == (0, 0, 3, 0)
    if mode == "update":
        assert facts(store) == before


def test_a_contact_that_was_logged_and_one_that_was_imported_are_each_known_once(bring, store):
    header, values = ENTRIES["interactions"]
    bring("interactions", [header, ["A", *values], ["B", *values]], create_customers=True)
    with store.write() as session:
        logged = session.scalars(select(Interaction).order_by(Interaction.id)).first()
        logged.row_key = None
        session.commit()
    merged(store)
    for rows in ([["A", *values]], [["A", *values], ["B", *values]]):
        assert counts(bring("interactions", [header, *rows])) == (0, 0, len(rows), 0)


CONTRACTS = ["Contract code", "Customer code", "Signed on", "Amount"]


def test_contracts_of_a_merged_customer_are_unchanged_and_go_back(bring, store):
    file = [CONTRACTS, ["HT1", "A", "2026-10-01", 5], ["HT2", "B", "2026-10-01", 6]]
    bring("contracts", file, create_customers=True)
    before = facts(store)
    done = merged(store)
    assert counts(bring("contracts", file, mode="both")) == (0, 0, 2, 0)
    undo_merge(SYSTEM, store, done, now=LATER)
    assert facts(store) == before


ROWS = st.lists(
    st.tuples(
        st.sampled_from("ABC"), st.sampled_from(["1", "2", None]), st.sampled_from(["2026-10-01", "2026-10-02"]),
        st.integers(1, 2), st.sampled_from(["1", "2", None]),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda row: (row[0], row[1], row[1] is None and row[2], row[4]) if row[4] else object(),
)  # fmt: skip
MERGES = st.sampled_from([("AB",), ("BA",), ("AB", "CA"), ("BA", "CB"), ("AB", "AC")])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, merges=MERGES, swapped=st.booleans(), mode=st.sampled_from(["add", "update", "both"]),
       data=st.data())  # fmt: skip
def test_any_file_again_after_any_merges_is_unchanged_and_undoing_gives_the_state_before(
    bring, store, rows, merges, swapped, mode, data
):
    emptied(store)
    bring("customers", [["Customer code", "Name"], *([code, code] for code in "ABC")])
    bring("transactions", [HEADER, *map(list, rows)])
    with store.read() as session:
        total = len(session.scalars(select(OrderLine.id)).all())
    before = facts(store)
    at = {code: key for code, (key, _) in ids(store).items()}
    done = []
    for kept, gone in merges:
        versions = dict(ids(store).values())
        done.append(merge(SYSTEM, store, at[kept], at[gone], {"customer_code": swapped},
                          expected_versions=(versions[at[kept]], versions[at[gone]]), now=NOW))  # fmt: skip
    again = [HEADER, *map(list, data.draw(st.permutations(rows)))]
    assert counts(bring("transactions", again, mode=mode)) == (0, 0, len(rows), 0)
    one_code = data.draw(st.sampled_from([row[0] for row in rows]))
    some = [HEADER, *(row for row in again[1:] if row[0] == one_code)]
    assert counts(bring("transactions", some, mode=mode)) == (0, 0, len(some) - 1, 0)
    with store.read() as session:
        assert len(session.scalars(select(OrderLine.id)).all()) == total
    for each in reversed(done):
        undo_merge(SYSTEM, store, each, now=LATER)
    assert facts(store) == before
