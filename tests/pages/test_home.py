"""Home: how to begin on an empty app, and what needs attention on one in use."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.access.actor import SYSTEM, Role
from core.dates import business_date
from core.operations.cycle import run_cycle
from core.operations.jobs import own_jobs
from core.store.engine import Store
from core.store.jobs import claim_next, enqueue, finish
from tests.conftest import Actors
from tests.factmaking import add_customer, add_order, add_satisfaction
from tests.pages.conftest import LOCALES, Open, words

WELCOME = {"zh_CN": "欢迎使用", "en": "Welcome"}
HOME = {"zh_CN": "首页", "en": "Home"}


@pytest.fixture
def graded(store: Store, actors: Actors) -> date:
    """Three customers of the east, one of them dissatisfied; graded as of today."""
    today = business_date(clock.now(), "Asia/Shanghai")
    with store.write() as session:
        for number, code in enumerate(("C1", "C2", "C3")):
            _customer(session, code, actors, today - timedelta(days=10 + 20 * number))
        add_satisfaction(session, 1, today - timedelta(days=5), 1)
        session.commit()
    run_cycle(SYSTEM, store, today, now=clock.now())
    return today


def _customer(session: Session, code: str, actors: Actors, ordered_on: date) -> None:
    customer = add_customer(
        session,
        code,
        department_id=actors.east,
        account_manager_id=actors.staff.staff_id,
        name=f"Shop *{code}*",
    )
    add_order(session, customer, f"no:{code}", [(ordered_on, 1_000_000)])


@pytest.mark.parametrize("language", LOCALES)
def test_an_empty_app_greets_with_three_ways_on(open_page: Open, actors: Actors, language: str) -> None:
    app = open_page(actors.administrator, language=language)
    assert not app.exception
    assert app.header[0].value == WELCOME[language]
    assert len(app.subheader) == 3
    assert len(app.get("file_uploader")) == 1
    assert len(app.get("download_button")) == 1


def test_who_may_only_import_is_not_offered_the_demo_company(open_page: Open, actors: Actors) -> None:
    app = open_page(actors.operations)
    assert len(app.subheader) == 2
    assert "demo" not in words(app).lower()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.STAFF, Role.INTERN])
def test_who_may_do_nothing_yet_is_told_why(open_page: Open, actors: Actors, role: Role) -> None:
    app = open_page(actors.of(role))
    assert "There are no customers yet" in words(app)
    assert not app.get("file_uploader")


def test_the_demo_company_is_loaded_by_a_job_that_a_new_tab_finds_again(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = open_page(actors.administrator)
    next(each for each in app.button if each.label == "Load the demo company").click().run()
    assert not app.exception
    assert [each.kind for each in own_jobs(actors.administrator, store)] == ["demo"]
    for tab in (app, open_page(actors.administrator)):
        assert len(tab.get("progress")) == 1
        assert not tab.get("file_uploader")


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("role", Role)
def test_an_app_in_use_opens_for_every_role(
    open_page: Open, actors: Actors, graded: date, role: Role, language: str
) -> None:
    app = open_page(actors.of(role), language=language)
    assert not app.exception
    assert app.header[0].value == HOME[language]


def test_warned_customers_are_listed_for_their_account_manager(
    open_page: Open, actors: Actors, graded: date
) -> None:
    app = open_page(actors.staff)
    orders = app.dataframe[0].value
    assert list(orders["customer"]) == ["Shop *C1*"]
    assert "late" in orders["clock"].iloc[0][0] or "left" in orders["clock"].iloc[0][0]


def test_another_departments_people_see_none_of_them(open_page: Open, actors: Actors, graded: date) -> None:
    app = open_page(actors.west_staff)
    assert "No work order is in hand" in words(app)
    assert "Shop" not in words(app)


def test_roles_without_work_orders_get_no_list_of_them(open_page: Open, actors: Actors, graded: date) -> None:
    for actor in (actors.operations, actors.intern):
        assert "Most urgent" not in words(open_page(actor))


def test_basic_data_holds_no_share_of_the_spending(open_page: Open, actors: Actors, graded: date) -> None:
    assert "spending" not in open_page(actors.intern).dataframe[0].value
    assert "spending" in open_page(actors.operations).dataframe[0].value


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_the_whole_company_is_told_its_counts(
    open_page: Open, actors: Actors, graded: date, role: Role
) -> None:
    told = "Facts on record" in words(open_page(actors.of(role)))
    assert told == (role in {Role.ADMINISTRATOR, Role.MANAGER, Role.OPERATIONS})


def test_newer_facts_are_told_and_can_be_graded_by_who_may(
    open_page: Open, store: Store, actors: Actors, graded: date
) -> None:
    app = open_page(actors.operations)
    assert "Facts have changed" not in words(app)
    with store.write() as session:
        add_customer(session, "C9")
        session.commit()
    app.run()
    assert "Facts have changed" in words(app)
    next(each for each in app.button if each.label == "Regrade now").click().run()
    assert not app.exception
    assert [each.kind for each in own_jobs(actors.operations, store)] == ["cycle"]
    staff = open_page(actors.staff)
    assert "Facts have changed" in words(staff)
    assert "Regrade now" not in words(staff)


def test_facts_that_were_never_graded_are_told(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        add_customer(session, "C1")
        session.commit()
    app = open_page(actors.manager)
    assert "have not been graded" in words(app)
    assert "Customers by value" not in words(app)


def test_a_loaded_demo_company_is_told_above_the_filled_page_until_it_is_closed(
    open_page: Open, store: Store, actors: Actors, graded: date
) -> None:
    with store.write() as session:
        job = enqueue(session, "demo", {}, requested_by=actors.administrator.account_id, now=clock.now())
        session.commit()
    app = open_page(actors.administrator)
    assert len(app.get("progress")) == 1
    claim_next(store, "w", now=clock.now())
    finish(
        store,
        job,
        {"customers": 3, "transactions": 3, "work_orders_opened": 1, "accounts": 0},
        now=clock.now(),
    )
    app.run()
    assert "ready: 3 customers" in words(app)
    assert app.header[0].value == "Home"
    assert [link.proto.label for link in app.get("page_link")].count("Open the segments") == 1
    next(each for each in app.button if each.label == "Close").click().run()
    assert "ready" not in words(app)
