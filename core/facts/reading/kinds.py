"""Which kind of file it really is, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from core.errors import Refused
from core.facts.reading.archive import Archive
from core.facts.reading.delimited import DELIMITERS, TextFile
from core.facts.reading.encodings_utf16 import find_utf16
from core.facts.reading.limits import MIB, Limits
from core.facts.reading.refusals import has_macros, needs_password, not_its_kind
from core.facts.reading.workbook import Workbook
from core.language import mark

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

WORKBOOKS, TEXTS = (".xlsx", ".xls"), (".csv", ".txt")

WITH_MACROS = (".xlsm", ".xltm", ".xlam", ".xla")

NOT_TEXT = (ZIP, OLE, b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")

_TAGS = ("<html", "<!doctype html", "<head", "<meta", "<style", "<body", "<table")
_ARCHIVED_PAGE = "mime-version:"
"""How a web page begins that was saved in one file with all that belongs to it."""
_XML_OF_2003 = "urn:schemas-microsoft-com:office:spreadsheet"
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
    if extension not in WORKBOOKS + TEXTS:
        raise Refused(
            mark("{file} is no table that can be read. Accepted are .xlsx, .xls, .csv and .txt."),
            file=file_name,
        )
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(ZIP):
        return Workbook(path, file_name, Archive(path, file_name, limits))
    if head.startswith(OLE):
        if holds_entry(path, "EncryptedPackage"):
            raise needs_password(file_name)
        if holds_entry(path, "_VBA_PROJECT_CUR"):
            raise has_macros(file_name)
        return Workbook(path, file_name, None)
    check_markup(head, file_name, extension)
    cells = extension in TEXTS or any(delimiter.encode() in head for delimiter in DELIMITERS)
    if not cells or not is_text(head, surely=encoding is not None):
        raise not_its_kind(file_name, extension)
    return TextFile(path, file_name, limits, encoding, delimiter)


def check_markup(head: bytes, file_name: str, extension: str) -> None:
    """Refuse what ERP programs save as a table though it is another thing, which Excel can open all the same."""
    codec = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1"
    text = head.removeprefix(b"\xef\xbb\xbf").decode(codec, "ignore").lstrip().lower()
    if text.startswith("<?xml") and _XML_OF_2003 in text:
        raise Refused(
            mark(
                "{file} is an XML table of Excel 2003 saved with the ending {ending}. Open it in Excel and save it as "
                ".xlsx."
            ),
            file=file_name,
            ending=extension,
        )
    if text.startswith(_ARCHIVED_PAGE) or (text.startswith("<") and any(tag in text for tag in _TAGS)):
        raise Refused(
            mark(
                "{file} is a web page saved with the ending {ending}. Open it in Excel and save it as .xlsx."
            ),
            file=file_name,
            ending=extension,
        )


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
