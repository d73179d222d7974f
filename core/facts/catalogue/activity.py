"""Files of what customers did and said: transactions, interactions, satisfaction."""

from __future__ import annotations

from core.facts import labels
from core.facts.catalogue.customers import CHANNEL, CUSTOMER_CODE
from core.facts.catalogue.model import Choice, Field, TableSpec, owned, text
from core.facts.catalogue.units import CURRENCY, PIECES, POINTS
from core.language import mark

TRANSACTIONS = TableSpec(
    "transactions",
    labels.TABLES["transactions"],
    owned("sales", (
        CUSTOMER_CODE,
        Field("order_no", "code", mark("Order number"),
              ("订单号", "订单编号", "订单ID", "单号", "单据号", "发票号", "交易号", "流水号", "销售单号"),
              ("Invoice", "InvoiceNo", "Invoice number", "Order ID", "Order no", "Order", "Transaction ID",
               "Receipt"),
              example_zh="D20260001", example_en="D20260001"),
        Field("line_no", "code", mark("Line number"), ("行号", "明细行号", "订单行号", "明细号", "子单号", "项次"),
              ("Line", "Line no", "Line item", "Item no", "Order line"), example_zh="1", example_en="1"),
        Field("ordered_at", "datetime", mark("Order time"),
              ("下单时间", "订单时间", "订单日期", "下单日期", "交易时间", "交易日期", "成交时间", "成交日期",
               "购买日期",
               "购买时间", "消费时间", "消费日期", "支付时间", "付款时间", "日期", "时间"),
              ("InvoiceDate", "Ordered at", "Order date", "Date", "Transaction date", "Purchase date", "Time",
               "Datetime", "Timestamp"),
              required=True, example_zh="2026-11-03 14:30", example_en="2026-11-03 14:30"),
        Field("amount", "amount", mark("Amount"),
              ("金额", "订单金额", "交易金额", "消费金额", "实付金额", "支付金额", "成交金额", "销售额",
               "销售金额", "总金额",
               "总价", "行金额"),
              ("Line amount", "Total", "Order amount", "Sales", "Revenue", "Value", "Total amount", "Line total",
               "Amount paid", "Total price"),
              required=True, example_zh="39.80", example_en="39.80"),
        Field("quantity", "quantity", mark("Quantity"), ("数量", "件数", "购买数量", "销售数量", "购买件数"),
              ("Qty", "Units", "Count", "Pieces"), example_zh="2", example_en="2"),
        Field("unit_price", "amount", mark("Unit price"), ("单价", "价格", "销售单价", "成交单价", "售价"),
              ("Price", "UnitPrice", "Item price"), example_zh="19.90", example_en="19.90"),
        Field("product_code", "code", mark("Product code"),
              ("商品编号", "商品编码", "产品编号", "产品编码", "产品代码", "商品ID", "货号", "SKU", "SKU编码",
               "物料编码"),
              ("StockCode", "Product ID", "Item code", "Article", "Article number", "Item ID"),
              example_zh="P100", example_en="P100"),
        text("product_name", mark("Product name"), ("商品名称", "产品名称", "品名", "商品", "产品", "商品描述"),
              ("Description", "Product", "Item", "Item name", "Article name"), ("洗发水 500ml", "Shampoo 500 ml")),
        CHANNEL,
        text("salesperson", mark("Salesperson"), ("销售员", "业务员", "销售人员", "销售", "导购", "营业员",
                                                   "销售代表"),
              ("Sales rep", "Sales person", "Seller", "Sales representative", "Clerk"), ("王销售", "Wang")),
    ), {"amount": CURRENCY, "unit_price": CURRENCY, "quantity": PIECES}, operations=("product_code", "product_name")),
    instead={"amount": ("quantity", "unit_price")},
)  # fmt: skip

