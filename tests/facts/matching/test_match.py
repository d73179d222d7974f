"""Headers find their fields."""

from __future__ import annotations

import pytest

from core.facts.fields import TABLES
from core.facts.matching.match import match_headers
from core.facts.matching.suggested import suggest
from core.language import translate


@pytest.mark.parametrize(
    ("header", "field", "how"),
    [
        ("客户编号", "customer_code", "exact"),
        ("customer_code", "customer_code", "exact"),
        ("CustomerID", "customer_code", "synonym"),
        (" customer  ID ", "customer_code", "synonym"),
        ("金额（元）", "amount", "exact"),
        ("金额(元)", "amount", "exact"),
        ("＊下单时间", "ordered_at", "exact"),
        ("Order time *", "ordered_at", "exact"),
        ("ＳＫＵ", "product_code", "synonym"),
        ("Country", None, "none"),
    ],
)
def test_a_header_is_known_in_any_usual_spelling(header, field, how):
    match = match_headers(TABLES["transactions"], [header]).columns[0]
    assert (match.field, match.how) == (field, how)


@pytest.mark.parametrize(
    "headers",
    [
        ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"],
        [
            "InvoiceNo",
            "StockCode",
            "Description",
            "Quantity",
            "InvoiceDate",
            "UnitPrice",
            "CustomerID",
            "Country",
        ],
    ],
)
def test_both_editions_of_online_retail_match_by_themselves(headers):
    matching = match_headers(TABLES["transactions"], headers)
    assert matching.problems == ()
    assert matching.ignored == ["Country"]
    assert list(matching.fields) == [
        "order_no", "product_code", "product_name", "quantity", "ordered_at", "unit_price", "customer_code",
    ]  # fmt: skip


def test_two_headers_for_one_field_are_a_problem_until_one_is_ignored():
    headers = ["客户编号", "订单日期", "成交时间", "金额"]
    (problem,) = match_headers(TABLES["transactions"], headers).problems
    assert problem.values["columns"] == ["B (订单日期)", "C (成交时间)"]
    assert match_headers(TABLES["transactions"], headers, {"成交时间": None}).problems == ()


def test_a_choice_by_hand_takes_the_field_from_the_header_that_would_match():
    matching = match_headers(TABLES["transactions"], ["Customer", "Date", "Amount", "Net"], {"Net": "amount"})
    assert matching.fields == {"customer_code": 0, "ordered_at": 1, "amount": 3}
    assert matching.columns[3].how == "chosen"


def test_what_is_missing_is_named_with_what_could_stand_for_it():
    problems = match_headers(TABLES["transactions"], ["Customer", "Quantity"]).problems
    assert [problem.values["field"].sentence for problem in problems] == ["Order time", "Amount"]
    assert problems[1].values["second"].sentence == "Unit price"


def test_a_choice_of_what_does_not_exist_is_a_problem():
    problems = match_headers(
        TABLES["satisfaction"], ["Customer", "Date", "Score"], {"Nope": "score", "Score": "stars"}
    ).problems
    assert len(problems) == 3  # no such header, no such field, and so no score


@pytest.mark.parametrize(
    ("table", "header", "field"),
    [
        ("customers", "客戶編號", "customer_code"),
        ("customers", "電話號碼", "phone"),
        ("customers", "買家手機", "phone"),
        ("customers", "手机号(Mobile)", "phone"),
        ("customers", "手机号/电话", "phone"),
        ("customers", "邮箱Email", "email"),
        ("customers", "联系手机", "phone"),
        ("customers", "手机号码1", "phone"),
        ("customers", "客户名", "name"),
        ("customers", "会员生日", "birthday"),
        ("customers", "客户所在城市", "city"),
        ("customers", "所属区域", "region"),
        ("customers", "Cust. phone no", "phone"),
        ("customers", "Cust No.", "customer_code"),
        ("customers", "Phone 1", "phone"),
        ("customers", "Phnoe", "phone"),
        ("customers", "Emial", "email"),
        ("customers", "Custmer name", "name"),
        ("customers", "Birtday", "birthday"),
        ("customers", "Account Mgr", "account_manager"),
        ("transactions", "订单总金额", "amount"),
        ("transactions", "买家实际支付金额", "amount"),
        ("transactions", "成交额", "amount"),
        ("transactions", "下单日", "ordered_at"),
        ("transactions", "订单号码", "order_no"),
        ("transactions", "商品单价", "unit_price"),
        ("transactions", "Ammount", "amount"),
        ("transactions", "Quantiy", "quantity"),
        ("transactions", "Lineitem price", "unit_price"),
        ("transactions", "Order dt", "ordered_at"),
        ("transactions", "Inv no", "order_no"),
        ("interactions", "沟通记录", "content"),
        ("satisfaction", "Raiting", "score"),
        ("leads", "线索手机号", "phone"),
    ],
)
def test_a_header_that_is_nearly_a_known_one_is_suggested(table, header, field):
    assert suggest(TABLES[table], [header], []).columns[0].field == field


