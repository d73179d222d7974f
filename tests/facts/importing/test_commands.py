"""What holds for every import: permission, preview, progress, one transaction, any order of rows."""

from __future__ import annotations

import os
import random
import sqlite3
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from core.access.actor import SYSTEM
from core.access.tables import AuditEntry
from core.errors import NotAllowed, Refused
from core.facts.importing import ImportRequest, commit_import, lines_saving, preview
from core.facts.tables import Customer, ImportBatch, Order, OrderLine
from core.store.versions import data_version
from tests.facts.conftest import write_sheet
from tests.facts.importing.orders import HEADER, TWO_ORDERS
from tests.facts.importing.orders import lines as stored_lines
from tests.facts.importing.results import counts, reasons


def test_only_who_may_import_imports(bring, actors):
    for role in (actors.intern, actors.staff, actors.supervisor):
        for command in (preview, commit_import):
            with pytest.raises(NotAllowed):
                bring("transactions", TWO_ORDERS, command=command, actor=role)
    assert bring("transactions", TWO_ORDERS, actor=actors.operations, create_customers=True).added == 3


def test_a_preview_tells_what_a_commit_would_do_and_saves_nothing(bring, store):
    rows = [*TWO_ORDERS, ["C", "1", "2099-01-01", 5], ["D", "1", "2026-10-01", "1,000"]]
    seen = bring("transactions", rows, command=preview, create_customers=True)
    assert (seen.counts.rows_read, seen.counts.added, seen.counts.rejected) == (5, 4, 1)
    assert seen.counts.customers_created == 3
    assert [(p.row, p.column) for p in seen.problems] == [(5, "C (Order time)")]
    assert [(c.field, c.cells) for c in seen.cleaned] == [("ordered_at", 1), ("amount", 1)]
    assert seen.sample[0] == {
        "customer_code": "A", "order_no": "1", "ordered_at": seen.sample[0]["ordered_at"], "amount": "12.5",
    }  # fmt: skip
    assert set(reasons(store, seen)) == {5}
    assert seen.to_json()["counts"]["added"] == 4
    with store.read() as session:
        for record in (Customer, Order, OrderLine, ImportBatch, AuditEntry):
            assert session.scalar(select(func.count()).select_from(record)) == 0
        assert data_version(session) == 0
    done = bring("transactions", rows, create_customers=True)
    assert (done.added, done.rejected, done.customers_created) == (4, 1, 3)


def test_a_preview_masks_personal_values(bring):
    rows = [["客户编号", "客户名称", "手机号", "邮箱"], ["A", "张晓明", "10000001234", "zhang@example.com"]]
    assert bring("customers", rows, command=preview).sample == (
        {"customer_code": "A", "name": "张**", "phone": "100****1234", "email": "z***@example.com"},
    )


def test_a_failure_in_the_middle_leaves_nothing(bring, store, monkeypatch):
    save_orders = lines_saving._save_orders

    def fail_after_the_orders(work):
        save_orders(work)
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(lines_saving, "_save_orders", fail_after_the_orders)
    with pytest.raises(sqlite3.OperationalError):
        bring("transactions", TWO_ORDERS, create_customers=True)
    with store.read() as session:
        for record in (Customer, Order, OrderLine, ImportBatch):
            assert session.scalar(select(func.count()).select_from(record)) == 0
    assert list((store.data_dir / "staging").iterdir()) == []
    monkeypatch.undo()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_killed_import_left_is_swept_after_a_day(bring, store, now):
    fresh, stale = store.data_dir / "staging" / "fresh", store.data_dir / "staging" / "stale"
    for folder, hours in ((fresh, 1), (stale, 25)):
        folder.mkdir(parents=True)
        moment = (now - timedelta(hours=hours)).timestamp()
        os.utime(folder, (moment, moment))
    bring("transactions", TWO_ORDERS)
    assert list((store.data_dir / "staging").iterdir()) == [fresh]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_rejected_rows_are_kept_for_thirty_days(bring, store, now):
    fresh, stale = store.data_dir / "rejects" / "fresh.xlsx", store.data_dir / "rejects" / "stale.xlsx"
    fresh.parent.mkdir()
    for file, days in ((fresh, 29), (stale, 31)):
        file.touch()
        moment = (now - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))
    bring("transactions", TWO_ORDERS, create_customers=True)
    assert list(fresh.parent.iterdir()) == [fresh]