INTERACTIONS = TableSpec(
    "interactions",
    labels.TABLES["interactions"],
    owned("sales", (
        CUSTOMER_CODE,
        Field("occurred_at", "datetime", mark("Contact time"),
              ("联系时间", "发生时间", "互动时间", "沟通时间", "联系日期", "互动日期", "跟进时间", "跟进日期",
               "日期", "时间"),
              ("Occurred at", "Contact date", "Date", "Time", "Interaction date", "Activity date", "Datetime",
               "Timestamp"),
              required=True, example_zh="2026-11-03 10:00", example_en="2026-11-03 10:00"),
        Field(
            "kind", "choice", mark("Contact kind"),
            ("联系方式", "互动方式", "互动类型", "沟通方式", "跟进方式", "类型", "方式", "沟通渠道", "联系渠道",
             "渠道"),
            ("Kind", "Type", "Interaction type", "Contact type", "Activity type", "Contact channel", "Channel"),
            required=True,
            choices=(
                Choice("call", "电话", "Call", ("通话", "打电话", "来电", "去电", "phone", "phone call",
                                                "telephone")),
                Choice("visit", "拜访", "Visit", ("上门", "上门拜访", "走访", "到店", "site visit")),
                Choice("message", "消息", "Message",
                       ("微信", "企业微信", "企微", "短信", "私信", "在线咨询", "wechat", "wecom", "sms",
                        "chat", "text")),
                Choice("email", "邮件", "E-mail", ("电子邮件", "邮箱", "mail")),
                Choice("meeting", "会议", "Meeting", ("开会", "视频会议", "online meeting", "video call")),
                Choice("other", "其他", "Other", ("其它", "misc")),
            ),
            example_zh="电话", example_en="Call",
        ),
        Field(
            "direction", "choice", mark("Direction"), ("方向", "联系方向", "呼叫方向", "沟通方向"),
            ("In/Out", "Inbound/Outbound"),
            choices=(
                Choice("inbound", "客户主动", "Inbound", ("呼入", "来电", "主动咨询", "入", "incoming", "in")),
                Choice("outbound", "我方主动", "Outbound", ("呼出", "去电", "外呼", "出", "outgoing", "out")),
            ),
            example_zh="我方主动", example_en="Outbound",
        ),
        # No example: whoever copies it down would take all contacts out of the warnings, which do not count these.
        Field(
            "purpose", "choice", mark("Contact purpose"), ("联系目的", "沟通目的", "跟进目的"), ("Purpose of contact",),
            choices=(Choice("win_back", "挽回", "Win-back", ("流失挽回", "客户挽回", "挽留", "win back", "winback")),),
        ),
        text("staff", mark("Staff"), ("员工", "联系人员", "跟进人", "服务人员", "客户经理", "销售", "经办人",
                                       "负责人"),
              ("Staff member", "Agent", "Employee", "Account manager", "Owner", "User"), ("李经理", "Lee")),
        text("content", mark("Content"), ("内容", "沟通内容", "联系内容", "跟进内容", "备注", "记录", "摘要"),
              ("Notes", "Note", "Summary", "Comment", "Remarks", "Details"), ("询问补货时间",
                                                                              "Asked about restocking")),
    )),
)  # fmt: skip

SATISFACTION = TableSpec(
    "satisfaction",
    labels.TABLES["satisfaction"],
    owned("service", (
        CUSTOMER_CODE,
        Field("scored_at", "datetime", mark("Answer time"),
              ("评价时间", "评分时间", "打分时间", "评价日期", "评分日期", "回访时间", "回访日期", "调查日期",
               "日期", "时间"),
              ("Scored at", "Score date", "Survey date", "Answered at", "Date", "Time", "Response date",
               "Datetime",
               "Timestamp"),
              required=True, example_zh="2026-11-03", example_en="2026-11-03"),
        Field("score", "score", mark("Score"), ("评分", "满意度", "分数", "得分", "满意度评分", "打分"),
              ("Satisfaction", "Rating", "CSAT", "Stars"), required=True, example_zh="4", example_en="4"),
        text("comment", mark("Comment"), ("评语", "评价", "评价内容", "意见", "反馈", "备注", "客户意见"),
              ("Comments", "Feedback", "Remark", "Remarks", "Review"), ("送货很快", "Fast delivery")),
    ), {"score": POINTS}),
)  # fmt: skip
