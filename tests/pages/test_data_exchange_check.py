"""Data exchange: what the check says of the rows before they come in."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.facts.queries import facts_summary
from core.store.engine import Store
from tests.conftest import Actors
from tests.pages.conftest import Open, words
from tests.pages.exchanging import (
    CUSTOMERS,
    ORDERS,
    PAGE,
    Settle,
    asked_for,
    check,
    press,
    upload,
    work_off,
)


def fates(app: AppTest):
    """The tiles of the check."""
    return next(each for each in app.segmented_control if str(each.key).startswith("exchange.check.fate."))


def test_rejected_rows_are_told_with_row_column_and_reason(
    open_page: Open, store: Store, actors: Actors, with_customers: None, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    assert "Customer code" in app.warning[0].value
    assert next(each for each in app.button if each.key == "exchange.check").disabled
    settle(app, 0, "transactions", {"谁": "customer_code"})
    app.run()
    assert not app.warning
    check(app, store)
    problems = app.dataframe[0].value
    assert list(problems.columns) == ["row", "reason", "column"], "a phone shows two of them"
    assert list(problems["row"]) == [3, 4]
    assert list(problems["column"]) == ["C (金额)", "A (谁)"]
    assert [link.url for link in app.link_button if "/exports/" in link.url] == [
        f"/exports/{asked_for(app, 'job')}"
    ]
    fates(app).set_value("new").run()
    assert list(app.dataframe[0].value["ordered_at"]) == ["2026-01-02 00:00"]
    press(app, "Import 1 row")
    work_off(app, store)
    assert facts_summary(actors.operations, store)["transactions"] == 1


def test_an_option_changed_at_the_check_asks_to_check_again(
    open_page: Open, store: Store, actors: Actors, with_customers: None
) -> None:
    changed = "客户编号,姓名,城市\nC1,张*晓_明,上海\nC3,王五,北京\n".encode()
    app = upload(open_page(actors.operations, PAGE), "customers.csv", changed)
    check(app, store)
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


def test_a_check_that_fails_says_why_and_leads_back(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    token = app.query_params["file"]
    press(app, "Check the file")
    (store.data_dir / "uploads" / token).unlink()
    work_off(app, store)
    assert "is not among your uploads" in app.error[0].value
    assert "Run again" not in [each.label for each in app.button], "it could never succeed"
    press(app, "Choose another file")
    assert len(app.get("file_uploader")) == 1


def test_without_its_file_a_check_is_read_and_another_file_brought_in(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    token = asked_for(app, "file")
    check(app, store)
    (store.data_dir / "uploads" / token).unlink()
    again = open_page(actors.operations, PAGE, job=asked_for(app, "job"))
    assert "no longer kept" in again.warning[0].value
    assert not again.success
    assert [each.label for each in again.button if "mport" in each.label] == []
    assert list(again.dataframe[0].value["customer_code"]) == ["C1", "C2"]
    press(app, "Import 2 rows")
    work_off(app, store)
    assert "is not among your uploads" in app.error[0].value
    assert "Run again" not in [each.label for each in app.button]
    assert len(press(app, "Choose another file").get("file_uploader")) == 1


def test_options_and_words_to_settle_stand_above_the_rows_that_they_change(
    open_page: Open, store: Store, actors: Actors
) -> None:
    people = "客户编号,客户类型,备忘\nC1,散户,甲\n".encode()
    app = check(upload(open_page(actors.operations, PAGE), "people.csv", people), store)
    app.toggle[0].set_value(True).run()
    assert [each.value for each in app.subheader] == ["How to import", "Words to settle", "Good to know"]
    order = [each.type for each in app.main if each.type in ("subheader", "dataframe")]
    assert order == ["subheader", "subheader", "dataframe", "subheader"]
