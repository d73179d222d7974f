"""Formats that show zeros which a number does not have, and what a person sees by them."""

from __future__ import annotations

from xml.etree import ElementTree

import pyarrow as pa
import pytest

from core.facts.reading.styles import padded, padding_styles
from core.facts.reading.zeros import PaddedCells


def pattern_of(code: str) -> str | None:
    """What is made of a format."""
    styles = ElementTree.Element("styleSheet")
    ElementTree.SubElement(styles, "numFmt", numFmtId="164", formatCode=code)
    ElementTree.SubElement(ElementTree.SubElement(styles, "cellXfs"), "xf", numFmtId="164")
    return padding_styles(styles).get(0)


@pytest.mark.parametrize(
    ("code", "pattern"),
    [
        ("000000", "000000"),
        ("000000_ ", "000000"),
        ("00000_);[Red](00000)", "00000"),
        ("[$-804]000000", "000000"),
        (r"000\-0000", "000-0000"),
        ('000"-"00-0000', "000-00-0000"),
        ("000 0000 0000", "000 0000 0000"),
        ("0000;;", ""),
        ('"NO."0000', ""),
        ("[<=9999999]000-0000;0000-0000000", ""),
        ("[DBNum1]000", ""),
        ("0", None),
        ("0.00", None),
        ("#,##0", None),
        ("General", None),
        ("yyyy-mm-dd", None),
        ("00.00%", None),
    ],
)
def test_a_format_is_known_by_the_zeros_it_shows(code: str, pattern: str | None) -> None:
    assert pattern_of(code) == pattern


@pytest.mark.parametrize(
    ("digits", "pattern", "shown"),
    [
        ("123", "00000", "00123"),
        ("123456", "00000", "123456"),
        ("0", "000", "000"),
        ("1234567", "000-0000", "123-4567"),
        ("67", "000-0000", "000-0067"),
        ("8613800138000", "000 0000 0000", "86138 0013 8000"),
    ],
)
def test_a_number_is_shown_as_excel_shows_it(digits: str, pattern: str, shown: str) -> None:
    assert padded(digits, pattern) == shown


def shown(pieces: list[tuple[bytes, int]], styles: dict[int, str]) -> dict[str, list[str | None]]:
    """Letters of a column -> what is shown of its first three rows, which hold 1, 2 and 3."""
    cells = PaddedCells(styles)
    for window, seen in pieces:
        cells.look(window, seen)
    numbers = pa.array(["1", "2", "3"])
    return {
        letters.decode(): column.shown([1.0, 2.0, 3.0], numbers, 1)[0].to_pylist()
        for letters, column in cells.columns()
    }


@pytest.mark.parametrize("more", [0, 1000], ids=["a few styles", "a thousand styles"])
@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="B2" s="3"><v>2</v></c>',
        b'<c s="3" r="B2"><v>2</v></c>',
        b"<c r='B2' t='n' s='3'><v>2</v></c>",
        b'<x:c r="B2" cm="1" s="3"><x:v>2</x:v></x:c>',
    ],
    ids=["as most write it", "the style first", "single quotes and a kind", "a prefix and more"],
)
def test_cells_are_found_however_they_are_written(cell: bytes, more: int) -> None:
    styles = {3: "000", **dict.fromkeys(range(100, 100 + more), "00")}
    other = b'<c r="A1" s="33"><v>1</v></c>'
    assert shown([(other + cell, 0)], styles) == {"B": ["1", "002", "3"]}


@pytest.mark.parametrize("cut", range(1, 57))
def test_a_cell_is_found_wherever_a_window_ends(cut: int) -> None:
    text = b'<c r="B1" s="3"><v>1</v></c><c r="B3" s="3"><v>3</v></c>'
    cells = PaddedCells({3: "000"})
    cells.look(text[:cut], 0)
    cells.look(text, cut)
    ((letters, column),) = cells.columns()
    _, rows, digits = column.shown([1.0, 2.0, 3.0], pa.array(["1", "2", "3"]), 1)
    assert (letters, rows, digits) == (b"B", [1, 3], ["1", "3"])


def test_texts_fractions_and_numbers_that_lost_digits_are_left_alone() -> None:
    cells = PaddedCells({3: "0" * 20})
    cells.look(b"".join(b'<c r="A%d" s="3"><v>1</v></c>' % row for row in range(1, 6)), 0)
    ((_, column),) = cells.columns()
    texts = pa.array(["12", "1.5", "-3", "1234567890123456", None])
    values = ["12", 1.5, -3.0, 1234567890123456.0, ""]
    assert column.shown(values, texts, 1) == (texts, [], [])
