"""Data exchange: a file that was begun stands again when one comes back to it, and for nobody else."""

from __future__ import annotations

import io
from datetime import timedelta

from core.facts.uploads import keep_upload, own_uploads
from core.store.engine import Store
from tests.conftest import NOW, Actors
from tests.pages.conftest import Open, words
from tests.pages.exchanging import (
    CUSTOMERS,
    ORDERS,
    PAGE,
    Settle,
    asked_for,
    book_of_three,
    check,
    field_of,
    press,
    rows_of,
    upload,
    work_off,
)


def test_what_was_chosen_stands_again_when_one_goes_back(
    open_page: Open, store: Store, actors: Actors, with_customers: None, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "orders.csv", ORDERS)
    settle(app, 0, "transactions", {"谁": "customer_code", "备注": "salesperson"})
    app.run()
    app.radio[1].set_value(True).run()
    check(app, store)
    assert "1 customer would be added" in words(app)
    press(app, "Columns")
    assert field_of(app, "备注") == "salesperson"
    assert app.radio[1].value is True
    press(app, "Sheet and table")
    assert rows_of(app, "sheets")["orders.csv"]["value"] == "transactions"
    press(app, "Go on to the columns")
    press(app, "Check")
    assert "Nothing is saved yet" in words(app)


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


def test_a_file_goes_on_at_the_step_where_one_was(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "book.xlsx", book_of_three())
    begun = open_page(actors.operations, PAGE)
    assert "sheets not confirmed yet" in words(begun)
    press(begun, "Go on")
    assert asked_for(begun, "step") == "sheets"
    assert rows_of(begun, "sheets")
    press(app, "Go on to the columns")
    begun = press(open_page(actors.operations, PAGE), "Go on")
    assert asked_for(begun, "step") == "columns"
    check(begun, store)
    job = asked_for(begun, "job")
    again = press(open_page(actors.operations, PAGE), "Go on")
    assert asked_for(again, "job") == job
    press(again, "Sheet and table")
    back = press(open_page(actors.operations, PAGE), "Go on")
    assert asked_for(back, "step") == "sheets"


def test_somebody_elses_file_and_job_are_not_to_be_had(open_page: Open, store: Store, actors: Actors) -> None:
    app = upload(open_page(actors.operations, PAGE), "customers.csv", CUSTOMERS)
    other = open_page(actors.manager, PAGE, file=app.query_params["file"])
    assert "Upload it again" in other.error[0].value
    press(app, "Check the file")
    other = open_page(actors.manager, PAGE, job=app.query_params["job"])
    assert not other.exception
    assert "no job" in other.error[0].value
    assert next(each.value for each in other.markdown) == "**1 · File**"
    assert len(press(other, "Choose another file").get("file_uploader")) == 1


def test_all_begun_files_can_be_seen_told_apart_and_discarded_after_a_question(
    open_page: Open, store: Store, actors: Actors
) -> None:
    for hour in range(5):
        keep_upload(
            actors.operations, store, "same.csv", io.BytesIO(CUSTOMERS), now=NOW + timedelta(hours=hour)
        )

    def begun() -> list[str]:
        return [each.value for each in app.caption if "not confirmed" in each.value]

    app = open_page(actors.operations, PAGE)
    assert len(set(begun())) == 3
    press(app, "Show 2 more files")
    assert len(set(begun())) == 5
    press(app, "Discard")
    assert len(own_uploads(actors.operations, store)) == 5
    press(app, "Cancel")
    assert len(begun()) == 5
    press(app, "Discard")
    next(each for each in app.button if str(each.key).endswith(".do")).click().run()
    assert not app.exception
    assert len(begun()) == len(own_uploads(actors.operations, store)) == 4
