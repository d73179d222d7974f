"""Exports: text stays text, and what was exported comes back."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.facts import exporting
from core.facts.exporting import protect, unprotect, write_csv, write_workbook
from core.facts.reading import stage

NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "https://example.com",
    "00123",
    "1e5",
    "'=1",
    "{=A1}",
    "张晓明",
    "NA",
    "\tx",
    "<r>A & B</r>",
    "<r><t>x</t></r>",
]


def opened(frame: pd.DataFrame) -> openpyxl.Workbook:
    target = io.BytesIO()
    write_workbook(target, {"Data": frame}, {"Source": "=1+1"})
    return openpyxl.load_workbook(io.BytesIO(target.getvalue()))


def test_every_text_is_written_as_text_headers_too():
    sheet = opened(pd.DataFrame({"=SUM(A1)": NASTY}))["Data"]
    assert [(cell.value, cell.data_type) for cell in sheet["A"]] == [
        (text, "s") for text in ["=SUM(A1)", *NASTY]
    ]
    assert not any(cell.hyperlink for cell in sheet["A"])


def test_numbers_dates_and_gaps_keep_their_kind():
    frame = pd.DataFrame(
        {
            "n": [1.5, None],
            "d": [date(2026, 11, 3), None],
            "t": pd.Series([datetime(2026, 11, 3, 2, 30, tzinfo=UTC), None]),
            "b": [True, False],
        }
    )
    rows = list(opened(frame)["Data"].iter_rows(min_row=2, values_only=True))
    day, moment = rows[0][1], rows[0][2]
    assert (day.isoformat(), moment.isoformat()) == ("2026-11-03T00:00:00", "2026-11-03T02:30:00")
    assert [(n, b) for n, _, _, b in rows] == [(1.5, True), (None, False)]
    assert rows[1][1:3] == (None, None)


def test_the_sheet_is_ready_to_read():
    workbook = opened(pd.DataFrame({"名称": ["很长的客户名称" * 3, "b"]}))
    sheet = workbook["Data"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:A3")
    assert sheet.column_dimensions["A"].width > 40
    assert workbook.sheetnames == ["Data", "About this file"]
    assert [c.value for c in workbook["About this file"][2]] == ["Source", "=1+1"]


def test_names_that_no_sheet_may_have_are_put_right():
    target = io.BytesIO()
    frame = pd.DataFrame({"a": [1]})
    write_workbook(target, {"a/b": frame, "A*B": frame, "'": frame, "x" * 40: frame}, {})
    names = openpyxl.load_workbook(io.BytesIO(target.getvalue())).sheetnames
    assert names == ["a b", "A B 2", "Sheet", "x" * 31, "About this file"]


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_OF_A_SHEET", 2)
    with pytest.raises(Refused, match="3 rows do not fit"):
        write_workbook(io.BytesIO(), {"Data": pd.DataFrame({"a": [1, 2, 3]})}, {})


def test_a_csv_opens_in_a_spreadsheet_and_runs_nothing(tmp_path):
    path = tmp_path / "out.csv"
    write_csv(path, pd.DataFrame({"=h": ["=1+1", "张"], "n": [-1.5, None]}))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["'=h", "n"], ["'=1+1", "-1.5"], ["张", ""]]


@pytest.mark.parametrize("text", ["＝cmd|' /C calc'!A0", "＋1", "－1", "＠SUM(1)", "\n=1+1"])
def test_full_width_signs_and_lines_below_run_nothing_either(text, tmp_path):
    path = tmp_path / "out.csv"
    write_csv(path, pd.DataFrame({"n": [text]}))
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["n"], ["'" + text]]


def test_a_character_that_no_workbook_can_hold_leaves_the_file_readable():
    assert opened(pd.DataFrame({"a": ["x\ufffey"]}))["Data"]["A2"].value == "x\ufffdy"


@given(st.text())
def test_what_is_protected_comes_back_and_is_never_a_formula(text):
    assert unprotect(protect(text)) == text
    assert protect(text)[:1] not in set("=+-@\t\r\n＝＋－＠")


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).filter(str.strip)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(["out.xlsx", "out.csv"]))
def test_what_was_exported_is_read_back_the_same(tmp_path_factory, rows, name):
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("back")
    frame = pd.DataFrame(rows, columns=["first", "second"])
    if name.endswith(".csv"):
        write_csv(folder / name, frame)
    else:
        write_workbook(folder / name, {"Data": frame}, {})
    staged = stage(folder / name, name, None, folder / "staged")
    back = pq.read_table(staged.path).select(["c0", "c1"]).to_pydict()
    guarded = unprotect if staged.encoding else str
    assert [(guarded(a), guarded(b)) for a, b in zip(back["c0"], back["c1"], strict=True)] == rows
