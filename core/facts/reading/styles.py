"""Formats that show leading zeros which a number does not have: 00123 for 123."""

from __future__ import annotations

import re
from xml.etree import ElementTree

Pattern = str
"""Zeros, one for each digit that is shown at least, parted by `-` and blanks that are shown too: `000-0000`. Empty
where a format shows more than that, which only Excel can tell exactly."""

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_UNSEEN = re.compile(
    r"_.|\[(?:\$-[0-9A-Fa-f]+|Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+)\]", re.I
)
_PADDED = re.compile(r"0{2,}([- ]+0+)*")
_OTHER = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_FIRST_FOR_ZERO = 2
"""Sections up to which the first also shows a 0; a third one is for it."""


def padding_styles(styles: ElementTree.Element) -> dict[int, Pattern]:
    """Number of a cell style, as cells name it -> what its format shows, of those that pad a number with zeros."""
    formats: dict[str | None, Pattern] = {}
    cells: list[str | None] = []
    for element in styles.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmt":
            pattern = pattern_of(element.get("formatCode", ""))
            if pattern is not None:
                formats[element.get("numFmtId")] = pattern
        elif tag == "cellXfs":
            cells = [style.get("numFmtId") for style in element]
    return {number: formats[used] for number, used in enumerate(cells) if used in formats}


def pattern_of(code: str) -> Pattern | None:
    """What a format shows of a number; None where it pads nothing."""
    sections = code.split(";")
    plain = _QUOTED.sub(lambda found: found[1] or found[2] or "", _UNSEEN.sub("", sections[0])).strip()
    if len(sections) <= _FIRST_FOR_ZERO and _PADDED.fullmatch(plain):
        return plain
    return "" if _PADDED.fullmatch(_OTHER.sub("", sections[0]).strip()) else None


def padded(digits: str, pattern: Pattern) -> str:
    """A whole number as the pattern shows it: 123 as 00123, 1234567 as 123-4567."""
    rest, shown = list(digits), ""
    for character in reversed(pattern):
        shown = (character if character != "0" else rest.pop() if rest else "0") + shown
    return "".join(rest) + shown
