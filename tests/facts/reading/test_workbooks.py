"""Reading good workbooks, and sheets that hold no table."""

# ruff: noqa: DTZ001 - cells know no time zone
from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from core.facts import reading
from core.language import translate
from tests.facts.reading.files import (
    flags,
    inline,
    ole,
    refusal,
    staged,
    workbook,
    workbook_of_xml,
    xls_stream,
)


def test_a_sheet_is_staged_as_a_person_sees_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "订单"
    book.active.append(["客户编号", " 下单\n日期 ", "金额", "备注"])
    book.active.append(["C001", date(2024, 1, 31), 12.5, "NA"])
    book.active.append(["C002", datetime(2024, 2, 1, 9, 30), -3, None])
    book.active.append([None, None, None, "  "])
    book.active.append(["C003", None, True, "=1+1"])
    book.active["D5"].data_type = "s"
    book.save(tmp_path / "orders.xlsx")

    answer, rows = staged(tmp_path / "orders.xlsx")

    assert rows == [
        {"row": 2, "c0": "C001", "c1": "2024-01-31", "c2": "12.5", "c3": "NA"},
        {"row": 3, "c0": "C002", "c1": "2024-02-01 09:30:00", "c2": "-3", "c3": None},
        {"row": 5, "c0": "C003", "c1": None, "c2": "TRUE", "c3": "=1+1"},
    ]
    assert answer.headers == ("客户编号", "下单 日期", "金额", "备注")
    assert (answer.sheet, answer.header_row, answer.rows, answer.blank_rows) == ("订单", 1, 3, 1)
    assert flags(answer) == []


def test_a_table_may_begin_below_a_title_and_right_of_column_a(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"S": [[], [None, None, "二月订单"], [], [None, None, "code", "amount"], [None, None, "C1", 5]]},
    )
    answer, rows = staged(path)
    assert rows == [{"row": 5, "c0": "C1", "c1": "5"}]
    assert (answer.header_row, answer.rows_above) == (4, 1)
    assert answer.address(5, 1) == "D5"


def test_a_lone_header_over_one_column_is_no_title(tmp_path: Path) -> None:
    answer, rows = staged(workbook(tmp_path / "a.xlsx", {"S": [["code"], ["C1"], ["C2"]]}))
    assert answer.headers == ("code",)
    assert [row["c0"] for row in rows] == ["C1", "C2"]


def test_rows_of_numbers_above_the_header_are_left_out_and_counted(tmp_path: Path) -> None:
    answer, rows = staged(workbook(tmp_path / "a.xlsx", {"S": [[2024, 1], ["a", "b"], [1, 2]]}))
    assert (answer.header_row, answer.rows_above, len(rows)) == (2, 1, 1)


def test_a_column_of_values_without_a_header_is_kept_and_blank_ones_at_the_end_are_not(
    tmp_path: Path,
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], ["x", 1, " "], ["y", 2, " "]]})
    answer, rows = staged(path)
    assert answer.headers == ("a", "")
    assert rows[0] == {"row": 2, "c0": "x", "c1": "1"}


def test_a_header_that_stands_twice_gets_its_letter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["Amount", "b", " amount", "amount"], [1, 2, 3, 4]]})
    answer, rows = staged(path)
    assert answer.headers == ("Amount", "b", "amount (C)", "amount (D)")
    assert rows == [{"row": 2, "c0": "1", "c1": "2", "c2": "3", "c3": "4"}]


def test_ids_that_lost_digits_are_flagged_and_text_is_not(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["id"], ["110101199003077777"], [110101199003077777]]})
    answer, _ = staged(path)
    assert flags(answer) == [(3, 0, "digits_lost", "110101199003078000")]
    assert answer.flag_counts == {"digits_lost": 1}


