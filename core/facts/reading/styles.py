"""Formats that show leading zeros which a number does not have: 00123 for 123."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_PADDED = re.compile(r"0{2,}([- ]0+)*")


def padding_styles(styles: ElementTree.Element) -> tuple[int, ...]:
    """The numbers of the cell styles, as cells name them, whose format pads a number with zeros."""
    formats: set[str | None] = set()
    cells: list[str | None] = []
    for element in styles.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmt":
            code = _LITERAL.sub("", element.get("formatCode", "").partition(";")[0])
            if _PADDED.fullmatch(code):
                formats.add(element.get("numFmtId"))
        elif tag == "cellXfs":
            cells = [style.get("numFmtId") for style in element]
    return tuple(number for number, used in enumerate(cells) if used in formats)


def padded_cell(styles: tuple[int, ...]) -> re.Pattern[bytes]:
    """Finds the column letters of the cells with a number in one of these styles."""
    numbers = b"|".join(str(number).encode() for number in styles)
    return re.compile(
        rb"""<(?:\w+:)?c\s(?=[^>]*\bs=["'](?:"""
        + numbers
        + rb""")["'])(?![^>]*\bt=)[^>]*\br=["']([A-Z]{1,3})\d"""
    )
