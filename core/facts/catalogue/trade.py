"""Files of what is sold and what is owed for it: products, contracts, payments."""

from __future__ import annotations

from dataclasses import replace

from core.facts import labels
from core.facts.catalogue.activity import TRANSACTIONS
from core.facts.catalogue.customers import CUSTOMER_CODE
from core.facts.catalogue.model import Field, TableSpec, owned, text
from core.facts.catalogue.units import CURRENCY, DAYS, PIECES
from core.language import mark

_PRODUCT_CODE = TRANSACTIONS.field("product_code")
_PRODUCT_NAME = TRANSACTIONS.field("product_name")
_PRICE = TRANSACTIONS.field("unit_price")

PRODUCTS = TableSpec(
    "products",
    labels.TABLES["products"],
    owned("operations", (
        replace(_PRODUCT_CODE, required=True,
                synonyms_zh=(*_PRODUCT_CODE.synonyms_zh, "存货编码", "存货编号", "商品代码", "产品ID", "品号", "料号")),
        replace(_PRODUCT_NAME,
                synonyms_zh=(*_PRODUCT_NAME.synonyms_zh, "存货名称", "物料名称", "名称"),
                synonyms_en=(*_PRODUCT_NAME.synonyms_en, "Name")),
        text("category", mark("Category"),
             ("品类", "商品分类", "产品分类", "商品类别", "产品类别", "存货分类", "物料分类", "类别", "分类", "大类"),
             ("Product category", "Product group", "Product line", "Group", "Type"), ("饮料", "Beverages")),
        replace(_PRICE,
                synonyms_zh=(*_PRICE.synonyms_zh, "标准价", "标准售价", "零售价", "建议零售价", "出厂价"),
                synonyms_en=(*_PRICE.synonyms_en, "List price", "Retail price", "Standard price", "Selling price")),
        Field("stock_quantity", "quantity", mark("Stock quantity"),
              ("库存数量", "库存", "库存量", "当前库存", "可用库存", "现存量", "可用量", "结存数量", "期末数量",
               "账面数量", "数量"),
              ("Stock", "Stock on hand", "On hand", "Qty on hand", "Quantity on hand", "Inventory", "Available stock",
               "Quantity", "Qty"),
              example_zh="360", example_en="360"),
        Field("stocked_on", "date", mark("In stock since"),
              ("入库日期", "最早入库日期", "入库时间", "首次入库日期", "到货日期", "收货日期", "进货日期"),
              ("Stocked on", "Receipt date", "Received on", "Date received", "Goods receipt date", "Arrival date"),
              example_zh="2026-09-20", example_en="2026-09-20"),
        Field("stock_days", "integer", mark("Stock age"),
              ("库龄", "库龄天数", "在库天数", "库存天数", "存放天数", "库存账龄", "账龄"),
              ("Stock age days", "Days in stock", "Inventory age", "Ageing days", "Aging days", "Age", "Days on hand")),
        Field("counted_on", "date", mark("Stock as of"),
              ("库存日期", "盘点日期", "统计日期", "截止日期", "快照日期", "结存日期", "报表日期"),
              ("Stock date", "Stocktaking date", "Count date", "As of", "As of date", "Snapshot date", "Report date")),
    ), {"unit_price": CURRENCY, "stock_quantity": PIECES, "stock_days": DAYS}, finance=("unit_price",)),
)  # fmt: skip
"""How long the oldest stock has been lying comes as the day it arrived, or as its age: in days as of the day of the
count where the file names one, else as of the day of the import."""

CONTRACT_CODE = Field(
    "contract_code", "code", mark("Contract code"),
    ("合同编号", "合同号", "合同编码", "合同ID", "合同代码", "合同单号", "协议编号", "协议号"),
    ("Contract no", "Contract number", "Contract ID", "Contract", "Agreement number", "Agreement no"),
    required=True, example_zh="HT2026001", example_en="K2026001",
)  # fmt: skip

