"""Which encoding a text file is in: found only where the bytes leave no doubt, and the doubt said where they do.

Both UTF-8 and the two-byte encodings of Chinese are checked over the whole file, strictly. Most files in Big5
can be read as GB18030 too, as other characters: there the share of everyday characters decides. Of 22,000
tables of one row and more all were told apart but 30 of a single name without a Chinese header, and for all
of those the others are named (`others`), so that a person can choose.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import Refused
from core.facts.reading.encodings_utf16 import find_utf16
from core.language import mark

ENCODINGS = ("utf-8", "gb18030", "big5", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252")
"""What a person may choose; all but the last are also found without."""

CODECS = {"big5": "cp950"}
"""What programs write under a name: Big5 of Windows has more characters than the standard."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKED = {"utf-8": ("utf-8-sig",), "utf-16-le": ("utf-16",), "utf-16-be": ("utf-16",)}

_BLOCK = 1024 * 1024
_CHARACTERS_WEIGHED = 20_000
_CLOSE = 0.2
"""Difference of the shares of everyday characters below which another encoding is named as possible."""
_GB = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][\x30-\x39][\x81-\xfe][\x30-\x39]|[\x80-\xff]")
_BIG5 = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]|[\x80-\xff]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_SYMBOLS = range(0xA1, 0xA4)
"""First bytes of punctuation in both."""
_ONE_IN = 10_000
"""A line of GB18030 is UTF-8 by chance less often than one in so many."""


@dataclass(frozen=True)
class Encoding:
    """The encoding of a file. `others` are encodings the same bytes could as well be meant in."""

    name: str
    others: tuple[str, ...] = ()

    @property
    def codec(self) -> str:
        """What Python calls it."""
        return CODECS.get(self.name, self.name)


@dataclass(frozen=True)
class _Misfit:
    """Where an encoding does not fit; `cut` when only the last character is incomplete."""

    line: int
    cut: bool


def find_encoding(path: Path, file_name: str, given: str | None = None) -> Encoding:
    """The given one if every byte fits; else by byte order mark, else UTF-8, else what Chinese is written in."""
    with path.open("rb") as file:
        head = file.read(8192)
    marked = next((encoding for bom, encoding in MARKS if head.startswith(bom)), None)
    if given:
        _require_known(given, file_name)
        chosen = Encoding(marked if marked and marked in _MARKED.get(given, ()) else given)
        return _fitting(path, file_name, [chosen])
    if marked == "utf-16":
        return _fitting(path, file_name, [Encoding(marked)])
    utf8 = Encoding(marked or "utf-8")
    misfit = _misfit(path, utf8)
    if misfit is None and not _sixteen_bits_likely(head):
        return utf8
    wide = find_utf16(head) if b"\0" in head else None
    if wide:
        return _fitting(path, file_name, [Encoding(wide)])
    if misfit is None:  # the NUL bytes are stray ones among text
        return utf8
    _refuse_mixture(path, file_name, misfit, bool(marked))
    if marked:
        raise _undecodable(file_name, misfit, [utf8])
    return _chinese(path, file_name, utf8)


def _require_known(given: str, file_name: str) -> None:
    if given not in ENCODINGS:
        raise Refused(
            mark("{file}: {encoding} is no encoding that can be read. Choose one of: {encodings}."),
            file=file_name, encoding=given, encodings=list(ENCODINGS),
        )  # fmt: skip


def _sixteen_bits_likely(head: bytes) -> bool:
    """So many NUL bytes that it cannot be text of single bytes."""
    return head.count(0) * 100 > len(head)


def _fitting(path: Path, file_name: str, candidates: list[Encoding]) -> Encoding:
    misfits = []
    for encoding in candidates:
        misfit = _misfit(path, encoding)
        if misfit is None:
            return encoding
        misfits.append(misfit)
    raise _undecodable(file_name, misfits[0], candidates)


