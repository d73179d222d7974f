"""Files that are no tables, that are damaged, or that were made to do harm: a sentence, and the caller lives on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from core.errors import Refused
from core.facts import reading
from core.facts.reading import process
from tests.facts.reading.files import (
    inline,
    ole,
    refusal,
    staged,
    with_members,
    workbook,
    workbook_of_xml,
    xls_stream,
)

_START = process._start
"""As it is before any test has run."""
TABLE = [["code", "amount"], *([f"C{n}", n] for n in range(500))]
MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def reader(reader: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is read in a fresh process, as the product starts it."""
    monkeypatch.setattr(process, "_start", _START)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert refusal(tmp_path / "a.xlsx") == "a.xlsx is empty: it has 0 bytes. Choose the file again."


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": TABLE})
    assert "at most 0.0 MB are accepted" in refusal(path, limits=reading.Limits(file_bytes=1000))


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = ole(tmp_path / "a.xlsx", {"EncryptionInfo": b"info", "EncryptedPackage": b"secret"})
    assert "a.xlsx is protected with a password." in refusal(path)


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = ole(tmp_path / "a.xls", {"Workbook": xls_stream([["code"], ["C1"]], password=True)})
    assert "a.xls is protected with a password." in refusal(path)


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": TABLE})
    content = bytearray(path.read_bytes())
    content[content.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "a.xlsx is protected with a password." in refusal(path)


@pytest.mark.parametrize("name", ["a.xlsm", "a.xltm"])
def test_a_name_of_a_macro_workbook_is_refused(tmp_path: Path, name: str) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": TABLE}).rename(tmp_path / name)
    assert f"{name} contains macros" in refusal(path)


def test_macros_inside_an_innocent_name_are_refused(tmp_path: Path) -> None:
    path = with_members(workbook(tmp_path / "a.xlsx", {"S": TABLE}), {"xl/vbaProject.bin": b"macro"})
    assert "a.xlsx contains macros" in refusal(path)


def test_macros_in_an_old_workbook_are_refused(tmp_path: Path) -> None:
    path = ole(tmp_path / "a.xls", {"Workbook": xls_stream([["a"], [1]]), "_VBA_PROJECT_CUR": b"macro"})
    assert "a.xls contains macros" in refusal(path)


def test_a_name_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert refusal(tmp_path / "a.pdf").startswith("a.pdf is no table that can be read.")


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.csv"])
def test_a_picture_under_the_name_of_a_table_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(2000))
    assert f"{name} is not what its name says" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.xls"])
def test_a_workbook_under_another_name_is_checked_like_any(tmp_path: Path, name: str) -> None:
    path = with_members(workbook(tmp_path / "b.xlsx", {"S": TABLE}), {"xl/vbaProject.bin": b"macro"})
    assert f"{name} contains macros" in refusal(path.rename(tmp_path / name))


def test_text_without_columns_under_the_name_of_a_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text("a line of words\nand another\n" * 9)
    assert "a.xls is not what its name says" in refusal(tmp_path / "a.xls")


def test_an_old_workbook_with_a_password_is_refused_by_either_name(tmp_path: Path) -> None:
    path = ole(tmp_path / "a.xls", {"EncryptionInfo": b"info", "EncryptedPackage": b"secret"})
    assert "a.xls is protected with a password." in refusal(path)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert "its content is no .xlsx file" in refusal(tmp_path / "a.xlsx")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_workbook_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": TABLE})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "a.xlsx is damaged and cannot be read." in refusal(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_flipped_bytes_anywhere_end_in_a_sentence_or_in_rows(tmp_path: Path, suffix: str) -> None:
    if suffix == ".xls":
        path = ole(tmp_path / "a.xls", {"Workbook": xls_stream([["code", "amount"], ["C1", 1.0]])})
    else:
        path = workbook(tmp_path / "a.xlsx", {"S": TABLE})
    content = path.read_bytes()
    sentences = []
    for part in range(12):
        damaged = bytearray(content)
        at = len(content) * part // 12 + 40
        damaged[at : at + 16] = bytes(byte ^ 0x5A for byte in damaged[at : at + 16])
        path.write_bytes(damaged)
        try:
            staged(path)
        except Refused as refused:
            sentences.append(refused.text("en"))
    assert sentences
    assert all(path.name in sentence for sentence in sentences)


@pytest.mark.parametrize(
    "sheet",
    ["<worksheet><sheetData><row", "not xml", "", "<worksheet><sheetData><row r='1'><c r='A0'/></row>"],
)
def test_a_sheet_of_broken_xml_is_refused(tmp_path: Path, sheet: str) -> None:
    path = with_members(workbook(tmp_path / "a.xlsx", {"S": TABLE}), {"xl/worksheets/sheet1.xml": sheet})
    assert "a.xlsx" in refusal(path)


