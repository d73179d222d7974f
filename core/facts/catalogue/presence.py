"""Files of stores and of how the goods stand in them."""

from __future__ import annotations

from dataclasses import replace

from core.facts import labels
from core.facts.catalogue.customers import CUSTOMER_CODE, CUSTOMERS
from core.facts.catalogue.model import Choice, Field, TableSpec, owned, text
from core.facts.catalogue.units import POINTS
from core.language import mark

OUTLET_CODE = Field(
    "outlet_code", "code", mark("Outlet code"),
    ("门店编号", "门店编码", "门店代码", "门店ID", "门店号", "店铺编号", "店铺ID", "店号", "终端编号", "终端编码",
     "终端ID", "网点编号", "网点编码"),
    ("Store code", "Store ID", "Store number", "Store no", "Shop ID", "Shop code", "Outlet ID", "Site ID", "POS code"),
    required=True, example_zh="MD0001", example_en="S0001",
)  # fmt: skip

OUTLET_KINDS = (
    Choice("convenience", "便利店", "Convenience store",
           ("便利", "连锁便利店", "便利连锁", "24小时便利店", "cvs", "convenience shop", "mini mart", "minimarket")),
    Choice("family", "夫妻店", "Family shop",
           ("小店", "夫妻店/小店", "夫妻老婆店", "传统小店", "杂货店", "小卖部", "食杂店", "副食店", "烟酒店", "士多",
            "mom and pop", "family store", "grocery", "small shop", "traditional trade")),
    Choice("supermarket", "超市", "Supermarket",
           ("标超", "中小超市", "连锁超市", "生鲜超市", "社区超市", "综合超市", "super market")),
    Choice("hypermarket", "大卖场", "Hypermarket",
           ("卖场", "大型超市", "大超市", "仓储超市", "仓储店", "会员店", "ka", "ka卖场", "warehouse store")),
    Choice("other", "其他", "Other", ("其它", "特通", "特殊渠道", "餐饮", "misc")),
)  # fmt: skip

_REGION, _PROVINCE, _CITY = (CUSTOMERS.field(code) for code in ("region", "province", "city"))

OUTLETS = TableSpec(
    "outlets",
    labels.TABLES["outlets"],
    owned("sales", (
        OUTLET_CODE,
        text("outlet_name", mark("Outlet name"),
             ("门店名称", "门店", "店名", "店铺名称", "店铺", "终端名称", "网点名称"),
             ("Store name", "Store", "Shop name", "Shop", "Outlet", "Site name"),
             ("悦邻便利店 文三路店", "Corner Shop")),
        replace(CUSTOMER_CODE, required=False,
                synonyms_zh=(*CUSTOMER_CODE.synonyms_zh, "所属客户", "所属客户编号", "所属客户编码"),
                synonyms_en=(*CUSTOMER_CODE.synonyms_en, "Account ID")),
        Field("kind", "choice", mark("Outlet kind"),
              ("门店类型", "店铺类型", "终端类型", "网点类型", "门店业态", "业态", "类型"),
              ("Kind", "Store type", "Shop type", "Outlet type", "Store format", "Format", "Type"),
              choices=OUTLET_KINDS, example_zh="便利店", example_en="Convenience store"),
        _REGION,
        _PROVINCE,
        _CITY,
        text("address", mark("Address"), ("地址", "门店地址", "详细地址", "店铺地址", "终端地址", "网点地址"),
             ("Store address", "Street address", "Street", "Location"),
             ("杭州市西湖区文三路 100 号", "100 High Street")),
        Field("opened_on", "date", mark("Opened on"), ("开业日期", "开店日期", "开业时间", "开店时间"),
              ("Opening date", "Open date", "Opened", "Date opened"), example_zh="2024-05-01", example_en="2024-05-01"),
    )),
)  # fmt: skip

DISPLAYS = TableSpec(
    "displays",
    labels.TABLES["displays"],
    owned("sales", (
        OUTLET_CODE,
        Field("checked_at", "datetime", mark("Checked at"),
              ("检查时间", "检查日期", "巡店时间", "巡店日期", "拜访时间", "拜访日期", "陈列日期", "反馈时间",
               "反馈日期", "拍照时间", "日期", "时间"),
              ("Check date", "Checked on", "Visit date", "Audit date", "Inspection date", "Date", "Time", "Timestamp",
               "Datetime"),
              required=True, example_zh="2026-11-03 15:20", example_en="2026-11-03 15:20"),
        Field("score", "score", mark("Display score"),
              ("陈列评分", "陈列得分", "陈列分", "评分", "得分", "分数", "打分"),
              ("Score", "Rating", "Shelf score"), required=True, example_zh="4", example_en="4"),
        text("comment", mark("Display comment"),
             ("陈列反馈", "反馈", "反馈内容", "问题描述", "说明", "评语", "意见", "备注"),
             ("Comment", "Comments", "Feedback", "Remark", "Remarks", "Notes"),
             ("堆头被占用", "End cap taken by others")),
        text("staff", mark("Checked by"),
             ("检查人", "巡店人", "拜访人", "理货员", "督导", "业务员", "员工", "上报人", "反馈人"),
             ("Visited by", "Inspector", "Auditor", "Merchandiser", "Staff", "Salesperson"), ("李经理", "Lee")),
    ), {"score": POINTS}),
)  # fmt: skip
