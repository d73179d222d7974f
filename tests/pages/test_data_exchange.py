"""Data exchange: a file on its way from the upload to the stored facts, as its reader sees it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.facts.drafts import SheetDraft, draft_of, keep_draft
from core.facts.exporting import write_workbook
from core.facts.fields import TABLES
from core.facts.importing import ImportRequest
from core.facts.queries import facts_summary, import_batches
from core.facts.templates import template_workbook
from core.operations import jobs as operations
from core.operations import worker
from core.store.engine import Store
from core.store.presence import present
from tests.conftest import Actors
from tests.pages.conftest import LOCALES, Open, words

PAGE = "data_exchange"
Settle = Callable[[AppTest, int, str, dict[str, str | None]], None]
CUSTOMERS = "客户编号,姓名,手机号,备忘\nC1,张*晓_明,10012345678,甲\nC2,李雷,10012345679,乙\n".encode()
ORDERS = "谁,下单时间,金额,备注\nC1,2026-01-02,12.50,a\nC2,2026-01-03,约100,b\nC9,2026-01-04,7,c\n".encode()


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content)
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, text: str) -> AppTest:
    next(each for each in app.button if text in each.label).click()
    app.run()
    assert not app.exception
    return app


def work_off(app: AppTest, store: Store) -> AppTest:
    """Do the queued jobs, as the worker would, and show the page again."""
    with present(store) as name:
        while worker.run_one(store, name):
            pass
    app.run()
    assert not app.exception
    return app


def asked_for(app: AppTest, name: str) -> str:
    """What the page's address says under a name."""
    found = app.query_params[name]
    return found[0] if isinstance(found, list) else found


def choosers(app: AppTest, kind: str = "match") -> dict[str, Any]:
    """What a list of things to choose for is shown with; by its kind: sheets, match, values."""
    sent = (each.proto for each in app.get("bidi_component"))
    return next(json.loads(each.json) for each in sent if f"exchange.{kind}." in each.id)


def rows_of(app: AppTest, kind: str = "match") -> dict[str, dict[str, Any]]:
    """Its rows by what they are called."""
    return {row["title"]: row for row in choosers(app, kind)["rows"]}


def field_of(app: AppTest, header: str) -> str:
    """The field that a column is shown to stand for."""
    return str(rows_of(app)[header]["value"])


@pytest.fixture
def settle(store: Store, actors: Actors) -> Settle:
    """`settle(app, 0, "customers", header=field)`: what a person chooses in the list of columns, which the harness
    cannot press (a browser test does). The page is not run again."""

    def settled(app: AppTest, place: int, table: str, choices: dict[str, str | None]) -> None:
        draft = draft_of(actors.operations, store, asked_for(app, "file"))
        sheet = draft.sheet(place).corrected(table, choices)
        keep_draft(actors.operations, store, draft.with_sheet(place, sheet))

    return settled


def asked(app: AppTest, store: Store, actors: Actors) -> ImportRequest:
    """What the job in the page's address is to do."""
    number = int(asked_for(app, "job"))
    return ImportRequest.from_json(operations.job(actors.operations, store, number).payload)