def test_a_workbook_that_inflates_to_hundreds_of_megabytes_is_refused(tmp_path: Path) -> None:
    path = workbook_of_xml(tmp_path / "a.xlsx", " " * (300 * MIB))
    assert path.stat().st_size < MIB
    assert "a.xlsx would unpack to 300 MB; at most 64 MB are accepted for it." in refusal(path)


def test_a_workbook_that_inflates_to_more_than_it_declares_is_refused(tmp_path: Path) -> None:
    path = workbook_of_xml(tmp_path / "a.xlsx", " " * (80 * MIB))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        declared = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(content.replace(declared.to_bytes(4, "little"), (5000).to_bytes(4, "little")))
    assert "a.xlsx is damaged" in refusal(path)


def test_parts_that_together_inflate_to_too_much_are_refused(tmp_path: Path) -> None:
    path = with_members(
        workbook(tmp_path / "a.xlsx", {"S": TABLE}), {f"xl/media/{n}.xml": bytes(MIB) for n in range(5)}
    )
    assert "would unpack to 5 MB; at most 4 MB" in refusal(
        path, limits=reading.Limits(inflated_bytes=4 * MIB)
    )


def test_an_archive_of_too_many_parts_is_refused(tmp_path: Path) -> None:
    path = with_members(
        workbook(tmp_path / "a.xlsx", {"S": TABLE}), {f"x/{n}.xml": "<a/>" for n in range(2001)}
    )
    assert "parts inside; at most 2000 are accepted" in refusal(path)


def test_a_cell_in_the_last_corner_is_refused_with_its_place(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["code"])
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    sentence = refusal(tmp_path / "a.xlsx")
    assert "sheet “Sheet” reaches down to row 1048576 and right to column XFD" in sentence


def test_a_format_without_content_in_the_last_corner_does_no_harm(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["code"])
    book.active.append(["C1"])
    book.active["XFD1048576"].number_format = "0.00"
    book.save(tmp_path / "a.xlsx")
    _, rows = staged(tmp_path / "a.xlsx")
    assert rows == [{"row": 2, "c0": "C1"}]


def test_a_lone_cell_in_the_last_corner_is_a_header_without_rows(tmp_path: Path) -> None:
    cell = f'<row r="1048576">{inline("XFD1048576", "code")}</row>'
    assert "has a header in row 1048576 but no data" in refusal(workbook_of_xml(tmp_path / "a.xlsx", cell))


def test_a_far_cell_that_hides_from_the_scan_ends_only_the_child(tmp_path: Path) -> None:
    rows = f"<row r='1'>{inline('A1', 'code')}</row><row r='700000'><c r='XFD700000'><v>1</v></c></row>"
    path = workbook_of_xml(tmp_path / "a.xlsx", rows)
    assert "a.xlsx needs more memory than one file may have. Delete stray cells" in refusal(path)


def test_too_many_error_cells_are_refused_with_the_first(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="B{n}" t="e"><v>#N/A</v></c></row>' for n in range(2, 20))
    sentence = refusal(workbook_of_xml(tmp_path / "a.xlsx", rows), limits=reading.Limits(error_cells=10))
    assert "more than 10 cells show an error" in sentence
    assert "the first in B2" in sentence


def test_a_reader_over_its_time_is_ended(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": TABLE})
    assert "a.xlsx could not be read within 0 seconds." in refusal(path, limits=reading.Limits(seconds=0))


def test_a_reader_that_is_killed_ends_in_a_sentence(
    tmp_path: Path, children: list[subprocess.Popen[str]]
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], *([n] for n in range(60_000))]})
    sentence = refusal(path, progress=lambda _: os.kill(children[0].pid, signal.SIGKILL))
    assert "a.xlsx needs more memory" in sentence


def test_a_caller_that_fails_takes_the_reader_with_it(
    tmp_path: Path, children: list[subprocess.Popen[str]]
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], *([n] for n in range(60_000))]})

    def lost(share: float) -> None:
        raise RuntimeError(share)

    with pytest.raises(RuntimeError):
        staged(path, progress=lost)
    assert children[0].returncode == -signal.SIGKILL


def test_a_defect_of_the_reader_is_logged_without_the_content_of_cells(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], ["张三"]]})
    (tmp_path / "staged").write_text("a file where a folder is needed")
    assert "an unexpected error, which was written to the log" in refusal(path)
    assert "FileExistsError" in caplog.text
    assert "张三" not in caplog.text


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[str]]:
    """The reading processes that were started."""
    started: list[subprocess.Popen[str]] = []
    start = process._start

    def remember(*given: object) -> subprocess.Popen[str]:
        started.append(start(*given))  # type: ignore[arg-type] # handed on as given
        return started[-1]

    monkeypatch.setattr(process, "_start", remember)
    return started


def test_the_child_takes_its_address_space_for_the_file_and_not_for_libraries() -> None:
    """pyarrow loads pandas at the first list that it is given: a gigabyte of the two that a file may have."""
    asked = "import core.facts.reading.child, sys; print('pandas' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert told.stdout == "False\n"
