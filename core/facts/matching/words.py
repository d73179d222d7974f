"""What headers of real files are made of: words that change nothing, words that change all, other scripts."""

from __future__ import annotations

TRADITIONAL = str.maketrans(
    "戶編號電話郵區產業門責員訂單時間額數價貨際級聯繫類內備註評語實進線來創經費負稱營銷動預計問題訊點總買賣購廣鋪陳庫齡發證開"
    "關閉狀態報導約簽標見饋質權歷網頁應會務據錄個鄉鎮縣滿響獲認轉贏輸詢隊條現職稅補賬帳機齊絡絲顧資碼幣達運對體層歸屬絕復觸觀場",
    "户编号电话邮区产业门责员订单时间额数价货际级联系类内备注评语实进线来创经费负称营销动预计问题讯点总买卖购广铺陈库龄发证开"
    "关闭状态报导约签标见馈质权历网页应会务据录个乡镇县满响获认转赢输询队条现职税补账账机齐络丝顾资码币达运对体层归属绝复触观场",
)
"""Traditional characters of headers -> simplified ones, so that a file from Taipei or Hong Kong matches as well."""

_ANYWHERE = (
    "请填写 请输入 请选择 实际 主要 当前 首选 常用 所属 所在 本次 的 "
    "primary main current actual your my the of a 1 field info information"
)
_PERSON = "客户 会员 用户 顾客 买家 个人 企业 公司 单位 联系 customer client user member buyer"
_SUBJECTS = {
    "customers": _PERSON,
    "leads": f"{_PERSON} 线索 lead prospect",
    "deals": "线索 商机 lead deal opportunity",
    "transactions": "订单 交易 商品 宝贝 买家 本单 order line lineitem transaction buyer",
    "interactions": "沟通 跟进 互动 interaction activity",
    "satisfaction": "调查 问卷 survey",
    "channel_costs": "渠道",
    "campaigns": "活动 营销 campaign",
    "contracts": "合同 contract",
    "payments": "回款 收款 payment",
    "products": "产品 商品 product item",
    "outlets": "门店 店铺 终端 outlet store shop",
    "displays": "陈列 display",
}
HARMLESS = {code: frozenset(f"{_ANYWHERE} {words}".split()) for code, words in _SUBJECTS.items()}
"""Table code -> words that say whose a column is, not what it is: in a file of orders every date is of an order."""
HARMLESS_ANYWHERE = frozenset(_ANYWHERE.split())
"""The same for tables that are not named."""

EXPANDED = {
    "no": "number", "nr": "number", "num": "number", "nbr": "number", "cust": "customer", "custmr": "customer",
    "qty": "quantity", "qnty": "quantity", "amt": "amount", "dt": "date", "desc": "description", "prod": "product",
    "mgr": "manager", "acct": "account", "acc": "account", "dept": "department", "ph": "phone", "tel": "telephone",
    "mob": "mobile", "addr": "address", "txn": "transaction", "trans": "transaction", "inv": "invoice",
    "prov": "province", "ind": "industry", "rev": "revenue", "rep": "representative",
}  # fmt: skip
"""Abbreviations of headers -> words."""

_TELLING_ZH = (
    "退款 退货 退单 退回 退 税 折扣 优惠 减免 运费 邮费 物流 快递 发货 收货 收件 寄件 配送 签收 成本 毛利 "
    "利润 佣金 提成 欠款 应收 应付 未付 余额 定金 押金 尾款 更新 修改 删除 审核 审批 计划 预测 目标 上次 下次 "
    "最近 最后 首单 末次 累计 平均 库存 推荐 介绍 紧急 备用 其他 其它 旧 原 前 父 子 非 未 无 拼音 英文 简称 "
    "曾用 昵称 开户 银行 身份证 证件 发票 抬头 税号 经理 负责人 老板 法人 店员 座机 传真 微信 QQ qq 状态 等级 "
    "排名 批次 赠 配偶 家长 子女 孩子 到期 截止 生效 失效 入职 离职 打印 导出 导入 用户名"
)
TELLING_ZH = tuple(_TELLING_ZH.split())
"""Words that make another thing of a header: a refund is no amount paid."""

_TELLING_EN = (
    "refund refunded refunds return returned tax taxes vat discount coupon rebate shipping shipped ship "
    "delivery delivered freight fulfilled cost margin profit commission fee fees balance outstanding deposit "
    "unpaid update updated modified changed deleted approved due planned expected forecast target last next "
    "previous prior old former parent child average avg mean cumulative ytd stock inventory referrer referred "
    "referral emergency backup secondary alternate alternative other status state rank batch gift spouse "
    "expiry expires end start print export import username login nickname password fax recipient consignee "
    "billing assistant subtotal tip currency count rate ratio percent url link file 2 3"
)
TELLING_EN = frozenset(_TELLING_EN.split())
"""The same in English."""

_OTHER_WORDS = (
    "contract contact store quality county sector vector change charge campaign complaint content context "
    "comment commit payment quote quota stage staff sales sample simple product produce project priority "
    "process notice region reason person position station section session version billing mailing listing "
    "weight height length width brand model series source course resource warehouse"
)
OTHER_WORDS = frozenset(_OTHER_WORDS.split())
"""Words of their own, one slip of a key away from another header's: never taken for a misspelling."""

SAME_ENDING = ("号码", "日期时间", "名称")
"""Characters that end Chinese headers of the same thing; the last character says what kind of thing it is."""
