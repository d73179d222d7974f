"""Files of what customers do by themselves: product usage and behaviour events."""

from __future__ import annotations

from dataclasses import replace

from core.facts import labels
from core.facts.catalogue.activity import TRANSACTIONS
from core.facts.catalogue.customers import CUSTOMER_CODE
from core.facts.catalogue.model import Field, TableSpec, owned, text
from core.facts.catalogue.units import TIMES
from core.language import mark

_PRODUCT_CODE = TRANSACTIONS.field("product_code")

USAGE = TableSpec(
    "usage",
    labels.TABLES["usage"],
    owned("operations", (
        CUSTOMER_CODE,
        Field("used_at", "datetime", mark("Used at"),
              ("使用时间", "使用日期", "登录时间", "登录日期", "活跃日期", "统计日期", "日期", "时间"),
              ("Usage date", "Usage time", "Used on", "Login date", "Active date", "Date", "Time", "Timestamp",
               "Datetime"),
              required=True, example_zh="2026-11-03", example_en="2026-11-03"),
        replace(_PRODUCT_CODE, required=True,
                synonyms_zh=(*_PRODUCT_CODE.synonyms_zh, "产品", "功能", "功能模块", "功能编码", "模块"),
                synonyms_en=(*_PRODUCT_CODE.synonyms_en, "Product", "Feature", "Module", "App")),
        Field("uses", "integer", mark("Times used"),
              ("使用次数", "次数", "用量", "登录次数", "启动次数", "访问次数", "打开次数", "调用次数"),
              ("Uses", "Usage", "Usage count", "Use count", "Count", "Sessions", "Logins", "Launches"),
              required=True, example_zh="12", example_en="12"),
    ), {"uses": TIMES}),
)  # fmt: skip

BEHAVIOUR = TableSpec(
    "behaviour",
    labels.TABLES["behaviour"],
    owned("operations", (
        CUSTOMER_CODE,
        Field("occurred_at", "datetime", mark("Event time"),
              ("发生时间", "行为时间", "事件时间", "操作时间", "访问时间", "浏览时间", "触发时间", "日期", "时间"),
              ("Occurred at", "Event date", "Event timestamp", "Visited at", "Date", "Time", "Timestamp", "Datetime"),
              required=True, example_zh="2026-11-03 20:15", example_en="2026-11-03 20:15"),
        replace(
            text("event", mark("Event"),
                 ("行为", "行为类型", "行为名称", "事件", "事件名称", "事件类型", "动作", "操作", "操作类型"),
                 ("Event name", "Event type", "Action", "Activity", "Behaviour", "Behavior"),
                 ("浏览页面", "page_view")),
            required=True),
        text("object", mark("Object of the event"),
             ("行为对象", "对象", "事件对象", "页面", "页面名称", "页面标题", "内容", "内容标题", "活动名称", "素材",
              "链接"),
             ("Object", "Target", "Page", "Page title", "Page name", "Content", "Resource", "URL", "Item"),
             ("新品专区", "New products")),
    )),
)  # fmt: skip
