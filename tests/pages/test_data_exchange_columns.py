"""Data exchange: which column stands for which field, and which word for which value."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

from core.facts.drafts import SheetDraft, draft_of, keep_draft
from core.facts.exporting import write_workbook
from core.facts.fields import TABLES
from core.facts.matching.mappings import kept_match
from core.facts.templates import template_workbook
from core.store.engine import Store
from tests.conftest import Actors
from tests.pages.conftest import LOCALES, Open, words
from tests.pages.exchanging import (
    CUSTOMERS,
    ORDERS,
    PAGE,
    Settle,
    asked,
    asked_for,
    check,
    choosers,
    field_of,
    press,
    rows_of,
    upload,
    work_off,
)


def test_every_column_says_how_it_was_matched_with_a_shape_words_and_the_reason(
    open_page: Open, actors: Actors
) -> None:
    file = "客户编号,买家手机,甲,备忘\nC1,10012345678,a@b.cn,x\nC2,10012345679,c@d.cn,y\n".encode()
    app = upload(open_page(actors.operations, PAGE), "customers.csv", file)
    rows = rows_of(app)
    told = {title: (row["shape"], row["how"], row["value"]) for title, row in rows.items()}
    assert told == {
        "客户编号": ("●", "Matched", "customer_code"),
        "买家手机": ("◐", "Similar header", "phone"),
        "甲": ("○", "By its content", "email"),
        "备忘": ("–", "Ignored", ""),
    }
    assert rows["甲"]["why"] == "100% of the sampled cells look like e-mail addresses."
    assert rows["买家手机"]["samples"] == ["100****5678", "100****5679"]


def test_words_that_nobody_understands_are_settled_at_the_columns(
    open_page: Open, store: Store, actors: Actors
) -> None:
    file = "客户编号,客户类型,同意联系\nC1,散客,Select\nC2,企业集团,已同意短信\nC3,散客,否\n".encode()
    app = upload(open_page(actors.operations, PAGE), "customers.csv", file)
    told = {title: (row["shape"], row["value"], row["note"]) for title, row in rows_of(app, "values").items()}
    assert told == {
        "散客": ("▲", "", "Customer kind · × 2 in the first rows"),
        "企业集团": ("◐", "company", "Customer kind · × 1 in the first rows"),
        "Select": ("◐", "-", "Consent · × 1 in the first rows"),
        "已同意短信": ("◐", "yes", "Consent · × 1 in the first rows"),
    }
    check(app, store)
    assert [row["note"] for row in choosers(app, "values")["rows"]] == ["Customer kind · × 2 in the file"]
    token = asked(app, store, actors).path
    draft = draft_of(actors.operations, store, token)
    sheet = draft.sheet(0).meaning("customers", "kind", {"散客": "person"})
    keep_draft(actors.operations, store, draft.with_sheet(0, sheet))
    app.run()
    press(app, "Check again")
    work_off(app, store)
    assert "Every row can be imported" in words(app)


def test_a_field_stands_for_one_column_only_and_the_last_choice_wins(
    open_page: Open, actors: Actors, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    settle(app, 0, "customers", {"备忘": "name"})
    app.run()
    assert (field_of(app, "备忘"), field_of(app, "姓名")) == ("name", "")
    settle(app, 0, "customers", {"姓名": "name"})
    app.run()
    assert (field_of(app, "备忘"), field_of(app, "姓名")) == ("", "name")


def test_a_check_asked_for_together_with_the_last_choice_takes_that_choice(
    open_page: Open, store: Store, actors: Actors, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    settle(app, 0, "customers", {"备忘": "name"})
    press(app, "Check the file")
    (sheet,) = asked(app, store, actors).sheets
    assert sheet.mapping == {"客户编号": "customer_code", "姓名": None, "手机号": "phone", "备忘": "name"}


def test_a_table_that_does_not_fit_waits_for_its_columns(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    draft = draft_of(actors.operations, store, asked_for(app, "file"))
    keep_draft(actors.operations, store, draft.with_sheet(0, SheetDraft(table="transactions")))
    press(app, "Check the file")
    assert "job" not in app.query_params
    assert "Order time" in app.warning[0].value


def test_a_column_that_stands_there_twice_is_chosen_by_the_person(
    open_page: Open, actors: Actors, settle: Settle
) -> None:
    file = "客户编号,电话,手机\nC1,10012345678,10012345679\n".encode()
    app = upload(open_page(actors.operations, PAGE), "customers.csv", file)
    assert {row["shape"] for row in choosers(app)["rows"][1:]} == {"▲"}
    assert next(each for each in app.button if each.key == "exchange.check").disabled
    settle(app, 0, "customers", {"电话": None})
    app.run()
    assert not next(each for each in app.button if each.key == "exchange.check").disabled


def test_a_code_that_only_one_of_two_sheets_uses_is_told_on_both(
    open_page: Open, actors: Actors, settle: Settle
) -> None:
    book = io.BytesIO()
    sheets = {
        "名单": pd.DataFrame({"No": ["V1"], "姓名": ["张三"], "手机号": ["10012345678"]}),
        "明细": pd.DataFrame({"No": ["V1"], "订单编号": ["1"], "下单时间": ["2026-01-02"], "金额": [3]}),
    }
    write_workbook(book, sheets, {})
    app = upload(open_page(actors.operations, PAGE), "book.xlsx", book.getvalue())
    press(app, "Go on to the columns")
    settle(app, 1, "transactions", {"No": "customer_code"})
    app.run()
    assert "The sheet 明细 names its customers by No" in app.warning[0].value
    (sheet,) = (each for each in app.segmented_control if "match.at" in str(each.key))
    assert [option.content[0] for option in sheet.proto.options] == ["◐", "●"]
    settle(app, 0, "customers", {"No": "customer_code"})
    app.run()
    assert not app.warning


def test_a_kept_match_is_taken_over_by_itself_and_can_be_taken_away(
    open_page: Open, actors: Actors, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    settle(app, 0, "transactions", {"谁": "customer_code", "备注": "salesperson"})
    app.run()
    app.text_input[0].set_value("Till").run()
    press(app, "Keep")
    again = upload(open_page(actors.operations, PAGE), "orders2.csv", ORDERS)
    assert (rows_of(again)["谁"]["shape"], field_of(again, "备注")) == ("◆", "salesperson")
    assert "Till" in rows_of(again)["谁"]["why"]
    press(again, "Without")
    assert (field_of(again, "谁"), field_of(again, "备注")) == ("", "")
    press(again, "Till")
    assert field_of(again, "谁") == "customer_code"


def test_a_kept_match_holds_every_sheet_of_the_file(
    open_page: Open, store: Store, actors: Actors, settle: Settle
) -> None:
    people, lines = {"客户编号": ["C1"], "甲": ["张三"], "乙": ["浙江"]}, {"谁": ["C1"], "订单编号": ["1"]}
    sheets = {
        "东": pd.DataFrame(people),
        "西": pd.DataFrame(people | {"丙": ["杭州"]}),
        "单": pd.DataFrame(lines | {"下单时间": ["2026-01-02"], "金额": [3]}),
    }
    book = io.BytesIO()
    write_workbook(book, sheets, {})
    app = upload(open_page(actors.operations, PAGE), "book.xlsx", book.getvalue())
    settle(app, 0, "customers", {"甲": "name"})
    settle(app, 1, "customers", {"甲": "name", "丙": "city"})
    settle(app, 2, "transactions", {"谁": "customer_code"})
    app.run()
    press(app, "Go on to the columns")
    assert "Kept for these sheets: 东, 西, 单." in words(app)
    app.text_input[0].set_value("Monthly").run()
    press(app, "Keep")
    assert [
        kept_match(actors.operations, store, table, name).mapping
        for table, name in (
            ("customers", "Monthly"),
            ("customers", "Monthly 西"),
            ("transactions", "Monthly"),
        )
    ] == [
        {"客户编号": "customer_code", "甲": "name", "乙": None},
        {"客户编号": "customer_code", "甲": "name", "乙": None, "丙": "city"},
        {"谁": "customer_code", "订单编号": "order_no", "下单时间": "ordered_at", "金额": "amount"},
    ]


def test_a_kept_match_holds_the_words_of_every_sheet_with_the_same_columns(
    open_page: Open, store: Store, actors: Actors
) -> None:
    book = io.BytesIO()
    people = {"客户编号": ["C1"], "客户名称": ["张三"]}
    sheets = {
        name: pd.DataFrame(people | {"客户类型": [kind]}) for name, kind in (("东", "散户"), ("西", "大户"))
    }
    write_workbook(book, sheets, {})
    app = upload(open_page(actors.operations, PAGE), "book.xlsx", book.getvalue())
    for place, said, kind in ((0, "散户", "person"), (1, "大户", "company")):
        draft = draft_of(actors.operations, store, asked_for(app, "file"))
        sheet = draft.sheet(place).meaning("customers", "kind", {said: kind})
        keep_draft(actors.operations, store, draft.with_sheet(place, sheet))
    app.run()
    press(app, "Go on to the columns")
    app.text_input[0].set_value("Both").run()
    press(app, "Keep")
    kept = kept_match(actors.operations, store, "customers", "Both").values
    assert kept == {"kind": {"散户": "person", "大户": "company"}}


def test_five_hundred_columns_are_one_list(open_page: Open, actors: Actors) -> None:
    headers = ",".join(["客户编号", *(f"指标{n}" for n in range(499))])
    app = upload(open_page(actors.operations, PAGE), "wide.csv", f"{headers}\nC1{',1' * 499}\n".encode())
    assert len(choosers(app)["rows"]) == 500
    assert [each["code"] for each in choosers(app)["kinds"]] == ["", "look", "ignored"]


@pytest.mark.parametrize("language", LOCALES)
def test_a_template_that_is_filled_in_matches_by_itself(
    open_page: Open, actors: Actors, language: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(TABLES["interactions"], language)))
    book.worksheets[0].append([field.example(language) for field in TABLES["interactions"].fields])
    filled = io.BytesIO()
    book.save(filled)
    app = upload(open_page(actors.operations, PAGE), "filled.xlsx", filled.getvalue())
    taken = {title: row["value"] for title, row in rows_of(app, "sheets").items() if row["value"]}
    assert list(taken.values()) == ["interactions"], "neither the example nor the instructions are imported"
    step = "Go on to the columns" if language == "en" else "exchange.to_columns"
    next(each for each in app.button if step in (each.label, each.key)).click().run()
    assert [row["value"] for row in choosers(app)["rows"]] == list(TABLES["interactions"].codes)
