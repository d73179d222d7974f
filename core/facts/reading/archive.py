"""The zip archive of an .xlsx file: checked and counted before calamine unpacks it."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from core.errors import Refused
from core.facts.reading.limits import MIB, Limits
from core.facts.reading.refusals import damaged, has_macros, needs_password, not_its_kind
from core.facts.reading.scan import SheetScan, scan_sheet
from core.facts.reading.source import Source
from core.facts.reading.styles import padding_styles
from core.language import mark

_LOCAL_HEADER = 30  # bytes, then name and extra field, whose lengths stand at 26 and 28
_PIECE = 128 * 1024
_ENCRYPTED = 0x1
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


class Archive:
    """An .xlsx archive whose parts were counted; calamine may open it."""

    def __init__(self, path: Path, file_name: str, limits: Limits) -> None:
        """Open an archive; refuse one that is encrypted, carries macros, or unpacks to too much."""
        self._path, self._file_name, self._limits = path, file_name, limits
        members = self._listed()
        # Some programs write back slashes, some capitals; Excel and calamine take both
        self._members = {member.filename.replace("\\", "/").lower(): member for member in members}
        self._check_members(members)
        workbook = self._xml("xl/workbook.xml")
        self._sheet_parts = self._find_sheets(workbook)
        self._padding = padding_styles(self._xml("xl/styles.xml")) if "xl/styles.xml" in self._members else {}
        self.days_from_1904 = _says(workbook, "workbookPr", "date1904")
        """Whether the numbers of days count from 1904, as Excel for Mac once wrote them."""
        self._uncalculated = _says(workbook, "calcPr", "fullCalcOnLoad")
        for name, member in self._members.items():
            if name.endswith((".xml", ".rels")) and name not in self._sheet_parts.values():
                for _ in self._inflated(member):
                    pass

    def scan_sheet(self, sheet: str, source: Source) -> SheetScan:
        """Look for what would be lost or dangerous when calamine reads the sheet."""
        member = self._members.get(self._sheet_parts.get(sheet, ""))
        if member is None:
            return SheetScan()
        return scan_sheet(
            lambda: self._inflated(member),
            source,
            self._limits,
            self._padding,
            uncalculated=self._uncalculated,
        )

    def _listed(self) -> list[ZipInfo]:
        try:
            with ZipFile(self._path) as archive:
                return archive.infolist()
        except (
            NotImplementedError,
            ValueError,
        ) as error:  # of a later kind of archive; names that are no text
            raise damaged(self._file_name) from error

    def _check_members(self, members: list[ZipInfo]) -> None:
        if len(members) > self._limits.members:
            raise Refused(
                mark(
                    "{file} has {count} parts inside; at most {limit} are accepted. Copy the data into a new workbook."
                ),
                file=self._file_name,
                count=len(members),
                limit=self._limits.members,
            )
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise needs_password(self._file_name)
        if any(name.endswith("vbaproject.bin") for name in self._members):
            raise has_macros(self._file_name)
        if "xl/workbook.xml" not in self._members:
            raise not_its_kind(self._file_name, Path(self._file_name).suffix.lower())
        if len(self._members) < len(members):
            raise damaged(self._file_name)
        for member in members:
            packed = max(self._limits.ratio_from, self._limits.ratio * member.compress_size)
            if member.file_size > packed:
                raise self._unpacks_to(member.file_size, packed)
        total = sum(member.file_size for member in members)
        if total > self._limits.inflated_bytes:
            raise self._unpacks_to(total, self._limits.inflated_bytes)

    def _unpacks_to(self, size: int, limit: int) -> Refused:
        return Refused(
            mark(
                "{file} would unpack to {size} MB; at most {limit} MB are accepted for it. "
                "Copy the data into a new workbook, or split it and upload the parts one by one."
            ),
            file=self._file_name,
            size=size // MIB,
            limit=limit // MIB,
        )

    def _inflated(self, member: ZipInfo) -> Iterator[bytes]:
        """The content of a member, piece by piece, refused when it is more than was declared."""
        inside = 0 <= member.header_offset < self._path.stat().st_size
        if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or not inside:
            raise damaged(self._file_name)
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        size, left = 0, member.compress_size
        with self._path.open("rb") as file:
            file.seek(member.header_offset)
            local = file.read(_LOCAL_HEADER)
            file.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), 1)
            while left and (packed := file.read(min(left, _PIECE))):
                left -= len(packed)
                while packed:
                    stored = member.compress_type == ZIP_STORED
                    piece = packed if stored else inflate.decompress(packed, MIB)
                    packed = b"" if stored else inflate.unconsumed_tail
                    size += len(piece)
                    if size > member.file_size:
                        raise damaged(self._file_name)
                    yield piece
        if size != member.file_size:
            raise damaged(self._file_name)

    def _find_sheets(self, workbook: ElementTree.Element) -> dict[str, str]:
        """The part of each sheet, by the sheet's name."""
        targets = {
            relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))
            for relation in self._xml("xl/_rels/workbook.xml.rels")
        }
        parts = {}
        for element in workbook.iter():
            if element.tag.rpartition("}")[2] == "sheet":
                relation = element.get(_ID) or element.get(_STRICT_ID)
                part = targets.get(relation, "").lstrip("/").lower()
                parts[element.get("name", "")] = part
        return parts

    def _xml(self, name: str) -> ElementTree.Element:
        member = self._members.get(name)
        if member is None:
            raise damaged(self._file_name)
        content = b"".join(self._inflated(member))
        try:
            # Expat limits the expansion of entities itself
            return ElementTree.fromstring(content)  # noqa: S314
        except (LookupError, ValueError) as error:  # an encoding that does not exist
            raise damaged(self._file_name) from error


def _says(workbook: ElementTree.Element, part: str, attribute: str) -> bool:
    """Whether a part of the workbook sets an attribute."""
    return any(
        element.get(attribute) in ("1", "true")
        for element in workbook
        if element.tag.rpartition("}")[2] == part
    )