@pytest.fixture
def with_customers(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    press(app, "Check the file")
    work_off(app, store)
    press(app, "Import 2 rows")
    work_off(app, store)


@pytest.mark.parametrize("language", LOCALES)
def test_an_empty_app_offers_an_upload_and_templates(open_page: Open, actors: Actors, language: str) -> None:
    app = open_page(actors.operations, PAGE, language)
    assert not app.exception
    assert len(app.get("file_uploader")) == 1
    assert len(app.get("download_button")) == 1
    assert {"zh_CN": "还没有导入过数据", "en": "Nothing has been imported yet"}[language] in words(app)


def test_a_file_comes_in_after_it_was_matched_checked_and_confirmed(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    assert field_of(app, "客户编号") == "customer_code"
    assert field_of(app, "备忘") == ""
    press(app, "Check the file")
    assert len(app.get("progress")) == 1
    work_off(app, store)
    assert "Every row can be imported" in words(app)
    assert "10012345678" not in words(app)
    assert facts_summary(actors.operations, store)["customers"] == 0
    press(app, "Import 2 rows")
    work_off(app, store)
    assert "Imported: 2 rows" in words(app)
    scored = "0 customers with orders were scored; the grade or stage of 2 customers changed"
    assert scored in words(app)
    assert facts_summary(actors.operations, store)["customers"] == 2
    assert import_batches(actors.operations, store)["file_name"].tolist() == ["customers.csv"]


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
    assert rows["买家手机"]["samples"] == ["10012345678", "10012345679"]


def test_rejected_rows_are_told_with_row_column_and_reason(
    open_page: Open, store: Store, actors: Actors, with_customers: None, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    assert "Customer code" in app.warning[0].value
    assert next(each for each in app.button if each.key == "exchange.check").disabled
    settle(app, 0, "transactions", {"谁": "customer_code"})
    app.run()
    assert not app.warning
    press(app, "Check the file")
    work_off(app, store)
    problems = app.dataframe[0].value
    assert list(problems["row"]) == [3, 4]
    assert list(problems["column"]) == ["C (金额)", "–"]
    assert [link.url for link in app.link_button if "/exports/" in link.url] == [
        f"/exports/{asked_for(app, 'job')}"
    ]
    fates(app).set_value("new").run()
    assert list(app.dataframe[0].value["ordered_at"]) == ["2026-01-02 00:00"]
    press(app, "Import 1 row")
    work_off(app, store)
    assert facts_summary(actors.operations, store)["transactions"] == 1


def fates(app: AppTest):
    """The tiles of the check."""
    return next(each for each in app.segmented_control if str(each.key).startswith("exchange.check.fate."))


def test_what_was_chosen_stands_again_when_one_goes_back(
    open_page: Open, store: Store, actors: Actors, with_customers: None, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    settle(app, 0, "transactions", {"谁": "customer_code", "备注": "salesperson"})
    app.run()
    app.radio[1].set_value(True).run()
    press(app, "Check the file")
    work_off(app, store)
    assert "1 customer would be added" in words(app)
    press(app, "Columns")
    assert field_of(app, "备注") == "salesperson"
    assert app.radio[1].value is True
    press(app, "Sheet and table")
    assert rows_of(app, "sheets")["orders.csv"]["value"] == "transactions"
    press(app, "Go on to the columns")
    press(app, "Check")
    assert "Nothing is saved yet" in words(app)


def test_an_option_changed_at_the_check_asks_to_check_again(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    changed = "客户编号,姓名,城市\nC1,张*晓_明,上海\nC3,王五,北京\n".encode()
    app = upload(open_page(actors.operations, PAGE), "customers.csv", changed)
    press(app, "Check the file")
    work_off(app, store)
    fates(app).set_value("changed").run()
    assert "Import 2 rows" in [each.label for each in app.button]
    app.toggle[0].set_value(True).run()
    app.radio[0].set_value("add").run()
    press(app, "Check again")
    work_off(app, store)
    assert "Import 1 row" in [each.label for each in app.button]


@pytest.mark.parametrize(
    ("language", "words_of_the_row"), [("en", ["Company", "Yes"]), ("zh_CN", ["企业", "是"])]
)
def test_the_first_rows_are_shown_in_words_and_with_blanks(
    open_page: Open, store: Store, actors: Actors, language: str, words_of_the_row: list[str]
) -> None:
    customers = "客户编号,客户类型,城市,同意联系\nC1,公司,,是\nC2,,上海,\n".encode()
    app = upload(open_page(actors.operations, PAGE, language), "customers.csv", customers)
    next(each for each in app.button if each.key == "exchange.check").click().run()
    work_off(app, store)
    first_rows = app.dataframe[-1].value.drop(columns="customer_code")
    kind, consent = words_of_the_row
    assert sorted(map(sorted, first_rows.to_numpy().tolist())) == sorted(
        map(sorted, [[kind, "", consent], ["", "上海", ""]])
    )


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
    press(app, "Check the file")
    work_off(app, store)
    assert [row["note"] for row in choosers(app, "values")["rows"]] == ["Customer kind · × 2 in the file"]
    token = asked(app, store, actors).path
    draft = draft_of(actors.operations, store, token)
    sheet = draft.sheet(0).meaning("customers", "kind", {"散客": "person"})
    keep_draft(actors.operations, store, draft.with_sheet(0, sheet))
    app.run()
    press(app, "Check again")
    work_off(app, store)
    assert "Every row can be imported" in words(app)


def steps_of(app: AppTest) -> list[str]:
    """The steps as they stand, with a tick before those that are done."""
    tick = ":material/check_circle: "
    buttons = [tick + each.label for each in app.button if str(each.key).startswith("exchange.step.")]
    lines = [each.value for each in app.markdown if each.value.startswith((tick, "**", ":gray["))]
    return buttons + [
        each
        for each in lines
        if any(name in each for name in ("File", "Sheet", "Columns", "Check", "Result"))
    ]


def test_the_steps_are_ticked_up_to_the_import_itself(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS + "C3,王五,,\n".encode())
    assert [each for each in steps_of(app) if "check_circle" in each][-1].endswith("Sheet and table")
    press(app, "Check the file")
    work_off(app, store)
    assert "**4 · Check**" in steps_of(app)
    press(app, "Import 1 row")
    assert "**5 · Result**" in steps_of(app)
    work_off(app, store)
    assert steps_of(app)[-1] == ":material/check_circle: Result"


def test_a_file_that_is_refused_gets_no_tick(open_page: Open, actors: Actors) -> None:
    refused = upload(open_page(actors.operations, PAGE), "broken.xlsx", b"PK\x03\x04 nothing")
    assert steps_of(refused)[0] == "**1 · File**"
    assert "Begun and not finished" not in words(press(refused, "Choose another file"))
    gone = open_page(actors.operations, PAGE, file="nothing-of-that-name.csv")
    assert gone.error
    assert steps_of(gone)[0] == "**1 · File**"


def test_a_sheet_without_a_table_says_why_and_cannot_be_chosen(open_page: Open, actors: Actors) -> None:
    empty = io.BytesIO()
    write_workbook(empty, {"空": pd.DataFrame()}, {})
    app = upload(open_page(actors.operations, PAGE), "empty.xlsx", empty.getvalue())
    row = rows_of(app, "sheets")["空"]
    assert (row["shape"], row["options"]) == ("✕", "none")
    assert next(each for each in app.button if each.label == "Go on to the columns").disabled


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


def test_five_hundred_columns_are_one_list(open_page: Open, actors: Actors) -> None:
    headers = ",".join(["客户编号", *(f"指标{n}" for n in range(499))])
    app = upload(open_page(actors.operations, PAGE), "wide.csv", f"{headers}\nC1{',1' * 499}\n".encode())
    assert len(choosers(app)["rows"]) == 500
    assert [each["code"] for each in choosers(app)["kinds"]] == ["", "look", "ignored"]


def test_a_closed_tab_loses_nothing(open_page: Open, store: Store, actors: Actors, settle: Settle) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    settle(app, 0, "customers", {"备忘": "city"})
    begun = open_page(actors.operations, PAGE)
    assert "columns not settled yet" in words(begun)
    press(begun, "Go on")
    assert field_of(begun, "备忘") == "city"
    press(begun, "Check the file")
    anew = open_page(actors.operations, PAGE)
    assert "waiting for the worker" in words(anew)
    press(anew, "Go on")
    work_off(anew, store)
    assert "Every row can be imported" in words(anew)


def test_somebody_elses_file_and_job_are_not_to_be_had(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    other = open_page(actors.manager, PAGE, file=app.query_params["file"])
    assert "Upload it again" in other.error[0].value
    press(app, "Check the file")
    other = open_page(actors.manager, PAGE, job=app.query_params["job"])
    assert not other.exception
    assert "no job" in other.error[0].value


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.csv", b"", "empty"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "damaged"),
        ("photo.png", b"\x89PNG\r\n", "photo"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    open_page: Open, actors: Actors, name: str, content: bytes, sentence: str
) -> None:
    app = upload(open_page(actors.operations, PAGE), name, content)
    assert sentence in app.error[0].value


def test_a_check_that_fails_says_why_and_leads_back(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    token = app.query_params["file"]
    press(app, "Check the file")
    (store.data_dir / "uploads" / token).unlink()
    work_off(app, store)
    assert "is not there" in app.error[0].value
    press(app, "Choose another file")
    assert len(app.get("file_uploader")) == 1


@pytest.mark.parametrize("language", LOCALES)
def test_every_step_speaks_the_readers_language(
    open_page: Open, store: Store, actors: Actors, language: str
) -> None:
    app = upload(open_page(actors.operations, PAGE, language), "customers.csv", CUSTOMERS)
    seen = words(app)
    next(each for each in app.button if each.key == "exchange.check").click().run()
    work_off(app, store)
    seen += words(app)
    foreign = {"zh_CN": ("Columns", "Check the file", "Added"), "en": ("列匹配", "检查文件", "新增")}
    assert not [word for word in foreign[language] if word in seen]


def book_of_three() -> bytes:
    """Two sheets of facts and one of something else."""
    book = io.BytesIO()
    sheets = {
        "答": pd.DataFrame({"客户编号": ["C1"], "评分": [5], "评价时间": ["2026-01-02"]}),
        "单": pd.DataFrame({"客户编号": ["C1"], "下单时间": ["2026-01-02"], "金额": [3]}),
        "说明": pd.DataFrame({"注": ["x"], "释": ["y"]}),
    }
    write_workbook(book, sheets, {})
    return book.getvalue()


def test_a_workbooks_sheets_come_in_together_each_matched_for_itself(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    app = upload(open_page(actors.operations, PAGE), "book.xlsx", book_of_three())
    shown = {title: (row["value"], row["how"]) for title, row in list(rows_of(app, "sheets").items())[:3]}
    assert shown == {
        "答": ("satisfaction", "Guessed"), "单": ("transactions", "Guessed"), "说明": ("", "Not imported"),
    }  # fmt: skip
    press(app, "Go on to the columns")
    assert field_of(app, "评分") == "score"
    next(each for each in app.segmented_control if "match.at" in str(each.key)).set_value(1).run()
    assert field_of(app, "金额") == "amount"
    press(app, "Check the file")
    work_off(app, store)
    assert "2 rows: 2 new, 0 changed, 0 unchanged, 0 rejected." in words(app)
    press(app, "Import 2 rows")
    work_off(app, store)
    assert facts_summary(actors.operations, store)["transactions"] == 1
    assert list(app.dataframe[0].value["added"]) == [1, 1]
    press(app, "Undo this import")
    assert "undone together" in words(app)
    next(each for each in app.button if str(each.key).startswith("exchange.undo.do")).click().run()
    work_off(app, store)
    assert facts_summary(actors.operations, store)["transactions"] == 0
    assert "Undone. Removed:" in words(app)
    assert "This import was undone." in words(app)
    assert "Imported: " not in words(app)
    job = asked_for(app, "job")
    assert not [each for each in open_page(actors.operations, PAGE, job=job).button if "Undo" in each.label]


def test_equal_lines_and_customers_of_one_phone_are_each_said_in_their_own_words(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    line = "C1,2026-01-02,12.50,A1,茶\n"
    files = {
        "orders.csv": ("客户编号,下单时间,金额,订单号,商品名称\n" + line + line, "repeat another row"),
        "people.csv": ("客户编号,手机号\nC7,10012345670\nC8,100 1234 5670\n", "merge them afterwards"),
    }
    for name, (text, sentence) in files.items():
        app = press(upload(open_page(actors.operations, PAGE), name, text.encode()), "Check the file")
        work_off(app, store)
        next(each for each in app.segmented_control if "fate" in str(each.key)).set_value(
            "suspected_duplicate"
        ).run()
        assert sentence in words(app)


def test_the_history_opens_an_import_with_its_whole_hash_and_rejected_rows(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    app = open_page(actors.operations, PAGE, **{"import": "1"})
    shown = app.dataframe[0].value
    assert list(shown["sha"]) == [app.code[0].value[:8]]
    assert len(app.code[0].value) == 64
    assert list(shown["state"]) == ["● in use"]
    press(app, "Undo this import")
    next(each for each in app.button if str(each.key).startswith("exchange.undo.do")).click().run()
    work_off(app, store)
    again = open_page(actors.operations, PAGE, **{"import": "1"})
    assert list(again.dataframe[0].value["state"]) == ["↶ undone"]
    assert f" · {shown['who'][0]}" in words(again), "who undid it"
    assert "This import was undone" in words(again)


def test_the_encoding_of_a_text_file_can_be_chosen(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    press(app, "Sheet and table")
    assert list(app.dataframe[0].value.iloc[0]) == ["C1", "张*晓_明", "10012345678", "甲"]
    next(each for each in app.selectbox if each.label == "Cells are parted by").set_value(";").run()
    assert len(app.dataframe[0].value.columns) == 1


@pytest.mark.parametrize("language", LOCALES)
def test_a_template_that_is_filled_in_matches_by_itself(
    open_page: Open, actors: Actors, language: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(TABLES["interactions"], language)))
    book.worksheets[0].append([field.example(language) for field in TABLES["interactions"].fields])
    filled = io.BytesIO()
    book.save(filled)
    app = upload(open_page(actors.operations, PAGE), "filled.xlsx", filled.getvalue())
    step = "Go on to the columns" if language == "en" else "exchange.to_columns"
    next(each for each in app.button if step in (each.label, each.key)).click().run()
    assert [row["value"] for row in choosers(app)["rows"]] == list(TABLES["interactions"].codes)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STAFF, Role.INTERN])
def test_who_may_not_import_does_not_get_here(open_page: Open, actors: Actors, role: Role) -> None:
    assert not open_page(actors.of(role), PAGE).get("file_uploader")
