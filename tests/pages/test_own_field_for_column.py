"""From a column that no field stands for to a field of its own."""

from __future__ import annotations

import pytest

from core.access.actor import Permission, Role
from pages.stewardship.own_field_for_column import Waiting
from tests.conftest import Actors
from tests.pages.conftest import Open, words
from tests.pages.exchanging import CUSTOMERS, PAGE, upload


def offered(app) -> list[str]:
    return [button.key for button in app.button if (button.key or "").startswith("own_fields.for_column.")]


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.MANAGER])
def test_who_may_add_fields_is_offered_one_for_a_column_that_is_ignored(
    open_page: Open, actors: Actors, role: Role
) -> None:
    app = upload(open_page(actors.of(role), PAGE), "customers.csv", CUSTOMERS)
    may = actors.of(role).may(Permission.OWN_FIELDS)
    assert offered(app) == (["own_fields.for_column.0.备忘"] if may else [])


def test_of_many_columns_without_a_field_it_is_said_how_many_are_not_named(
    open_page: Open, actors: Actors
) -> None:
    wide = ["客户编号", "姓名", *(f"扩展{n}" for n in range(8))]
    content = f"{','.join(wide)}\nC1,张三{',x' * 8}\n".encode()
    app = upload(open_page(actors.manager, PAGE), "wide.csv", content)
    assert len(offered(app)) == 5
    assert "and 3 more columns" in words(app)


def test_the_form_begins_with_the_name_of_the_column(open_page: Open, actors: Actors) -> None:
    waiting = Waiting("some token", 0, "customers", "备忘", "备忘", name="备忘")
    app = open_page(actors.manager, "own_fields")
    app.session_state["own_fields.for_column"] = waiting
    app.session_state["administration.drawer"] = ("add_field", "customers")
    app.run()
    assert not app.exception
    assert next(each for each in app.text_input if each.label == "Name in Chinese").value == "备忘"
    assert [button.label for button in app.button if button.key == "own_fields.back"] == [
        "Continue the import"
    ]
    app.button(key="own_fields.add").click().run()
    assert next(each for each in app.text_input if each.label == "Name in Chinese").value == ""
