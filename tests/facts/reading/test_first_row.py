"""Files without a header: their first row is said to look like data, and is read as data where somebody says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.facts import reading
from core.facts.reading.first_row import looks_like_data
from core.language import translate
from tests.facts.reading.files import staged, workbook

PEOPLE = "K1,王小伟,13812345678,wang@example.com\nK2,李雷,13912345678,li@example.com\n"


@pytest.mark.parametrize(
    "row",
    [
        ["K1", "王小伟", "13812345678"],
        ["K1", "王小伟", "+86 138 1234 5678"],
        ["K1", "王小伟", "０２１-６２３４５６７８"],
        ["王小伟", "wang@example.com"],
        ["王小伟", "11010119900307888X"],
        ["K1", "电话", "2026-10-01"],
        ["K1", "2026年10月1日 09:30", "12.50"],
        ["K1", "¥1,200"],
        ["10001", "Ada"],
    ],
)
def test_a_row_with_a_phone_an_e_mail_a_day_or_a_number_looks_like_data(row: list[str]) -> None:
    assert looks_like_data(row)


@pytest.mark.parametrize(
    "row",
    [
        ["客户编号", "姓名", "手机号"],
        ["客户编号", "姓名", "13812345678"],
        ["货号", "38", "39", "40"],
        ["产品", "2024", "2026"],
        ["Region", "Q1", "2026-10"],
        ["K1", "王小伟"],
        [],
    ],
)
def test_known_names_years_and_numbers_in_a_row_look_like_a_header(row: list[str]) -> None:
    assert not looks_like_data(row)


def test_nothing_of_a_header_that_looks_like_data_becomes_a_name_and_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(PEOPLE)
    (sheet,) = reading.outline(tmp_path / "a.csv", "a.csv").sheets
    assert (sheet.doubtful, sheet.headers, sheet.rows, sheet.header_row) == (True, ("",) * 4, 1, 1)
    answer, rows = staged(tmp_path / "a.csv")
    assert answer.headers == ("",) * 4
    assert [row["c1"] for row in rows] == ["李雷"]
    assert "Row 1 was read as the header, although it looks like data" in translate(answer.notes[0], "en")


def test_a_phone_among_known_names_becomes_no_name(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("客户编号,姓名,13812345678\nK1,张,x\n")
    (sheet,) = reading.outline(tmp_path / "a.csv", "a.csv").sheets
    assert (sheet.doubtful, sheet.headers) == (False, ("客户编号", "姓名", ""))


def test_without_a_header_every_row_is_data_and_columns_are_called_by_their_letters(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=,\n\n" + PEOPLE + "K3,韩梅,13712345678,han@example.com,更多\n")
    (sheet,) = reading.outline(tmp_path / "a.csv", "a.csv", headless=[0]).sheets
    assert (sheet.headless, sheet.doubtful, sheet.headers) == (True, False, ("A", "B", "C", "D", "E"))
    assert [row[0] for row in sheet.sample] == ["K1", "K2", "K3"]
    answer, rows = staged(tmp_path / "a.csv", headless=True)
    assert answer.headers == sheet.headers
    assert [(row["row"], row["c1"]) for row in rows] == [(3, "王小伟"), (4, "李雷"), (5, "韩梅")]
    assert (answer.rows, answer.blank_rows, answer.rows_above) == (3, 0, 0)


def test_letters_are_those_of_the_sheet_and_one_sheet_alone_may_have_no_header(tmp_path: Path) -> None:
    cells = [[None, "K1", 13812345678], [None, "K2", 13912345678]]
    path = workbook(tmp_path / "a.xlsx", {"Named": [["编号", "电话"], ["K1", "x"]], "Bare": cells})
    named, bare = reading.outline(path, "a.xlsx", headless=[1]).sheets
    assert (named.headers, bare.headers) == (("编号", "电话"), ("B", "C"))
    answer, rows = staged(path, "Bare", headless=True)
    assert (answer.headers, len(rows)) == (("B", "C"), 2)


def test_an_empty_sheet_has_no_rows_to_read_as_data(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n\n")
    (sheet,) = reading.outline(tmp_path / "a.csv", "a.csv", headless=[0]).sheets
    assert sheet.problem is not None
    assert "is empty" in translate(sheet.problem, "en")
