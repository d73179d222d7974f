"""Data exchange: a file on its way from the upload to the stored facts, as its reader sees it."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
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


def field_of(app: AppTest, header: str):
    return next(each for each in app.selectbox if each.label == f"Field for {header}")


def asked(app: AppTest, store: Store, actors: Actors) -> ImportRequest:
    """What the job in the page's address is to do."""
    number = int(app.query_params["job"][0])
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
    assert field_of(app, "客户编号").value == "customer_code"
    assert field_of(app, "备忘").value == ""
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


def test_rejected_rows_are_told_with_row_column_and_reason(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    assert "Customer code" in app.warning[0].value
    assert next(each for each in app.button if each.label == "Check the file").disabled
    field_of(app, "谁").set_value("customer_code").run()
    assert not app.warning
    press(app, "Check the file")
    work_off(app, store)
    problems = app.dataframe[0].value
    assert list(problems["row"]) == [3, 4]
    assert list(problems["column"]) == ["C (金额)", "–"]
    assert [link.url for link in app.link_button if "/exports/" in link.url] == [
        f"/exports/{app.query_params['job']}"
    ]
    first_rows = app.dataframe[1].value
    assert list(first_rows["ordered_at"]) == ["2026-01-02 00:00"]
    press(app, "Import 1 row")
    work_off(app, store)
    assert facts_summary(actors.operations, store)["transactions"] == 1
    press(app, "Bring in another file")
    batches = app.dataframe[0].value
    assert list(batches["rejects"]) == ["/exports/rejects/2", ""]


def test_what_was_chosen_stands_again_when_it_is_to_be_changed(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    field_of(app, "谁").set_value("customer_code").run()
    app.radio[1].set_value(True).run()
    press(app, "Check the file")
    work_off(app, store)
    assert "New customers" in words(app)
    press(app, "Change columns or options")
    assert field_of(app, "谁").value == "customer_code"
    assert app.radio[1].value is True


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
    assert first_rows.to_numpy().tolist() == [[kind, "", consent], ["", "上海", ""]]


def steps_of(app: AppTest) -> str:
    """The line of the steps."""
    (line,) = (each.value for each in app.markdown if "chevron_right" in each.value)
    return line


def test_the_steps_are_ticked_up_to_the_import_itself(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    tick = ":material/check_circle: "
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS + "C3,王五,,\n".encode())
    assert steps_of(app).count(tick) == 1
    press(app, "Check the file")
    work_off(app, store)
    assert steps_of(app).count(tick) == 2
    press(app, "Import 1 row")
    assert steps_of(app).endswith("**Import**")
    work_off(app, store)
    assert steps_of(app).endswith(tick + "Import")


def test_a_file_that_is_refused_gets_no_tick(open_page: Open, actors: Actors) -> None:
    refused = upload(open_page(actors.operations, PAGE), "broken.xlsx", b"PK\x03\x04 nothing")
    assert steps_of(refused).startswith("**File**")
    gone = open_page(actors.operations, PAGE, file="nothing-of-that-name.csv")
    assert gone.error
    assert steps_of(gone).startswith("**File**")
    empty = io.BytesIO()
    write_workbook(empty, {"空": pd.DataFrame()}, {})
    app = upload(open_page(actors.operations, PAGE), "empty.xlsx", empty.getvalue())
    assert app.error
    assert steps_of(app).startswith("**File**")


def test_a_field_stands_for_one_column_only_and_the_last_choice_wins(open_page: Open, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    field_of(app, "备忘").set_value("name").run()
    assert field_of(app, "姓名").value == ""
    field_of(app, "姓名").set_value("name").run()
    assert field_of(app, "备忘").value == ""


def test_a_check_asked_for_together_with_the_last_choice_takes_that_choice(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    field_of(app, "备忘").set_value("name")
    press(app, "Check the file")
    assert asked(app, store, actors).mapping == {"备忘": "name"}
    work_off(app, store)
    press(app, "Change columns or options")
    assert (field_of(app, "备忘").value, field_of(app, "姓名").value) == ("name", "")


def test_a_check_asked_for_together_with_another_table_is_of_that_table(
    open_page: Open, store: Store, actors: Actors
) -> None:
    orders = "客户编号,下单时间,金额\nC1,2026-01-02,5\n".encode()
    app = upload(open_page(actors.operations, PAGE), "orders.csv", orders)
    assert app.segmented_control(key=_table_key(app, 0)).value == "transactions"
    app.segmented_control(key=_table_key(app, 0)).set_value("customers")
    press(app, "Check the file")
    assert asked(app, store, actors).table_code == "customers"


def test_a_check_asked_for_with_a_table_that_does_not_fit_waits_for_its_columns(
    open_page: Open, actors: Actors
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    app.segmented_control(key=_table_key(app, 0)).set_value("transactions")
    press(app, "Check the file")
    assert "job" not in app.query_params
    assert "Order time" in app.warning[0].value


def test_a_kept_match_is_taken_over_for_the_next_file(open_page: Open, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    field_of(app, "谁").set_value("customer_code").run()
    app.text_input[0].set_value("Till").run()
    press(app, "Keep")
    again = upload(open_page(actors.operations, PAGE), "orders2.csv", ORDERS)
    assert field_of(again, "谁").value == ""
    press(again, "Till")
    assert field_of(again, "谁").value == "customer_code"
    assert field_of(again, "备注").value == ""


def test_a_closed_tab_loses_nothing(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    later = open_page(actors.operations, PAGE, file=app.query_params["file"])
    assert field_of(later, "客户编号").value == "customer_code"
    press(later, "Check the file")
    anew = open_page(actors.operations, PAGE)
    assert "Begun and not finished" in words(anew)
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


def test_a_workbooks_sheets_can_be_chosen_and_each_is_matched_for_itself(
    open_page: Open, actors: Actors
) -> None:
    book = io.BytesIO()
    sheets = {
        "答": pd.DataFrame({"客户编号": ["C1"], "评分": [5], "评价时间": ["2026-01-02"]}),
        "单": pd.DataFrame({"客户编号": ["C1"], "下单时间": ["2026-01-02"], "金额": [3]}),
    }
    write_workbook(book, sheets, {})
    app = upload(open_page(actors.operations, PAGE), "book.xlsx", book.getvalue())
    assert app.segmented_control(key=_table_key(app, 0)).value == "satisfaction"
    next(each for each in app.selectbox if each.label == "Sheet").set_value(1).run()
    assert app.segmented_control(key=_table_key(app, 1)).value == "transactions"


def _table_key(app: AppTest, sheet: int) -> str:
    return f"exchange.file.table.{app.query_params['file']}.{sheet}"


@pytest.mark.parametrize("language", LOCALES)
def test_a_template_that_is_filled_in_matches_by_itself(
    open_page: Open, actors: Actors, language: str
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_workbook(TABLES["interactions"], language)))
    book.worksheets[0].append([field.example(language) for field in TABLES["interactions"].fields])
    filled = io.BytesIO()
    book.save(filled)
    app = upload(open_page(actors.operations, PAGE), "filled.xlsx", filled.getvalue())
    assert app.segmented_control(key=_table_key(app, 0)).value == "interactions"
    fields = [each.value for each in app.selectbox if str(each.key).startswith("exchange.match.")]
    assert fields == list(TABLES["interactions"].codes)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STAFF, Role.INTERN])
def test_who_may_not_import_does_not_get_here(open_page: Open, actors: Actors, role: Role) -> None:
    assert not open_page(actors.of(role), PAGE).get("file_uploader")
