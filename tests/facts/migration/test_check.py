"""Whether every row and every phone of a file arrived."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select, update

from core.access.actor import SYSTEM
from core.errors import NotAllowed, NotFound, Refused
from core.facts.duplicates.merge_service import merge
from core.facts.fields import TABLES
from core.facts.importing import ImportRequest, commit_import
from core.facts.importing.planning import ORDER
from core.facts.importing.request import SheetImport
from core.facts.migration.file import check_file
from core.facts.migration.shown import shown_count
from core.facts.service import edit_customer
from core.facts.tables import Customer, ImportBatch
from core.facts.uploads import keep_upload
from tests.conftest import NOW
from tests.facts.conftest import records
from tests.facts.migration.workbooks import HEADER, ROWS, SHEETS, request, workbook

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def checked(store, actors, tmp_path):
    """Hold sheets against the database; the count and its workbook."""

    def run(sheets, actor=None):
        actor = actor or actors.operations
        token = keep_upload(actor, store, "old.xlsx", io.BytesIO(workbook(sheets)), now=NOW).token
        found = check_file(actor, store, request(token, sheets), tmp_path / "check.xlsx", now=NOW)
        return found, openpyxl.load_workbook(tmp_path / "check.xlsx")

    return run


def by_code(store):
    return {each.code: each for each in records(store, select(Customer))}


def test_of_every_table_a_row_that_arrived_and_one_that_did_not_are_told_apart(imported, checked):
    assert set(SHEETS) == set(TABLES) == set(ORDER)
    imported({name: rows[:2] for name, rows in SHEETS.items()})
    first, _book = checked({name: rows[:2] for name, rows in SHEETS.items()})
    assert first.complete
    assert first.findings == 0
    found, book = checked(SHEETS)
    assert {each.table_code: each.rows for each in found.sheets} == {
        name: {"there": 1, "missing": 1} for name in SHEETS
    }
    assert {each.table_code: dict(each.phones) for each in found.sheets if each.has_phones} == {
        "customers": {"same": 1, "no_record": 1}, "leads": {"same": 1, "no_record": 1},
    }  # fmt: skip
    assert not found.complete
    missing = {each.table_code: [f.row for f in each.findings if f.what == "row"] for each in found.sheets}
    assert missing == {name: [3] for name in SHEETS}
    assert book.sheetnames == ["Migration check", "Differences", "About this file"]
    assert book["Differences"].max_row == 1 + found.findings == 1 + len(SHEETS)


def test_records_with_other_values_are_there_and_lines_with_other_values_are_not(imported, checked):
    imported({"contracts": SHEETS["contracts"][:2], "transactions": SHEETS["transactions"][:2]} | {
        "customers": SHEETS["customers"][:2]})  # fmt: skip
    contracts = [SHEETS["contracts"][0], ("H1", "C1", "2026-10-01", "501")]
    lines = [SHEETS["transactions"][0], ("C1", "D1", "2026-10-01", "11")]
    found, _book = checked({"contracts": contracts, "transactions": lines})
    assert [dict(each.rows) for each in found.sheets] == [{"changed": 1}, {"missing": 1}]


def test_a_numbered_line_is_known_by_its_number(imported, checked):
    header = ("客户编号", "订单号", "行号", "下单时间", "金额")
    imported(
        {
            "customers": SHEETS["customers"][:2],
            "transactions": [header, ("C1", "D1", "1", "2026-10-01", "10")],
        }
    )
    rows = [header, ("C1", "D1", "1", "2026-10-01", "12"), ("C1", "D1", "2", "2026-10-01", "10")]
    found, _book = checked({"transactions": rows})
    assert dict(found.sheets[0].rows) == {"changed": 1, "missing": 1}


def test_equal_rows_of_a_record_that_is_not_there_are_all_missing(checked):
    found, _book = checked({"products": [("商品编号", "商品名称"), ("P1", "水"), ("P1", "水")]})
    assert dict(found.sheets[0].rows) == {"missing": 2}
    found, _book = checked({"customers": [HEADER, ROWS[1], ROWS[1]]})
    assert dict(found.sheets[0].rows) == {"missing": 2}


def test_a_payment_of_an_unknown_contract_is_there_when_its_own_code_is(imported, checked):
    imported({name: SHEETS[name][:2] for name in ("customers", "contracts", "payments")})
    header, row = SHEETS["payments"][:2]
    found, _book = checked({"payments": [header, (row[0], "H8", *row[2:]), ("B8", "H8", *row[2:])]})
    assert dict(found.sheets[0].rows) == {"changed": 1, "missing": 1}


def test_each_row_and_phone_that_differs_is_listed_with_what_explains_it(store, actors, imported, checked):
    imported({"customers": ROWS})
    stored = by_code(store)
    edit_customer(actors.manager, store, stored["C2"].id, {"phone": "10000000019"}, 1, now=LATER)
    merge(actors.manager, store, stored["C1"].id, stored["C3"].id, {}, expected_versions=(1, 1), now=LATER)
    wanted = [*ROWS, ("C5", "钱多", "10000000005"), ("C6", "孙武", "12")]
    found, book = checked({"customers": wanted})
    (sheet,) = found.sheets
    assert dict(sheet.rows) == {"there": 2, "changed": 1, "merged": 1, "missing": 1, "unreadable": 1}
    assert dict(sheet.phones) == {"same": 2, "edited": 1, "no_record": 1, "rejected": 1}
    assert sheet.rows_read == found.rows_read == 6
    assert [(each.row, each.record, each.what, each.fate) for each in sheet.findings] == [
        (3, "C2", "row", "changed"),
        (3, "C2", "phone", "edited"),
        (6, "C5", "row", "missing"),
        (7, "C6", "row", "unreadable"),
    ]
    assert sheet.findings[-1].why is not None
    listed = [tuple(cell.value for cell in row) for row in book["Differences"].iter_rows(min_row=2)]
    assert listed[1] == ("customers", "Customers", 3, "C2", "李华", "100****0002", "Phone",
                         "Other phone there: edited after its import", None)  # fmt: skip
    assert "10000000019" not in str(listed)


def test_phones_stand_in_full_only_where_the_role_sees_them_and_never_in_what_a_page_keeps(
    store, actors, checked
):
    for actor, phone in ((actors.operations, "100****0001"), (actors.manager, "10000000001")):
        found, book = checked({"customers": ROWS}, actor)
        assert found.sheets[0].findings[0].phone == phone
        assert book["Differences"]["F2"].value == phone
        kept = json.dumps(shown_count(found), ensure_ascii=False)
        assert "100****0001" in kept
        assert "张**" in kept
        assert "10000000001" not in kept
        assert "张晓明" not in kept


def test_phones_of_rejected_rows_are_phones_of_the_file(imported, checked):
    """Whether the phone itself or another cell is why the row is rejected."""
    imported({"customers": ROWS})
    header = (*HEADER, "生日")
    wanted = [header, (*ROWS[1], ""), ("C5", "钱多", "12", ""), ("C6", "孙武", "10000000006", "明年"),
              ("C7", "周易", "", "明年")]  # fmt: skip
    found, book = checked({"customers": wanted})
    (sheet,) = found.sheets
    assert dict(sheet.rows) == {"there": 1, "unreadable": 3}
    assert dict(sheet.phones) == {"same": 1, "rejected": 2}
    assert [(each.row, each.what) for each in sheet.findings] == [(3, "row"), (4, "row"), (5, "row")]
    said = [[cell.value for cell in row][2:] for row in book["Migration check"].iter_rows(min_row=2)]
    assert ["Phone", "In a row that the import would reject", 2] in said


def test_without_a_code_name_and_phone_say_who_is_meant(imported, checked):
    imported({"customers": ROWS})
    rows = [("姓名", "手机号"), ("张晓明", "10000000001"), ("李华", "10000000007")]
    found, _book = checked({"customers": rows})
    assert dict(found.sheets[0].rows) == {"there": 1, "missing": 1}


def test_an_import_that_was_undone_explains_what_is_not_there(store, imported, checked):
    done = imported({"customers": ROWS})
    with store.write() as session:
        session.execute(update(Customer).values(code=Customer.code + "x"))
        session.execute(update(ImportBatch).where(ImportBatch.id == done.batches[0]).values(undone_at=LATER))
        session.commit()
    found, _book = checked({"customers": ROWS})
    assert dict(found.sheets[0].rows) == {"undone": 4}


def test_headers_that_do_not_suffice_are_refused_with_the_sheet(checked):
    with pytest.raises(Refused, match="payments"):
        checked({"payments": [("回款编号", "备注"), ("B1", "x")]})


def test_nobody_checks_without_permission_or_what_somebody_else_brought(store, actors, checked, tmp_path):
    with pytest.raises(NotAllowed):
        checked({"customers": ROWS}, actor=actors.staff)
    file = io.BytesIO(workbook({"customers": ROWS}))
    token = keep_upload(actors.manager, store, "mine.xlsx", file, now=NOW).token
    with pytest.raises(NotFound):
        check_file(
            actors.operations, store, request(token, ["customers"]), tmp_path / "x.xlsx", now=NOW
        )  # fmt: skip


def test_a_file_is_read_as_its_import_read_it(store, actors, checked, tmp_path):
    """Columns and words that somebody settled by hand are compared, not passed over."""
    rows = [("客户编号", "姓名", "号码一", "类型"), ("C1", "张晓明", "10000000001", "散户"),
            ("C2", "李华", "10000000002", "散户")]  # fmt: skip
    path = tmp_path / "in.xlsx"
    path.write_bytes(workbook({"customers": rows}))
    asked = SheetImport(
        "customers", "customers", {"号码一": "phone", "类型": "kind"}, {"kind": {"散户": "person"}}
    )
    done = commit_import(SYSTEM, store, ImportRequest(str(path), "old.xlsx", (asked,), mode="both"), now=NOW)
    assert (done.counts.added, done.counts.rejected) == (2, 0)
    edit_customer(actors.manager, store, by_code(store)["C2"].id, {"phone": None}, 1, now=LATER)
    found, _book = checked({"customers": rows})
    (sheet,) = found.sheets
    assert (dict(sheet.rows), dict(sheet.phones)) == ({"there": 1, "changed": 1}, {"same": 1, "no_phone": 1})
    assert (sheet.phones_compared, found.complete) == (True, False)


def test_phones_that_no_column_stands_for_are_said_not_to_have_been_compared(checked, imported):
    rows = [("客户编号", "姓名", "号码一"), ("C1", "张晓明", "10000000001")]
    imported({"customers": rows})
    found, book = checked({"customers": rows})
    assert not found.sheets[0].phones_compared
    assert shown_count(found)["sheets"][0]["phones_compared"] is False
    said = [[cell.value for cell in row][2:] for row in book["Migration check"].iter_rows(min_row=2)]
    assert ["Phone", "Not compared: no column is matched to the phone", 0] in said
