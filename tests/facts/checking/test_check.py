"""Sheets become typed rows and problems."""

from __future__ import annotations

from datetime import date

import pytest

from core.facts.checking.check import check
from core.facts.checking.results import Checked, CleanedField
from core.facts.checking.rules import KEYS
from core.facts.cleaning.dates import Reading
from core.facts.fields import TABLES
from core.facts.matching.match import match_headers
from core.facts.reading import stage
from core.language import translate
from tests.facts.conftest import staged_rows, write_sheet

READING = Reading(date(2026, 11, 3), "Asia/Shanghai")


@pytest.fixture
def checked(tmp_path):
    def run(table_code: str, rows, file_name: str = "file.xlsx") -> Checked:
        path = tmp_path / file_name
        if file_name.endswith(".csv"):
            path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
        else:
            write_sheet(path, rows)
        staged = stage(path, file_name, None, tmp_path / "staged")
        return check(staged, match_headers(TABLES[table_code], staged.headers), READING)

    return run


def problems(checked: Checked) -> list[tuple[int, str | None, str]]:
    return [(p.row, p.column, translate(p.message, "en")) for p in checked.problems]


LINE = ["客户编号", "下单时间", "金额", "数量", "单价"]


def test_an_amount_is_given_or_derived_exactly_and_the_given_one_wins(checked):
    found = checked(
        "transactions",
        [
            LINE,
            ["A", "2026-11-03", None, 3, 19.99],
            ["A", "2026-11-03", None, "0.3333", "0.0005"],  # 0.00016665, half up
            ["A", "2026-11-03", None, -1, "0.00005"],
            ["A", "2026-11-03", 50, 3, 19.99],
            ["A", "2026-11-03", 7, None, None],
        ],
    )
    assert found.rows.column("amount").to_pylist() == [599700, 2, -1, 500000, 70000]
    assert [(n.values["rows"]) for n in found.notes] == [1]
    assert problems(found) == []


def test_a_row_without_amount_needs_both_quantity_and_price(checked):
    found = checked(
        "transactions", [LINE, ["A", "2026-11-03", None, 3, None], ["A", "2026-11-03", None, 3, 1]]
    )
    assert problems(found) == [(2, "C (金额)", "Amount is missing. Fill it in.")]
    assert found.rows.column("ok").to_pylist() == [False, True]


def test_the_sign_of_the_currency_that_the_header_names_may_stand_in_its_cells(checked):
    found = checked(
        "transactions",
        [["客户编号", "下单时间", "金额（USD）"], ["A", "2026-11-03", "$1,200"], ["A", "2026-11-03", "€5"]],
    )
    assert found.rows.column("amount").to_pylist() == [12_000_000, None]
    assert [(row, column) for row, column, _message in problems(found)] == [(3, "C (金额（USD）)")]
    assert "names another currency" in problems(found)[0][2]


def test_every_bad_cell_is_named_by_row_and_column(checked):
    found = checked(
        "transactions",
        [
            ["Customer", "Order date", "Amount", "Order no"],
            ["A", "2026-11-03", "12", "1"],
            ["B", "1899-12-30", "12", "1"],
            ["C", "2099-01-01", "a lot", "1"],
            [None, "2026-11-03", "1", "1"],
            ["D", None, "1", "1"],
            ["E", "2026-11-03", "1", 123456789012345678],
            ["F", "2026-11-03", "1", "1.23457E+17"],
            ["G" * 65, "2026-11-03", "1", "1"],
        ],
    )
    assert [(row, column) for row, column, _ in problems(found)] == [
        (3, "B (Order date)"), (4, "B (Order date)"), (4, "C (Amount)"), (5, "A (Customer)"), (6,
                                                                                               "B (Order date)"),
        (7, "D (Order no)"), (8, "D (Order no)"), (9, "A (Customer)"),
    ]  # fmt: skip
    told = {row: text for row, _, text in problems(found) if row != 4}
    assert told[3] == "1899-12-30 cannot be right: dates from 1990-01-01 to 2026-11-04 are taken. Correct it."
    assert told[5] == "Customer code is missing. Fill it in."
    assert "lost its last digits" in told[7]
    assert "lost its last digits" in told[8]
    assert found.rows.column("ok").to_pylist() == [True] + [False] * 7


def test_what_was_tidied_is_counted_and_shown_but_personal_values_are_not(checked):
    found = checked(
        "customers",
        [
            ["客户编号", "客户名称", "手机号", "年营业额"],
            ["Ａ1", "张晓明", "100-0000-1234", "1,200,000元"],
            ["A2", "=cmd|' /C calc'!A0", "10000001235", "5"],
        ],
    )
    assert {c.field: (c.cells, c.samples) for c in found.cleaned} == {
        "customer_code": (1, (("Ａ1", "A1"),)),
        "phone": (1, ()),
        "annual_revenue": (1, (("1,200,000元", "1200000"),)),
    }
    assert found.rows.column("name").to_pylist() == ["张晓明", "=cmd|' /C calc'!A0"]


