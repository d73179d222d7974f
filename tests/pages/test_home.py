"""Home: how to begin on an empty app, and what needs attention on one in use."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core import clock
from core.access.actor import SYSTEM, Role
from core.dates import business_date
from core.language import Message, translate
from core.operations.cycle import run_cycle
from core.operations.jobs import own_jobs
from core.store.engine import Store
from core.store.jobs import claim_next, enqueue, finish
from tests.conftest import Actors
from tests.factmaking import add_customer, add_order, add_satisfaction, served_by
from tests.kept import Kept
from tests.measuremaking import save_measures
from tests.operations.test_agenda import add_report, owe_order
from tests.pages.conftest import LOCALES, Open, words

WELCOME = {"zh_CN": "欢迎使用", "en": "Welcome"}
HOME = {"zh_CN": "首页", "en": "Home"}


@pytest.fixture
def graded(store: Store, actors: Actors, kept: Kept) -> date:
    """Three customers of the east, one of them dissatisfied; graded as of today."""
    today = business_date(clock.now(), "Asia/Shanghai")
    return kept.once(f"graded {today}", lambda: grade(store, actors, today))


def grade(store: Store, actors: Actors, today: date) -> date:
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
        **served_by(actors.staff),
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


def test_an_account_manager_sees_what_is_owed_with_the_time_left(
    open_page: Open, actors: Actors, graded: date
) -> None:
    app = open_page(actors.staff)
    day = app.dataframe[0].value
    assert list(day["about"]) == ["Shop *C1*"]
    assert list(day["task"]) == ["Contact the customer"]
    assert "left" in day["clock"].iloc[0][0]
    assert "My day" in words(app)
    assert "Measures" not in words(app)


@pytest.mark.parametrize("language", LOCALES)
def test_who_owes_nothing_is_told_so(open_page: Open, actors: Actors, graded: date, language: str) -> None:
    app = open_page(actors.west_staff, language=language)
    assert translate(Message("You owe nothing"), language) in words(app)
    assert "Shop" not in words(app)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGER, Role.SUPERVISOR])
def test_late_work_and_the_pool_wait_for_a_manager_one_click_from_the_worklist(
    open_page: Open, store: Store, actors: Actors, graded: date, role: Role
) -> None:
    with store.write() as session:
        owe_order(session, "K8", actors.staff, clock.now() - timedelta(hours=1))
        owe_order(session, "K9", None, clock.now() + timedelta(hours=1), actors.east)
        session.commit()
    app = open_page(actors.of(role))
    links = {link.proto.label: link.proto for link in app.get("page_link")}
    (late,) = (link for text, link in links.items() if "1 work order is late: East 1" in text)
    (pool,) = (link for text, link in links.items() if "1 work order lies in the pool" in text)
    assert late.label.endswith("→")
    assert (late.page, late.query_string) == ("churn_worklist", "view=all")
    assert (pool.page, pool.query_string) == ("churn_worklist", "view=pool")


def test_nothing_to_decide_is_said(open_page: Open, actors: Actors, graded: date) -> None:
    assert "Nothing waits for a decision." in words(open_page(actors.operations))


def test_a_correction_of_a_published_report_is_not_told_as_a_report_that_waits(
    open_page: Open, store: Store, actors: Actors, graded: date
) -> None:
    with store.write() as session:
        add_report(session, "published")
        add_report(session, "draft", revision=2)
        session.commit()
    (said,) = (
        link.proto.label
        for link in open_page(actors.manager).get("page_link")
        if "report of" in link.proto.label
    )
    assert "A correction of the report of" in said
    assert "waits to be published" not in said


def test_a_place_that_a_role_may_not_open_is_named_without_a_link(
    open_page: Open, store: Store, actors: Actors, graded: date
) -> None:
    with store.write() as session:
        owe_order(session, "K8", actors.staff, clock.now() - timedelta(hours=1))
        session.commit()
    app = open_page(actors.operations)
    assert "1 work order is late" in words(app)
    assert not [link for link in app.get("page_link") if "late" in link.proto.label]


@pytest.mark.parametrize("language", LOCALES)
def test_a_measure_is_shown_with_target_n_change_and_trend(
    open_page: Open, store: Store, actors: Actors, graded: date, language: str
) -> None:
    """October fell from 80 to 60 of 100 thousand: real, and beyond chance off the target of 75 %."""
    _retention(store, actors)
    page = words(open_page(actors.manager, language=language))
    assert "60.0%" in page
    assert translate(Message("Off target"), language) + " · 75%" in page
    assert translate(Message("{points} pp", {"points": "−20.0"}), language) in page
    assert f">{translate(Message('real'), language)}<" in page
    assert "n = 100,000" in page
    assert "data:image/svg+xml" in page
    if language == "en":
        assert "Real: more than chance would bring; noise: no more than that." in page


def test_a_supervisor_sees_the_measures_of_the_own_department(
    open_page: Open, store: Store, actors: Actors, graded: date
) -> None:
    _retention(store, actors)
    assert "50.0%" in words(open_page(actors.supervisor))
    west = words(open_page(actors.west_supervisor))
    assert "70.0%" in west
    assert "Acquisition cost" not in west


def test_before_the_first_cycle_the_page_says_that_nothing_was_measured(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        add_customer(session, "C1")
        session.commit()
    assert "Nothing has been measured yet" in words(open_page(actors.manager))


def test_interns_and_staff_see_no_measures_and_decide_nothing(
    open_page: Open, store: Store, actors: Actors, graded: date
) -> None:
    _retention(store, actors)
    for actor in (actors.intern, actors.staff):
        page = words(open_page(actor))
        assert "Retention" not in page
        assert "What needs a decision" not in page


def _retention(store: Store, actors: Actors) -> None:
    """Retention of two months, the later one 50 % in the east and 70 % in the west."""
    shares = {(9, actors.east): 40_000, (9, actors.west): 40_000}
    shares |= {(10, actors.east): 25_000, (10, actors.west): 35_000}
    save_measures(
        store,
        [
            {
                "measure": "retention",
                "start": date(2026, month, 1),
                "department_id": department,
                "numerator": kept,
                "denominator": 50_000,
            }
            for (month, department), kept in shares.items()
        ],
    )


def test_basic_data_holds_no_share_of_the_spending(open_page: Open, actors: Actors, graded: date) -> None:
    assert "Of the spending" not in words(open_page(actors.intern))
    assert "Of the spending" in words(open_page(actors.operations))


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