def test_an_import_is_audited_with_counts_only(bring, store, actors):
    result = bring("transactions", TWO_ORDERS, actor=actors.operations, create_customers=True)
    with store.read() as session:
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.subject_id, entry.account_id) == (
            "import", str(result.batch), actors.operations.account_id,
        )  # fmt: skip
        assert entry.detail == {
            "table": "transactions", "mode": "add", "rows_read": 3, "added": 3, "updated": 0, "unchanged": 0,
            "rejected": 0, "customers_created": 2,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["Customer code", "Order time"], ["A", "2026-10-01"]], "The column Amount is missing"),
        ([["Customer", "Date", "Amount", "Total"], ["A", "2026-10-01", 1, 1]], "C (Amount), D (Total)"),
    ],
)
def test_headers_that_do_not_suffice_are_refused_with_file_and_sheet(bring, rows, told):
    with pytest.raises(Refused, match=r"brought\.xlsx, sheet “Sheet1”") as refusal:
        bring("transactions", rows)
    assert told in str(refusal.value)


@pytest.mark.parametrize(
    "options", [{"table_code": "weather"}, {"mode": "replace"}, {"path": "nowhere.xlsx"}]
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_request_that_makes_no_sense_is_refused(store, now, tmp_path, options):
    path = write_sheet(tmp_path / "a.xlsx", TWO_ORDERS)
    request = {"path": str(path), "file_name": "a.xlsx", "table_code": "transactions"} | options
    with pytest.raises(Refused):
        commit_import(SYSTEM, store, ImportRequest.of(**request), now=now)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_is_read_from_the_uploads_with_progress_that_may_write(store, now):
    (store.data_dir / "uploads").mkdir()
    write_sheet(store.data_dir / "uploads" / "token", TWO_ORDERS).rename(
        store.data_dir / "uploads" / "token.xlsx"
    )
    request = ImportRequest.of("token.xlsx", "orders.xlsx", "transactions", create_customers=True)
    assert ImportRequest.from_json(request.to_json()) == request
    shares = []

    def progress(share, _step):
        shares.append(share)
        with store.write() as session:  # a job writes its progress; this must not wait for the import
            session.execute(delete(AuditEntry))
            session.commit()

    assert commit_import(SYSTEM, store, request, now=now, progress=progress).counts.added == 3
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.sampled_from(["1", "2", None]),
        st.sampled_from(["2026-10-01", "2026/10/02 10:00", "2099-01-01"]),
        st.sampled_from(["1", "2.5", "-3", "much"]),
        st.sampled_from(["1", None]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, seed=st.integers(0, 9), mode=st.sampled_from(["add", "both"]))
def test_rows_in_any_order_give_the_same_and_twice_add_nothing(bring, store, rows, seed, mode):
    header = [*HEADER, "Line number"]

    def outcome(body):
        with store.write() as session:
            for record in (OrderLine, Order, Customer, ImportBatch):
                session.execute(delete(record))
            session.commit()
        result = bring("transactions", [header, *body], create_customers=True, mode=mode)
        return counts(result), sorted(tuple(row) for row in stored_lines(store))

    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    first = outcome(rows)
    assert outcome(shuffled) == first
    again = bring("transactions", [header, *rows], create_customers=True, mode=mode)
    added, updated, _, rejected = counts(again)
    assert (added, updated, rejected) == (0, 0, first[0][3])
    assert sorted(tuple(row) for row in stored_lines(store)) == first[1]
