"""Headers find their fields."""

from __future__ import annotations

import pytest

from core.facts.fields import TABLES
from core.facts.matching import match_headers


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
    assert problem.values["columns"] == "B (订单日期), C (成交时间)"
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