@pytest.mark.parametrize(
    ("table", "header"),
    [
        ("customers", "姓名/电话"),
        ("customers", "收货人手机"),
        ("customers", "紧急联系人电话"),
        ("customers", "推荐人姓名"),
        ("customers", "负责人电话"),
        ("customers", "客户经理电话"),
        ("customers", "姓名拼音"),
        ("customers", "电话（紧急联系人）"),
        ("customers", "用户名"),
        ("customers", "User name"),
        ("customers", "County"),
        ("customers", "Phone 2"),
        ("customers", "客户等级"),
        ("customers", "客户单号"),
        ("customers", "身份证号"),
        ("customers", "订单编号"),
        ("customers", "Customer since"),
        ("transactions", "退款金额"),
        ("transactions", "金额（退款）"),
        ("transactions", "成本金额"),
        ("transactions", "未付金额"),
        ("transactions", "退款时间"),
        ("transactions", "发货时间"),
        ("transactions", "物流单号"),
        ("transactions", "银行卡号"),
        ("transactions", "采购单价"),
        ("transactions", "原价"),
        ("transactions", "Tax amount"),
        ("transactions", "Refund amount"),
        ("transactions", "Contract date"),
        ("transactions", "Ship date"),
        ("transactions", "Last order date"),
        ("transactions", "Quality"),
        ("transactions", "Store"),
        ("transactions", "Customer name"),
        ("satisfaction", "订单编号"),
        ("satisfaction", "交易时间"),
        ("satisfaction", "Store"),
        ("interactions", "Contract date"),
        ("interactions", "联系电话"),
    ],
)
def test_a_header_that_only_looks_like_a_known_one_is_left_alone(table, header):
    cells = [["10012345678"], ["10012345679"], ["2026-01-02"], ["12.50"]]
    assert suggest(TABLES[table], [header], cells).columns[0].field is None


SHOPIFY = ["Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Currency", "Subtotal",
           "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Created at", "Lineitem quantity",
           "Lineitem name", "Lineitem price", "Lineitem sku"]  # fmt: skip
TAOBAO = ["订单编号", "买家会员名", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "订单状态",
          "收货人姓名", "联系手机", "订单付款时间", "宝贝标题", "物流单号", "退款金额", "宝贝总数量"]  # fmt: skip
HUBSPOT = ["Record ID", "Company name", "Company owner", "Create Date", "Phone Number", "Last Activity Date",
           "City", "Country/Region", "Industry", "Annual Revenue", "Number of Employees"]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "headers", "matched"),
    [
        ("transactions", SHOPIFY, {
            "Total": "amount", "Lineitem quantity": "quantity", "Lineitem price": "unit_price",
            "Lineitem sku": "product_code",
        }),
        ("transactions", TAOBAO, {"订单编号": "order_no", "总金额": "amount", "订单付款时间": "ordered_at"}),
        ("customers", HUBSPOT, {
            "Company name": "name", "Phone Number": "phone", "City": "city", "Country/Region": "region",
            "Industry": "industry", "Annual Revenue": "annual_revenue",
        }),
    ],
)  # fmt: skip
def test_exports_of_well_known_systems_match_without_a_wrong_column(table, headers, matched):
    assert suggest(TABLES[table], headers, []).mapping == matched


def test_every_match_says_how_it_was_found_and_why():
    headers = ["客户编号", "手机", "联系人邮箱地址", "客户名", "城市", "备忘", "渠道"]
    columns = suggest(
        TABLES["customers"], headers, [], {"备忘": "industry", "渠道": None},
        kept={"城市": "region"}, kept_name="门店表",
    ).columns  # fmt: skip
    assert [each.how for each in columns] == [
        "exact", "synonym", "none", "similar", "saved", "chosen", "none",
    ]  # fmt: skip
    assert columns[3].why.values["score"] == 86
    assert columns[4].why.values == {"name": "门店表"}
    assert all(each.why.sentence for each in columns)


def test_cells_speak_for_a_column_whose_header_says_nothing():
    headers = ["A列", "B列", "C列", "D列", "E列"]
    cells = [
        ["K-1", "100 1234 5678", "a@example.com", "个人", "2026-01-02"],
        ["K-2", "10012345679", "b@example.com", "企业", "2026-01-03"],
        ["K-3", "10012345670", None, "个人", "2026-01-04"],
    ]
    matching = suggest(TABLES["customers"], headers, cells, known_codes={"K-1", "K-2", "K-3"})
    assert [(each.field, each.how) for each in matching.columns] == [
        ("customer_code", "content"), ("phone", "content"), ("email", "content"), ("kind", "content"), (None, "none"),
    ]  # fmt: skip
    assert matching.columns[1].why.values == {"share": 100}


