"""The disposable copy of the facts: complete, without personal data, replaced in one step."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.store import mart
from core.store.engine import Store
from core.store.mart import current_mart, mart_columns, refresh_mart
from core.store.versions import data_version, raise_data_version
from tests.factmaking import add_customer, add_interaction, add_order

SECRET = ("name", "phone", "email", "content", "comment", "note", "code", "birthday", "proposal", "offer")
"""Words that stand in the names of columns which tell who somebody is, or hold free text."""
ALLOWED = {"product_code"}


def test_no_column_that_names_a_person_or_holds_free_text_is_copied() -> None:
    copied = {column.name for columns in mart_columns().values() for column in columns}
    assert {c for c in copied - ALLOWED if any(word in c for word in SECRET)} == set()


def test_names_phones_and_what_was_said_are_in_no_file_of_the_copy(store: Store) -> None:
    with store.write() as session:
        customer = add_customer(
            session, "SECRET-CODE", name="SECRET-NAME", phone_sealed=b"SECRET-PHONE", region="East"
        )
        add_interaction(session, customer, date(2026, 1, 2), content="SECRET-WORDS")
        session.commit()
    mart = refresh_mart(store)
    values = [str(pq.read_table(file).to_pylist()) for file in mart.path.glob("*.parquet")]
    assert "East" in str(values)
    assert "SECRET" not in str(values)


def test_every_marked_column_arrives_with_its_value_and_type(store: Store) -> None:
    with store.write() as session:
        add_customer(session, "A", region="East", annual_revenue=5_000_000_000_000, sku_count=None)
        buyer = add_customer(session, "B", region=None)
        order = add_order(session, buyer, "no:1", [(date(2026, 1, 2), 12_345), (date(2026, 1, 3), -45)])
        session.commit()
    mart = refresh_mart(store)
    customers = pq.read_table(mart.path / "customers.parquet")
    assert customers.column("annual_revenue").to_pylist() == [5_000_000_000_000, None]
    assert customers.column("region").to_pylist() == ["East", None]
    lines = pq.read_table(mart.path / "order_lines.parquet")
    assert lines.schema.field("ordered_on").type == pa.date32()
    assert lines.select(["order_id", "customer_id", "ordered_on", "amount"]).to_pylist() == [
        {"order_id": order, "customer_id": buyer, "ordered_on": date(2026, 1, 2), "amount": 12_345},
        {"order_id": order, "customer_id": buyer, "ordered_on": date(2026, 1, 3), "amount": -45},
    ]


def test_every_marked_table_is_there_even_without_rows(store: Store) -> None:
    mart = refresh_mart(store)
    for table, columns in mart_columns().items():
        assert mart.table(table.name).columns == tuple(column.name for column in columns)
        assert mart.table(table.name).count().execute() == 0


def test_unchanged_facts_are_not_copied_again(store: Store) -> None:
    first = refresh_mart(store)
    written = (first.path / "customers.parquet").stat().st_mtime_ns
    assert refresh_mart(store) == first
    assert (first.path / "customers.parquet").stat().st_mtime_ns == written


def test_a_raised_data_version_makes_a_new_copy(store: Store) -> None:
    first = refresh_mart(store)
    with store.write() as session:
        raise_data_version(session)
        session.commit()
    second = refresh_mart(store)
    assert (second.version, second.path == first.path) == (first.version + 1, False)
    assert current_mart(store) == second


def test_a_column_that_is_marked_later_is_not_missed_in_an_old_copy(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = mart_columns()
    fewer = {table: columns[:-1] for table, columns in kept.items()}
    mart._layout.cache_clear()
    with monkeypatch.context() as earlier:
        earlier.setattr(mart, "mart_columns", lambda: fewer)
        refresh_mart(store)
    mart._layout.cache_clear()
    copy = refresh_mart(store)
    for table, columns in kept.items():
        assert copy.table(table.name).columns == tuple(column.name for column in columns)


def test_an_interaction_logged_without_a_new_version_reaches_the_next_copy(store: Store) -> None:
    with store.write() as session:
        customer = add_customer(session, "A")
        session.commit()
    refresh_mart(store)
    with store.write() as session:
        add_interaction(session, customer, date(2026, 1, 2))
        session.commit()
    assert refresh_mart(store).table("interactions").count().execute() == 1


def test_rows_in_memory_are_those_of_the_table_saved_last(store: Store) -> None:
    mart = refresh_mart(store)
    mart.save("grades", pa.table({"customer_id": [1]}))
    assert mart.rows("grades")["customer_id"].to_pylist() == [1]
    mart.save("grades", pa.table({"customer_id": [2, 3]}))
    assert mart.rows("grades")["customer_id"].to_pylist() == [2, 3]
    assert mart.table("grades").count().execute() == 2


def test_the_last_two_copies_and_the_last_with_results_are_kept(store: Store) -> None:
    with_results = refresh_mart(store)
    with_results.save("grades", pa.table({"customer_id": [1]}))
    later = []
    for _ in range(4):
        with store.write() as session:
            raise_data_version(session)
            session.commit()
        later.append(refresh_mart(store))
    assert [mart.path.exists() for mart in (with_results, *later)] == [True, False, False, True, True]
    assert current_mart(store, having="grades") == with_results
    assert current_mart(store) == later[-1]


def test_a_result_stays_until_it_is_worked_out_anew_though_others_were(store: Store) -> None:
    complete = refresh_mart(store)
    complete.save("grades", pa.table({"customer_id": [1]}))
    complete.save("measures", pa.table({"measure": ["churn"]}))
    for _ in range(3):
        with store.write() as session:
            raise_data_version(session)
            session.commit()
        cut_off = refresh_mart(store)
        cut_off.save("grades", pa.table({"customer_id": [1]}))
    assert current_mart(store, having="grades") == cut_off
    assert current_mart(store, having="measures") == complete


def test_a_deleted_copy_comes_back(store: Store) -> None:
    first = refresh_mart(store)
    shutil.rmtree(store.data_dir / "mart")
    assert current_mart(store) is None
    assert refresh_mart(store) == first
    assert first.has("customers")


def test_a_copy_that_fails_leaves_the_old_one_and_no_remains(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = refresh_mart(store)
    with store.write() as session:
        raise_data_version(session)
        session.commit()

    def full_disk(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("core.store.mart._copy", full_disk)
    with pytest.raises(OSError, match="no space"):
        refresh_mart(store)
    assert current_mart(store) == old
    assert [folder.name for folder in old.path.parent.iterdir()] == [old.path.name]


def test_what_a_killed_process_left_is_swept_away_later(store: Store) -> None:
    first = refresh_mart(store)
    remains = first.path.parent / ".building-0"
    remains.mkdir()
    os.utime(remains, (0, 0))
    with store.write() as session:
        raise_data_version(session)
        session.commit()
    refresh_mart(store)
    assert not remains.exists()


def test_threads_that_refresh_and_read_at_once_all_see_a_complete_copy(store: Store) -> None:
    with store.write() as session:
        for number in range(20):
            add_customer(session, f"C{number}")
        session.commit()
    counts: list[int] = []

    def work() -> None:
        counts.append(refresh_mart(store).table("customers").count().execute())

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [20] * 6


def test_the_data_version_counts_only_what_is_committed(store: Store) -> None:
    with store.write() as session:
        raise_data_version(session)
    with store.read() as session:
        assert data_version(session) == 0
    with store.write() as session:
        assert [raise_data_version(session), raise_data_version(session)] == [1, 2]
        session.commit()
    with store.read() as session:
        assert data_version(session) == 2