CONTRACTS = TableSpec(
    "contracts",
    labels.TABLES["contracts"],
    owned("sales", (
        CONTRACT_CODE,
        CUSTOMER_CODE,
        text("title", mark("Contract title"), ("合同名称", "合同标题", "合同主题", "协议名称", "标题", "主题"),
             ("Title", "Contract name", "Subject", "Contract subject"), ("年度供货合同", "Supply for the year")),
        Field("signed_on", "date", mark("Signed on"),
              ("签订日期", "签约日期", "签署日期", "签订时间", "签约时间", "签署时间", "合同日期", "订立日期",
               "合同签订日期"),
              ("Signing date", "Signature date", "Date signed", "Signed date", "Contract date", "Signed at", "Signed"),
              required=True, example_zh="2026-10-20", example_en="2026-10-20"),
        Field("starts_on", "date", mark("Starts on"),
              ("开始日期", "合同开始日期", "合同开始时间", "开始时间", "生效日期", "生效时间", "起始日期"),
              ("Start date", "Starts", "Effective date", "Effective from", "Valid from"),
              planned=True, example_zh="2026-11-01", example_en="2026-11-01"),
        Field("ends_on", "date", mark("Ends on"),
              ("结束日期", "合同结束日期", "合同到期日期", "合同到期日", "合同到期时间", "到期日期", "到期日",
               "结束时间", "终止日期", "截止日期", "失效日期"),
              ("End date", "Ends", "Expiry date", "Expiration date", "Expires on", "Valid until", "Valid to"),
              planned=True, example_zh="2027-10-31", example_en="2027-10-31"),
        Field("amount", "amount", mark("Contract amount"),
              ("合同金额", "合同总额", "合同总金额", "签约金额", "金额", "总金额", "含税金额", "价税合计"),
              ("Contract value", "Amount", "Value", "Total", "Total amount", "Contract total"),
              required=True, example_zh="120000", example_en="120000"),
        text("owner", mark("Owner"),
             ("负责人", "合同负责人", "签约人", "我方签约人", "归属人", "业务员", "销售", "销售员", "客户经理",
              "经办人"),
             ("Contract owner", "Signed by", "Salesperson", "Sales rep", "Sales representative", "Account manager"),
             ("李经理", "Lee")),
    ), {"amount": CURRENCY}, finance=("amount",)),
)  # fmt: skip

PAYMENTS = TableSpec(
    "payments",
    labels.TABLES["payments"],
    owned("finance", (
        Field("payment_code", "code", mark("Payment code"),
              ("回款编号", "回款单号", "回款号", "回款ID", "回款计划编号", "收款编号", "收款单号", "应收单号",
               "付款编号", "期次编号", "单据编号", "单据号", "流水号"),
              ("Payment no", "Payment number", "Payment ID", "Receipt no", "Receipt number", "Invoice no",
               "Invoice number", "Instalment no", "Installment no"),
              required=True, example_zh="HK2026001", example_en="P2026001"),
        CUSTOMER_CODE,
        replace(CONTRACT_CODE, required=False, synonyms_zh=(*CONTRACT_CODE.synonyms_zh, "关联合同", "所属合同")),
        Field("due_on", "date", mark("Due on"),
              ("应收日期", "应回款日期", "应收款日期", "计划回款日期", "预计回款日期", "计划收款日期", "应付日期",
               "付款期限", "到期日期", "到期日"),
              ("Due date", "Due", "Payment due", "Payment due date", "Planned date", "Expected on"),
              required=True, planned=True, example_zh="2026-11-20", example_en="2026-11-20"),
        Field("amount", "amount", mark("Amount due"),
              ("应收金额", "应回款金额", "应收款", "应收", "计划回款金额", "计划金额", "应付金额", "金额"),
              ("Due amount", "Amount", "Invoice amount", "Receivable", "Planned amount", "Total"),
              required=True, example_zh="60000", example_en="60000"),
        Field("paid_on", "date", mark("Paid on"),
              ("回款日期", "实际回款日期", "实际回款时间", "回款时间", "收款日期", "收款时间", "到账日期", "到账时间",
               "实收日期", "付款日期"),
              ("Payment date", "Paid date", "Date paid", "Received on", "Receipt date", "Paid at"),
              example_zh="2026-11-02", example_en="2026-11-02"),
        Field("paid_amount", "amount", mark("Amount paid"),
              ("回款金额", "实际回款金额", "实回金额", "实收金额", "已回款金额", "已收金额", "收款金额", "到账金额",
               "已付金额"),
              ("Paid", "Paid amount", "Amount received", "Received", "Received amount"),
              example_zh="60000", example_en="60000"),
    ), {"amount": CURRENCY, "paid_amount": CURRENCY}, sales=("customer_code", "contract_code")),
    instead={"customer_code": ("contract_code",)},
)  # fmt: skip
"""A payment that names its contract need not name the customer as well."""
