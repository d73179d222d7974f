"""Customer record: found, seen as the role allows, corrected, contacted."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.access.actor import Role
from core.access.vault import open_vault
from core.facts import identity
from core.facts.service import edit_customer
from core.facts.tables import Contract, Customer, Interaction, Outlet, Payment
from core.store.engine import Store
from tests.conftest import Actors
from tests.factmaking import add_batch, add_customer, served_by
from tests.pages.company import PHONE
from tests.pages.conftest import LOCALES, Open, words

PAGE = "customer"
SEE_DETAILS = [role for role in Role if role is not Role.INTERN]


def look_for(app: AppTest, text: str) -> AppTest:
    return app.text_input(key="customer.search").set_value(text).run()


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def record(store: Store, customer_id: int) -> Customer:
    with store.read() as session:
        found = session.get_one(Customer, customer_id)
        session.expunge(found)
        return found


def phone(store: Store, customer_id: int) -> str | None:
    return identity.look(open_vault(store), customer_id, "phone", record(store, customer_id).phone_sealed)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", LOCALES)
def test_an_empty_company_says_that_nobody_is_there_to_be_found(
    open_page: Open, actors: Actors, role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language)
    assert {"en": "There are no customers yet", "zh_CN": "还没有客户数据"}[language] in words(app)
    look_for(app, "K1")
    assert not app.exception
    assert {"en": "Nobody found", "zh_CN": "没有找到客户"}[language] in words(app)


@pytest.mark.parametrize("role", SEE_DETAILS)
@pytest.mark.parametrize("language", LOCALES)
def test_a_customer_is_shown_with_grade_signs_and_timeline(
    open_page: Open, actors: Actors, company: dict[str, int], role: Role, language: str
) -> None:
    app = open_page(actors.of(role), PAGE, language, id=str(company["K1"]))
    assert not app.exception
    spoken = words(app)
    told = {
        "en": (
            "Why this grade",
            "Lost: the last order",
            "after 2 orders until then",
            "No answer in the last 90",
        ),
        "zh_CN": ("分级依据", "流失", "此前共 2 单", "最近 90 天没有满意度评价"),
    }
    for part in told[language]:
        assert part in spoken
    assert "no:" not in spoken
    assert (PHONE in spoken) is (role is not Role.OPERATIONS)


def test_it_is_said_what_the_cut_offs_and_the_ways_to_another_grade_rest_on(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.manager, "customer", id=str(company["K1"]))
    assert "for this customer alone" in words(app)
    assert re.search(r"One more order of ¥[\d,]+\.\d\d on Nov 3, 2026 would", words(app))
    assert re.search(r">\d{4}-\d\d-\d\d<", words(app))


@pytest.mark.parametrize("language", LOCALES)
def test_an_intern_sees_basic_data_masked_and_can_change_nothing(
    open_page: Open, actors: Actors, company: dict[str, int], language: str
) -> None:
    app = open_page(actors.intern, PAGE, language, id=str(company["K1"]))
    assert not app.exception
    spoken = words(app).replace("\\", "")
    assert "张*" in spoken
    assert "138****5678" in spoken
    for hidden in ("张伟", PHONE, "800", "Why this grade", "分级依据"):
        assert hidden not in spoken
    assert not [button for button in app.button if str(button.key).startswith("customer.open")]


def test_an_intern_does_not_find_by_a_part_of_a_name_or_a_phone(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    for part in ("张", PHONE):
        assert "Nobody found" in words(look_for(open_page(actors.intern, PAGE), part))


@pytest.mark.parametrize("text", ["k1", "伟", PHONE, "138 1234 5678"])
def test_code_name_or_phone_opens_the_one_customer_it_fits_and_stays_out_of_the_address(
    open_page: Open, actors: Actors, company: dict[str, int], text: str
) -> None:
    app = look_for(open_page(actors.manager, PAGE), text)
    assert "张伟" in [heading.value for heading in app.subheader]
    assert dict(app.query_params) == {"id": str(company["K1"])}
    assert app.text_input(key="customer.search").value == ""
    press(app, "Close this customer")
    assert dict(app.query_params) == {}
    assert "Whom are you looking for" in words(app)


def test_several_that_fit_are_listed_and_only_those_in_reach(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    everybody = look_for(open_page(actors.manager, PAGE), "K").dataframe[0].value
    assert list(everybody["code"]) == ["K1", "K2", "K3", "K4"]
    assert list(everybody["account_manager"]) == ["Emil", "Emil", "Walt", ""]  # nobody, not None
    own = look_for(open_page(actors.staff, PAGE), "K").dataframe[0].value
    assert list(own["code"]) == ["K1", "K2"]


@pytest.mark.parametrize("asked", ["0", "-1", "1 or 1=1", "9" * 30, "²"])
def test_an_address_that_names_nobody_shows_nobody(
    open_page: Open, actors: Actors, company: dict[str, int], asked: str
) -> None:
    app = open_page(actors.manager, PAGE, id=asked)
    assert not app.exception
    assert "K1" not in words(app)


def test_another_departments_customer_is_not_shown(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.west_staff, PAGE, id=str(company["K1"]))
    assert [error.value for error in app.error] == [r"There is no such customer, or you may not see it\."]
    assert "张伟" not in words(app)


@pytest.mark.parametrize("role", Role)
def test_a_customer_can_be_opened_before_the_first_grading(
    open_page: Open, actors: Actors, store: Store, role: Role
) -> None:
    with store.write() as session:
        added = add_customer(session, "N1", **served_by(actors.staff))
        session.commit()
    app = open_page(actors.of(role), PAGE, id=str(added))
    assert not app.exception
    assert not app.error
    assert ("Not graded yet" in words(app)) is (role is not Role.INTERN)


def test_the_unclosed_work_order_is_one_click_away(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    def orders(code: str) -> list[str]:
        app = open_page(actors.manager, PAGE, id=str(company[code]))
        links = [link.proto.query_string for link in app.get("page_link")]
        return [query for query in links if query.startswith("order=")]

    assert len(orders("K1")) == 1
    assert orders("K3") == []


def test_a_name_with_markup_is_shown_as_it_is(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = open_page(actors.staff, PAGE, id=str(company["K2"]))
    assert r"李\*娜\*" in [heading.value for heading in app.subheader]


def test_a_contact_is_logged_without_a_work_order(
    open_page: Open, actors: Actors, company: dict[str, int], store: Store
) -> None:
    app = press(open_page(actors.staff, PAGE, id=str(company["K2"])), "Log a contact")
    key = f"customer.{company['K2']}.contact."
    app.segmented_control(key=key + "kind").set_value("visit")
    app.segmented_control(key=key + "direction").set_value("inbound")
    app.text_area(key=key + "content").set_value("Asked for the new price list.")
    press(app, "Save the contact")
    assert not app.exception
    assert [toast.value for toast in app.toast] == ["Contact saved."]
    with store.read() as session:
        logged = session.scalars(select(Interaction)).one()
        assert (logged.customer_id, logged.kind, logged.direction, logged.purpose) == (
            company["K2"],
            "visit",
            "inbound",
            None,
        )
    assert "Asked for the new price list." in words(app)
    assert not app.text_area


def test_a_contact_in_the_future_is_refused_and_stays_typed(
    open_page: Open, actors: Actors, company: dict[str, int]
) -> None:
    app = press(open_page(actors.staff, PAGE, id=str(company["K1"])), "Log a contact")
    key = f"customer.{company['K1']}.contact."
    app.get("date_time_input")[0].set_value(datetime(2026, 12, 24, 10, 0))  # noqa: DTZ001 - as a browser sends it
    app.text_area(key=key + "content").set_value("Will call.")
    press(app, "Save the contact")
    assert len(app.error) == 1
    assert app.text_area(key=key + "content").value == "Will call."


def test_only_what_was_changed_is_corrected(
    open_page: Open, actors: Actors, company: dict[str, int], store: Store
) -> None:
    app = press(open_page(actors.staff, PAGE, id=str(company["K1"])), "Correct the data")
    app.text_input(key=f"customer.{company['K1']}.edit.city").set_value("杭州市")
    press(app, "Save the correction")
    assert [toast.value for toast in app.toast] == ["Saved."]
    saved = record(store, company["K1"])
    assert (saved.city, saved.region, phone(store, company["K1"])) == ("杭州市", "华东", PHONE)


def test_masked_values_are_never_sent_back(
    open_page: Open, actors: Actors, company: dict[str, int], store: Store
) -> None:
    app = press(open_page(actors.operations, PAGE, id=str(company["K1"])), "Correct the data")
    key = f"customer.{company['K1']}.edit."
    shown = app.text_input(key=key + "phone")
    assert (shown.value, shown.placeholder) == ("", "138****5678")
    app.text_input(key=key + "city").set_value("杭州市")
    press(app, "Save the correction")
    assert (record(store, company["K1"]).city, phone(store, company["K1"])) == ("杭州市", PHONE)


def test_a_refused_correction_keeps_what_was_typed(
    open_page: Open, actors: Actors, company: dict[str, int], store: Store
) -> None:
    app = press(open_page(actors.staff, PAGE, id=str(company["K1"])), "Correct the data")
    key = f"customer.{company['K1']}.edit."
    app.text_input(key=key + "phone").set_value("call reception")
    app.text_input(key=key + "city").set_value("杭州市")
    press(app, "Save the correction")
    assert len(app.error) == 1
    assert app.text_input(key=key + "city").value == "杭州市"
    assert phone(store, company["K1"]) == PHONE


def test_when_somebody_saved_in_between_both_are_shown_and_nothing_is_lost(
    open_page: Open, actors: Actors, company: dict[str, int], store: Store, now: datetime
) -> None:
    customer_id = company["K1"]
    app = press(open_page(actors.staff, PAGE, id=str(customer_id)), "Correct the data")
    key = f"customer.{customer_id}.edit."
    app.text_input(key=key + "city").set_value("杭州市")
    version = record(store, customer_id).version
    other = {"city": "苏州市", "industry": "餐饮"}
    edit_customer(actors.supervisor, store, customer_id, other, version, now=now)
    press(app, "Save the correction")
    assert "Somebody saved this customer in between" in app.error[0].value
    assert record(store, customer_id).city == "苏州市"
    assert app.text_input(key=key + "city").value == "杭州市"
    assert app.text_input(key=key + "industry").value == "餐饮"
    compared = app.dataframe[0].value
    assert compared.values.tolist() == [["City", "苏州市", "杭州市"], ["Industry", "餐饮", "–"]]
    press(app, "Save the correction")
    saved = record(store, customer_id)
    assert (saved.city, saved.industry) == ("杭州市", "餐饮")


def test_a_supervisor_gives_a_customer_to_somebody_of_the_department(
    open_page: Open, actors: Actors, company: dict[str, int], store: Store
) -> None:
    app = press(open_page(actors.supervisor, PAGE, id=str(company["K4"])), "Correct the data")
    box = app.selectbox(key=f"customer.{company['K4']}.edit.account_manager_id")
    assert "Walt" not in box.options
    box.set_value(actors.staff.staff_id)
    press(app, "Save the correction")
    assert record(store, company["K4"]).account_manager_id == actors.staff.staff_id


@pytest.mark.parametrize("language", LOCALES)
def test_contracts_payments_and_stores_are_shown_where_there_are_any(
    open_page: Open, actors: Actors, store: Store, company: dict[str, int], language: str
) -> None:
    long_ago = date(2020, 1, 1)
    with store.write() as session:
        batch = {"customer_id": company["K1"], "batch_id": add_batch(session)}
        session.add(Contract(code="HT*1", signed_on=long_ago, ends_on=long_ago, amount=9_000_0000, **batch))
        session.add(Payment(code="HK1", due_on=long_ago, amount=1_234_0000, **batch))
        session.add(Outlet(code="S1", name="悦*邻*", kind="family", **batch))
        session.commit()
    shown = open_page(actors.staff, PAGE, language, id=str(company["K1"]))
    assert not shown.exception
    found = {str(value) for table in shown.dataframe for value in table.value.to_numpy().ravel()}
    assert {"HT*1", "悦*邻*", "¥1,234"} <= found
    assert "1,234" in words(shown)
    for other in (open_page(actors.manager, PAGE, language, id=str(company["K3"])),
                  open_page(actors.intern, PAGE, language, id=str(company["K1"]))):  # fmt: skip
        assert not other.exception
        told = {str(value) for table in other.dataframe for value in table.value.to_numpy().ravel()}
        assert not told & {"HT*1", "悦*邻*", "¥1,234"}
