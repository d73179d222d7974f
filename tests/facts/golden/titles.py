"""Golden files with titles and other lines above the header."""

from __future__ import annotations

from tests.facts.golden.case import ORDERS, Golden
from tests.facts.golden.making import (
    EXPECTED,
    GROUPED,
    ORDER_HEADER,
    PEOPLE,
    edited,
    group_below_titles,
    sheets,
)
from tests.facts.golden.text_files import PEOPLE as TEXT
from tests.facts.golden.text_files import text

CASES = [
    Golden(
        "a merged title",
        edited([["客户名单", None, None], *PEOPLE], lambda _, sheet: sheet.merge_cells("A1:C1")),
        {3: EXPECTED[2], 4: EXPECTED[3]},
        notes=("left out: 1 (“",),
    ),
    Golden(
        "a title, and a table right of column A",
        sheets(S=[[None, "客户"], [], *([None, *row] for row in PEOPLE)]),
        {4: EXPECTED[2], 5: EXPECTED[3]},
        notes=("left out: 1 (“",),
    ),
    Golden(
        "two titles above the header",
        sheets(S=[["客户资料表"], ["单位：某某公司"], *PEOPLE]),
        {4: EXPECTED[2], 5: EXPECTED[3]},
        notes=("Rows above the header in row 3, left out: 2 (“客户资料表”, “单位：某某公司”).",),
    ),
    Golden(
        "a title, and a line of two cells above the header",
        sheets(
            S=[
                ["销售明细表"],
                ["日期：2026-10-01 至 2026-10-31", None, "单位：元"],
                [],
                ORDER_HEADER,
                ["C1", "2026-11-01", 5],
            ]
        ),
        {5: ("C1", "2026-11-01 00:00", "5")},
        notes=("header in row 4, left out: 2 (“销售明细表”, “日期：2026-10-01 至 2026-10-31 单位：元”).",),
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "titles with a phone, an address and more than is told",
        sheets(
            S=[
                ["客户名单 " + "很" * 50],
                ["制表人电话：154 1234 5678，邮箱 wang@example.com"],
                ["x"],
                ["y"],
                *PEOPLE,
            ]
        ),
        {6: EXPECTED[2], 7: EXPECTED[3]},
        notes=(
            f"Rows above the header in row 5, left out: 4 (“客户名单 {'很' * 35}…”, "
            "“制表人电话：154****5678，邮箱 w***@example.com”, “x”, …).",
        ),
    ),
    Golden(
        "titles above a header of two rows with merged cells",
        edited([["客户资料表"], ["单位：某某公司", None, "第 1 期"], *GROUPED], group_below_titles),
        {5: EXPECTED[2], 6: EXPECTED[3]},
        notes=(
            "Rows above the header in row 3, left out: 2 (",
            "Rows 3 to 4 were read together as the header",
        ),
        mapping={"联系方式/姓名": "name", "联系方式/手机": "phone"},
    ),
    Golden(
        "a header of names of one's own, and a row of data with words that are names of fields",
        sheets(
            S=[["编码", "叫法", "说法", "写法"], ["C1", "姓名", "手机号", "某某"], ["C2", "李四", "x", "y"]]
        ),
        {2: ("C1", "姓名", ""), 3: ("C2", "李四", "")},
        mapping={"编码": "customer_code", "叫法": "name"},
    ),
    Golden(
        "a title above",
        text("2026年客户名单\n\n" + TEXT),
        {4: EXPECTED[2], 5: EXPECTED[3]},
        notes=("left out: 1 (“",),
    ),
    Golden(
        "lines of a payment service above the header",
        text(
            "#账务明细查询\n#账号：[20881234]\n#起始日期：[2026年10月01日 00:00:00]   终止日期：[2026年10月31日]\n"
            "#-----账务明细列表-----\n" + TEXT
        ),
        {6: EXPECTED[2], 7: EXPECTED[3]},
        notes=(
            "Rows above the header in row 5, left out: 4 (“#账务明细查询”, “#账号：[****34]”, "
            "“#起始日期：[2026年10月01日 00:00:00] 终止日期：[2026年…”, …).",
        ),
    ),
    Golden(
        "titles above a header of two rows, as text",
        text("客户资料表,,\n单位：某某公司,,\n客户编号,联系方式,\n,姓名,手机号\nC1,张三,15412345678\n"),
        {5: EXPECTED[2]},
        notes=(
            "Rows above the header in row 3, left out: 2 (",
            "Rows 3 to 4 were read together as the header",
        ),
        mapping={"联系方式/姓名": "name", "联系方式/手机号": "phone"},
    ),
    Golden(
        "a row of data above the header is counted and not quoted",
        text("C9,王五,15412345688\n" + TEXT),
        {3: EXPECTED[2], 4: EXPECTED[3]},
        notes=("Rows above the header in row 2, left out: 1 (…).",),
    ),
    Golden(
        "a header below the rows in which one is looked for",
        text("".join(f"第{n}行\n" for n in range(20)) + TEXT),
        refused="is missing",
    ),
    Golden(
        "a title over the whole header",
        text("联系方式,,\n客户编号,姓名,手机号\nC1,张三,15412345678\nC2,李四,15412345699\n"),
        {3: EXPECTED[2], 4: EXPECTED[3]},
        notes=("Rows above the header in row 2, left out: 1 (",),
    ),
]