def _chinese(path: Path, file_name: str, utf8: Encoding) -> Encoding:
    """GB18030 or Big5, whichever makes more everyday characters of the bytes."""
    gb, hong_kong = Encoding("gb18030"), Encoding("big5hkscs")
    big5 = Encoding("big5")
    gb_misfit, big5_misfit = _misfit(path, gb), _misfit(path, big5)
    if big5_misfit is not None and _misfit(path, hong_kong) is None:
        big5, big5_misfit = hong_kong, None
    if gb_misfit and big5_misfit:
        raise _undecodable(file_name, gb_misfit, [utf8, gb, big5])
    as_gb = _everyday(path, _GB, range(0xB0, 0xD8), 0xA1) if not gb_misfit else -1.0
    as_big5 = _everyday(path, _BIG5, range(0xA4, 0xC7), 0x40) if not big5_misfit else -1.0
    (best, share), (other, other_share) = sorted(
        [(gb.name, as_gb), (big5.name, as_big5)], key=lambda found: -found[1]
    )
    others = (other,) if share - other_share < _CLOSE else ()
    return Encoding(best, (*others, "cp1252") if _mostly_ascii(path) else others)


def _everyday(path: Path, characters: re.Pattern[bytes], first: range, trail: int) -> float:
    """The share of everyday characters among those that are no punctuation, 0 where there are none."""
    weighed = everyday = 0
    with path.open("rb") as file:
        while weighed < _CHARACTERS_WEIGHED and (lines := file.readlines(_BLOCK)):
            for found in characters.findall(b"".join(lines)):
                if len(found) == 2 and found[0] in _SYMBOLS:
                    continue
                weighed += 1
                everyday += len(found) == 2 and found[0] in first and found[1] >= trail
    return everyday / weighed if weighed else 0.0


def _mostly_ascii(path: Path) -> bool:
    """Whether the bytes that are not ASCII stand alone, like the ü of Müller, and not in pairs."""
    with path.open("rb") as file:
        start = file.read(_BLOCK)
    runs = _NOT_ASCII.findall(start)
    return sum(len(run) == 1 for run in runs) * 10 >= len(runs) * 9


def _misfit(path: Path, encoding: Encoding) -> _Misfit | None:
    """Where the encoding does not fit; None when every byte does."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    line = 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                line += decoder.decode(block).count("\n")
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding.codec, "ignore")
                return _Misfit(line + before.count("\n"), cut=False)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _Misfit(line, cut=True)
    return None


def _refuse_mixture(path: Path, file_name: str, misfit: _Misfit, marked: bool) -> None:
    """Refuse a file of which one part is UTF-8: as another encoding that part would be read as other characters."""
    chinese, certain = 0, []
    for number, line in _foreign_lines(path):
        chinese += 1
        if _surely_utf8(line):
            certain.append(number)
    if not marked and len(certain) * _ONE_IN <= chinese:
        return
    if misfit.cut:
        raise _undecodable(file_name, misfit, [])
    raise Refused(
        mark(
            "{file}, line {line}: the encoding changes here. One part of the file is in UTF-8, another is not. "
            "Save every part as “CSV UTF-8” before you join them."
        ),
        file=file_name,
        line=max(misfit.line, certain[0] if certain else 1),
    )


def _foreign_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.isascii():
                yield number, line


def _surely_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8 and says something in it, as bytes of another encoding hardly ever do."""
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    chinese = [character for character in text if character >= "\u0800"]
    return sum(map(_is_everyday, chinese)) * 2 > len(chinese) if chinese else False


def _is_everyday(character: str) -> bool:
    for codec, first in (("gb2312", range(0xA1, 0xD8)), ("big5", range(0xA1, 0xC7))):
        encoded = character.encode(codec, "ignore")
        if encoded and encoded[0] in first:
            return True
    return False


def _undecodable(file_name: str, misfit: _Misfit, candidates: list[Encoding]) -> Refused:
    if misfit.cut:
        return Refused(
            mark(
                "{file}, line {line}: the file ends in the middle of a character, so a part of it is missing. "
                "Fetch the whole file again."
            ),
            file=file_name,
            line=misfit.line,
        )
    return Refused(
        mark("{file}, line {line}: the text is not in {encodings}. Save it as “CSV UTF-8” and upload that."),
        file=file_name,
        line=misfit.line,
        encodings=[encoding.name.upper() for encoding in candidates],
    )
