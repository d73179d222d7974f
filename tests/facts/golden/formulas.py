"""Golden workbooks with formulas, calculated and not."""

from __future__ import annotations

import struct

from tests.facts.golden.case import ORDERS, Golden
from tests.facts.golden.making import (
    DAY,
    EMPTY_RESULT,
    ERROR,
    HEADER,
    ZERO_RESULT,
    edited,
    old,
    old_formula,
    with_formulas,
    xml,
)
from tests.facts.reading.files import inline, record

NO_RESULT = "The cell holds a formula without a saved result"

CASES = [
    Golden(
        "a formula without a result",
        xml(ERROR + f'<row r="2">{inline("A2", "C1")}{DAY}<c r="C2"><f>A1*2</f></c></row>'),
        rejected={2: ("C (金额): The cell holds a formula without a saved result",)},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "rows of nothing but formulas without a result, in the middle and at the end",
        edited(
            [HEADER, ["C1", "张三"], ["=S!A1", "=S!B1"], ["C3", "王五"], ["=S!A4"]],
            lambda _book, _sheet: None,
        ),
        {2: ("C1", "张三", ""), 4: ("C3", "王五", "")},
        {3: (f"A (客户编号): {NO_RESULT}", f"B (姓名): {NO_RESULT}"), 5: f"A (客户编号): {NO_RESULT}"},
    ),
    Golden(
        "nothing but rows of formulas without a result",
        edited([HEADER, ["=S!A1", "=S!B1"]], lambda _book, _sheet: None),
        rejected={2: (f"A (客户编号): {NO_RESULT}", f"B (姓名): {NO_RESULT}")},
    ),
    Golden(
        "formulas whose result 0 only keeps the place, as programs write that cannot calculate",
        with_formulas("=A2*2", "=A3*2", None),
        {4: ("C3", "2026-11-01 00:00", "5")},
        {2: f"C (金额): {NO_RESULT}", 3: f"C (金额): {NO_RESULT}"},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "a result of 0 in a workbook that was calculated",
        xml(
            ERROR + f'<row r="2">{inline("A2", "C1")}{DAY}<c r="C2"><f>2-2</f><v>0</v></c></row>',
            calculated=True,
        ),
        {2: ("C1", "2026-11-01 00:00", "0")},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "formulas without a result that do not say where",
        xml(ERROR + f'<row r="2">{inline("A2", "C1")}{DAY}<c><f>A1*2</f></c></row>'),
        refused="cells hold formulas without a saved result, and the file does not say which",
        table="transactions",
    ),
    Golden(
        "a formula with a result",
        xml(ERROR + f'<row r="2">{inline("A2", "C1")}{DAY}<c r="C2"><f>2+3</f><v>5</v></c></row>'),
        {2: ("C1", "2026-11-01 00:00", "5")},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "formulas without a result in an .xls workbook, and one below the others",
        old(
            [HEADER, ["C1", "", ""], ["C2", "李四", ""]],
            old_formula(1, 1, EMPTY_RESULT),
            old_formula(2, 2, ZERO_RESULT, options=2),
            old_formula(3, 0, EMPTY_RESULT),
        ),
        rejected={
            2: f"B (姓名): {NO_RESULT}",
            3: f"C (手机号): {NO_RESULT}",
            4: f"A (客户编号): {NO_RESULT}",
        },
    ),
    Golden(
        "formulas of an .xls workbook whose result is an empty text or 0",
        old(
            [HEADER, ["C1", "", ""], ["C2", "", ""]],
            old_formula(1, 1, EMPTY_RESULT),
            old_formula(2, 1, ZERO_RESULT),
            first=record(0x01C1, struct.pack("<HHI", 0x01C1, 0, 0x18D54)),
        ),
        {2: ("C1", "", ""), 3: ("C2", "0", "")},
    ),
]
