"""Golden files of cells that are hard to read, as text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

from tests.facts.golden.case import ORDERS, Golden
from tests.facts.golden.making import HEADER, edited
from tests.facts.golden.text_files import people, text


def orders(*rows: str) -> Callable[[Path], Path]:
    """A file of transactions with tabs: customer, order, time, amount."""
    return text("客户编号\t订单号\t下单时间\t金额\n" + "".join(f"{row}\n" for row in rows), name="a.txt")


def amounts(*texts: str) -> Callable[[Path], Path]:
    """Transactions of these amounts."""
    return orders(*(f"C1\tD{at}\t2026-11-01\t{amount}" for at, amount in enumerate(texts)))


def times(*texts: str) -> Callable[[Path], Path]:
    """Transactions of these times."""
    return orders(*(f"C1\tD{at}\t{moment}\t1" for at, moment in enumerate(texts)))


def stored_amounts(*texts: str) -> dict[int, tuple[str, ...]]:
    return {row: ("C1", "2026-11-01 00:00", amount) for row, amount in enumerate(texts, 2)}


def stored_times(*texts: str) -> dict[int, tuple[str, ...]]:
    return {row: ("C1", moment, "1") for row, moment in enumerate(texts, 2)}


CASES = [
    Golden(
        "names that look like formulas",
        people("C1,=cmd|' /C calc'!A0,", "C2,+1,", "C3,-x,", "C4,@SUM(1),"),
        {
            2: ("C1", "=cmd|' /C calc'!A0", ""),
            3: ("C2", "+1", ""),
            4: ("C3", "-x", ""),
            5: ("C4", "@SUM(1)", ""),
        },
    ),
    Golden(
        "names that look like nothing",
        people("C1,NA,", "C2,null,", "C3,None,", "NA,nan,"),
        {2: ("C1", "NA", ""), 3: ("C2", "null", ""), 4: ("C3", "None", ""), 5: ("NA", "nan", "")},
    ),
    Golden(
        "names that look like markup",
        people("C1,<script>alert(1)</script>,", "C2,张*李*,", "C3,[a](http://x),"),
        {2: ("C1", "<script>alert(1)</script>", ""), 3: ("C2", "张*李*", ""), 4: ("C3", "[a](http://x)", "")},
    ),
    Golden(
        "the apostrophe that guards a cell of a CSV",
        people("C1,'=1+1,", "C2,'正常,"),
        {2: ("C1", "=1+1", ""), 3: ("C2", "'正常", "")},
        cleaned={"name": 1},
    ),
    Golden(
        "control characters and marks of direction",
        people("C\x071,张\x1b三\u200b,\u202d15412345678\u202c"),
        {2: ("C1", "张三", "15412345678")},
        cleaned={"customer_code": 1, "name": 1, "phone": 1},
    ),
    Golden(
        "a name of nothing that can be seen", people("C1,\u200b,"), {2: ("C1", "", "")}, cleaned={"name": 1}
    ),
    Golden(
        "full-width digits and spaces",
        people("Ｃ１, 张三 ,１５４１２３４５６７８", "C 2,李四,1541234 5699"),
        {2: ("C1", "张三", "15412345678"), 3: ("C 2", "李四", "15412345699")},
        cleaned={"customer_code": 1, "name": 1, "phone": 2},
    ),
    Golden(
        "phones in their spellings",
        people(
            "C1,a,+86 154-1234-5678",
            "C2,b,0086-15412345679",
            "C3,c,(0571) 8765 4321",
            "C4,d,+1 202-555-0123",
            "C5,e,15412345670.0",
        ),
        {
            2: ("C1", "a", "15412345678"),
            3: ("C2", "b", "15412345679"),
            4: ("C3", "c", "057187654321"),
            5: ("C4", "d", "+12025550123"),
            6: ("C5", "e", "15412345670"),
        },
        cleaned={"phone": 5, "region": 1, "province": 1, "city": 1},
    ),
    Golden(
        "places filled in from phones",
        people("C1,a,13812345678", "C2,b,057187654321", "C3,c,"),
        {2: ("C1", "a", "13812345678"), 3: ("C2", "b", "057187654321"), 4: ("C3", "c", "")},
        cleaned={"province": 2, "city": 2, "region": 2},
    ),
    Golden(
        "phones that are none",
        people("C1,a,1.38E+10", "C2,b,12345", "C3,c,无", "C4,d,15412345678 15412345699"),
        rejected={
            2: "C (手机号): The number was too long for a numeric cell",
            3: "C (手机号): This is not a phone number",
            4: "C (手机号): This is not a phone number",
            5: "C (手机号): This is not a phone number",
        },
    ),
    Golden(
        "codes with zeros, as decimals, rounded",
        people("00123,a,", "17850.0,b,", "1.23457E+17,c,"),
        {2: ("00123", "a", ""), 3: ("17850", "b", "")},
        {4: "A (客户编号): The number was too long"},
        cleaned={"customer_code": 1},
    ),
    Golden(
        "codes with powers and circled digits",
        people("A①,a,", "A1,b,", "5²,c,"),
        {2: ("A①", "a", ""), 3: ("A1", "b", ""), 4: ("5²", "c", "")},
    ),
    Golden(
        "a key twice with different values",
        people("C1,张三,", "C2,李四,", "C1,王五,"),
        {3: ("C2", "李四", "")},
        {
            2: ": Rows 2 and 4 name the same record with different values",
            4: ": Rows 2 and 4 name the same record",
        },
    ),
    Golden("a row twice", people("C1,张三,", "C1,张三,"), {2: ("C1", "张三", ""), 3: ("C1", "张三", "")}),
    Golden(
        "a code that is missing",
        people(",,15412345678", "C2,李四,"),
        {3: ("C2", "李四", "")},
        {2: ": Customer code is missing"},
    ),
    Golden(
        "an order number merged over its lines",
        edited(
            [
                ["客户编号", "订单号", "下单时间", "金额", "渠道"],
                ["C1", "D1", "2026-11-01", 5, "门店"],
                ["C1", None, "2026-11-01", 6, None],
            ],
            lambda _book, sheet: [sheet.merge_cells(area) for area in ("B2:B3", "E2:E3")],
        ),
        {2: ("C1", "2026-11-01 00:00", "5")},
        {3: "B (订单号): The cell belongs to merged cells, whose value stands in B2 only"},
        notes=("Merged areas below the header: 2",),
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "codes and phones that Excel made dates of",
        edited(
            [
                HEADER,
                [date(2026, 3, 12), "张三", None],
                [time(1, 1), "李四", None],
                ["C3", "王五", date(2026, 3, 12)],
            ],
            lambda _book, _sheet: None,
        ),
        rejected={
            2: "A (客户编号): The cell holds a date or a time. Excel makes one of codes such as 3-12",
            3: "A (客户编号): The cell holds a date or a time",
            4: "C (手机号): The cell holds a date or a time",
        },
    ),
    Golden(
        "codes of a text file that look like dates",
        people("2026-03-12,张三,", "01:01:00,李四,"),
        {2: ("2026-03-12", "张三", ""), 3: ("01:01:00", "李四", "")},
    ),
    Golden(
        "a total at the foot",
        people("C1,张三,", "合计,,2"),
        {2: ("C1", "张三", "")},
        {3: ": This is a row of sums (“合计”)"},
    ),
    Golden(
        "sums between and below",
        orders(
            "C1\tD1\t2026-11-01\t1",
            "小 计：\t\t\t1",
            "C2\tD2\t2026-11-01\t2",
            "Total\t\t\t3",
            "2026-11\t\t\t合计",
        ),
        {2: ("C1", "2026-11-01 00:00", "1"), 4: ("C2", "2026-11-01 00:00", "2")},
        {
            3: ": This is a row of sums (“小 计：”)",
            5: ": This is a row of sums (“Total”)",
            6: ": This is a row of sums (“合计”)",
        },
        cleaned={"customer_code": 1},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "what a report prints around its rows",
        people(
            "华东区,,",
            "C1,张三,",
            "客户编号,姓名,手机号",
            "C2,李四,",
            "合计：2户,,",
            "制表人：王五,,审核：赵六",
            "第1页 共1页,,",
        ),
        {3: ("C1", "张三", ""), 5: ("C2", "李四", "")},
        {
            2: ": Nothing but Customer code stands in this row",
            4: ": This row repeats the names of the columns",
            6: ": This is a row of sums (“合计”)",
            7: ": This is a note of the report (“制表人”)",
            8: ": This is a note of the report (“第1页共1页”)",
        },
        cleaned={"customer_code": 2},
    ),
    Golden(
        "what a report prints around a single column",
        text("客户编号\nC1\n华东店\n客户编号\n合计：2户\n以下空白\n"),
        {2: ("C1",), 3: ("华东店",)},
        {
            4: ": This row repeats the names of the columns",
            5: ": This is a row of sums (“合计”)",
            6: ": This is a note of the report (“以下空白”)",
        },
        cleaned={"customer_code": 1},
        fields=("customer_code",),
    ),
    Golden(
        "customers called Total and Sum",
        people("C1,Total,", "C2,Sum,15412345678", "Total,道达尔,"),
        {2: ("C1", "Total", ""), 3: ("C2", "Sum", "15412345678"), 4: ("Total", "道达尔", "")},
    ),
    Golden(
        "numbers with separators",
        amounts("1,234.50", "12 345", "１２３", "(12.50)", "1e-2", "-0.5"),
        stored_amounts("1234.5", "12345", "123", "-12.5", "0.01", "-0.5"),
        cleaned={"amount": 5},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "numbers with currencies and large units",
        amounts("¥99", "￥1,000元", "1.5万", "0.02亿", "3万元", "CNY 5"),
        stored_amounts("99", "1000", "15000", "2000000", "30000", "5"),
        cleaned={"amount": 6},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "numbers that are none",
        amounts("1,23", "12 34", "#DIV/0!", "5²", "一百", "15%"),
        rejected=dict.fromkeys(range(2, 8), "D (金额): “")
        | {4: "D (金额): The cell shows the error #DIV/0!"},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "more decimals than are kept",
        amounts("0.00005", "1.23456"),
        stored_amounts("0.0001", "1.2346"),
        cleaned={"amount": 2},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "dates in five spellings",
        times("2026/11/1", "2026年11月1日", "2026.11.01", "20261101", "46327"),
        stored_times(*["2026-11-01 00:00"] * 5),
        cleaned={"ordered_at": 5},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "times in their spellings",
        times(
            "2026-11-01 14:30",
            "2026/11/1 2:30 PM",
            "2026年11月1日 下午2时30分",
            "2026-11-01T06:30:00Z",
            "20261101 143000",
        ),
        stored_times(*["2026-11-01 14:30"] * 5),
        cleaned={"ordered_at": 3},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "days before months",
        times("1/11/2026", "31/10/2026"),
        stored_times("2026-11-01 00:00", "2026-10-31 00:00"),
        cleaned={"ordered_at": 2},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "days or months first, nobody knows",
        times("1/11/2026", "2026-11-01"),
        {3: ("C1", "2026-11-01 00:00", "1")},
        {2: "C (下单时间): “1/11/2026” can be read with the day or the month first"},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "dates that cannot be",
        times("2026-02-30", "1900-01-01", "2099-01-01", "昨天"),
        rejected={2: "is not a date", 3: "cannot be right", 4: "cannot be right", 5: "is not a date"},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "apostrophes in front of numbers",
        amounts("'-5", "1e3", "5"),
        stored_amounts("-5", "1000", "5"),
        cleaned={"amount": 2},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "commas in front of decimals",
        amounts("12,50", "1.200,00", "1,200", "7"),
        {
            2: ("C1", "2026-11-01 00:00", "12.5"),
            3: ("C1", "2026-11-01 00:00", "1200"),
            5: ("C1", "2026-11-01 00:00", "7"),
        },
        {4: "D (金额): “1,200” can be read in two ways"},
        cleaned={"amount": 2},
        table="transactions",
        fields=ORDERS,
    ),
    Golden(
        "amounts in ten thousands by their header",
        text("客户编号,姓名,年营业额（万元）\nC1,张三,150\nC2,李四,0.12345678\nC3,王五,1.5万\nC4,赵六,0\n"),
        {2: ("C1", "1500000"), 3: ("C2", "1234.5678"), 5: ("C4", "0")},
        {4: "C (年营业额（万元）): “1.5万” has a unit of its own"},
        cleaned={"annual_revenue": 2},
        notes=("C (年营业额（万元）): the header says 万元, so its numbers were multiplied by 10,000",),
        fields=("customer_code", "annual_revenue"),
    ),
    Golden(
        "prices in hundredths and stock in ten thousands by their headers",
        text("产品编号,产品名称,单价（分）,库存数量（万件）\nP1,苹果,800,5\nP2,梨,5元,0.00005\n"),
        {2: ("P1", "8", "50000")},
        {3: "C (单价（分）): “5元” has a unit of its own"},
        cleaned={"unit_price": 1, "stock_quantity": 2},
        notes=(
            "C (单价（分）): the header says 分, so its numbers were divided by 100",
            "D (库存数量（万件）): the header says 万件, so its numbers were multiplied by 10,000",
        ),
        table="products",
        fields=("product_code", "unit_price", "stock_quantity"),
    ),
    Golden(
        "prices whose header says what nobody knows, chosen by hand",
        text("产品编号,产品名称,单价（元/千件）\nP1,苹果,800\n"),
        {2: ("P1", "800")},
        notes=("C (单价（元/千件）): the header says 元/千件; its numbers were taken as they stand",),
        table="products",
        fields=("product_code", "unit_price"),
        mapping={"单价（元/千件）": "unit_price"},
    ),
    Golden(
        "amounts of headers that only say how to fill them in",
        text("客户编号（必填）,姓名,年营业额（元，如：1200000）\nC1,张三,150\n"),
        {2: ("C1", "150")},
        fields=("customer_code", "annual_revenue"),
    ),
    Golden(
        "amounts in another currency by their header",
        text("客户编号,姓名,年营业额(USD)\nC1,张三,150\n"),
        {2: ("C1", "150")},
        notes=("C (年营业额(USD)): the header says USD. Amounts are not converted",),
        fields=("customer_code", "annual_revenue"),
    ),
    Golden(
        "a birthday of a year alone",
        text("客户编号,姓名,生日\nC1,张三,1990\nC2,李四,1990-05-01\n"),
        {3: ("C2", "1990-05-01")},
        {2: "C (生日): “1990” is a year only"},
        fields=("customer_code", "birthday"),
    ),
    Golden(
        "contracts without an end",
        text(
            "合同编号,客户编号,签订日期,结束日期,金额\nK1,C1,2026-10-01,9999-12-31,5\nK2,C1,2026-10-01,2027-12-31,5\n"
        ),
        {2: ("K1", ""), 3: ("K2", "2027-12-31")},
        cleaned={"ends_on": 1},
        table="contracts",
        fields=("contract_code", "ends_on"),
    ),
    Golden(
        "phones where a kind of contact is asked for",
        text("客户编号,联系时间,联系方式\nC1,2026-11-01,13812345678\n"),
        rejected={2: "C (联系方式): “***” is none of the choices"},
        table="interactions",
        fields=("customer_code", "kind"),
    ),
]