def test_two_columns_of_dates_are_told_apart_by_nobody_but_a_person():
    cells = [["C1", "2026-01-02", "2026-02-02", "5.50"], ["C2", "2026-01-03", "2026-02-03", "6.50"]]
    matching = suggest(TABLES["transactions"], ["客户编号", "甲", "乙", "丙"], cells)
    assert matching.mapping == {"客户编号": "customer_code", "丙": "amount"}


def test_cells_never_take_a_field_from_a_header_or_against_what_a_header_says():
    cells = [["10012345678", "10012345679"]] * 3
    assert suggest(TABLES["customers"], ["手机号", "另一个"], cells).mapping == {"手机号": "phone"}
    assert suggest(TABLES["customers"], ["紧急联系人", "名称"], cells).mapping == {"名称": "name"}


def test_a_similar_header_gives_way_to_a_certain_one():
    matching = suggest(TABLES["customers"], ["联系手机", "手机号"], [])
    assert matching.mapping == {"手机号": "phone"}


def test_a_column_that_stands_there_twice_is_left_to_the_person():
    headers = ["客户编号", "手机号", "手机号", ""]
    matching = suggest(TABLES["customers"], headers, [])
    assert [each.key for each in matching.columns] == ["客户编号", "手机号", "手机号 #2", "#4"]
    assert matching.problems[0].values["columns"] == ["B (手机号)", "C (手机号)"]
    settled = match_headers(TABLES["customers"], headers, {"手机号": None})
    assert settled.problems == ()
    assert settled.fields == {"customer_code": 0, "phone": 2}


def test_what_was_decided_on_the_screen_is_what_a_file_is_read_by():
    headers = ["客户编号", "买家手机", "甲"]
    seen = suggest(TABLES["customers"], headers, [["C1", "", "a@b.cn"], ["C2", "", "c@d.cn"]])
    assert seen.decided == {"客户编号": "customer_code", "买家手机": "phone", "甲": "email"}
    assert match_headers(TABLES["customers"], headers, seen.decided).fields == seen.fields
    assert match_headers(TABLES["customers"], headers).mapping == {"客户编号": "customer_code"}


@pytest.mark.parametrize(
    ("header", "how", "said"),
    [
        ("年营业额（万元）", "exact", "It says 万元: its numbers are multiplied by 10,000."),
        ("年营业额(单位：千元)", "exact", "It says 单位:千元: its numbers are multiplied by 1,000."),
        ("Annual revenue (USD)", "similar", "It says USD: amounts are not converted. Check them."),
        ("年营业额（万美元）", "similar", "multiplied by 10,000, but 美元 is not converted. Check them."),
        ("年营业额（元）", "exact", "The header is the name of the field."),
        ("年营业额（含税）", "exact", "The header is the name of the field."),
    ],
)
def test_a_header_that_gives_its_amounts_a_unit_says_so_in_the_reason(header, how, said):
    for (column,) in (suggest(TABLES["customers"], [header], []).columns,
                      match_headers(TABLES["customers"], [header]).columns):  # fmt: skip
        assert (column.field, column.how) == ("annual_revenue", how)
        assert translate(column.why, "en").endswith(said)


PRODUCTS = ["产品编号", "单价（元/千件）"]


def test_a_header_with_an_unknown_unit_is_asked_about():
    field = TABLES["products"].field("unit_price").named
    on_the_page = suggest(TABLES["products"], PRODUCTS, [])
    assert (on_the_page.columns[1].how, on_the_page.problems) == ("similar", ())
    assert "may change what its numbers mean" in translate(on_the_page.columns[1].why, "en")
    (problem,) = match_headers(TABLES["products"], PRODUCTS).problems
    assert translate(problem, "en").startswith(
        "B (单价（元/千件）): the header says 元/千件, which may change"
    )
    assert problem.values["field"] == field
    for decided in ("unit_price", None):
        assert match_headers(TABLES["products"], PRODUCTS, {PRODUCTS[1]: decided}).problems == ()


def test_numbers_of_another_kind_stand_for_no_field_whoever_chose_it():
    headers = ["产品编号", "库龄（月）"]
    for chosen in ({}, {"库龄（月）": "stock_days"}):
        for matching in (match_headers(TABLES["products"], headers, chosen),
                         suggest(TABLES["products"], headers, [], chosen)):  # fmt: skip
            (problem,) = matching.problems
            assert translate(problem, "en") == (
                "B (库龄（月）): the header says 月, but Stock age is counted in days. Convert the numbers and correct "
                "the header, or ignore the column."
            )
    assert match_headers(TABLES["products"], headers, {"库龄（月）": None}).problems == ()


