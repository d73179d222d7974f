"""Files that went bad: thousands of them, the same in every run."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import xlsxwriter

from tests.facts.reading.files import inline, ole, workbook_of_xml, xls_stream

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - properties of a workbook know no time zone
NUMBERS = ["-1", "0", "1", "65536", "1048577", "4294967295", "99999999999999999999", "1e9", "", "NaN", "x"]
ADDRESSES = [
    "A0",
    "XFD1048576",
    "XFE1",
    "A1048577",
    "ZZZZZZ99999999",
    "a1",
    "A",
    "1",
    "A1:XFD1048576",
    "",
    "$A$1",
]
WORDS = [
    "e",
    "s",
    "str",
    "b",
    "d",
    "n",
    "inlineStr",
    "zz",
    "1",
    "true",
    "\ufffd",
    "&#0;",
    "&x;",
    "../../etc/passwd",
]
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaa">'
    + "".join(f'<!ENTITY {b} "{("&" + a + ";") * 16}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)

_ATTRIBUTE = re.compile(rb'\b(\w+)="([^"]*)"')


def sources(folder: Path) -> list[Path]:
    """Good workbooks of several makers, to be damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    archives = [_of_xlsxwriter(folder), _of_openpyxl(folder), _of_xml(folder)]
    when = _read(archives[0].read_bytes(), "docProps/core.xml")
    for path in archives:  # the others note when they were made
        path.write_bytes(_with(path.read_bytes(), {"docProps/core.xml": when}))
    return [*archives, _old(folder)]


def _of_xlsxwriter(folder: Path) -> Path:
    with xlsxwriter.Workbook(folder / "writer.xlsx") as book:
        book.set_properties({"created": MADE})
        sheet, day = book.add_worksheet("订单"), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, header in enumerate(("客户编号", "下单时间", "金额", "备注")):
            sheet.write_string(0, column, header)
        for row in range(1, 60):
            sheet.write_string(row, 0, f"C{row % 7}")
            sheet.write_datetime(row, 1, date(2026, 1, 1 + row % 28), day)
            sheet.write_number(row, 2, row * 1.1)
            sheet.write_formula(row, 3, "=1/0", None, "#DIV/0!" if row % 9 == 0 else "x")
        sheet.set_row(5, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.merge_range("A10:A12", "merged")
        sheet.autofilter(0, 0, 59, 3)
    return folder / "writer.xlsx"


def _of_openpyxl(folder: Path) -> Path:
    book = openpyxl.Workbook()
    for row in [["客户编号", "姓名", "手机号"], *([f"C{n}", f"张{n}", f"138{n:08d}"] for n in range(40))]:
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(folder / "openpyxl.xlsx")
    return folder / "openpyxl.xlsx"


def _of_xml(folder: Path) -> Path:
    rows = "".join(
        f'<row r="{n}" hidden="1">{inline(f"A{n}", f"x{n}")}<c r="B{n}" t="e"><f>A1</f><v>#N/A</v></c>'
        f'<c r="C{n}"><f>1</f></c></row>'
        for n in range(1, 30)
    )
    return workbook_of_xml(folder / "xml.xlsx", rows)


def _old(folder: Path) -> Path:
    rows: list[list[str | float]] = [["客户编号", "姓名"], *([f"C{n}", float(n)] for n in range(40))]
    return ole(folder / "old.xls", {"Workbook": xls_stream(rows)})


Damage = Callable[[bytes, random.Random], bytes]


def mutated(number: int, good: list[Path]) -> tuple[str, bytes]:
    """The name and the content of the damaged file of that number."""
    chance = random.Random(number)
    source = good[number % len(good)]
    damages = OF_ARCHIVES if source.suffix == ".xlsx" else OF_BYTES
    damage = damages[number // len(good) % len(damages)]
    return f"{damage.__name__.strip('_')}{source.suffix}", damage(source.read_bytes(), chance)


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20, 200))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return content[: chance.randrange(1, len(content))]


def shuffled(content: bytes, chance: random.Random) -> bytes:
    """A block was copied over another, or blanked."""
    changed = bytearray(content)
    size = chance.choice((4, 64, 512, 2048))
    start, end = (chance.randrange(max(len(changed) - size, 1)) for _ in range(2))
    changed[end : end + size] = changed[start : start + size] if chance.random() < 0.5 else bytes(size)
    return bytes(changed)


