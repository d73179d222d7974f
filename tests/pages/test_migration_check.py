"""The migration check: a file from its upload to the list of what did not arrive, as its reader sees it."""

from __future__ import annotations

import json

import pytest
from streamlit.testing.v1 import AppTest

from core.access.actor import SYSTEM
from core.facts.importing import ImportRequest, commit_import
from core.facts.importing.request import SheetImport
from core.operations import jobs as operations
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.facts.migration.workbooks import SHEETS, bring, workbook
from tests.pages.conftest import LOCALES, Open, words
from tests.pages.exchanging import asked_for, press, rows_of, upload, work_off

PAGE = "data_quality"
NAMES = {"customers": "客户", "transactions": "订单明细", "interactions": "跟进记录"}
"""Tables and what their sheets are called."""


def file_of(rows: int) -> bytes:
    return workbook({name: SHEETS[table][: rows + 1] for table, name in NAMES.items()})


@pytest.fixture
def arrived(store: Store, tmp_path) -> None:
    """The first row of each table is stored."""
    bring(store, tmp_path, {table: SHEETS[table][:2] for table in NAMES})


def checked(app: AppTest, store: Store, content: bytes) -> AppTest:
    app = upload(app, "old.xlsx", content)
    press(app, "Compare with the database")
    return work_off(app, store)


def test_all_sheets_of_a_workbook_are_recognised_and_compared_at_once(
    open_page: Open, store: Store, actors: Actors, arrived: None
) -> None:
    app = upload(open_page(actors.operations, PAGE, view="migration"), "old.xlsx", file_of(2))
    assert {title: row["value"] for title, row in rows_of(app, "sheets").items()} == {
        name: table for table, name in NAMES.items()
    }
    press(app, "Compare with the database")
    work_off(app, store)
    assert "3 of 6 rows and 1 of 2 phones arrived." in words(app)
    counts, missing = (each.value for each in app.dataframe)
    assert counts["read"].tolist() == [2, 2, 2]
    assert counts["arrived"].tolist() == counts["missing"].tolist() == [1, 1, 1]
    assert counts["phones"].tolist() == ["2", "–", "–"]
    assert missing["sheet"].tolist() == list(NAMES.values())
    assert missing["row"].tolist() == [3, 3, 3]
    assert missing["record"].tolist()[0] == "C9"
    job = operations.job(actors.operations, store, int(asked_for(app, "job")))
    assert "10000000009" not in json.dumps(job.result)


def test_missing_phones_are_listed_masked_and_one_sheet_can_be_looked_at(
    open_page: Open, store: Store, actors: Actors, arrived: None
) -> None:
    edited = [SHEETS["customers"][0], ("C1", "张晓明", "10000000007"), SHEETS["customers"][2]]
    content = workbook({"客户": edited} | {NAMES[t]: SHEETS[t][:3] for t in ("transactions", "interactions")})
    app = checked(open_page(actors.manager, PAGE, view="migration", found="phones"), store, content)
    listed = app.dataframe[-1].value
    assert (listed["name"].tolist(), listed["phone"].tolist()) == (["张**"], ["100****0007"])
    app.selectbox(key=f"{PAGE}.check.sheet").set_value(2).run()
    (listed,) = (each.value for each in app.dataframe[1:])
    assert listed["record"].tolist() == ["C1 · 2026-10-01 00:00"]


@pytest.mark.parametrize("language", LOCALES)
def test_phones_of_rejected_rows_are_counted_and_said(
    open_page: Open, store: Store, actors: Actors, arrived: None, language: str
) -> None:
    content = workbook({"客户": [*SHEETS["customers"][:2], ("C8", "孙武", "12")]})
    app = upload(open_page(actors.operations, PAGE, language, view="migration"), "old.xlsx", content)
    app.button(key=f"{PAGE}.check.ask").click().run()
    work_off(app, store)
    said = {
        "en": "1 of 2 rows and 1 of 2 phones arrived. 1 phone stands in a rejected row.",
        "zh_CN": "2 行中已导入 1 行，2 个号码中 1 个一致。另有 1 个号码在未通过的行中。",
    }
    assert said[language] in words(app)
    assert list(app.dataframe[0].value)[:3] == ["sheet", "missing", "rejected"]
    assert app.dataframe[0].value["phones"].tolist() == ["2"]


def test_a_file_to_be_compared_is_not_said_to_be_imported(open_page: Open, actors: Actors) -> None:
    assert "nothing of it is saved" in words(open_page(actors.operations, PAGE, view="migration"))
    assert "before you confirm" in words(open_page(actors.operations, "data_exchange"))


@pytest.mark.parametrize("language", LOCALES)
def test_a_file_that_arrived_whole_says_so(
    open_page: Open, store: Store, actors: Actors, arrived: None, language: str
) -> None:
    app = upload(open_page(actors.operations, PAGE, language, view="migration"), "old.xlsx", file_of(1))
    app.button(key=f"{PAGE}.check.ask").click().run()
    work_off(app, store)
    said = {
        "en": "Every row and every phone arrived. Rows: 3. Phones: 1.",
        "zh_CN": "全部已导入：3 行，1 个号码。",
    }
    assert said[language] in words(app)


def test_columns_that_leave_something_open_hold_the_check_back(
    open_page: Open, store: Store, actors: Actors
) -> None:
    content = workbook({"回款": [("回款编号", "x", "y"), ("B1", "C1", "2026-10-01")]})
    app = upload(open_page(actors.operations, PAGE, view="migration"), "old.xlsx", content)
    assert app.button(key=f"{PAGE}.check.ask").disabled
    assert "still waits for its columns" in words(app)


def test_a_job_of_another_kind_or_person_is_not_shown(open_page: Open, store: Store, actors: Actors) -> None:
    other = operations.ask(actors.operations, store, "duplicates", {}, now=NOW)
    app = open_page(actors.operations, PAGE, view="migration", job=str(other))
    assert not app.exception
    assert "Check a file against the database" in words(app)
    app = open_page(actors.manager, PAGE, view="migration", job=str(other))
    assert not app.exception
    assert f"There is no job {other}" in words(app)


def test_a_file_that_is_only_compared_is_no_unfinished_import(
    open_page: Open, store: Store, actors: Actors
) -> None:
    checked(open_page(actors.operations, PAGE, view="migration"), store, file_of(1))
    assert "old.xlsx" not in words(open_page(actors.operations, "data_exchange"))
    upload(open_page(actors.operations, "data_exchange"), "new.xlsx", file_of(1))
    assert "new.xlsx" in words(open_page(actors.operations, "data_exchange"))


def test_what_an_import_left_out_is_left_out_here_and_phones_are_said_not_to_be_compared(
    open_page: Open, store: Store, actors: Actors, tmp_path
) -> None:
    content = workbook({"customers": [("客户编号", "姓名", "号码一"), ("C1", "张晓明", "10000000001")]})
    path = tmp_path / "in.xlsx"
    path.write_bytes(content)
    sheet = SheetImport("customers", "customers", {"号码一": None})
    asked = ImportRequest(str(path), "old.xlsx", (sheet,), mode="both")
    commit_import(SYSTEM, store, asked, now=NOW)
    app = upload(open_page(actors.operations, PAGE, view="migration"), "old.xlsx", content)
    assert "columns and words are read as they were then" in words(app)
    press(app, "Compare with the database")
    work_off(app, store)
    assert "No phones were compared in customers" in words(app)
    assert app.dataframe[0].value["phones"].tolist() == ["not compared"]
