"""Makers of the golden workbooks."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from tests.facts.reading.files import (
    inline,
    ole,
    record,
    with_members,
    workbook,
    workbook_of_xml,
    xls_stream,
)

HEADER = ["客户编号", "姓名", "手机号"]
PEOPLE = [HEADER, ["C1", "张三", "15412345678"], ["C2", "李四", "15412345699"]]
EXPECTED = {2: ("C1", "张三", "15412345678"), 3: ("C2", "李四", "15412345699")}
ORDER_HEADER = ["客户编号", "下单时间", "金额"]

Build = Callable[[Path], Path]


def sheets(**rows: Sequence[Sequence[object]]) -> Build:
    """A workbook of these sheets."""
    return lambda folder: workbook(folder / "a.xlsx", rows)


def edited(rows: Sequence[Sequence[object]], edit: Callable[[Any, Any], None]) -> Build:
    """A workbook of one sheet, changed by `edit(book, sheet)` before it is saved."""

    def build(folder: Path) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        edit(book, book.active)
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"

    return build


def xml(rows: str, *, calculated: bool = False) -> Build:
    """A workbook whose only sheet holds these rows of XML; `calculated`: as Excel saves it, not XlsxWriter."""

    def build(folder: Path) -> Path:
        path = workbook_of_xml(folder / "a.xlsx", rows)
        if not calculated:
            return path
        part = zipfile.ZipFile(path).read("xl/workbook.xml")
        return with_members(path, {"xl/workbook.xml": part.replace(b' fullCalcOnLoad="1"', b"")})

    return build


def days_from_1904(folder: Path) -> Path:
    """Two orders of 3 November 2026, as a date and as a bare number, in a workbook that counts from 1904."""
    with xlsxwriter.Workbook(folder / "a.xlsx", {"date_1904": True}) as book:
        sheet, date = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, header in enumerate(ORDER_HEADER):
            sheet.write_string(0, column, header)
        for row, style in enumerate((date, None), 1):
            sheet.write_string(row, 0, f"C{row}")
            sheet.write_number(row, 1, 44867, style)
            sheet.write_number(row, 2, 5)
    return folder / "a.xlsx"


def leading_zeros(folder: Path) -> Path:
    """A customer whose code 123 is shown as 00123, and one whose code is the text 00456."""
    with xlsxwriter.Workbook(folder / "a.xlsx") as book:
        sheet, padded = book.add_worksheet(), book.add_format({"num_format": "00000"})
        for column, header in enumerate(HEADER):
            sheet.write_string(0, column, header)
        sheet.write_number(1, 0, 123, padded)
        sheet.write_string(2, 0, "00456", padded)
        sheet.write_number(2, 2, 15412345678, book.add_format({"num_format": "0.00"}))
    return folder / "a.xlsx"


def formatted(rows: Sequence[Sequence[object]], **formats: str) -> Build:
    """A workbook whose cells in a column (its letter) below the header are shown by a format."""

    def build(folder: Path) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(list(row))
        for letter, shown in formats.items():
            for cell in book.active[letter][1:]:
                cell.number_format = shown
        book.save(folder / "a.xlsx")
        return folder / "a.xlsx"

    return build


def old(rows: Sequence[Sequence[str | float]], *more: bytes, first: bytes = b"") -> Build:
    """An .xls file with further records in its sheet, and in front."""
    return lambda folder: ole(
        folder / "a.xls", {"Workbook": xls_stream(rows, more=b"".join(more), first=first)}
    )


EMPTY_RESULT, ZERO_RESULT = b"\3\0\0\0\0\0\xff\xff", bytes(8)


def old_formula(row: int, column: int, result: bytes, *, options: int = 0) -> bytes:
    """A formula of an .xls sheet and what stands as its result; rows and columns count from 0."""
    return record(0x0006, struct.pack("<HHH8sHIH", row, column, 0, result, options, 0, 0))


def with_formulas(*amounts: str | None) -> Build:
    """A workbook of orders, as XlsxWriter writes it: formulas as amounts, 5 where none is given."""

    def build(folder: Path) -> Path:
        with xlsxwriter.Workbook(folder / "a.xlsx") as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ORDER_HEADER)
            for row, amount in enumerate(amounts, 1):
                sheet.write_row(row, 0, [f"C{row}", "2026-11-01"])
                sheet.write(row, 2, amount or 5)
        return folder / "a.xlsx"

    return build


def named(build: Build, ending: str) -> Build:
    """The file with another ending."""
    return lambda folder: build(folder).rename(folder / f"b{ending}")


def hide(book: Any, sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True
    book.create_sheet("codes").sheet_state = "hidden"
    book.create_sheet("旧")


def cover(_: Any, sheet: Any) -> None:
    sheet.merge_cells("A2:A3")


def cover_values(_: Any, sheet: Any) -> None:
    cell = sheet["B3"]
    sheet.merge_cells("B2:B3")
    sheet._cells[3, 2] = cell


def group(_: Any, sheet: Any) -> None:
    for area in ("A1:A2", "B1:C1"):
        sheet.merge_cells(area)


def group_below_titles(_: Any, sheet: Any) -> None:
    for area in ("A3:A4", "B3:C3"):
        sheet.merge_cells(area)


GROUPED = [["客户编号", "联系方式", None], [None, "姓名", "手机"], *PEOPLE[1:]]
ERROR = f'<row r="1">{inline("A1", "客户编号")}{inline("B1", "下单时间")}{inline("C1", "金额")}</row>'
DAY = inline("B2", "2026-11-01")