def test_a_heading_over_several_columns_hides_no_name_from_the_command_line():
    headers = ["订单/客户编号", "订单/订单号", "订单/订单时间"]
    found = match_headers(TABLES["transactions"], headers)
    assert list(found.fields) == ["customer_code", "order_no", "ordered_at"]
    settled = match_headers(TABLES["transactions"], headers, {"订单/订单号": None})
    assert list(settled.fields) == ["customer_code", "ordered_at"]


def test_cells_of_phones_contradict_a_header_that_could_mean_a_choice():
    headers = ["客户编号", "联系时间", "联系方式"]
    cells = [["A", "2026-11-01", "13812345678"], ["B", "2026-11-01", "138 1234 5679"]]
    (*_, column) = suggest(TABLES["interactions"], headers, cells).columns
    assert (column.field, column.how) == (None, "none")
    assert translate(column.why, "en") == (
        "It is named like Contact kind, but its cells are no choices. 100% of the sampled cells look like phone "
        "numbers."
    )
    words = [[*row[:2], word] for row, word in zip(cells, ["电话", "拜访"], strict=True)]
    assert suggest(TABLES["interactions"], headers, words).columns[2].field == "kind"
    chosen = suggest(TABLES["interactions"], headers, cells, {"联系方式": "kind"})
    assert chosen.columns[2].field == "kind"


def test_five_hundred_headers_are_matched_at_once():
    headers = [f"列 {n} 指标" for n in range(499)] + ["客户编号"]
    assert suggest(TABLES["customers"], headers, []).mapping == {"客户编号": "customer_code"}


@pytest.mark.parametrize("header", ["渠道", "沟通渠道", "联系渠道", "Channel"])
def test_the_channel_of_a_contact_is_its_kind(header):
    assert match_headers(TABLES["interactions"], [header]).columns[0].field == "kind"


@pytest.mark.parametrize("header", ["首次响应时间", "首次响应", "First response"])
def test_the_first_response_of_a_lead_is_known_by_its_usual_headers(header):
    assert match_headers(TABLES["leads"], [header]).columns[0].field == "first_response_at"


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (
            ["基本信息/客户编号", "基本信息/客户名称", "联系方式/手机号", "联系方式/邮箱"],
            ["customer_code", "name", "phone", "email"],
        ),
        (["客户编号", "退款/邮箱", "退款/地址"], ["customer_code", None, None]),
        (["客户编号", "甲方/邮箱", "甲方/手机号", "乙方/邮箱", "乙方/微信"], ["customer_code", None, None, None, None]),
        (["客户编号", "甲方/邮箱"], ["customer_code", None]),
    ],
    ids=["two headings", "a heading that says another thing", "columns told apart by it", "over one column only"],
)  # fmt: skip
def test_a_heading_over_several_columns_does_not_hide_their_names(headers, fields):
    assert [each.field for each in suggest(TABLES["customers"], headers, ()).columns] == fields


@pytest.mark.parametrize(
    "added",
    [["Row in the file", "Where", "Reason"], ["原文件行号", "位置", "原因"], ["原文件行号", "原因"]],
    ids=["English", "Chinese", "one of them deleted"],
)
def test_the_columns_of_the_rejected_rows_are_known_and_need_no_look(added):
    headers = [*added, "客户编号", "位置", "", "备忘"]
    sample = [
        ["2", "D (邮箱)", "a@b.cn", "C1", "x", "y", "z"],
        ["3", "D (邮箱)", "c@d.cn", "C2", "x", "y", "z"],
    ]
    seen = suggest(TABLES["customers"], headers, sample)
    assert [each.how for each in seen.columns] == ["rejects"] * len(added) + ["exact", "none", "none", "none"]
    assert seen.ignored == ["位置", "", "备忘"]
    assert [each.key for each in seen.columns][len(added) :] == ["客户编号", "位置", "#3", "备忘"]
    assert match_headers(TABLES["customers"], headers, seen.decided).ignored == seen.ignored


def test_a_column_called_reason_in_front_is_an_ordinary_one():
    assert match_headers(TABLES["customers"], ["原因", "客户编号"]).ignored == ["原因"]


def test_a_column_of_the_rejected_rows_stands_for_a_field_where_somebody_says_so():
    seen = match_headers(TABLES["customers"], ["原文件行号"], {"原文件行号 #0": "customer_code"})
    assert seen.fields == {"customer_code": 0}
