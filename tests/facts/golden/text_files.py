"""Golden text files: encodings, delimiters, quotation marks, ends."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

from tests.facts.golden.case import Golden

PEOPLE = "客户编号,姓名,手机号\nC1,张三,15412345678\nC2,李四,15412345699\n"
EXPECTED = {2: ("C1", "张三", "15412345678"), 3: ("C2", "李四", "15412345699")}
TRADITIONAL = "Customer code,Name,Phone\nC1,張偉,15412345678\nC2,陳靜怡,15412345699\n"
TRADITIONAL_EXPECTED = {2: ("C1", "張偉", "15412345678"), 3: ("C2", "陳靜怡", "15412345699")}


def content(*parts: bytes, name: str = "a.csv") -> Callable[[Path], Path]:
    """A file of these bytes."""

    def build(folder: Path) -> Path:
        (folder / name).write_bytes(b"".join(parts))
        return folder / name

    return build


def text(written: str, codec: str = "utf-8", name: str = "a.csv") -> Callable[[Path], Path]:
    """A text file in an encoding."""
    return content(written.encode(codec), name=name)


def people(*rows: str) -> Callable[[Path], Path]:
    """A CSV of customers: code, name, phone."""
    return text("客户编号,姓名,手机号\n" + "".join(f"{row}\n" for row in rows))


CASES = [
    Golden("UTF-8", text(PEOPLE), EXPECTED),
    Golden("UTF-8 with a mark", text(PEOPLE, "utf-8-sig"), EXPECTED),
    Golden(
        "a stray NUL in a small file",
        text("客户编号,姓名,手机号\nC1,张\0三,\n", "gb18030"),
        {2: ("C1", "张三", "")},
        notes=("Characters that cannot be stored were taken out of 1 cells",),
    ),
    Golden("GB18030", text(PEOPLE, "gb18030"), EXPECTED),
    Golden("UTF-16 LE with a mark", content(codecs.BOM_UTF16_LE, PEOPLE.encode("utf-16-le")), EXPECTED),
    Golden("UTF-16 BE with a mark", content(codecs.BOM_UTF16_BE, PEOPLE.encode("utf-16-be")), EXPECTED),
    Golden("UTF-16 LE without a mark", text(PEOPLE, "utf-16-le"), EXPECTED),
    Golden("UTF-16 BE without a mark", text(PEOPLE, "utf-16-be"), EXPECTED),
    Golden("Big5", text(TRADITIONAL, "big5"), TRADITIONAL_EXPECTED),
    Golden("traditional characters in GB18030", text(TRADITIONAL, "gb18030"), TRADITIONAL_EXPECTED),
    Golden("semicolons", text(PEOPLE.replace(",", ";")), EXPECTED),
    Golden("tabs", text(PEOPLE.replace(",", "\t"), name="a.txt"), EXPECTED),
    Golden(
        "tabs in UTF-16, as Excel writes Unicode text",
        text(PEOPLE.replace(",", "\t"), "utf-16", "a.txt"),
        EXPECTED,
    ),
    Golden(
        "a line that names the delimiter",
        text("sep=;\n" + PEOPLE.replace(",", ";")),
        {row + 1: values for row, values in EXPECTED.items()},
        notes=("Rows above the header in row 2, left out: 1 (",),
    ),
    Golden("lines of Windows", text(PEOPLE.replace("\n", "\r\n")), EXPECTED),
    Golden("lines of old Macs", text(PEOPLE.replace("\n", "\r")), EXPECTED),
    Golden(
        "the delimiter, quotation marks and a line break within a cell",
        people('C1,"张,三 ""大""\n先生",15412345678'),
        {2: ("C1", '张,三 "大"\n先生', "15412345678")},
    ),
    Golden(
        "an encoding that a person names",
        text("Customer code,Name,Phone\nC1,Müller,15412345678\n", "cp1252"),
        {2: ("C1", "Müller", "15412345678")},
        reading={"encoding": "cp1252"},
    ),
    Golden(
        "an encoding that could be another",
        text("Customer code,Name,Phone\nC1,Müller,15412345678\n", "cp1252"),
        {2: ("C1", "M黮ler", "15412345678")},
        notes=("read as GB18030. Its bytes could also be CP1252",),
    ),
    Golden(
        "codes and texts written for Excel to keep their zeros, a header too",
        text(
            '="客户编号",姓名,手机号\n="00123",="张三",="15412345678"\n\'00456,"=""李""""四""",\'15412345699\t\n'
            "=\"\",王五,\n='x','x,\n"
        ),
        {2: ("00123", "张三", "15412345678"), 3: ("00456", '李"四', "15412345699"), 5: ("='x'", "'x", "")},
        {4: "A (客户编号): Customer code is missing"},
        notes=("were read as 00123: 7 in the columns A, B, C.",),
    ),
    Golden(
        "errors of Excel, and what it writes of a column that was too narrow",
        people("C1,#N/A,", "#REF!,李四,", "#DIV/0!,王五,", "C4,#1 店,########", "C5,##,"),
        {6: ("C5", "##", "")},
        {
            2: "B (姓名): The cell shows the error #N/A",
            3: "A (客户编号): The cell shows the error #REF!",
            4: "A (客户编号): The cell shows the error #DIV/0!",
            5: "C (手机号): The cell shows the error ########",
        },
    ),
    Golden(
        "a delimiter that a person names",
        text("Customer code;Name,x;Phone\nC1;a;15412345678\n"),
        {2: ("C1", "a", "15412345678")},
        mapping={"Name,x": "name"},
        reading={"delimiter": ";"},
    ),
    Golden(
        "UTF-8 joined with GB18030",
        content(PEOPLE.encode(), "C3,王五,15412345688\n".encode("gb18030")),
        refused="a.csv, line 4: the encoding changes here.",
    ),
    Golden(
        "GB18030 joined with UTF-8",
        content(PEOPLE.encode("gb18030"), "C3,王五,15412345688\n".encode()),
        refused="a.csv, line 4: the encoding changes here.",
    ),
    Golden(
        "an encoding nobody knows",
        content(b"a,b\n\xff\xff,1\n"),
        refused="line 2: the text is not in UTF-8, GB18030, BIG5",
    ),
    Golden(
        "cut within a character",
        content(PEOPLE.encode()[:-14]),
        refused="line 3: the file ends in the middle of a character",
    ),
    Golden(
        "cut within quotation marks",
        text(PEOPLE + 'C3,"王'),
        refused="row 4: a quotation mark is not closed before the file ends",
    ),
    Golden(
        "text behind a closing quotation mark",
        people('C1,"张"三,15412345678'),
        refused="row 2: text follows a closing",
    ),
    Golden(
        "cut within a row",
        text(PEOPLE + "C3,王"),
        EXPECTED,
        {4: ": The file ends in this row: it has 2 of 3 cells"},
        notes=("does not end with a line break", "fewer cells than the header: 1."),
    ),
    Golden("no line end", text(PEOPLE[:-1]), EXPECTED, notes=("does not end with a line break",)),
    Golden(
        "a row with a delimiter too many",
        people("C1,张三,15412345678", "C2,李,四,15412345699"),
        {2: EXPECTED[2]},
        {3: ": The row has 4 cells under 3 headers."},
    ),
    Golden(
        "a row with cells too few",
        people("C1,张三", "C2,李四,15412345699"),
        {2: ("C1", "张三", ""), 3: EXPECTED[3]},
        notes=("fewer cells than the header: 1.",),
    ),
    Golden(
        "blank rows",
        people("C1,张三,15412345678", "", ",,", "C2,李四,15412345699"),
        {2: EXPECTED[2], 5: EXPECTED[3]},
    ),
    Golden(
        "NUL characters",
        content(PEOPLE.encode(), b"C\x003,\xe7\x8e\x8b,15412345688\n" + b"\n" * 200),
        EXPECTED | {4: ("C3", "王", "15412345688")},
        notes=("taken out of 1 cells",),
    ),
    Golden(
        "a header of two rows",
        text("客户编号,联系方式,,备忘\n,姓名,手机号,\nC1,张三,15412345678,x\nC2,李四,15412345699,\n"),
        {3: EXPECTED[2], 4: EXPECTED[3]},
        notes=("Rows 1 to 2 were read together as the header",),
        mapping={"联系方式/姓名": "name", "联系方式/手机号": "phone"},
    ),
    Golden(
        "a header of two rows, all in groups, and rows of different lengths",
        text("基本信息,,联系方式\n客户编号,姓名,手机号,邮箱\nC1,张三,15412345678,\nC2,李四,15412345699,\n"),
        {3: EXPECTED[2], 4: EXPECTED[3]},
        notes=("Rows 1 to 2 were read together as the header",),
        mapping={"基本信息/客户编号": "customer_code", "基本信息/姓名": "name", "联系方式/手机号": "phone"},
    ),
    Golden(
        "a header with a column without a name, and data that could be names",
        text("客户编号,,姓名\n甲,北京,\n乙,上海,李四\n"),
        {2: ("甲", "", ""), 3: ("乙", "李四", "")},
    ),
    Golden(
        "a header in two languages",
        text("客户编号,姓名,手机号\nCustomer code,Name,Phone\nC1,张三,15412345678\n"),
        {3: EXPECTED[2]},
        {2: "This row repeats the names of the columns"},
    ),
    Golden(
        "a list of names of fields, which are data",
        text("客户编号,,姓名\n姓名,手机号,\n邮箱,城市,x\n"),
        {2: ("姓名", "", ""), 3: ("邮箱", "x", "")},
    ),
    *(
        Golden(
            f"cells parted by {first.strip()} {delimiter}",
            text(first + PEOPLE.replace(",", delimiter)),
            refused="a.csv: row 1 was read as the header, and only one column was found. Cells have to be parted by",
        )
        for first, delimiter in (("", "|"), ("", "，"), ("sep=|\n", "|"))
    ),
    Golden("nothing", content(b""), refused="a.csv is empty: it has 0 bytes"),
    Golden(
        "a header alone", text("客户编号,姓名,手机号\n"), refused="has a header in row 1 but no data below it"
    ),
    Golden("no column that is needed", text("城市,姓名\n杭州市,张三\n"), refused="is missing"),
    Golden("a picture", content(b"\x89PNG\r\n\x1a\n" + bytes(99)), refused="its content is no .csv file"),
    Golden(
        "a column twice",
        text("客户编号,姓名,姓名\nC1,张三,李四\n"),
        refused="B (姓名), C (姓名 (C)) all stand for Name",
    ),
    Golden(
        "a column twice, one of them chosen",
        text("客户编号,姓名,姓名\nC1,张三,李四\n"),
        {2: ("C1", "李四", "")},
        mapping={"姓名": None},
    ),
    Golden("a column twice that nobody needs", text("客户编号,备注,备注\nC1,x,y\n"), {2: ("C1", "", "")}),
    Golden(
        "500 columns",
        text("客户编号," + ",".join(f"x{n}" for n in range(499)) + "\nC1" + "," * 499 + "\n"),
        {2: ("C1", "", "")},
    ),
    Golden(
        "501 columns",
        text("客户编号," + ",".join(f"x{n}" for n in range(500)) + "\nC1" + "," * 500 + "\n"),
        refused="501 columns",
    ),
    Golden(
        "1,000,000 characters in a cell",
        people("C1," + "字" * 1_000_000 + ",15412345678", "C2,李四,15412345699"),
        {3: EXPECTED[3]},
        {2: "B (姓名): The text has 1000000 characters; at most 2000 fit."},
    ),
]
