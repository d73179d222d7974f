"""Rows that name a customer of another sheet of the same file, which did not bring it."""

from __future__ import annotations

import pytest

from core.facts.importing import commit_import, preview
from core.language import translate
from tests.facts.importing.results import reasons

ORDERS = [
    ["客户编号", "订单编号", "下单时间", "金额"],
    ["V1", "1", "2026-10-01", 10],
    ["V2", "2", "2026-10-02", 20],
]
WITHOUT_CODES = [["姓名", "手机号"], ["张三", "13800138000"], ["李四", "13800138001"]]


def told(seen, place=1):
    return [(each.row, translate(each.message, "en")) for each in seen.sheets[place].problems]


def test_a_sheet_of_customers_without_codes_is_named_instead_of_advising_new_customers(together, store):
    file = {"名单": ("customers", WITHOUT_CODES), "单": ("transactions", ORDERS)}
    said = (
        "No customer has the code V1. The sheet 名单 of this file brings customers without codes: choose the column "
        "there that stands for the customer code."
    )
    assert told(together(file, command=preview))[0] == (2, said)
    assert reasons(store, together(file))[2].endswith(said)


def test_customers_created_beside_a_sheet_without_codes_are_told_to_be_perhaps_the_same(together):
    file = {"名单": ("customers", WITHOUT_CODES), "单": ("transactions", ORDERS)}
    seen = together(file, command=preview, create_customers=True).sheets[1]
    assert (seen.counts.rejected, seen.counts.customers_created) == (0, 2)
    assert [translate(note, "en") for note in seen.notes] == [
        "The customers created from this sheet stand beside those of the sheet 名单, which brings them without codes: "
        "the same people may be stored twice."
    ]
    with_codes = [["客户编号", "姓名"], ["V1", "张三"]]
    file = {"名单": ("customers", with_codes), "单": ("transactions", ORDERS)}
    assert together(file, command=preview, create_customers=True).sheets[1].notes == ()


@pytest.mark.parametrize("command", [preview, commit_import])
def test_a_row_whose_customer_is_rejected_on_another_sheet_names_that_sheet_and_row(together, command, store):
    customers = [["客户编号", "姓名", "手机号"], ["V2", "李四", "13800138000"], ["V1", "张三", "12"]]
    file = {"名单": ("customers", customers), "单": ("transactions", ORDERS)}
    done = together(file, command=command)
    assert [sheet.counts.rejected if command is preview else sheet.rejected for sheet in done.sheets] == [
        1,
        1,
    ]
    said = "No customer has the code V1: row 3 of the sheet 名单, which brings it, is rejected. Correct that row."
    if command is preview:
        assert told(done) == [(2, said)]


def test_a_customer_that_only_the_comparison_with_the_stored_ones_refuses_is_named_as_well(together):
    file = {"名单": ("customers", [["客户编号", "姓名"], ["V1", "张三"]]), "单": ("transactions", ORDERS[:2])}
    (problem,) = told(together(file, command=preview, mode="update"))
    assert "row 2 of the sheet 名单" in problem[1]