def with_other_numbers(content: bytes, chance: random.Random) -> bytes:
    """Some numbers of two or four bytes say something absurd: lengths, counts, places."""
    changed = bytearray(content)
    for _ in range(chance.choice((1, 4, 30))):
        at = chance.randrange(len(changed) - 4)
        kind, value = chance.choice(
            (("<H", 0xFFFF), ("<H", 0), ("<I", 0xFFFFFFFF), ("<I", 0x7FFFFFFF), ("<I", 2))
        )
        changed[at : at + struct.calcsize(kind)] = struct.pack(kind, value)
    return bytes(changed)


def with_damaged_part(content: bytes, chance: random.Random) -> bytes:
    """The archive is whole, a part within is not."""
    name = _part(content, chance)
    damage = chance.choice((flipped, cut, shuffled))
    return _with(content, {name: damage(_read(content, name) or b" ", chance)})


def with_other_attributes(content: bytes, chance: random.Random) -> bytes:
    """Attributes of a part say something absurd."""
    name = _part(content, chance)
    part = _read(content, name)
    found = list(_ATTRIBUTE.finditer(part))
    for match in sorted(
        chance.sample(found, min(len(found), chance.choice((1, 5)))), key=lambda m: -m.start()
    ):
        other = chance.choice(chance.choice((NUMBERS, ADDRESSES, WORDS))).encode()
        part = part[: match.start(2)] + other + part[match.end(2) :]
    return _with(content, {name: part})


def bomb(content: bytes, chance: random.Random) -> bytes:
    """A little file that asks for a lot of memory or time."""
    sheet = "xl/worksheets/sheet1.xml"
    part = _read(content, sheet).decode()
    far = f"{chance.choice(('A', 'ZZ', 'XFD'))}{chance.choice((70_000, 1_000_000, 1_048_576))}"
    cell = f'<row r="{far.strip("AZXFD")}"><c r="{far}"><v>1</v></c></row>'
    changed = chance.choice(
        (
            part.replace("</sheetData>", cell + "</sheetData>"),
            part.replace("</sheetData>", cell.replace('"', "'") + "</sheetData>"),
            part.replace("?>", "?>" + BOMB, 1).replace("<v>", "<v>&i;", 1),
            part.replace("</sheetData>", "<a>" * 100_000 + "</a>" * 100_000 + "</sheetData>"),
            part.replace(
                "</sheetData>",
                '<row r="9"><c r="A9" t="inlineStr"><is><t>'
                + "x" * 30_000_000
                + "</t></is></c></row></sheetData>",
            ),
            part.replace("</sheetData>", "<row>" * 300_000 + "</sheetData>"),
            part.replace(
                "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
            ),
            part.replace("<sheetData>", '<cols><col min="1" max="99999999" hidden="1"/></cols><sheetData>'),
        )
    )
    if chance.random() < 0.3:
        strings = f'<sst count="{chance.choice(NUMBERS)}" uniqueCount="4294967295"><si><t>a</t></si></sst>'
        return _with(content, {sheet: changed.encode(), "xl/sharedStrings.xml": strings.encode()})
    return _with(content, {sheet: changed.encode()})


def without_a_part(content: bytes, chance: random.Random) -> bytes:
    """A part is missing, empty, or there twice."""
    name = _part(content, chance)
    kept = io.BytesIO()
    fate = chance.choice(("missing", "empty", "twice"))
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                _put(new, member, old.read(member))
        if fate == "empty":
            _put(new, name, b"")
        elif fate == "twice":
            _put(new, name, old.read(name))
            _put(new, name.upper(), old.read(name))
    return kept.getvalue()


OF_BYTES: list[Damage] = [flipped, cut, shuffled, with_other_numbers]
OF_ARCHIVES: list[Damage] = [*OF_BYTES, with_damaged_part, with_other_attributes, bomb, without_a_part]


def _part(content: bytes, chance: random.Random) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if "sheet" in name]
        return chance.choice(sheets if chance.random() < 0.5 else archive.namelist())


def _read(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def _with(content: bytes, parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            _put(new, member, parts.get(member) or old.read(member))
        for name, part in parts.items():
            if name not in old.namelist():
                _put(new, name, part)
    return kept.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a part without the time of day, which would make other files of every run."""
    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
