"""Files of what comes before a customer: leads, their deals, campaigns, and what channels cost."""

from __future__ import annotations

from dataclasses import replace

from core.facts import labels
from core.facts.catalogue.customers import CHANNEL, CUSTOMER_CODE, CUSTOMERS
from core.facts.catalogue.model import Field, TableSpec, owned, text
from core.facts.catalogue.units import CURRENCY
from core.language import mark

LEAD_CODE = Field(
    "lead_code", "code", mark("Lead code"),
    ("线索编号", "线索ID", "线索号", "线索编码", "线索代码", "商机编号", "商机ID", "资源编号"),
    ("Lead ID", "Lead", "Lead no", "Lead number", "Lead key", "MQL ID", "MQL", "Prospect ID", "Opportunity ID",
     "Inquiry ID", "Enquiry ID"),
    required=True, example_zh="XS0001", example_en="L0001",
)  # fmt: skip

_CHANNEL = replace(
    CHANNEL,
    synonyms_zh=(*CHANNEL.synonyms_zh, "线索来源", "来源", "投放渠道", "推广渠道"),
    synonyms_en=(*CHANNEL.synonyms_en, "Lead source", "Origin", "Traffic source", "UTM source", "Medium"),
)

_CAMPAIGN = text(
    "campaign", mark("Campaign"), ("推广活动", "活动", "营销活动", "活动名称", "推广计划", "广告计划", "投放计划"),
    ("Campaign name", "UTM campaign", "Ad campaign", "Promotion", "Landing page", "Landing page ID"),
    ("春季糖酒会", "Spring fair"),
)  # fmt: skip

_CUSTOMER_CODE = replace(
    CUSTOMER_CODE,
    required=False,
    synonyms_en=(*CUSTOMER_CODE.synonyms_en, "Seller ID", "Converted customer ID", "Account ID"),
)

_OWNER = text(
    "owner", mark("Owner"),
    ("负责人", "跟进人", "线索负责人", "归属人", "销售", "销售员", "业务员", "客户经理", "分配给", "跟进销售"),
    ("Lead owner", "Assigned to", "Assignee", "Sales rep", "SR ID", "Salesperson", "Sales representative",
     "Account manager", "Agent"),
    ("李经理", "Lee"),
)  # fmt: skip

_INDUSTRY = replace(
    CUSTOMERS.field("industry"),
    synonyms_en=(*CUSTOMERS.field("industry").synonyms_en, "Business segment", "Segment"),
)


def _instant(
    code: str, label: str, zh: tuple[str, ...], en: tuple[str, ...], example: str, *, required: bool = False
) -> Field:
    return Field(code, "datetime", label, zh, en, required, example_zh=example, example_en=example)


_PROGRESS = (
    _instant(
        "contacted_at", mark("Contacted at"),
        ("联系时间", "首次联系时间", "首次联系日期", "联系日期", "已联系时间", "接通时间", "首次接触时间"),
        ("Contact date", "Contacted", "Contacted on", "Contacted date", "Connected at"), "2026-10-09 11:20",
    ),
    _instant(
        "qualified_at", mark("Qualified at"),
        ("需求确认时间", "需求确认日期", "确认时间", "有效线索时间", "转商机时间", "转商机日期"),
        ("Qualification date", "Qualified", "Qualified on", "Qualified date", "SQL date", "Opportunity date"),
        "2026-10-12",
    ),
    _instant(
        "quoted_at", mark("Quoted at"),
        ("报价时间", "报价日期", "方案时间", "方案日期", "方案报价时间", "方案报价日期"),
        ("Quote date", "Quoted", "Quoted on", "Quoted date", "Proposal date", "Proposal sent at", "Quotation date"),
        "2026-10-15",
    ),
    _instant(
        "won_at", mark("Won at"), ("成交时间", "成交日期", "赢单时间", "赢单日期", "签约时间", "签约日期", "转化时间"),
        ("Won date", "Won", "Won on", "Closed won date", "Conversion date", "Converted at", "Deal date", "Signed at"),
        "2026-10-20",
    ),
    _instant(
        "lost_at", mark("Lost at"), ("丢单时间", "丢单日期", "流失时间", "关闭时间", "输单时间", "输单日期"),
        ("Lost date", "Lost", "Lost on", "Closed lost date"), "",
    ),
    text(
        "lost_reason", mark("Reason lost"), ("丢单原因", "流失原因", "输单原因", "关闭原因", "未成交原因"),
        ("Lost reason", "Loss reason", "Closed lost reason", "Reason for loss"), ("", ""),
    ),
    Field(
        "amount", "amount", mark("Amount"),
        ("金额", "成交金额", "合同金额", "商机金额", "签约金额", "订单金额", "预计金额"),
        ("Deal amount", "Deal value", "Contract value", "Opportunity amount", "Value", "Revenue"),
        example_zh="12800", example_en="12800",
    ),
)  # fmt: skip
"""How far a lead has come and what it is worth: what its deal tells."""

_SOLD = ("owner", "first_response_at", "customer_code", *(field.code for field in _PROGRESS))

