"""Files of customers."""

from __future__ import annotations

from core.facts import labels
from core.facts.catalogue.model import Choice, Field, TableSpec, owned, text
from core.facts.catalogue.units import CURRENCY
from core.language import mark

CUSTOMER_CODE = Field(
    "customer_code",
    "code",
    mark("Customer code"),
    ("客户编号", "客户代码", "客户编码", "客户号", "客户ID", "会员号", "会员编号", "会员ID", "用户ID", "用户编号",
     "会员卡号", "会员卡", "卡号", "VIP卡号"),
    ("Customer ID", "CustomerID", "Customer No", "Customer Number", "Cust ID", "Client ID", "Client Code",
     "Customer", "User ID", "Member ID"),
    required=True,
    example_zh="C0001",
    example_en="C0001",
)  # fmt: skip

CHANNEL = text(
    "channel", mark("Channel"), ("渠道", "获客渠道", "销售渠道", "来源渠道", "客户来源"),
    ("Sales channel", "Source", "Acquisition channel"), ("抖音", "Referral"),
)  # fmt: skip

CUSTOMERS = TableSpec(
    "customers",
    labels.TABLES["customers"],
    owned("sales", (
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
        text("region", mark("Region"), ("区域", "大区", "地区", "销售区域"), ("Area", "Territory", "Country"),
              ("华东", "East")),
        text("province", mark("Province"), ("省份", "省", "所在省", "省市"), ("State", "Province/State"),
              ("浙江省", "Zhejiang")),
        text("city", mark("City"), ("城市", "市", "所在城市", "地市"), ("Town",), ("杭州市", "Hangzhou")),
        text("industry", mark("Industry"), ("行业", "所属行业", "行业类别", "客户行业"), ("Sector", "Vertical"),
              ("零售", "Retail")),
        Field("annual_revenue", "amount", mark("Annual revenue"), ("年营业额", "年营收", "年收入", "年销售额",
                                                                   "营业收入"),
              ("Revenue", "Yearly revenue", "Turnover", "Annual turnover"),
              example_zh="1200000", example_en="1200000"),
        Field("sku_count", "integer", mark("SKU count"), ("SKU 数", "SKU 数量", "商品数", "品类数", "品项数"),
              ("SKUs", "Number of SKUs", "Product count"), example_zh="35", example_en="35"),
        CHANNEL,
        text("department", mark("Department"), ("部门", "所属部门", "负责部门", "归属部门"), ("Team", "Dept"),
              ("客户一部", "Team 1")),
        text("account_manager", mark("Account manager"),
              ("客户经理", "负责人", "归属人", "专属客户经理", "客户负责人", "跟进人"),
              ("Manager", "Owner", "Account owner", "Customer manager"), ("李经理", "Lee")),
        Field("birthday", "date", mark("Birthday"), ("生日", "出生日期", "出生年月日"),
              ("Birth date", "Date of birth", "DOB"), example_zh="1990-05-01", example_en="1990-05-01"),
        Field("consent", "yes_no", mark("Consent"), ("同意联系", "授权", "是否同意", "营销授权", "是否授权",
                                                     "隐私授权"),
              ("Consent given", "Opt in", "Opted in", "Marketing consent"), example_zh="是", example_en="Yes"),
    ), {"annual_revenue": CURRENCY}, operations=("customer_code", "department"), marketing=("channel",),
       service=("birthday", "consent")),
    instead={"customer_code": ("name", "phone")},
)  # fmt: skip
