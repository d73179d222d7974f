"""Several sheets of a workbook in one go: in the order of their references, all in one transaction."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from sqlalchemy import select

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, SheetImport, commit_import, preview
from core.facts.importing.queries import import_batches, rejected_rows
from core.facts.importing.undo import undo_plan
from core.facts.migration.imports import import_checks
from core.facts.tables import ImportBatch
from core.language import translate
from core.store.versions import data_version
from tests.facts.importing.results import stored_numbers

CUSTOMERS = [["客户编号", "客户名称"], ["A", "甲"], ["B", "乙"]]
ORDERS = [
    ["客户编号", "订单编号", "下单时间", "金额"],
    ["A", "1", "2026-10-01", 10],
    ["B", "2", "2026-10-02", 20],
]
LEADS = [["lead_code", "arrived_at", "name"], ["L1", "2026-10-01 09:00", "张三"]]
DEALS = [["lead_code", "won_at", "amount"], ["L1", "2026-10-05", 100]]


def test_a_later_sheet_names_what_an_earlier_one_brings_whatever_their_order_in_the_file(together, store):
    file = {
        "单": ("transactions", ORDERS),
        "成交": ("deals", DEALS),
        "线索": ("leads", LEADS),
        "客户": ("customers", CUSTOMERS),
    }
    seen = together(file, command=preview)
    assert [(sheet.table_code, sheet.counts.added, sheet.counts.updated) for sheet in seen.sheets] == [
        ("customers", 2, 0), ("leads", 1, 0), ("deals", 0, 1), ("transactions", 2, 0),
    ]  # fmt: skip
    assert seen.counts.rejected == 0
    assert stored_numbers(store) == [0, 0, 0, 0, 0]

    done = together(file)
    assert [sheet.figures for sheet in done.sheets] == [sheet.counts.figures for sheet in seen.sheets]
    assert stored_numbers(store) == [2, 2, 2, 1, 4]
    with store.read() as session:
        batches = session.scalars(select(ImportBatch).order_by(ImportBatch.id)).all()
        assert tuple(batch.id for batch in batches) == done.batches
        assert [batch.sheet for batch in batches] == ["客户", "线索", "成交", "单"]
        assert len({batch.together for batch in batches}) == 1
        assert batches[0].together
        assert (batches[3].filled["amount"], batches[3].filled.get("channel")) == (2, None)
        assert data_version(session) == 1


def test_one_refused_row_in_any_sheet_keeps_all_of_them_out_when_all_or_nothing_was_asked(together, store):
    file = {"客户": ("customers", CUSTOMERS), "单": ("transactions", [*ORDERS, ["C", "3", "2026-10-03", 5]])}
    for command in (preview, commit_import):
        seen = together(file, command=command, all_or_nothing=True)
        assert (seen.counts.rows_read, seen.counts.rejected) == (5, 5)
        assert [sheet.rejects_file for sheet in seen.sheets] == [None, seen.rejects_file]
        assert stored_numbers(store) == [0, 0, 0, 0, 0 if command is preview else 2]
    assert together(file).counts.added == 4


def test_an_import_of_which_no_row_was_taken_is_on_record_with_its_rejected_rows(together, store):
    header, *_ = ORDERS
    unknown = ("transactions", [header, ["C", "3", "2026-10-03", 5]])
    together({"单": unknown}, command=preview)
    assert import_batches(SYSTEM, store).empty
    for sheets, options in (
        ({"单": unknown}, {}),
        ({"单": ("transactions", [*unknown[1], ["A", "4", "2026-10-03", 5]])}, {"all_or_nothing": True}),
        ({"客户": ("customers", CUSTOMERS), "单": unknown}, {"all_or_nothing": True}),
        ({"客户": ("customers", CUSTOMERS), "单": unknown}, {}),
    ):
        done = together(sheets, **options)
        (refused,) = import_batches(SYSTEM, store, limit=1).to_dict("records")
        assert (refused["sheet"], refused["added"], refused["rejected"]) == ("单", 0, refused["rows_read"])
        assert refused["file_sha256"]
        assert rejected_rows(SYSTEM, store, refused["id"])[0] == store.data_dir / done.rejects_file
    assert import_batches(SYSTEM, store)["id"].size == 6
    (check,) = import_checks(SYSTEM, store)
    assert (check.id, check.left, check.later) == (done.batches[0], 2, False)
    plan = undo_plan(SYSTEM, store, 1)
    assert "nothing to undo" in translate(plan.blocked[0], "en")


def test_the_rejected_rows_of_all_sheets_are_one_workbook_that_can_come_again(together, store):
    file = {
        "客户": ("customers", [*CUSTOMERS, [None, "丙"]]),
        "单": ("transactions", [*ORDERS, ["C", "3", "2026-10-03", 5]]),
        "线索": ("leads", LEADS),
    }
    done = together(file)
    workbook = openpyxl.load_workbook(store.data_dir / done.rejects_file)
    assert workbook.sheetnames == ["客户", "单"]
    assert [cell.value for cell in workbook["单"][2]][3:] == ["C", "3", "2026-10-03", "5"]


def test_a_failure_in_the_last_sheet_leaves_nothing_of_the_first(together, store, monkeypatch):
    monkeypatch.setattr("core.facts.importing.lines_saving._save_orders", lambda _work: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        together({"客户": ("customers", CUSTOMERS), "单": ("transactions", ORDERS)})
    assert stored_numbers(store) == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("mode", ["add", "both"])
def test_two_sheets_of_one_kind_that_contradict_each_other_are_both_refused_there(together, store, mode):
    header = CUSTOMERS[0]
    file = {
        "华东": ("customers", [header, ["A", "甲"], ["B", "乙"], ["C", "丙"]]),
        "华北": ("customers", [header, ["A", "甲甲"], ["B", "乙"]]),
        "一月": ("transactions", [ORDERS[0], ["B", "1", "2026-10-01", 10], ["B", "2", "2026-10-02", 1]]),
        "二月": ("transactions", [ORDERS[0], ["B", "1", "2026-10-01", 20], ["B", "3", "2026-10-03", 1]]),
    }
    done = together(file, mode=mode)
    assert [(s.added, s.unchanged, s.rejected) for s in done.sheets] == [
        (2, 0, 1),
        (0, 1, 1),
        (1, 0, 1),
        (1, 0, 1),
    ]
    assert together(dict(reversed(file.items())), command=preview, mode=mode).counts.rejected == 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sheets_of_a_real_workbook_are_read_one_by_one(store, now, tmp_path: Path):
    path = tmp_path / "all.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, rows in (("单", ORDERS), ("客户", CUSTOMERS)):
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    request = ImportRequest(
        str(path), path.name, (SheetImport("transactions", "单"), SheetImport("customers", "客户"))
    )
    assert ImportRequest.from_json(request.to_json()) == request
    shares: list[float] = []
    done = commit_import(SYSTEM, store, request, now=now, progress=lambda share, _: shares.append(share))
    assert [(sheet.sheet, sheet.added) for sheet in done.sheets] == [("客户", 2), ("单", 2)]
    assert shares == sorted(shares)


def test_the_check_says_once_for_the_file_which_sheets_are_not_read(store, now, tmp_path: Path):
    path = tmp_path / "all.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, rows in (
            ("单", ORDERS),
            ("客户", CUSTOMERS),
            ("旧", CUSTOMERS),
            ("藏", CUSTOMERS),
            ("Example", CUSTOMERS),
        ):
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name == "藏":
                sheet.hide()
    asked = (SheetImport("transactions", None), SheetImport("customers", "客户"))
    seen = preview(SYSTEM, store, ImportRequest(str(path), path.name, asked), now=now)
    assert [translate(note, "zh_CN") for note in seen.notes] == [
        "以下工作表未读取：旧。",
        "以下隐藏的工作表未读取：藏。",
    ]
    assert [note for sheet in seen.sheets for note in sheet.notes] == []
    assert len(seen.to_json()["notes"]) == 2


def test_what_a_job_asked_for_when_there_was_one_sheet_only_is_still_understood():
    stored = {
        "path": "t.xlsx",
        "file_name": "t.xlsx",
        "table_code": "leads",
        "sheet": None,
        "mapping": {"x": None},
        "mode": "both",
    }
    assert ImportRequest.from_json(stored) == ImportRequest.of(
        "t.xlsx", "t.xlsx", "leads", mapping={"x": None}, mode="both"
    )
