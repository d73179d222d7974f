"""Which kind of file it really is, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from core.errors import Refused
from core.facts.reading.archive import Archive
from core.facts.reading.delimited import TextFile
from core.facts.reading.encodings_utf16 import find_utf16
from core.facts.reading.limits import MIB, Limits
from core.facts.reading.refusals import has_macros, needs_password, not_its_kind
from core.facts.reading.workbook import Workbook
from core.language import mark

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

EXTENSIONS = {".xlsx": ZIP, ".xls": OLE, ".csv": None, ".txt": None}
"""What a file of that name must begin with; None for text."""

WITH_MACROS = (".xlsm", ".xltm", ".xlam", ".xla")

NOT_TEXT = (ZIP, OLE, b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")

_HEAD = 8192
_SMALL = 1000
"""Bytes; in a shorter file a few control characters do not make a picture of a table."""


def open_file(
    path: Path,
    file_name: str,
    limits: Limits,
    encoding: str | None = None,
    delimiter: str | None = None,
) -> Workbook | TextFile:
    """The file, opened by what it is; anything that is no table is refused."""
    extension = Path(file_name).suffix.lower()
    size = path.stat().st_size
    if size == 0:
        raise Refused(mark("{file} is empty: it has 0 bytes. Choose the file again."), file=file_name)
    if size > limits.file_bytes:
        raise Refused(
            mark(
                "{file} has {size} MB; at most {limit} MB are accepted. Split it and upload the parts one by one."
            ),
            file=file_name,
            size=f"{size / MIB:.1f}",
            limit=f"{limits.file_bytes / MIB:.1f}",
        )
    if extension in WITH_MACROS:
        raise has_macros(file_name)
    if extension not in EXTENSIONS:
        raise Refused(
            mark("{file} is no table that can be read. Accepted are .xlsx, .xls, .csv and .txt."),
            file=file_name,
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if extension == ".xlsx" and head.startswith(OLE) and holds_entry(path, "EncryptedPackage"):
        raise needs_password(file_name)
    expected = EXTENSIONS[extension]
    sound = head.startswith(expected) if expected else is_text(head, surely=encoding is not None)
    if not sound:
        raise not_its_kind(file_name, extension)
    if expected is None:
        return TextFile(path, file_name, limits, encoding, delimiter)
    if expected == OLE and holds_entry(path, "_VBA_PROJECT_CUR"):
        raise has_macros(file_name)
    return Workbook(path, file_name, Archive(path, file_name, limits) if expected == ZIP else None)


def is_text(head: bytes, *, surely: bool = False) -> bool:
    """Whether the first bytes of a file can be text; `surely` where a person has named its encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if head.startswith(NOT_TEXT):
        return False
    controls = sum(byte < 0x20 and byte not in b"\t\n\r\f" for byte in head)
    return surely or controls * 100 <= max(len(head), _SMALL) or find_utf16(head) is not None


def holds_entry(path: Path, name: str) -> bool:
    """Whether an OLE container has a stream or storage of that name.

    Entries of the directory take 128 bytes each at multiples of 128, name first, its length at byte 64.
    """
    content, wanted = path.read_bytes(), name.encode("utf-16-le")
    at = content.find(wanted)
    while at >= 0:
        if at % 128 == 0 and content[at + 64 : at + 66] == (len(wanted) + 2).to_bytes(2, "little"):
            return True
        at = content.find(wanted, at + 1)
    return False
