"""Data exchange: a file whose first row may be data."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.facts.drafts import draft_of, keep_draft
from core.facts.matching.mappings import save_mapping, saved_mappings
from core.store.engine import Store
from tests.conftest import Actors
from tests.pages.conftest import Open, words
from tests.pages.exchanging import (
    PAGE,
    Settle,
    asked,
    asked_for,
    check,
    choosers,
    press,
    rows_of,
    upload,
)

PEOPLE = "K1,王小伟,13812345678,w@a.cn\nK2,李雷,13912345678,l@a.cn\nK3,韩梅,13712345678,h@a.cn\n".encode()
SAID = "Row 1 looks like data, not like a header"


def test_a_first_row_that_looks_like_data_is_said_at_both_steps_and_read_as_data_by_one_click(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = upload(open_page(actors.operations, PAGE), "people.csv", PEOPLE)
    assert SAID in words(app)
    assert "Column A, without a header" in rows_of(app)
    press(app, "Sheet and table")
    assert SAID in words(app)
    press(app, "Read it as data")
    assert SAID not in words(app)
    assert "Read without a header" in words(app)
    press(app, "Go on to the columns")
    assert list(rows_of(app)) == ["A", "B", "C", "D"]
    assert rows_of(app)["C"]["value"] == "phone"
    assert not [each for each in app.button if "Add a field for" in each.label]


def test_the_import_reads_every_row_of_it(
    open_page: Open, store: Store, actors: Actors, settle: Settle
) -> None:
    app = upload(open_page(actors.operations, PAGE), "people.csv", PEOPLE)
    press(app, "Read it as data")
    settle(app, 0, "customers", {"A": "customer_code", "B": "name"})
    app.run()
    check(app, store)
    (sheet,) = asked(app, store, actors).sheets
    assert (sheet.headless, list(sheet.mapping)) == (True, ["A", "B", "C", "D"])
    assert [each.label for each in app.button if each.label == "Import 3 rows"]


def test_a_kept_match_of_letters_is_applied_only_where_it_is_chosen(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    letters = {"A": "phone", "B": "name", "C": None, "D": None}
    save_mapping(actors.operations, store, "customers", "别的文件", letters, now=now)
    app = upload(open_page(actors.operations, PAGE), "people.csv", PEOPLE)
    press(app, "Read it as data")
    assert [rows_of(app)[letter]["value"] for letter in "AC"] == ["", "phone"]
    draft = draft_of(actors.operations, store, asked_for(app, "file"))
    (kept,) = saved_mappings(actors.operations, store, list("ABCD"))
    chosen = replace(draft.sheet(0), kept={"customers": kept.id})
    keep_draft(actors.operations, store, draft.with_sheet(0, chosen))
    app.run()
    assert rows_of(app)["A"]["value"] == "phone"


def test_what_nobody_can_tell_is_read_as_data_when_a_person_says_so_and_back_again(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = upload(open_page(actors.operations, PAGE), "people.csv", "K1,王小伟\nK2,李雷\n".encode())
    press(app, "Sheet and table")
    press(app, "Row 1 is no header: read it as data")
    assert draft_of(actors.operations, store, asked_for(app, "file")).headless == [0]
    press(app, "The first row is a header")
    assert draft_of(actors.operations, store, asked_for(app, "file")).headless == []
    assert "王小伟" in str(choosers(app, "sheets")["rows"])
