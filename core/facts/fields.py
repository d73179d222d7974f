"""The field catalogue: what a file may tell about each table, under which headers, in which form.

Templates, header matching, checking and exports all read it; a field that stands here is known everywhere.
Phones in the examples begin with 100: no subscriber number does (mobile numbers begin with 13 to 19, and 100
opens only short service numbers), so an example can never be somebody's phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.facts import labels
from core.language import mark


@dataclass(frozen=True)
class Choice:
    """One permitted value: its code, its words in both languages, and what else means the same."""

    code: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()

    def word(self, language: str) -> str:
        return self.zh if language == "zh_CN" else self.en


@dataclass(frozen=True)
class Field:
    """One column that a file may bring.

    `kind` is a key of `labels.FIELD_KINDS`; `label` the English name and `synonyms_zh[0]` the Chinese one;
    `personal` marks what is sealed in the database, masked on screen and never quoted in a message.
    """

    code: str
    kind: str
    label: str
    synonyms_zh: tuple[str, ...]
    synonyms_en: tuple[str, ...] = ()
    required: bool = False
    personal: bool = False
    choices: tuple[Choice, ...] = ()
    example_zh: str = ""
    example_en: str = ""

    def header(self, language: str) -> str:
        """The header that templates and exports write."""
        return self.synonyms_zh[0] if language == "zh_CN" else self.label

    def example(self, language: str) -> str:
        return self.example_zh if language == "zh_CN" else self.example_en


@dataclass(frozen=True)
class TableSpec:
    """One kind of file. `instead` names, for a required field, the fields that together can stand for it."""

    code: str
    label: str
    fields: tuple[Field, ...]
    instead: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def field(self, code: str) -> Field:
        return next(f for f in self.fields if f.code == code)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(f.code for f in self.fields)


def _text(
    code: str, label: str, zh: tuple[str, ...], en: tuple[str, ...], examples: tuple[str, str]
) -> Field:
    return Field(code, "text", label, zh, en, example_zh=examples[0], example_en=examples[1])


CUSTOMER_CODE = Field(
    "customer_code",
    "code",
    mark("Customer code"),
    ("客户编号", "客户代码", "客户编码", "客户号", "客户ID", "会员号", "会员编号", "会员ID", "用户ID", "用户编号"),
    ("Customer ID", "CustomerID", "Customer No", "Customer Number", "Cust ID", "Client ID", "Client Code",
     "Customer", "User ID", "Member ID"),
    required=True,
    example_zh="C0001",
    example_en="C0001",
)  # fmt: skip

CHANNEL = _text(
    "channel", mark("Channel"), ("渠道", "获客渠道", "销售渠道", "来源渠道", "客户来源"),
    ("Sales channel", "Source", "Acquisition channel"), ("抖音", "Referral"),
)  # fmt: skip

CUSTOMERS = TableSpec(
    "customers",
    labels.TABLES["customers"],
    (
        CUSTOMER_CODE,
        Field(
            "name", "text", mark("Name"),
            ("客户名称", "姓名", "客户姓名", "名称", "客户", "公司名称", "企业名称", "单位名称", "会员姓名"),
            ("Customer name", "Full name", "Client name", "Company name", "Company"),
            personal=True, example_zh="张晓明", example_en="Alice Example",
        ),
        Field(
            "kind", "choice", mark("Customer kind"), ("客户类型", "客户性质", "类型", "客户类别"),
            ("Kind", "Type", "Customer type"),
            choices=(
                Choice("person", "个人", "Person", ("个人客户", "自然人", "individual", "b2c", "private")),
                Choice("company", "企业", "Company",
                       ("公司", "企业客户", "单位", "机构", "法人", "business", "organisation", "organization",
                        "b2b")),
            ),
            example_zh="个人", example_en="Person",
        ),
        Field(
            "phone", "phone", mark("Phone"),
            ("手机号", "电话", "手机", "手机号码", "联系电话", "电话号码", "联系方式", "移动电话"),
            ("Mobile", "Phone number", "Mobile phone", "Telephone", "Tel", "Cell phone", "Contact number"),
            personal=True, example_zh="10000001234", example_en="10000001234",
        ),
        Field(
            "email", "email", mark("E-mail"), ("邮箱", "电子邮箱", "电子邮件", "邮件", "邮箱地址"),
            ("Email", "Mail", "Email address", "E-mail address"),
            personal=True, example_zh="zhang@example.com", example_en="alice@example.com",
        ),
        _text("region", mark("Region"), ("区域", "大区", "地区", "销售区域"), ("Area", "Territory", "Country"),
              ("华东", "East")),
        _text("province", mark("Province"), ("省份", "省", "所在省", "省市"), ("State", "Province/State"),
              ("浙江省", "Zhejiang")),
        _text("city", mark("City"), ("城市", "市", "所在城市", "地市"), ("Town",), ("杭州市", "Hangzhou")),
        _text("industry", mark("Industry"), ("行业", "所属行业", "行业类别", "客户行业"), ("Sector", "Vertical"),
              ("零售", "Retail")),
        Field("annual_revenue", "amount", mark("Annual revenue"), ("年营业额", "年营收", "年收入", "年销售额",
                                                                   "营业收入"),
              ("Revenue", "Yearly revenue", "Turnover", "Annual turnover"),
              example_zh="1200000", example_en="1200000"),
        Field("sku_count", "integer", mark("SKU count"), ("SKU数", "SKU数量", "商品数", "品类数", "品项数"),
              ("SKUs", "Number of SKUs", "Product count"), example_zh="35", example_en="35"),
        CHANNEL,
        _text("department", mark("Department"), ("部门", "所属部门", "负责部门", "归属部门"), ("Team", "Dept"),
              ("客户一部", "Team 1")),
        _text("account_manager", mark("Account manager"),
              ("客户经理", "负责人", "归属人", "专属客户经理", "客户负责人", "跟进人"),
              ("Manager", "Owner", "Account owner", "Customer manager"), ("李经理", "Lee")),
        Field("birthday", "date", mark("Birthday"), ("生日", "出生日期", "出生年月日"),
              ("Birth date", "Date of birth", "DOB"), example_zh="1990-05-01", example_en="1990-05-01"),
        Field("consent", "yes_no", mark("Consent"), ("同意联系", "授权", "是否同意", "营销授权", "是否授权",
                                                     "隐私授权"),
              ("Consent given", "Opt in", "Opted in", "Marketing consent"), example_zh="是", example_en="Yes"),
    ),
    instead={"customer_code": ("name", "phone")},
)  # fmt: skip

TRANSACTIONS = TableSpec(
    "transactions",
    labels.TABLES["transactions"],
    (
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
        _text("product_name", mark("Product name"), ("商品名称", "产品名称", "品名", "商品", "产品", "商品描述"),
              ("Description", "Product", "Item", "Item name", "Article name"), ("洗发水 500ml", "Shampoo 500 ml")),
        CHANNEL,
        _text("salesperson", mark("Salesperson"), ("销售员", "业务员", "销售人员", "销售", "导购", "营业员",
                                                   "销售代表"),
              ("Sales rep", "Sales person", "Seller", "Sales representative", "Clerk"), ("王销售", "Wang")),
    ),
    instead={"amount": ("quantity", "unit_price")},
)  # fmt: skip

INTERACTIONS = TableSpec(
    "interactions",
    labels.TABLES["interactions"],
    (
        CUSTOMER_CODE,
        Field("occurred_at", "datetime", mark("Contact time"),
              ("联系时间", "发生时间", "互动时间", "沟通时间", "联系日期", "互动日期", "跟进时间", "跟进日期",
               "日期", "时间"),
              ("Occurred at", "Contact date", "Date", "Time", "Interaction date", "Activity date", "Datetime",
               "Timestamp"),
              required=True, example_zh="2026-11-03 10:00", example_en="2026-11-03 10:00"),
        Field(
            "kind", "choice", mark("Contact kind"),
            ("联系方式", "互动方式", "互动类型", "沟通方式", "跟进方式", "类型", "方式"),
            ("Kind", "Type", "Interaction type", "Contact type", "Activity type"),
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
        _text("staff", mark("Staff"), ("员工", "联系人员", "跟进人", "服务人员", "客户经理", "销售", "经办人",
                                       "负责人"),
              ("Staff member", "Agent", "Employee", "Account manager", "Owner", "User"), ("李经理", "Lee")),
        _text("content", mark("Content"), ("内容", "沟通内容", "联系内容", "跟进内容", "备注", "记录", "摘要"),
              ("Notes", "Note", "Summary", "Comment", "Remarks", "Details"), ("询问补货时间",
                                                                              "Asked about restocking")),
    ),
)  # fmt: skip

SATISFACTION = TableSpec(
    "satisfaction",
    labels.TABLES["satisfaction"],
    (
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
        _text("comment", mark("Comment"), ("评语", "评价", "评价内容", "意见", "反馈", "备注", "客户意见"),
              ("Comments", "Feedback", "Remark", "Remarks", "Review"), ("送货很快", "Fast delivery")),
    ),
)  # fmt: skip

TABLES: dict[str, TableSpec] = {t.code: t for t in (CUSTOMERS, TRANSACTIONS, INTERACTIONS, SATISFACTION)}
"""Table code -> what its files may hold."""

SATISFACTION_WORDS = {
    "非常满意": 5,
    "很满意": 5,
    "满意": 4,
    "一般": 3,
    "不满意": 2,
    "非常不满意": 1,
    "很不满意": 1,
}
"""Answers in words that surveys in Chinese use for the five scores."""

YES = frozenset(
    ("是", "有", "同意", "已同意", "授权", "已授权", "对", "yes", "y", "true", "t", "1", "√", "✓")
)
NO = frozenset(("否", "无", "不同意", "未同意", "拒绝", "未授权", "错", "no", "n", "false", "f", "0", "×"))