def test_error_cells_and_formulas_without_a_result_are_flagged(tmp_path: Path) -> None:
    path = workbook_of_xml(
        tmp_path / "a.xlsx",
        f'<row r="1">{inline("B1", "a")}{inline("C1", "b")}{inline("D1", "c")}</row>'
        '<row r="2"><c r="B2"><v>1</v></c><c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="D2" t="str"><f>""</f><v></v></c></row>'
        '<row r="3" hidden="1"><c r="B3"><v>2</v></c><c r="C3"><f>A1*2</f><v/></c><c r="D3"><f>1</f><v>1</v></c></row>',
    )
    answer, rows = staged(path)
    assert sorted(flags(answer)) == [(2, 1, "error", "#DIV/0!"), (3, 1, "no_value", None)]
    assert [row["c1"] for row in rows] == ["#DIV/0!", None]
    assert answer.hidden_rows == 1


def test_nul_characters_are_taken_out_and_flagged(tmp_path: Path) -> None:
    cells = f'<row r="1">{inline("A1", "a")}</row><row r="2">{inline("A2", "x_x0000_y")}</row>'
    answer, rows = staged(workbook_of_xml(tmp_path / "a.xlsx", cells))
    assert rows == [{"row": 2, "c0": "xy"}]
    assert flags(answer) == [(2, 0, "nul_removed", "xy")]


def test_the_first_visible_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "codes"
    book.active.sheet_state = "hidden"
    book.create_sheet("orders").append(["a"])
    book["orders"].append(["x"])
    book.create_sheet("notes").append(["b"])
    book.save(tmp_path / "a.xlsx")

    answer, _ = staged(tmp_path / "a.xlsx")
    assert (answer.sheet, answer.hidden_sheets, answer.other_sheets) == ("orders", ("codes",), ("notes",))

    outline = reading.outline(tmp_path / "a.xlsx", "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in outline.sheets] == [
        ("codes", True), ("orders", False), ("notes", False),
    ]  # fmt: skip
    assert outline.sheets[0].problem is not None
    assert "is empty" in translate(outline.sheets[0].problem, "en")


def test_an_outline_shows_headers_and_the_first_rows(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx", {"S": [["a", "b"], *([str(n), n] for n in range(1, 31))], "T": [["a"]]}
    )
    outline = reading.outline(path, "report.xlsx")
    first, second = outline.sheets
    assert (first.name, first.rows, first.columns, first.header_row) == ("S", 30, 2, 1)
    assert first.headers == ("a", "b")
    assert first.sample == tuple((str(n), str(n)) for n in range(1, 21))
    assert first.problem is None
    assert second.problem is not None
    assert outline.size == path.stat().st_size


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    path = ole(tmp_path / "a.xls", {"Workbook": xls_stream([["编号", "数量"], ["A1", 2.5], ["A2", 1e16]])})
    answer, rows = staged(path)
    assert rows == [{"row": 2, "c0": "A1", "c1": "2.5"}, {"row": 3, "c0": "A2", "c1": "10000000000000000"}]
    assert flags(answer) == [(3, 1, "digits_lost", "10000000000000000")]


def test_progress_rises_to_one_over_the_blocks(tmp_path: Path) -> None:
    shares: list[float] = []
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], *([n] for n in range(25_000))]})
    answer, rows = staged(path, progress=shares.append)
    assert shares == [pytest.approx(20_001 / 25_001), 1.0]
    assert [row["row"] for row in rows] == list(range(2, 25_002))
    assert answer.rows == 25_000


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "a.xlsx, sheet “S” is empty."),
        ([["", " "]], "a.xlsx, sheet “S” is empty."),
        ([[1, 2], [3, 4]], "a.xlsx, sheet “S”: no row holds text, so there is no header."),
        ([["code", "amount"]], "a.xlsx, sheet “S” has a header in row 1 but no data below it."),
        ([["code"], [" "]], "a.xlsx, sheet “S” has a header in row 1 but no data below it."),
        ([[f"c{n}" for n in range(501)], [1]], "a.xlsx, sheet “S” has 501 columns, up to SG; at most 500"),
    ],
)
def test_a_sheet_without_a_table_is_refused(tmp_path: Path, rows: list[list[object]], sentence: str) -> None:
    assert sentence in refusal(workbook(tmp_path / "a.xlsx", {"S": rows}))


def test_a_sheet_that_is_not_there_is_refused_with_the_names_that_are(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], [1]], "T": [["a"], [1]]})
    assert refusal(path, "U") == "a.xlsx has no sheet “U”. It has: S, T."