def test_one_customer_told_of_twice_in_different_words_is_refused_both_times(checked):
    found = checked(
        "customers",
        [["客户编号", "客户名称"], ["A", "甲"], ["B", "乙"], ["A", "丙"], ["B", "乙"]],
    )
    sentence = "Rows 2 and 4 name the same record with different values. Keep one."
    assert problems(found) == [(2, None, sentence), (4, None, sentence)]


def test_one_line_number_told_of_twice_in_different_words_is_refused_both_times(checked):
    header = ["Customer", "Order no", "Line no", "Order date", "Amount"]
    found = checked(
        "transactions",
        [
            header,
            ["A", "1", "1", "2026-11-03", "5"],
            ["A", "1", "1", "2026-11-03", "6"],
            ["A", "2", "1", "2026-11-03", "6"],
            ["B", "1", "1", "2026-11-03", "7"],
        ],
    )
    assert [row for row, _, _ in problems(found)] == [2, 3]


def test_a_customer_needs_a_code_or_name_and_phone(checked):
    found = checked(
        "customers",
        [
            ["客户编号", "客户名称", "手机号"],
            [None, "甲", "10000001234"],
            [None, "乙", None],
            ["C", None, None],
        ],
    )
    assert [row for row, _, _ in problems(found)] == [3]


def test_a_csv_row_with_stray_delimiters_is_refused(checked):
    found = checked(
        "satisfaction",
        [["客户编号", "日期", "评分"], ["A", "2026-11-03", "5"], ["B", "2026-11-03", "5", "more"]],
        "file.csv",
    )
    assert problems(found) == [
        (
            3,
            None,
            "The row has 4 cells under 3 headers. Put quotation marks around cells that hold the delimiter.",
        )
    ]


def test_a_cell_that_shows_an_error_is_refused(tmp_path, checked):
    import xlsxwriter

    path = tmp_path / "error.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        for column, header in enumerate(("Customer", "Date", "Score")):
            sheet.write_string(0, column, header)
        sheet.write_row(1, 0, ["A", "2026-11-03"])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    staged = stage(path, "error.xlsx", None, tmp_path / "staged")
    found = check(staged, match_headers(TABLES["satisfaction"], staged.headers), READING)
    assert problems(found) == [
        (2, "C (Score)", "The cell shows the error #DIV/0!. Correct its formula or enter the value.")
    ]


def test_a_cell_is_read_as_what_it_was_said_to_stand_for_and_is_counted(tmp_path):
    said = ["打出去的", "Select", "inbound", "nonsense"]
    rows = [["Customer code", "Occurred at", "Kind", "Direction"]]
    rows += [["A", f"2026-10-0{day}", "visit", word] for day, word in enumerate(said, 1)]
    staged = staged_rows(rows, tmp_path)
    values = {"direction": {"打出去的": "outbound", "Select": None, "nonsense": "no such direction"}}
    checked = check(staged, match_headers(TABLES["interactions"], staged.headers), READING, values)
    assert checked.rows.column("direction").to_pylist() == ["outbound", None, "inbound", None]
    assert checked.cleaned == (CleanedField("direction", 2, (("打出去的", "outbound"), ("Select", ""))),)
    assert [(row, column) for row, column, _ in problems(checked)] == [(5, "D (Direction)")]


def _spare(table: str) -> list[str]:
    """The fields of a kind of file that a row may leave out without being another record."""
    key = KEYS[table][0][0]
    return [f.code for f in TABLES[table].fields if f.example_en and f.code not in key and not f.required]


@pytest.mark.parametrize("table", [table for table in KEYS if _spare(table)])
def test_a_record_told_of_twice_is_refused_both_times_even_if_one_row_only_says_less(tmp_path, table):
    fields = [field for field in TABLES[table].fields if field.example_en]
    full = [field.example_en for field in fields]
    less = [None if field.code == _spare(table)[-1] else field.example_en for field in fields]
    for number, rows in enumerate(([full, less, full], [less, full, full])):
        staged = staged_rows([[field.code for field in fields], *rows], tmp_path / str(number))
        found = problems(check(staged, match_headers(TABLES[table], staged.headers), READING))
        told = "Rows 2 and 4 name the same record with different values. Keep one."
        assert found == [(row, None, told) for row in (2, 3, 4)]


def test_phones_and_emails_are_neither_quoted_nor_listed_as_words(checked):
    found = checked(
        "interactions",
        [
            ["客户编号", "联系时间", "联系方式"],
            ["A", "2026-11-03", "13812345678"],
            ["B", "2026-11-03", "li@example.com"],
            ["C", "2026-11-03", "飞鸽"],
        ],
    )
    assert found.unread == {"kind": {"飞鸽": 1}}
    said = [sentence for _, _, sentence in problems(found)]
    assert ["“***”" in sentence for sentence in said] == [True, True, False]
    assert "13812345678" not in repr(said)
    assert "example.com" not in repr(said)


def test_an_apostrophe_that_goes_is_listed_as_cleaned(checked):
    rows = [["客户编号", "城市"], ["A", "'=A"], ["B", "'@x"], ["C", "'杭州"]]
    found = checked("customers", rows, "file.csv")
    assert found.rows.column("city").to_pylist() == ["=A", "@x", "'杭州"]
    assert found.cleaned == (CleanedField("city", 2, (("'=A", "=A"), ("'@x", "@x"))),)
