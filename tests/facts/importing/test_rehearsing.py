"""The check of several sheets: it holds nobody up, is held up by nobody, and comes to what the commit comes to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.access.tables import StaffMember
from core.facts.importing import commands, commit_import, preview
from core.facts.importing.planning import ORDER
from core.facts.importing.rehearsing import rehearsal
from core.facts.own_fields.catalogue import catalogue
from core.facts.service import edit_customer
from core.facts.tables import Customer, ImportBatch
from core.store.records import Base
from tests.conftest import NOW
from tests.factmaking import add_own_field
from tests.facts.conftest import records
from tests.facts.importing.companies import BRIEFLY, cells
from tests.facts.importing.results import stored_numbers

STORED = [["客户编号", "客户名称", "客户经理"], ["A", "甲", None]]
FILE = {
    "客户": ("customers", [STORED[0], ["A", "甲甲", "王伟"], ["B", "乙", "王伟"]]),
    "单": (
        "transactions",
        [
            ["客户编号", "订单编号", "下单时间", "金额", "销售"],
            ["A", "1", "2026-10-01", 10, "王伟"],
            ["B", "2", "2026-10-02", 20, "李娜"],
            ["C", "3", "2026-10-02", 20, "李娜"],
        ],
    ),
}
EXPECTED = [(1, 1, 0), (2, 0, 1)]
"""Added, updated and rejected rows of its sheets."""


@pytest.fixture
def impatient(store):
    """Whoever writes to the store fails at once where they would have to wait."""
    store.engine.dispose()

    @event.listens_for(store.engine, "connect")
    def _wait_for_nobody(connection, _record):
        connection.execute("PRAGMA busy_timeout=0" if store.is_sqlite else "SET lock_timeout = 1")
        connection.commit()

    yield
    event.remove(store.engine, "connect", _wait_for_nobody)


@contextmanager
def everything_locked(store) -> Iterator[None]:
    """Somebody else is in the middle of writing, everywhere."""
    with store.write() as session:
        session.execute(select(1))
        if not store.is_sqlite:
            tables = ", ".join(sorted(Base.metadata.tables))
            session.execute(text(f"LOCK TABLE {tables} IN EXCLUSIVE MODE"))
        yield


def figures(seen) -> list[tuple[int, int, int]]:
    return [(sheet.counts.added, sheet.counts.updated, sheet.counts.rejected) for sheet in seen.sheets]


def test_others_write_at_once_while_a_check_of_several_sheets_is_at_work(
    together, store, actors, now, impatient, monkeypatch
):  # fmt: skip
    together({"客户": ("customers", STORED)})
    (known,) = records(store, select(Customer))
    wrote = []

    def write_in_between(*told):
        name = f"丁{len(wrote)}"
        edited = edit_customer(
            actors.manager, store, known.id, {"name": name}, known.version + len(wrote), now=now
        )
        brought = together({"客户": ("customers", [STORED[0], [name, name, "王伟"]])})
        wrote.append((edited, brought.counts.added))
        return shown(*told)

    shown = commands.preview_of
    monkeypatch.setattr(commands, "preview_of", write_in_between)
    seen = together(FILE, command=preview, mode="both")
    assert [added for _, added in wrote] == [1, 1]
    assert figures(seen) == EXPECTED
    assert {each.name for each in records(store, select(Customer))} == {"丁0", "丁1"}


def test_a_check_of_several_sheets_ends_while_somebody_else_holds_every_lock(together, store, impatient):
    together({"客户": ("customers", STORED)})
    before = stored_numbers(store)
    with everything_locked(store):
        seen = together(FILE, command=preview, mode="both")
    assert figures(seen) == EXPECTED
    assert [(each.record, each.field, each.old, each.new) for each in seen.sheets[0].changes] == [
        ("A", "name", "甲", "甲*"), ("A", "account_manager", "", "王伟"),
    ]  # fmt: skip
    assert stored_numbers(store) == before
    assert figures_of_commit(together(FILE, mode="both")) == EXPECTED


def figures_of_commit(done) -> list[tuple[int, int, int]]:
    return [(sheet.added, sheet.updated, sheet.rejected) for sheet in done.sheets]


def test_in_a_rehearsal_what_was_not_foreseen_cannot_be_written(store):
    with rehearsal(store) as session:
        session.add(StaffMember(name="王伟"))
        session.flush()
        assert session.scalar(select(func.count()).select_from(StaffMember)) == 1
        session.add(batch())
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.flush()
    assert records(store, select(StaffMember)) == []


def batch() -> ImportBatch:
    counts = dict.fromkeys(("rows_read", "added", "updated", "unchanged", "rejected"), 0)
    return ImportBatch(
        table_code="x", file_name="x", file_sha256="x", mapping={}, mode="add", committed_at=NOW, **counts
    )


def test_a_rehearsal_shows_what_is_stored_as_it_was_changed_there(bring, store):
    bring("customers", [STORED[0], ["A", "甲", None], ["B", "乙", None], ["C", "丙", None]])
    with rehearsal(store) as session:
        first, second, _ = session.scalars(select(Customer).order_by(Customer.code)).all()
        table = Customer.__table__
        session.execute(table.update().where(table.c.id == first.id).values(name="甲甲"))
        session.execute(table.update().where(table.c.id == first.id).values(region="华东"))
        session.execute(table.delete().where(table.c.id == second.id))
        columns = select(table.c.code, table.c.name, table.c.region).order_by(table.c.code)
        assert [tuple(row) for row in session.execute(columns)] == [("A", "甲甲", "华东"), ("C", "丙", None)]
        session.execute(table.delete())
        assert session.execute(columns).all() == []
    assert [each.name for each in records(store, select(Customer).order_by(Customer.code))] == [
        "甲",
        "乙",
        "丙",
    ]


@contextmanager
def saved_for_real(store) -> Iterator[Session]:
    """What a rehearsal stands for: everything is saved, and taken back at the end."""
    with store.write() as session:
        saved_under = batch()
        session.add(saved_under)
        session.flush()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(commands, "NO_BATCH", saved_under.id)
            yield session
        session.rollback()


@settings(BRIEFLY, max_examples=2)
@given(data=st.data())
def test_a_check_shows_what_it_would_had_it_saved_for_real(together, with_own_fields, store, data):
    compare_check_and_commit(together, with_own_fields, store, data)


@pytest.mark.full
@settings(BRIEFLY, max_examples=40)
@given(data=st.data())
def test_a_check_of_many_companies_shows_what_it_would_had_it_saved_for_real(
    together, with_own_fields, store, data
):  # fmt: skip
    compare_check_and_commit(together, with_own_fields, store, data)


@pytest.fixture
def with_own_fields(store) -> dict[str, Any]:
    """The tables of a company with fields of its own, personal ones too."""
    with store.write() as session:
        for table in ("customers", "leads", "contracts"):
            add_own_field(session, table, "mine", zh="自有", personal=table != "contracts")
        session.commit()
        return catalogue(session)


def compare_check_and_commit(together, tables, store, data: st.DataObject) -> None:
    """Some tables in two sheets each of one file, over a company that has some of it already."""
    kinds = data.draw(st.lists(st.sampled_from(ORDER), min_size=4, max_size=4, unique=True))
    stored = drawn(data, tables, kinds)
    for code in data.draw(st.sets(st.sampled_from(kinds), max_size=2)):
        together({"x": (code, [header(tables, code), *stored[code]])}, create_customers=True)
    halves = [drawn(data, tables, kinds) for _ in range(2)]
    # What the first half brings comes again in the second, so that plans meet what was just saved.
    halves[1] = {code: [*rows, halves[0][code][0]] for code, rows in halves[1].items()}
    file = {
        f"{code}{number}": (code, [header(tables, code), *half[code]])
        for number, half in enumerate(halves)
        for code in kinds
    }
    options = {"mode": data.draw(st.sampled_from(["add", "both", "update"])), "create_customers": True}
    before = stored_numbers(store)
    seen = together(file, command=preview, **options)
    assert stored_numbers(store) == before
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "rehearsal", saved_for_real)
        for_real = together(file, command=preview, **options)
    assert without_token(seen) == without_token(for_real)
    assert stored_numbers(store) == before
    done = together(file, command=commit_import, **options)
    assert [sheet.figures for sheet in done.sheets] == [sheet.counts.figures for sheet in seen.sheets]
    assert rejected(store, done) == rejected(store, seen)


def drawn(data: st.DataObject, tables, kinds) -> dict[str, list[tuple[str | None, ...]]]:
    """Some rows of each of these tables."""
    return {
        code: data.draw(st.lists(st.tuples(*map(cells, tables[code].fields)), min_size=1, max_size=2))
        for code in kinds
    }


def header(tables, code: str) -> list[str]:
    return [field.code for field in tables[code].fields]


def without_token(seen) -> Any:
    return [{**sheet.to_json(), "rejects_file": None} for sheet in seen.sheets]


def rejected(store, told) -> Any:
    """Every cell of the workbook of rejected rows, reasons included."""
    if told.rejects_file is None:
        return None
    workbook = openpyxl.load_workbook(store.data_dir / told.rejects_file)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook}
