"""Data exchange: a file on its way from the upload to the stored facts, as its reader sees it."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.errors import StaleEdit
from core.facts.exporting import write_workbook
from core.facts.importing import ImportRequest, commit_import
from core.facts.importing.queries import import_batches
from core.facts.queries import facts_summary
from core.operations import jobs as operations
from core.store.engine import Store
from tests.conftest import Actors
from tests.pages.conftest import LOCALES, Open, words
from tests.pages.exchanging import (
    CUSTOMERS,
    PAGE,
    asked_for,
    book_of_three,
    check,
    field_of,
    press,
    rows_of,
    upload,
    work_off,
)


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
    check(app, store)
    assert "**4 · Check**" in steps_of(app)
    press(app, "Import 1 row")
    assert "**5 · Result**" in steps_of(app)
    work_off(app, store)
    assert steps_of(app)[-1] == ":material/check_circle: Result"


def test_a_file_that_is_refused_gets_no_tick(open_page: Open, actors: Actors) -> None:
    refused = upload(open_page(actors.operations, PAGE), "broken.xlsx", b"PK\x03\x04 nothing")
    assert steps_of(refused)[0] == "**1 · File**"
    assert "broken.xlsx" not in words(open_page(actors.operations, PAGE)), "nothing can become of it"
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


def test_a_workbooks_sheets_come_in_together_each_matched_for_itself(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    app = upload(open_page(actors.operations, PAGE), "book.xlsx", book_of_three())
    shown = {title: (row["value"], row["how"]) for title, row in list(rows_of(app, "sheets").items())[:3]}
    assert shown == {
        "答": ("satisfaction", "Guessed"), "单": ("transactions", "Guessed"), "说明": ("", "Not imported"),
    }  # fmt: skip
    assert list(app.dataframe[0].value.iloc[0]) == ["C1", "5", "2026-01-02"]
    next(each for each in app.segmented_control if "sheets.shown" in str(each.key)).set_value(1).run()
    assert list(app.dataframe[0].value.iloc[0]) == ["C1", "2026-01-02", "3"]
    press(app, "Go on to the columns")
    assert field_of(app, "评分") == "score"
    next(each for each in app.segmented_control if "match.at" in str(each.key)).set_value(1).run()
    assert field_of(app, "金额") == "amount"
    check(app, store)
    assert "2 rows: 2 new, 0 changed, 0 unchanged, 0 rejected." in words(app)
    assert "not read\\: 说明, About this file" in words(app), "and no sheet that is imported"
    press(app, "Import 2 rows")
    work_off(app, store)
    assert facts_summary(actors.operations, store)["transactions"] == 1
    assert list(app.dataframe[0].value["added"]) == [1, 1]
    assert list(app.dataframe[0].value.columns)[:3] == ["sheet", "table", "rejected"]
    press(app, "Undo this import")
    work_off(app, store)
    assert "undone together" in words(app)
    next(each for each in app.button if str(each.key).startswith("exchange.undo.do")).click().run()
    work_off(app, store)
    assert facts_summary(actors.operations, store)["transactions"] == 0
    assert "Undone. " in words(app)
    assert re.search(r"Imports no\. 2, 3 were undone on .+ by Olga\.", words(app))
    assert "Imported: " not in words(app)
    assert "customers with orders were scored" not in words(app), "what followed from it stands no more"
    job = asked_for(app, "job")
    assert not [each for each in open_page(actors.operations, PAGE, job=job).button if "Undo" in each.label]


def test_the_history_opens_an_import_with_its_whole_hash_and_rejected_rows(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    app = open_page(actors.operations, PAGE, **{"import": "1"})
    shown = app.dataframe[0].value
    assert list(shown["sha"]) == [app.code[0].value[:8]]
    assert len(app.code[0].value) == 64
    assert list(shown["state"]) == ["● in use"]
    assert list(shown.columns)[:4] == ["id", "state", "file_name", "rejected"]
    press(app, "Undo this import")
    work_off(app, store)
    next(each for each in app.button if str(each.key).startswith("exchange.undo.do")).click().run()
    work_off(app, store)
    again = open_page(actors.operations, PAGE, **{"import": "1"})
    assert list(again.dataframe[0].value["state"]) == ["↶ undone"]
    assert f" · {shown['who'][0]}" in words(again), "who undid it"
    assert "Undone. 2 records were removed." in words(again)


def test_an_import_of_which_nothing_was_taken_stands_in_the_history_with_its_rejected_rows(
    open_page: Open, store: Store, actors: Actors, tmp_path: Path, now: datetime
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("Customer code,Order time,Amount\nC9,2026-01-02,5\n", encoding="utf-8")
    commit_import(actors.operations, store, ImportRequest.of(str(file), file.name, "transactions"), now=now)
    app = open_page(actors.operations, PAGE, **{"import": "1"})
    assert list(app.dataframe[0].value["state"]) == ["✕ nothing taken"]
    assert [each.proto.url for each in app.get("link_button")] == ["/exports/rejects/1"]
    assert not [each for each in app.button if "Undo" in each.label]
    assert "nothing to undo" in words(app)


def test_what_undoing_would_do_is_worked_out_by_a_job_and_again_after_a_refusal(
    open_page: Open, store: Store, actors: Actors, with_customers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def to_undo(app: AppTest) -> list[Any]:
        return [each for each in app.button if str(each.key).startswith("exchange.undo.do")]

    def refuse(*_asked: Any, **_how: Any) -> None:
        raise StaleEdit("Nothing was undone")

    app = press(open_page(actors.operations, PAGE, **{"import": "1"}), "Undo this import")
    assert "You can leave this page; the work goes on." in words(app)
    assert not to_undo(app)
    work_off(app, store)
    assert "2 records that this import added will be removed." in words(app)
    with monkeypatch.context() as beside:
        beside.setattr(operations, "undo_import", refuse)
        to_undo(app)[0].click().run()
        work_off(app, store)
    assert "Nothing was undone" in words(app)
    work_off(press(app, "Look again at what undoing would do"), store)
    assert "Nothing was undone" not in words(app)
    assert len(to_undo(app)) == 1


def test_the_encoding_of_a_text_file_can_be_chosen(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    press(app, "Sheet and table")
    assert list(app.dataframe[0].value.iloc[0]) == ["C1", "张****", "100****5678", "甲"]
    next(each for each in app.selectbox if each.label == "Cells are parted by").set_value(";").run()
    assert len(app.dataframe[0].value.columns) == 1


def test_an_encoding_that_does_not_fit_is_taken_back_with_one_click(open_page: Open, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS.decode().encode("gb18030"))
    press(app, "Sheet and table")
    next(each for each in app.selectbox if each.label == "Encoding").set_value("utf-8").run()
    assert app.error
    assert "customers.csv" in words(open_page(actors.operations, PAGE))
    press(app, "Read it as it was found")
    assert not app.error
    assert app.dataframe[0].value.iloc[0, 0] == "C1"


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STAFF, Role.INTERN])
def test_who_may_not_import_does_not_get_here(open_page: Open, actors: Actors, role: Role) -> None:
    assert not open_page(actors.of(role), PAGE).get("file_uploader")
