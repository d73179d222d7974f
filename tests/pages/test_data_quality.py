"""Data quality: figures, customers behind them, reminders, duplicates and the migration check, by the page alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.access.vault import open_vault
from core.facts import identity
from core.facts.duplicates.service import search_now
from core.facts.quality.counting import save_quality
from core.facts.quality.history import keep_counts
from core.facts.tables import Customer, CustomerMerge, DuplicatePair, ImportBatch
from core.obligations.tables import Obligation
from core.policy.service import default_policy
from core.store.engine import Store
from core.store.mart import refresh_mart
from tests.conftest import NOW, Actors
from tests.factmaking import add_customer, served_by
from tests.pages.conftest import LOCALES, Open, words

PAGE = "data_quality"
TODAY = date(2026, 11, 3)


@pytest.fixture
def customers(store: Store, actors: Actors) -> dict[str, int]:
    """Two of the east that are one, and one of the west; counted and searched."""
    with store.write() as session:
        keys = {
            "K1": add_customer(session, "K1", name="张*李*", city="杭州", **served_by(actors.staff)),
            "K2": add_customer(session, "K2", name="张*李*", region="<b>华东</b>", **served_by(actors.staff)),
            "W1": add_customer(session, "W1", name="测试", **served_by(actors.west_staff)),
        }
        for code in ("K1", "K2"):
            identity.put(open_vault(store), session.get_one(Customer, keys[code]), "phone", "10000000001")
        session.commit()
    mart = refresh_mart(store)
    save_quality(store, mart, default_policy(), TODAY)
    keep_counts(actors.system, store, mart, TODAY, now=NOW)
    search_now(actors.system, store, now=NOW)
    return keys


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def choose(app: AppTest, key: str, value: str) -> AppTest:
    return next(group for group in app.get("button_group") if group.key == key).set_value(value).run()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGER, Role.SUPERVISOR, Role.OPERATIONS])
@pytest.mark.parametrize("view", ["quality", "duplicates", "update_clock", "migration"])
def test_every_view_opens_for_who_may_and_says_why_it_is_empty(
    open_page: Open, actors: Actors, role: Role, view: str
) -> None:
    for language in LOCALES:
        app = open_page(actors.of(role), PAGE, language, view=view)
        assert not app.exception
    if view != "migration":
        assert "There are no customers yet" in words(app)


def test_where_there_are_customers_every_view_says_what_it_waits_for(
    open_page: Open, store: Store, actors: Actors
) -> None:
    with store.write() as session:
        add_customer(session, "K1", name="Anna")
        session.commit()
    assert "Nothing has been counted yet" in words(open_page(actors.manager, PAGE))
    assert "No pair waits here" in words(open_page(actors.manager, PAGE, view="duplicates"))
    assert "Nothing is owed here" in words(open_page(actors.manager, PAGE, view="update_clock"))


@pytest.mark.parametrize("role", [Role.STAFF, Role.INTERN])
def test_who_sees_no_measures_is_refused(open_page: Open, actors: Actors, role: Role) -> None:
    app = open_page(actors.of(role), PAGE)
    assert "Data quality" not in words(app)


def test_figures_and_customers_are_shown_within_reach(
    open_page: Open, actors: Actors, customers: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE)
    assert not app.exception
    assert all(said in words(app) for said in ("East", "West", "n = 3 customers", "K1", "W1", "Emil"))
    app = open_page(actors.supervisor, PAGE)
    assert "W1" not in words(app)
    assert "West" not in words(app)
    assert not [each for each in app.selectbox if each.label == "Department"]


def test_a_field_and_a_problem_from_the_address_list_the_customers_behind_them(
    open_page: Open, actors: Actors, customers: dict[str, int]
) -> None:
    app = open_page(actors.manager, PAGE, problem="missing", field="city")
    listed = app.dataframe[-1].value
    assert list(listed["code"]) == ["K2", "W1"]
    assert not {"missing", "value"} & set(listed), "that it is missing is why they are listed"
    app = open_page(actors.manager, PAGE, problem="wrong", field="name", department=str(actors.west))
    assert list(app.dataframe[-1].value["code"]) == ["W1"]


def test_owners_are_reminded_by_a_click_that_is_asked_once_more(
    open_page: Open, store: Store, actors: Actors, customers: dict[str, int]
) -> None:
    app = open_page(actors.supervisor, PAGE, problem="missing", field="city")
    press(app, f"{PAGE}.remind.ask")
    press(app, f"{PAGE}.remind.do")
    assert "Reminded 1 person of 1 customer" in words(app)
    assert "already" not in words(app)
    again = open_page(actors.supervisor, PAGE, problem="missing", field="city")
    assert "Everybody who owns a customer in this list was reminded already." in words(again)
    with store.read() as session:
        owed = session.scalars(select(Obligation)).one()
        assert (owed.subject_id, owed.owner_id) == (customers["K2"], actors.staff.staff_id)
    listed = app.dataframe[-1].value
    assert (listed["reminded"].tolist()[0], listed["due"].tolist()[0]) == ("Nov 3 10:00", "Nov 10 10:00")


def test_two_are_compared_merged_and_told_apart_again(
    open_page: Open, store: Store, actors: Actors, customers: dict[str, int]
) -> None:
    app = open_page(actors.supervisor, PAGE, view="duplicates")
    assert "1 pair" in words(app)
    assert list(app.dataframe[0].value)[:3] == ["first", "second", "reason"]
    with store.read() as session:
        pair = session.scalars(select(DuplicatePair.id)).one()
    app.query_params["pair"] = str(pair)
    app.run()
    assert not app.exception
    press(app, f"{PAGE}.merge.{pair}.ask")
    assert "All records of K2 go over to K1" in words(app)
    assert not [each for each in app.button if each.key == f"{PAGE}.apart"]
    choose(app, f"{PAGE}.pick.{pair}.customer_code", "second")
    assert "All records of K1 go over to K2" in words(app)
    press(app, f"{PAGE}.merge.{pair}.do")
    with store.read() as session:
        done = session.scalars(select(CustomerMerge.id)).one()
        kept = session.get_one(Customer, customers["K1"])
        assert (kept.code, kept.city, kept.region) == ("K2", "杭州", "<b>华东</b>")
    choose(app, f"{PAGE}.state", "merged")
    press(app, f"{PAGE}.undo.{done}.ask")
    press(app, f"{PAGE}.undo.{done}.do")
    assert "The merge is undone." in words(app)
    with store.read() as session:
        assert session.get_one(Customer, customers["K1"]).code == "K1"


def test_what_is_not_the_same_leaves_the_queue(
    open_page: Open, store: Store, actors: Actors, customers: dict[str, int]
) -> None:
    with store.read() as session:
        pair = session.scalars(select(DuplicatePair.id)).one()
    app = open_page(actors.supervisor, PAGE, view="duplicates", pair=str(pair))
    press(app, f"{PAGE}.apart")
    assert "No pair waits here" in words(app)
    app.query_params["pair"] = "999"
    app.run()
    assert "This pair is settled" in words(app)


def test_imports_are_listed_with_what_the_database_holds(
    open_page: Open, store: Store, actors: Actors, customers: dict[str, int]
) -> None:
    with store.write() as session:
        batch = ImportBatch(
            table_code="customers", file_name="old.xlsx", file_sha256="0" * 64, mapping={}, mode="add", rows_read=2,
            added=2, updated=0, unchanged=0, rejected=0, filled={"name": 2, "phone": 2}, committed_at=NOW,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        for code in ("K1", "K2"):
            session.get_one(Customer, customers[code]).batch_id = batch.id
        session.commit()
    app = open_page(actors.operations, PAGE, view="migration")
    assert not app.exception
    assert app.dataframe[0].value["state"].tolist() == ["● complete"]
    app = open_page(actors.operations, PAGE, **{"view": "migration", "import": str(batch.id)})
    assert app.dataframe[-1].value["difference"].tolist() == [0, 0]
