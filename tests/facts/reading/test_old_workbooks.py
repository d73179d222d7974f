"""The records of .xls workbooks, followed where they can be and never farther."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from core.facts.reading.biff import OldWorkbook
from core.facts.reading.compound import CompoundFile
from tests.facts.reading.files import flags, ole, record, staged, xls_stream

ROWS: list[list[str | float]] = [["code", "amount"], ["C1", 1.0], ["C2", 2.0]]


def test_a_stream_is_found_by_either_of_its_names(tmp_path: Path) -> None:
    content = ole(tmp_path / "a.xls", {"other": b"x", "Book": b"y" * 5000}).read_bytes()
    assert CompoundFile(content).stream("Workbook", "Book") == (b"y" * 5000).ljust(5120, b"\0")
    with pytest.raises(ValueError, match="no such stream"):
        CompoundFile(content).stream("Workbook")


def test_errors_stand_where_the_cells_are(tmp_path: Path) -> None:
    error = record(0x0205, struct.pack("<HHHBB", 2, 1, 0, 0x24, 1))
    truth = record(0x0205, struct.pack("<HHHBB", 1, 1, 0, 1, 0))
    rows: list[list[str | float]] = [["code", "ok"], ["C1", ""], ["C2", ""]]
    answer, staged_rows = staged(ole(tmp_path / "a.xls", {"Workbook": xls_stream(rows, more=error + truth)}))
    assert [row["c1"] for row in staged_rows] == ["TRUE", "#NUM!"]
    assert flags(answer) == [(3, 1, "error", "#NUM!")]


def test_damaged_records_are_never_followed_without_end(tmp_path: Path) -> None:
    content = ole(tmp_path / "a.xls", {"Workbook": xls_stream(ROWS)}).read_bytes()
    chance = random.Random(5)
    followed = 0
    for _ in range(300):
        changed = bytearray(content)
        for _ in range(chance.choice((1, 5, 50))):
            changed[chance.randrange(len(changed))] = chance.choice((0, 1, 0xFE, 0xFF, chance.randrange(256)))
        try:
            OldWorkbook(bytes(changed)).scan_sheet(0)
            followed += 1
        except ValueError:
            pass
    assert 0 < followed < 300


def test_a_workbook_whose_records_cannot_be_followed_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.facts.reading import workbook

    path = ole(tmp_path / "a.xls", {"Workbook": xls_stream(ROWS)})
    monkeypatch.setattr(workbook, "_old_workbook", lambda _: None)
    source = workbook.Workbook(path, "a.xls", None).source("Data")
    assert source.unscanned
    assert list(source.rows)[1] == ["C1", 1.0]
