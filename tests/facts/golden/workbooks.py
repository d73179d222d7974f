"""Golden workbooks: what Excel shows and hides."""

# ruff: noqa: DTZ001 - cells know no time zone
from __future__ import annotations

import struct
from datetime import datetime

from tests.facts.golden.case import ORDERS, Golden
from tests.facts.golden.making import (
    DAY,
    ERROR,
    EXPECTED,
    GROUPED,
    HEADER,
    ORDER_HEADER,
    PEOPLE,
    cover,
    cover_values,
    days_from_1904,
    edited,
    formatted,
    group,
    hide,
    leading_zeros,
    old,
    sheets,
    xml,
)
from tests.facts.reading.files import inline, record

CASES = [
    Golden("a workbook", sheets(S=PEOPLE), EXPECTED),
    Golden(
        "codes and phones as numbers",
        sheets(S=[HEADER, [1001, "张三", 15412345678], [1e3, "李四", None]]),
        {2: ("1001", "张三", "15412345678"), 3: ("1000", "李四", "")},
    ),
    Golden(
        "numbers shown with leading zeros",
        leading_zeros,
        {2: ("00123", "", ""), 3: ("00456", "", "15412345678")},
        cleaned={"customer_code": 1},
    ),
    Golden(
        "codes and phones shown with leading zeros, longer numbers and those that lack none",
        formatted(
            [
                HEADER,
                [7, "张三", 1087654321],
                [123456, "李四", 15412345699],
                [0, "王五", None],
                ["A7", 8, None],
            ],
            A="00000",
            C=r"0000\-0000000",
        ),
        {
            2: ("00007", "张三", "01087654321"),
            3: ("123456", "李四", "15412345699"),
            4: ("00000", "王五", ""),
            5: ("A7", "8", ""),
        },
        cleaned={"customer_code": 2, "phone": 2, "region": 1, "province": 1, "city": 1},
    ),
    Golden(
        "amounts and days shown with leading zeros are numbers all the same",
        formatted(
            [ORDER_HEADER, [5, 20261103, 7], [6, "2026-11-03", 1234.5]], A="000", B="000000000", C="00000"
        ),
        {2: ("005", "2026-11-03 00:00", "7"), 3: ("006", "2026-11-03 00:00", "1234.5")},
        cleaned={"customer_code": 2, "ordered_at": 1},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "formats that show more than zeros are told and not guessed",
        formatted([HEADER, [7, "张三", None], [8, "李四", None]], A='"NO."0000'),
        {2: ("7", "张三", ""), 3: ("8", "李四", "")},
        notes=("only shown with leading zeros and were read without them: A.",),
    ),
    Golden(
        "codes with a fraction, below zero and too long are not padded",
        formatted([HEADER, [7.5, "张三", None], [-7, "李四", None], [1e15, "王五", None]], A="00000"),
        {2: ("7.5", "张三", ""), 3: ("-7", "李四", "")},
        {4: "A (客户编号): The number was too long"},
    ),
    Golden(
        "numbers that lost digits",
        sheets(S=[HEADER, [110101199003077777, "张三", None], ["C2", "李四", 1e17]]),
        rejected={
            2: "A (客户编号): The number was too long",
            3: ("C (手机号): This is not a phone number", "C (手机号): The number was too long"),
        },
    ),
    Golden(
        "dates, times and amounts",
        sheets(
            S=[
                ORDER_HEADER,
                ["C1", datetime(2026, 11, 1, 9, 30), 0.1 + 0.2],
                ["C2", 46327, 19.99 * 3],
                ["C3", "2026-11-01", "1,000"],
            ]
        ),
        {
            2: ("C1", "2026-11-01 09:30", "0.3"),
            3: ("C2", "2026-11-01 00:00", "59.97"),
            4: ("C3", "2026-11-01 00:00", "1000"),
        },
        cleaned={"ordered_at": 2, "amount": 1},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "days counted from 1904",
        days_from_1904,
        {2: ("C1", "2026-11-03 00:00", "5"), 3: ("C2", "2026-11-03 00:00", "5")},
        cleaned={"ordered_at": 1},
        notes=("counts days from 1904",),
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "error cells",
        xml(
            ERROR + f'<row r="2">{inline("A2", "C1")}{DAY}<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
            f'<row r="3">{inline("A3", "C2")}{inline("B3", "2026-11-01")}<c r="C3"><v>5</v></c></row>'
        ),
        {3: ("C2", "2026-11-01 00:00", "5")},
        {2: "C (金额): The cell shows the error #DIV/0!"},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "error cells that do not say where",
        xml(ERROR + '<row r="2"><c t="e"><v>#N/A</v></c></row>'),
        refused="cells show an error, and the file does not say which",
        table="transactions",
    ),
    Golden(
        "hidden rows, columns and sheets",
        edited(PEOPLE, hide),
        EXPECTED,
        notes=(
            "These sheets were not read: 旧",
            "hidden sheets were not read: codes",
            "Hidden rows, read like the others: 1",
            "hidden in the sheet and were read like the others: B",
        ),
    ),
    Golden(
        "a hidden row that is blank",
        edited([*PEOPLE, [], []], lambda _, sheet: setattr(sheet.row_dimensions[9], "hidden", True)),
        EXPECTED,
    ),
    Golden(
        "a header of two rows with merged cells",
        edited(GROUPED, group),
        {3: EXPECTED[2], 4: EXPECTED[3]},
        notes=("Rows 1 to 2 were read together as the header",),
        mapping={"联系方式/姓名": "name", "联系方式/手机": "phone"},
    ),
    Golden(
        "merged cells over one row of headers",
        edited(PEOPLE, lambda _, sheet: sheet.merge_cells("C1:D1")),
        EXPECTED,
    ),
    Golden(
        "merged codes",
        edited(PEOPLE, cover),
        {2: EXPECTED[2]},
        {3: "A (客户编号): The cell belongs to merged cells, whose value stands in A2 only"},
        notes=("Merged areas below the header: 1 (A2:A3)",),
    ),
    Golden(
        "merged cells of no need",
        edited([*PEOPLE, ["C3", None, None]], lambda _, sheet: sheet.merge_cells("B3:B4")),
        EXPECTED | {4: ("C3", "", "")},
        notes=("Merged areas below the header: 1 (B3:B4)",),
    ),
    Golden(
        "values under merged cells",
        edited(PEOPLE, cover_values),
        {2: EXPECTED[2]},
        {3: "B (姓名): The cell holds a value that nobody sees"},
        notes=("Merged areas below the header: 1 (B2:B3)",),
    ),
    Golden(
        "a merged total at the foot",
        edited([*PEOPLE, ["合计", None, 2]], lambda _, sheet: sheet.merge_cells("A4:B4")),
        EXPECTED,
        {4: ": This is a row of sums (“合计”)"},
        notes=("Merged areas below the header: 1",),
    ),
    Golden(
        "a text that begins like a formula",
        sheets(S=[HEADER, ["C1", "=1+1", None], ["C2", "'x", None]]),
        {2: ("C1", "=1+1", ""), 3: ("C2", "'x", "")},
    ),
    Golden(
        "rich text, escapes and line breaks",
        xml(
            f'<row r="1">{inline("A1", "客户编号")}{inline("B1", "姓名")}</row><row r="2">{inline("A2", "C1")}'
            '<c r="B2" t="inlineStr"><is><r><t>张</t></r><r><t xml:space="preserve"> 三</t></r></is></c></row>'
            f'<row r="3">{inline("A3", "C2")}{inline("B3", "李_x0007_四&#10;x")}</row>'
        ),
        {2: ("C1", "张 三", ""), 3: ("C2", "李四\nx", "")},
        cleaned={"name": 1},
    ),
    Golden("an .xls workbook", old(PEOPLE), EXPECTED),
    Golden(
        "errors in an .xls workbook",
        old(
            [HEADER, ["C1", "张三", ""], ["C2", "李四", ""]],
            record(0x0205, struct.pack("<HHHBB", 1, 2, 0, 0x07, 1)),
            record(0x0006, struct.pack("<HHHBBBBBBHHII", 2, 2, 0, 2, 0, 0x2A, 0, 0, 0, 0xFFFF, 0, 0, 0)),
        ),
        rejected={
            2: "C (手机号): The cell shows the error #DIV/0!",
            3: "C (手机号): The cell shows the error #N/A",
        },
    ),
    Golden(
        "hidden rows and columns of an .xls workbook",
        old(
            PEOPLE,
            record(0x007D, struct.pack("<HHHHHH", 1, 1, 2048, 0, 1, 0)),
            record(0x0208, struct.pack("<HHHHHHHH", 2, 0, 3, 255, 0, 0, 0x20, 0)),
        ),
        EXPECTED,
        notes=(
            "Hidden rows, read like the others: 1",
            "hidden in the sheet and were read like the others: B",
        ),
    ),
    Golden(
        "merged cells of an .xls workbook",
        old(
            [HEADER, ["C1", "张三", "15412345678"], ["", "李四", "15412345699"]],
            record(0x00E5, struct.pack("<HHHHH", 1, 1, 2, 0, 0)),
        ),
        {2: EXPECTED[2]},
        {3: "A (客户编号): The cell belongs to merged cells"},
        notes=("Merged areas below the header: 1",),
    ),
    Golden(
        "numbers of an .xls workbook shown with leading zeros, alone and side by side",
        old(
            [HEADER, ["", "张三", ""], ["", "", ""]],
            record(0x0203, struct.pack("<HHHd", 1, 0, 1, 123)),
            record(0x0203, struct.pack("<HHHd", 1, 2, 0, 15412345678)),
            record(0x00BD, struct.pack("<HHHIHIH", 2, 0, 1, 7 << 2 | 2, 1, 8 << 2 | 2, 1)),
            first=record(0x041E, struct.pack("<HHB", 164, 5, 0) + b"00000")
            + record(0x00E0, struct.pack("<HH16x", 0, 0))
            + record(0x00E0, struct.pack("<HH16x", 0, 164)),
        ),
        {2: ("00123", "张三", "15412345678"), 3: ("00007", "00008", "")},
        cleaned={"customer_code": 2, "name": 1},
    ),
    Golden(
        "days of an .xls workbook counted from 1904",
        old([ORDER_HEADER, ["C1", 44867.0, 5.0]], first=record(0x0022, b"\x01\x00")),
        {2: ("C1", "2026-11-03 00:00", "5")},
        cleaned={"ordered_at": 1},
        notes=("counts days from 1904",),
        table="transactions",
        fields=ORDERS,
    ),
]
