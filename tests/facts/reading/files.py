"""Builders of real files for the tests of reading, and what came of reading them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from core.errors import Refused
from core.facts import reading

SHEET_START = (
    '<?xml version="1.0" encoding="UTF-8"?><worksheet '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"


def staged(
    path: Path, sheet: str | None = None, **more: Any
) -> tuple[reading.StagedSheet, list[dict[str, Any]]]:
    """The staged sheet and its rows."""
    answer = reading.stage(path, path.name, sheet, path.parent / "staged", **more)
    return answer, pq.read_table(answer.path).to_pylist()


def flags(answer: reading.StagedSheet) -> list[tuple[Any, ...]]:
    """Row, column, flag and text of every flag."""
    return [tuple(flag.values()) for flag in pq.read_table(answer.flags).to_pylist()]


def refusal(path: Path, sheet: str | None = None, **more: Any) -> str:
    """The sentence with which the file is refused."""
    with pytest.raises(Refused) as caught:
        staged(path, sheet, **more)
    return caught.value.text("en")


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook written as Excel would; None leaves a cell out."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path


def workbook_of_xml(path: Path, rows: str, **members: bytes | str) -> Path:
    """A workbook whose only sheet “Data” holds `rows` as XML; `members` are put into the archive too."""
    workbook(path, {"Data": [["x"]]})
    return with_members(path, {"xl/worksheets/sheet1.xml": SHEET_START + rows + SHEET_END, **members})


def with_members(path: Path, members: Mapping[str, bytes | str]) -> Path:
    """The archive at `path` with some members replaced or added."""
    kept = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    path.write_bytes(kept.getvalue())
    return path


def inline(address: str, text: str) -> str:
    """A text cell as XML."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A compound file, the container of .xls and of encrypted workbooks, with streams in its root."""
    sector, end, fat_mark, free = 512, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
    entries = [_entry("Root Entry", 5, end, 0, child=1 if streams else free)]
    directory_sectors = (len(streams) + 1 + 3) // 4
    fat, body = [fat_mark, *range(2, directory_sectors + 1), end], b""
    for index, (name, content) in enumerate(streams.items(), 1):
        stream = content.ljust(4096, b"\0")  # shorter ones would live in a mini stream
        stream += b"\0" * (-len(stream) % sector)
        right = index + 1 if index < len(streams) else free
        entries.append(_entry(name, 2, len(fat), len(stream), right=right))
        count = len(stream) // sector
        fat += [*range(len(fat) + 1, len(fat) + count), end]
        body += stream
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    header += b"".ljust(4 * 108, b"\xff")
    directory = b"".join(entries).ljust(directory_sectors * sector, b"\0")
    path.write_bytes(header + struct.pack("<128I", *fat, *[free] * (128 - len(fat))) + directory + body)
    return path


def _entry(
    name: str, kind: int, start: int, size: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF
) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", text, len(text) + 2, kind, 1, 0xFFFFFFFF, right, child, start, size)


def xls_stream(
    rows: Sequence[Sequence[str | float]], *, password: bool = False, more: bytes = b"", first: bytes = b""
) -> bytes:
    """The stream “Workbook” of an .xls file with one sheet “Data”; `first` are further records of the workbook,
    `more` of the sheet. An empty text leaves a cell out."""
    bof = "<HHHHII"
    first = record(0x0809, struct.pack(bof, 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)) + first
    if password:
        first += record(0x002F, b"\x01\x00\x01\x00\x01\x00" + b"\x5a" * 48)
    name = b"\x04\x00Data"
    position = len(first) + 4 + 6 + len(name) + 4
    first += record(0x0085, struct.pack("<IBB", position, 0, 0) + name) + record(0x000A, b"")
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if value == "":
                continue
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += record(0x0204, place + text)
            else:
                cells += record(0x0203, place + struct.pack("<d", value))
    return (
        first
        + record(0x0809, struct.pack(bof, 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
        + cells
        + more
        + record(0x000A, b"")
    )


def record(kind: int, content: bytes) -> bytes:
    """One record of an .xls stream."""
    return struct.pack("<HH", kind, len(content)) + content