LEADS = TableSpec(
    "leads",
    labels.TABLES["leads"],
    owned("marketing", (
        LEAD_CODE,
        Field(
            "name", "text", mark("Name"),
            ("姓名", "线索名称", "联系人", "客户名称", "客户姓名", "名称", "客户", "公司名称", "企业名称", "称呼"),
            ("Lead name", "Full name", "Contact name", "Contact", "Customer name", "Company name", "Company"),
            personal=True, example_zh="张晓明", example_en="Alice Example",
        ),
        CUSTOMERS.field("phone"),
        _instant(
            "arrived_at", mark("Arrived at"),
            ("进入时间", "线索时间", "线索创建时间", "创建时间", "创建日期", "进线时间", "进线日期", "留资时间",
             "留资日期", "线索日期", "提交时间", "咨询时间", "登记时间", "日期", "时间"),
            ("Arrival time", "Arrival date", "Lead date", "Lead created", "Created at", "Created date", "Create date",
             "Created on", "Creation date", "First contact date", "Submitted at", "Inquiry date", "Received at",
             "Date", "Timestamp"),
            "2026-10-09 10:30", required=True,
        ),
        _CHANNEL,
        _CAMPAIGN,
        CUSTOMERS.field("region"),
        _INDUSTRY,
        _OWNER,
        _instant(
            "first_response_at", mark("First response at"),
            ("首次响应时间", "首次响应", "首响时间", "响应时间", "首次回复时间", "首次跟进时间", "首次响应日期"),
            ("First response", "First response time", "Response time", "Responded at", "First reply at",
             "First follow-up at", "First touch at"),
            "2026-10-09 11:05",
        ),
        *_PROGRESS,
        _CUSTOMER_CODE,
    ), {"amount": CURRENCY}, sales=_SOLD),
)  # fmt: skip

DEALS = TableSpec(
    "deals",
    labels.TABLES["deals"],
    owned("sales", (LEAD_CODE, _CUSTOMER_CODE, _OWNER, _INDUSTRY, *_PROGRESS), {"amount": CURRENCY}),
)
"""What became of leads that are stored already: a second file, joined by the code of the lead."""

CAMPAIGNS = TableSpec(
    "campaigns",
    labels.TABLES["campaigns"],
    owned("marketing", (
        Field(
            "campaign_code", "code", mark("Campaign code"),
            ("活动编号", "活动编码", "活动代码", "活动ID", "活动号", "营销活动编号", "推广计划ID",
             "广告计划ID", "计划ID"),
            ("Campaign ID", "Campaign no", "Campaign number", "Campaign key", "Ad campaign ID"),
            required=True, example_zh="HD202610", example_en="M202610",
        ),
        text(
            "campaign_name", mark("Campaign name"),
            ("活动名称", "营销活动", "推广活动", "活动", "活动主题", "推广计划", "推广计划名称", "广告计划",
             "计划名称", "名称"),
            ("Campaign", "Campaign title", "Name", "Ad campaign", "Promotion"), ("秋季糖酒会", "Autumn fair"),
        ),
        _CHANNEL,
        Field("starts_on", "date", mark("Starts on"),
              ("开始日期", "活动开始日期", "活动开始时间", "开始时间", "起始日期", "上线日期", "投放开始日期"),
              ("Start date", "Starts", "Begin date", "From", "Launch date"),
              planned=True, example_zh="2026-10-08", example_en="2026-10-08"),
        Field("ends_on", "date", mark("Ends on"),
              ("结束日期", "活动结束日期", "活动结束时间", "结束时间", "截止日期", "下线日期", "投放结束日期"),
              ("End date", "Ends", "To", "Until", "Close date"),
              planned=True, example_zh="2026-10-12", example_en="2026-10-12"),
        Field("budget", "cost", mark("Budget"),
              ("预算", "活动预算", "预算金额", "费用预算", "推广预算", "投放预算", "计划费用"),
              ("Campaign budget", "Planned cost", "Budgeted cost", "Planned budget"),
              example_zh="50000", example_en="50000"),
    ), {"budget": CURRENCY}, finance=("budget",)),
)  # fmt: skip

CHANNEL_COSTS = TableSpec(
    "channel_costs",
    labels.TABLES["channel_costs"],
    owned("marketing", (
        Field(
            "month", "month", mark("Month"), ("月份", "月", "年月", "费用月份", "所属月份", "账期", "日期"),
            ("Cost month", "Period", "Year month", "Date", "Billing month"),
            required=True, example_zh="2026年10月", example_en="2026-10",
        ),
        replace(_CHANNEL, required=True),
        _CAMPAIGN,
        Field(
            "cost", "cost", mark("Cost"),
            ("费用", "花费", "成本", "渠道费用", "投放费用", "获客成本", "推广费用", "支出", "消耗", "金额"),
            ("Spend", "Spending", "Channel cost", "Costs", "Ad spend", "Expense", "Amount", "Marketing spend"),
            required=True, example_zh="8600", example_en="8600",
        ),
    ), {"cost": CURRENCY}, finance=("cost",)),
)  # fmt: skip
