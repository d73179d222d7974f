"""Whether every row and every phone of a file arrived."""

from __future__ import annotations

import io
from datetime import timedelta
from hashlib import sha256

import openpyxl
import pytest
from sqlalchemy import select

from core.errors import NotAllowed, NotFound, Refused
from core.facts.merge_service import merge
from core.facts.migration_queries import Asked, check_file, import_checks, import_fields
from core.facts.service import edit_customer
from core.facts.tables import Customer, ImportBatch
from core.facts.uploads import keep_upload
from tests.conftest import NOW
from tests.facts.conftest import records, write_sheet

LATER = NOW + timedelta(hours=1)
HEADER = ("客户编号", "姓名", "手机号")
ROWS = [
    HEADER,
    ("C1", "张晓明", "10000000001"),
    ("C2", "李华", "10000000002"),
    ("C3", "王芳", "10000000003"),
    ("C4", "赵云", None),
]


@pytest.fixture
def checked(store, actors, tmp_path):
    """Check rows (the first is the header) against the database; the result and its workbook."""

    def run(rows, table_code="customers", actor=None):
        path = (
            tmp_path / f"{abs(hash(repr(rows)))}.xlsx"
        )  # a workbook holds when it was written: one for each content
        file = io.BytesIO((path if path.exists() else write_sheet(path, rows)).read_bytes())
        actor = actor or actors.operations
        token = keep_upload(actor, store, "old.xlsx", file, now=NOW).token
        return check_file(
            actor, store, Asked(token, "old.xlsx", table_code), tmp_path / "check.xlsx", now=NOW
        ), openpyxl.load_workbook(tmp_path / "check.xlsx")

    return run


def by_code(store):
    return {each.code: each for each in records(store, select(Customer))}


def test_a_file_that_arrived_whole_has_no_difference(store, bring, checked):
    bring("customers", ROWS)
    found, workbook = checked(ROWS)
    assert (found.rows_read, found.rows, found.phones) == (4, {"there": 4}, {"same": 3})
    assert found.complete
    assert workbook.sheetnames == ["Migration check", "Differences", "About this file"]
    assert workbook["Differences"].max_row == 1


def test_each_row_and_phone_that_differs_is_listed_with_what_explains_it(store, actors, bring, checked):
    bring("customers", ROWS)
    stored = by_code(store)
    edit_customer(actors.manager, store, stored["C2"].id, {"phone": "10000000009"}, 1, now=LATER)
    merge(actors.manager, store, stored["C1"].id, stored["C3"].id, {}, expected_versions=(1, 1), now=LATER)
    wanted = [*ROWS, ("C5", "钱多", "10000000005"), ("C6", "孙武", "12")]
    found, workbook = checked(wanted)
    assert found.rows == {"there": 3, "merged": 1, "missing": 1, "unreadable": 1}
    assert found.phones == {"same": 2, "edited": 1, "no_record": 1}
    assert sum(found.rows.values()) == found.rows_read == 6
    assert [(each.row, each.code, each.what, each.fate) for each in found.findings] == [
        (3, "C2", "phone", "edited"),
        (6, "C5", "phone", "no_record"),
        (6, "C5", "row", "missing"),
        (7, "", "row", "unreadable"),
    ]
    listed = [tuple(cell.value for cell in row) for row in workbook["Differences"].iter_rows(min_row=2)]
    assert listed[0] == (3, "C2", "Phone", "Other phone there: edited after its import")
    assert "10000000009" not in str(listed)


def test_without_a_code_name_and_phone_say_who_is_meant(store, bring, checked):
    bring("customers", ROWS)
    found, _workbook = checked([("姓名", "手机号"), ("张晓明", "10000000001"), ("李华", "10000000007")])
    assert found.rows == {"there": 1, "missing": 1}


def test_an_import_that_was_undone_explains_what_is_not_there(store, actors, bring, checked):
    first, _workbook = checked(ROWS)
    assert first.rows == {"missing": 4}
    with store.write() as session:
        newest = max((store.data_dir / "uploads").glob("*"), key=lambda each: each.stat().st_size)
        session.add(
            ImportBatch(table_code="customers", file_name="old.xlsx", mapping={}, mode="add", rows_read=4, added=4,
                        file_sha256=sha256(newest.read_bytes()).hexdigest(), updated=0, unchanged=0, rejected=0,
                        committed_at=NOW, undone_at=LATER)
        )  # fmt: skip
        session.commit()
    found, _workbook = checked(ROWS)
    assert found.rows == {"undone": 4}


def test_files_of_leads_are_checked_too(store, bring, checked):
    rows = [("线索编号", "姓名", "手机号", "进入时间"), ("L1", "张", "10000000001", "2026-10-01"),
            ("L2", "李", "10000000002", "2026-10-01")]  # fmt: skip
    bring("leads", rows[:2])
    found, _workbook = checked(rows, "leads")
    assert (found.rows, found.phones) == ({"there": 1, "missing": 1}, {"same": 1, "no_record": 1})


def test_other_kinds_are_refused_and_nobody_checks_what_somebody_else_brought(
    store, actors, checked, tmp_path
):
    with pytest.raises(Refused, match="customers and of leads"):
        checked(ROWS, "transactions")
    with pytest.raises(NotAllowed):
        checked(ROWS, actor=actors.staff)
    file = io.BytesIO(write_sheet(tmp_path / "mine.xlsx", ROWS).read_bytes())
    token = keep_upload(actors.manager, store, "mine.xlsx", file, now=NOW).token
    with pytest.raises(NotFound):
        check_file(
            actors.operations, store, Asked(token, "mine.xlsx", "customers"), tmp_path / "x.xlsx", now=NOW
        )


def test_each_import_is_counted_against_what_is_there_now(store, actors, bring):
    bring("customers", [*ROWS, ("C6", "孙武", "12")])
    stored = by_code(store)
    edit_customer(actors.manager, store, stored["C2"].id, {"phone": None}, 1, now=LATER)
    (line,) = import_checks(actors.operations, store)
    assert (line.rows_read, line.accepted, line.rejected) == (5, 4, 1)
    assert (line.there, line.phones_there, line.edited, line.merged) == (4, 2, 1, 0)
    assert line.phones_in_file is None or line.phones_in_file == 3
    with pytest.raises(NotAllowed):
        import_checks(actors.supervisor, store)


def test_each_field_of_an_import_is_counted_in_the_file_and_in_the_database(store, actors, bring):
    bring("customers", ROWS)
    with store.write() as session:
        batch = session.scalars(select(ImportBatch)).one()
        batch.filled = {"customer_code": 4, "name": 4, "phone": 3}
        session.commit()
    stored = by_code(store)
    edit_customer(actors.manager, store, stored["C2"].id, {"phone": None}, 1, now=LATER)
    found = import_fields(actors.operations, store, batch.id)
    assert [(each.field.code, each.in_file, each.there) for each in found] == [
        ("customer_code", 4, 4), ("name", 4, 4), ("phone", 3, 2),
    ]  # fmt: skip
    assert import_fields(actors.operations, store, batch.id + 1) == []
