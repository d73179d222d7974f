"""Files of customers from before a merge: they change nothing, whatever their order, and undoing gives back both."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.access.actor import SYSTEM
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.importing import preview
from core.facts.tables import Customer
from tests.conftest import NOW
from tests.facts.conftest import records
from tests.facts.duplicates.merges import emptied, facts, ids, merged
from tests.facts.importing.results import counts, reasons

LATER = NOW + timedelta(hours=1)
HEADER = ["客户编号", "客户名称", "手机号", "行业", "部门", "客户经理"]
A = ["A", "明德商贸", "10000001234", "零售", "客户一部", "李经理"]
B = ["B", "明德商贸有限公司", "10000001235", "食品", "客户二部", None]
FILE = [HEADER, A, B]
TAKEN = {"name": True, "phone": True, "department": True}


def names(store):
    return {c.code: (c.name, c.industry) for c in records(store, select(Customer))}


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(("mode", "rows"), [("add", [A, B]), ("update", [B]), ("both", [B, A])])
def test_the_file_from_before_a_merge_changes_nothing_says_so_and_undoing_gives_back_both(
    bring, store, mode, rows, swapped
):
    bring("customers", FILE)
    before = facts(store)
    done = merged(store, **TAKEN, customer_code=swapped)
    standing = facts(store)
    seen = bring("customers", [HEADER, *rows], mode=mode, command=preview)
    assert [(note.values["rows"], note.values["first"]) for note in seen.notes] == [(len(rows), 2)]
    assert counts(bring("customers", [HEADER, *rows], mode=mode)) == (0, 0, len(rows), 0)
    assert facts(store) == standing
    undo_merge(SYSTEM, store, done, now=LATER)
    assert facts(store) == before


@pytest.mark.parametrize("rows", list(permutations([A, [*B[:3], "饮料", *B[4:]]])))
def test_a_row_of_a_code_that_was_merged_away_is_refused_when_it_says_anything_new(bring, store, rows):
    bring("customers", FILE)
    merged(store)
    result = bring("customers", [HEADER, *rows], mode="both")
    assert counts(result) == (0, 0, 1, 1)
    assert list(reasons(store, result).values()) == [
        "B was merged into A on 2026-11-03. A row with this code changes nothing any more: correct A, or undo the "
        "merge."
    ]
    assert names(store) == {"A": ("明德商贸", "零售"), "B": ("明德商贸有限公司", "食品")}


def test_the_kept_customer_is_still_updated_by_its_code_and_undoing_keeps_that(bring, store):
    bring("customers", FILE)
    done = merged(store, **TAKEN)
    assert counts(bring("customers", [HEADER, [*A[:3], "百货", *A[4:]], B], mode="both")) == (0, 1, 1, 0)
    undo_merge(SYSTEM, store, done, now=LATER)
    assert names(store) == {"A": ("明德商贸", "百货"), "B": ("明德商贸有限公司", "食品")}


def test_a_row_that_says_what_the_kept_customer_has_is_unchanged_under_the_other_code_too(bring, store):
    bring("customers", FILE)
    merged(store)
    assert counts(bring("customers", [HEADER, ["B", *A[1:]]], mode="both")) == (0, 0, 1, 0)


@pytest.mark.parametrize("taken", [{}, {"phone": True}, {"name": True, "phone": True}])
def test_a_merged_customer_without_a_code_in_the_file_does_not_come_again(bring, store, taken):
    rows = [HEADER, *([None, *row[1:]] for row in (A, B))]
    bring("customers", rows)
    first, second = sorted(ids(store))
    merged(store, first, second, **taken)
    assert counts(bring("customers", rows, mode="both")) == (0, 0, 2, 0)
    assert len(records(store, select(Customer))) == 2


def test_a_name_and_phone_that_two_had_who_are_one_by_now_is_no_doubt(bring, store):
    bring("customers", [HEADER, A, ["B", *A[1:3], None, None, None]])
    merged(store)
    rows = [HEADER, ["B", *A[1:3], None, None, None], [None, *A[1:3], None, None, None]]
    assert counts(bring("customers", rows, mode="both")) == (0, 0, 2, 0)


CELLS = st.tuples(
    st.sampled_from(["甲", "乙"]), st.sampled_from(["10000001234", "10000001235", None]),
    st.sampled_from(["零售", "食品", None]), st.sampled_from(["客户一部", None]),
)  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.tuples(CELLS, CELLS, CELLS), merges=st.sampled_from([("AB",), ("BA",), ("AB", "CA"), ("AB", "AC")]),
       data=st.data(), mode=st.sampled_from(["add", "update", "both"]))  # fmt: skip
def test_any_customers_again_after_any_merges_are_unchanged_and_undoing_gives_the_state_before(
    bring, store, cells, merges, data, mode
):
    emptied(store)
    rows = [[code, *row] for code, row in zip("ABC", cells, strict=True)]
    bring("customers", [HEADER[:5], *rows])
    before = facts(store)
    at = {code: key for code, (key, _) in ids(store).items()}
    done = []
    for kept, gone in merges:
        taken = data.draw(
            st.sets(st.sampled_from(["name", "phone", "industry", "department", "customer_code"]))
        )
        versions = dict(ids(store).values())
        done.append(merge(SYSTEM, store, at[kept], at[gone], dict.fromkeys(taken, True),
                          expected_versions=(versions[at[kept]], versions[at[gone]]), now=NOW))  # fmt: skip
    again = data.draw(st.permutations(rows))
    assert counts(bring("customers", [HEADER[:5], *again], mode=mode)) == (0, 0, 3, 0)
    for each in reversed(done):
        undo_merge(SYSTEM, store, each, now=LATER)
    assert facts(store) == before
