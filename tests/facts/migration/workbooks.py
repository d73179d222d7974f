"""Workbooks of every table, and the request that brings one in or compares it."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import xlsxwriter

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, ImportResult, commit_import
from core.facts.importing.request import SheetImport
from core.store.engine import Store
from tests.conftest import NOW

HEADER = ("客户编号", "姓名", "手机号")
ROWS = [
    HEADER,
    ("C1", "张晓明", "10000000001"),
    ("C2", "李华", "10000000002"),
    ("C3", "王芳", "10000000003"),
    ("C4", "赵云", None),
]
SHEETS = {
    "customers": [HEADER, ("C1", "张晓明", "10000000001"), ("C9", "李华", "10000000009")],
    "products": [("商品编号", "商品名称"), ("P1", "洗发水"), ("P9", "沐浴露")],
    "outlets": [("门店编号", "门店名称"), ("S1", "悦邻店"), ("S9", "远邻店")],
    "campaigns": [("活动编号", "活动名称"), ("M1", "糖酒会"), ("M9", "展会")],
    "channel_costs": [("月份", "渠道", "费用"), ("2026-10", "线上", "8600"), ("2026-11", "线上", "8600")],
    "leads": [("线索编号", "姓名", "手机号", "进入时间"), ("L1", "张", "10000000004", "2026-10-01"),
              ("L9", "李", "10000000008", "2026-10-01")],
    "deals": [("线索编号", "成交时间", "金额"), ("L1", "2026-10-20", "100"), ("L9", "2026-10-20", "100")],
    "contracts": [("合同编号", "客户编号", "签订日期", "合同金额"), ("H1", "C1", "2026-10-01", "500"),
                  ("H9", "C1", "2026-10-01", "500")],
    "payments": [("回款编号", "合同编号", "客户编号", "应付日期", "应付金额"), ("B1", "H1", "C1", "2026-10-01", "50"),
                 ("B9", "H9", "C1", "2026-10-01", "50")],
    "transactions": [("客户编号", "订单号", "下单时间", "金额"), ("C1", "D1", "2026-10-01", "10"),
                     ("C1", "D1", "2026-10-01", "20")],
    "interactions": [("客户编号", "联系时间", "联系方式"), ("C1", "2026-10-01", "电话"), ("C1", "2026-10-01", "电话")],
    "satisfaction": [("客户编号", "评价时间", "评分"), ("C1", "2026-10-01", "4"), ("C1", "2026-10-01", "5")],
    "usage": [("客户编号", "使用时间", "产品编号", "使用次数"), ("C1", "2026-10-01", "P1", "3"),
              ("C7", "2026-10-01", "P1", "3")],
    "behaviour": [("客户编号", "行为时间", "行为"), ("C1", "2026-10-01", "浏览"), ("C1", "2026-10-02", "浏览")],
    "displays": [("门店编号", "巡店时间", "陈列评分"), ("S1", "2026-10-01", "4"), ("S9", "2026-10-01", "4")],
}  # fmt: skip
"""Of every table a row that is imported, and one that is not."""


def workbook(sheets):
    """The bytes of a workbook; when it was made is told, so that equal ones are equal."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": NOW.replace(tzinfo=None)})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, ["" if cell is None else cell for cell in row])
    return file.getvalue()


def request(path, sheets):
    asked = tuple(SheetImport(name.split()[0], name) for name in sheets)
    return ImportRequest(str(path), "old.xlsx", asked, mode="both")


def bring(store: Store, folder: Path, sheets, now: datetime = NOW) -> ImportResult:
    """Import sheets; each is named after its table."""
    path = folder / "in.xlsx"
    path.write_bytes(workbook(sheets))
    return commit_import(SYSTEM, store, request(path, sheets), now=now)
