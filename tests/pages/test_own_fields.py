"""The field catalogue as a page, and fields added there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from core.facts.own_fields.service import add_field, retire_field
from core.facts.queries import customer
from core.facts.tables import Contract, Customer, Outlet, OwnField
from core.store.engine import Store
from pages.frame.navigation import offered
from tests.conftest import Actors
from tests.factmaking import add_batch, add_customer, served_by
from tests.pages.conftest import Open, words
from tests.pages.exchanging import press, upload, work_off

PAGE = "own_fields"


def by_label(elements: Any, label: str) -> Any:
    return next(each for each in elements if each.label == label)


def stored(store: Store) -> list[OwnField]:
    with store.read() as session:
        found = list(session.scalars(select(OwnField)))
        session.expunge_all()
    return found


def test_the_catalogue_tells_of_every_field_in_both_languages(open_page: Open, actors: Actors) -> None:
    said = words(open_page(actors.operations, PAGE))
    for word in ("Customer code", "客户编号", "Required without Name and Phone", "Phone number", "birthday"):
        assert word in said
    said = words(open_page(actors.manager, PAGE, language="zh_CN"))
    for word in ("客户编号", "Customer code", "未填客户名称和手机号时必填"):
        assert word in said


def test_a_manager_adds_a_field_and_it_is_listed_at_once(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = open_page(actors.manager, PAGE)
    app.button(key="own_fields.add").click().run()
    app.selectbox(key="own_fields.kind").set_value("choice").run()
    by_label(app.text_input, "Name in Chinese").set_value("购买意向")
    by_label(app.text_input, "Name in English").set_value("Intent")
    by_label(app.text_input, "Field code (required)").set_value("intent")
    by_label(app.text_area, "Choices").set_value("高 / High\n低／Low\n未知")
    by_label(app.button, "Add the field").click().run()
    assert not app.exception
    (field,) = stored(store)
    assert field.choices == [["c1", "高", "High"], ["c2", "低", "Low"], ["c3", "未知", "未知"]]
    assert "Intent" in words(app)
    assert "1 own field" in words(app)


def test_the_drawer_asks_before_a_choice_that_records_hold_is_called_differently(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    key = add_field(
        actors.manager, store, "customers", code="risk", kind="choice", label=("风险", "Risk"),
        choices=[("低", "Low"), ("高", "High")], now=now,
    )  # fmt: skip
    with store.write() as session:
        for code, risk in (("K1", "c1"), ("K2", "c1"), ("K3", "c2")):
            session.get_one(Customer, add_customer(session, code)).own = {"risk": risk}
        session.commit()
    app = open_page(actors.manager, PAGE)
    app.session_state["administration.drawer"] = ("field", key)
    app.run()

    def save(lines: str) -> None:
        by_label(app.text_area, "Choices").set_value(lines)
        by_label(app.button, "Save").click().run()

    save("高 / High\n较低 / Lower")
    assert "低 / Low → 较低 / Lower, in 2 records" in words(app)
    assert stored(store)[0].choices == [["c1", "低", "Low"], ["c2", "高", "High"]]
    by_label(app.button, "Cancel").click().run()
    assert "in 2 records" not in words(app)
    save("高 / High\n较低 / Lower")
    by_label(app.button, "Reword and save").click().run()
    assert not app.exception
    assert stored(store)[0].choices == [["c2", "高", "High"], ["c1", "较低", "Lower", "低", "Low"]]


def test_choices_in_another_order_are_saved_without_a_question(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    key = add_field(
        actors.manager, store, "customers", code="risk", kind="choice", label=("风险", "Risk"),
        choices=[("低", "Low"), ("高", "High")], now=now,
    )  # fmt: skip
    app = open_page(actors.manager, PAGE)
    app.session_state["administration.drawer"] = ("field", key)
    app.run()
    by_label(app.text_area, "Choices").set_value("高 / High\n低 / Low\n无 / None")
    by_label(app.button, "Save").click().run()
    assert stored(store)[0].choices == [["c2", "高", "High"], ["c1", "低", "Low"], ["c3", "无", "None"]]


def test_the_remark_counts_retired_fields_too(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    for code in ("one", "two"):
        field_id = add_field(
            actors.manager, store, "customers", code=code, kind="text", label=("", code), now=now
        )
    retire_field(actors.manager, store, field_id, now=now)
    said = words(open_page(actors.manager, PAGE))
    assert "1 own field · 1 retired · Click one to change or retire it." in said
    assert "retired" not in words(open_page(actors.manager, PAGE, table="leads"))


def test_a_refusal_stays_in_the_drawer_with_what_was_typed(
    open_page: Open, store: Store, actors: Actors
) -> None:
    app = open_page(actors.manager, PAGE)
    app.button(key="own_fields.add").click().run()
    by_label(app.text_input, "Name in English").set_value("Region")
    by_label(app.text_input, "Field code (required)").set_value("my_region")
    by_label(app.button, "Add the field").click().run()
    assert any("is a name of the field Region already" in error.value for error in app.error)
    assert by_label(app.text_input, "Field code (required)").value == "my_region"
    assert stored(store) == []


@pytest.mark.parametrize("role", ["supervisor", "staff", "intern"])
def test_who_may_not_import_does_not_see_the_page(open_page: Open, actors: Actors, role: str) -> None:
    assert not offered(getattr(actors, role), PAGE)


def test_who_may_not_change_fields_only_reads(open_page: Open, actors: Actors) -> None:
    assert not [each for each in open_page(actors.operations, PAGE).button if each.label == "Add a field"]


def test_own_fields_stand_on_the_customers_page_and_in_its_form(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        session.commit()
    for code, kind, label in (
        ("staff_count", "integer", "Staff count"),
        ("vip", "yes_no", "VIP"),
        ("wechat", "text", "WeChat *ID*"),
    ):
        add_field(
            actors.manager, store, "customers", code=code, kind=kind, label=("", label), personal=code == "wechat",
            now=now,
        )  # fmt: skip
    app = open_page(actors.staff, "customer", id=str(key))
    app.button(key="customer.open.edit").click().run()
    by_label(app.text_input, "Staff count").set_value("12")
    by_label(app.selectbox, "VIP").set_value(True)
    by_label(app.text_input, r"WeChat \*ID\*").set_value("wx_zhang")
    by_label(app.button, "Save the correction").click().run()
    assert not app.exception
    assert [each.value for each in customer(actors.staff, store, key).own] == [12, True, "wx_zhang"]
    assert "wx_zhang" in words(app)
    assert "wx_zhang" not in words(open_page(actors.intern, "customer", id=str(key)))
    app = open_page(actors.operations, "customer", id=str(key))
    assert "w***" in words(app)
    app.button(key="customer.open.edit").click().run()
    assert by_label(app.text_input, r"WeChat \*ID\*").value == ""
    by_label(app.text_input, "Staff count").set_value("13")
    by_label(app.button, "Save the correction").click().run()
    assert [each.value for each in customer(actors.staff, store, key).own] == [13, True, "wx_zhang"]


def test_own_fields_of_contracts_and_stores_stand_beside_them_where_they_say_something(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    for table, code in (("contracts", "risk"), ("contracts", "blank"), ("outlets", "size")):
        add_field(
            actors.manager, store, table, code=code, kind="choice", label=("", f"{table} {code}"),
            choices=[("高", "High"), ("低", "Low")], now=now,
        )  # fmt: skip
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        batch = {"customer_id": key, "batch_id": add_batch(session)}
        for code, own in (("HT1", {"risk": "c2"}), ("HT2", {})):
            session.add(Contract(code=code, signed_on=now.date(), amount=1, own=own, **batch))
        session.add(Outlet(code="S1", own={"size": "c1"}, **batch))
        session.commit()
    told = [each.value.to_dict("list") for each in open_page(actors.staff, "customer", id=str(key)).dataframe]
    assert [each["own_risk"] for each in told if "own_risk" in each] == [["Low", ""]]
    assert [each["own_size"] for each in told if "own_size" in each] == [["High"]]
    assert not [each for each in told if "own_blank" in each]


def test_a_check_asks_to_be_made_again_when_one_of_its_fields_was_retired(
    open_page: Open, store: Store, actors: Actors, now: datetime
) -> None:
    field_id = add_field(
        actors.manager, store, "customers", code="joined", kind="date", label=("入会", "Joined"), now=now
    )
    app = open_page(actors.manager, "data_exchange")
    upload(app, "people.csv", b"Customer code,Name,Joined\nK1,Ada,2026/5/1\n")
    app.button(key="exchange.check").click().run()
    work_off(app, store)
    assert by_label(app.button, "Import 1 row").disabled is False
    retire_field(actors.manager, store, field_id, now=now)
    app.run()
    fates = next(each for each in app.segmented_control if "exchange.check.fate" in str(each.key))
    fates.set_value("cleaned").run()
    assert not app.exception
    assert "Joined" in words(app)
    assert not [each for each in app.button if each.label == "Import 1 row"]
    press(app, "Check again")
    work_off(app, store)
    assert "Joined" in words(app)
    press(app, "Import 1 row")
    work_off(app, store)
    assert not app.exception
