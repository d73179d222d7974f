"""Churn worklist: from a warning to a closed order, by the forms of the page alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.store.engine import Store
from core.warning.queries import worklist, worklist_counts
from core.warning.tables import WinBackContact, WorkOrder
from tests.conftest import NOW, Actors
from tests.pages.company import PHONE
from tests.pages.conftest import LOCALES, Open, words

PAGE = "churn_worklist"
WORKERS = [Role.ADMINISTRATOR, Role.MANAGER, Role.SUPERVISOR, Role.STAFF]
VIEWS = ["all", "pool", "backlog", "closed"]


@pytest.fixture
def orders(store: Store, company: dict[str, int]) -> dict[str, int]:
    """Customer code -> id of its work order."""
    with store.read() as session:
        of_customer = dict(session.execute(select(WorkOrder.customer_id, WorkOrder.id)).all())
    return {code: of_customer[key] for code, key in company.items() if key in of_customer}


def saved(store: Store, order_id: int) -> WorkOrder:
    with store.read() as session:
        order = session.get_one(WorkOrder, order_id)
        session.expunge(order)
        return order


def submit(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("language", LOCALES)
def test_an_empty_worklist_says_what_would_be_here(
    open_page: Open, actors: Actors, role: Role, view: str, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language, view=view)
    assert not app.exception
    assert not app.dataframe
    empty = {"all": "处理中的工单", "pool": "公共池为空", "backlog": "待派工单", "closed": "关闭的工单"}
    if language == "zh_CN":
        assert empty[view] in words(app)


@pytest.mark.parametrize("role", WORKERS)
@pytest.mark.parametrize("language", LOCALES)
def test_each_role_sees_the_orders_in_its_reach(
    open_page: Open, actors: Actors, orders: dict[str, int], role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language, view="all")
    assert not app.exception
    assert set(app.dataframe[0].value["customer"]) == {"张伟", "李*娜*", "赵强"}


def test_the_other_department_sees_nothing_and_may_not_open_an_order_by_its_number(
    open_page: Open, actors: Actors, orders: dict[str, int]
) -> None:
    app = open_page(actors.west_staff, PAGE, order=str(orders["K1"]))
    assert "张伟" not in words(app)
    assert [error.value for error in app.error]


def test_mine_and_the_pool_are_apart(open_page: Open, actors: Actors, orders: dict[str, int]) -> None:
    mine = open_page(actors.staff, PAGE, view="mine").dataframe[0].value
    pool = open_page(actors.staff, PAGE, view="pool").dataframe[0].value
    assert (set(mine["customer"]), set(pool["customer"])) == ({"张伟", "李*娜*"}, {"赵强"})


@pytest.mark.parametrize(
    ("language", "why", "rule"),
    [
        ("en", "no order in the last 2 quarters, after 2 orders until then", "Warned after 2 quarters"),
        ("zh_CN", "最近 2 个季度没有订单，此前共 2 单", "规则：连续 2 个季度未下单"),
    ],
)
def test_an_order_says_why_with_numbers_threshold_and_version(
    open_page: Open, actors: Actors, orders: dict[str, int], language: str, why: str, rule: str
) -> None:
    spoken = words(open_page(actors.staff, PAGE, language, order=str(orders["K1"]))).replace("\\", "")
    assert why in spoken
    assert rule in spoken
    assert {"en": "rules version 1", "zh_CN": "规则版本 1"}[language] in spoken
    assert PHONE in spoken  # an account manager calls this number


def test_a_name_with_markup_is_shown_as_it_is(
    open_page: Open, actors: Actors, orders: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE, order=str(orders["K2"]))
    assert r"李\*娜\*" in [heading.value for heading in app.subheader]


def test_from_the_warning_to_the_closed_order(
    open_page: Open, actors: Actors, orders: dict[str, int], store: Store
) -> None:
    order = orders["K1"]
    app = open_page(actors.staff, PAGE, order=str(order))
    submit(app, "Claim this work order")
    assert saved(store, order).status == "claimed"

    app.selectbox(key=f"order.{order}.cause").set_value("price")
    app.text_input(key=f"order.{order}.offer").set_value("5 % off")
    app.text_area(key=f"order.{order}.content").set_value("Will think about it.")
    submit(app, "Save the contact")
    assert saved(store, order).status == "contacted"
    with store.read() as session:
        contact = session.scalars(select(WinBackContact)).one()
        assert (contact.reached, contact.cause, contact.offer) == (True, "price", "5 % off")

    app.segmented_control(key=f"order.{order}.outcome").set_value("won_back")
    submit(app, "Save the outcome")
    assert saved(store, order).outcome == "won_back"

    app.selectbox(key=f"order.{order}.root_cause").set_value("price")
    app.text_area(key=f"order.{order}.debrief").set_value("Check prices each quarter.")
    submit(app, "Save the debrief")
    submit(app, "Close this work order")
    assert not app.exception
    closed = saved(store, order)
    assert (closed.status, closed.debrief) == ("closed", "Check prices each quarter.")
    assert [toast.value for toast in app.toast] == ["Closed."]


def test_what_was_typed_stays_when_a_step_is_refused(
    open_page: Open, actors: Actors, orders: dict[str, int]
) -> None:
    order = orders["K1"]
    app = open_page(actors.staff, PAGE, order=str(order))
    submit(app, "Claim this work order")
    submit(app, "Save the contact")
    app.text_area(key=f"order.{order}.note").set_value("They liked the call.")
    submit(app, "Save the outcome")
    assert [error.value for error in app.error] == [r"Choose how it ended before you save\."]
    assert app.text_area(key=f"order.{order}.note").value == "They liked the call."


def test_of_two_who_claim_the_second_is_told_who_was_first(
    open_page: Open, actors: Actors, orders: dict[str, int], store: Store
) -> None:
    order = orders["K4"]
    first = open_page(actors.staff, PAGE, order=str(order))
    second = open_page(actors.supervisor, PAGE, order=str(order))
    submit(first, "Claim this work order")
    submit(second, "Claim this work order")
    assert any("Emil" in error.value for error in second.error)
    assert saved(store, order).claimed_by == actors.staff.account_id


def test_a_supervisor_gives_an_order_to_somebody(
    open_page: Open, actors: Actors, orders: dict[str, int], store: Store
) -> None:
    order = orders["K4"]
    app = open_page(actors.supervisor, PAGE, order=str(order))
    app.selectbox(key=f"order.{order}.assignee").set_value(actors.staff.staff_id)
    submit(app, "Assign")
    assert saved(store, order).assignee_id == actors.staff.staff_id


def test_an_order_in_the_address_that_is_no_number_opens_nothing(
    open_page: Open, actors: Actors, orders: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE, order="1 or 1=1")
    assert not app.exception
    assert not app.error


def test_who_is_not_in_the_staff_directory_has_no_orders_of_their_own(
    open_page: Open, actors: Actors, orders: dict[str, int], store: Store
) -> None:
    outsider = replace(actors.manager, staff_id=None)
    assert worklist(outsider, store, now=NOW, mine=True).empty
    assert worklist_counts(outsider, store, now=NOW).mine == 0
