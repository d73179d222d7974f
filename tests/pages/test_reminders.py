"""What becomes of a reminder of data quality: the owner's day, the list of customers, and the line on a customer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.facts.quality.asked import asked_about
from core.facts.quality.counting import save_quality
from core.facts.quality.history import keep_counts
from core.facts.quality.reminders import nothing_more, remind
from core.facts.update_clock_queries import owed
from core.obligations.tables import Obligation
from core.policy.service import default_policy
from core.store.engine import Store
from core.store.mart import refresh_mart
from tests.conftest import NOW, Actors
from tests.factmaking import add_customer, served_by
from tests.pages.conftest import Open, words

TODAY = date(2026, 11, 3)


@pytest.fixture
def reminded(store: Store, actors: Actors) -> dict[str, int]:
    """Two customers of the staff member and one of the west that somebody is asked to correct."""
    with store.write() as session:
        keys = {
            "K1": add_customer(session, "K1", name="测试", **served_by(actors.staff)),
            "K2": add_customer(session, "K2", name="张*李*", city="杭州", **served_by(actors.staff)),
            "W1": add_customer(session, "W1", name="王芳", **served_by(actors.west_staff)),
        }
        session.commit()
    mart = refresh_mart(store)
    save_quality(store, mart, default_policy(), TODAY)
    keep_counts(actors.system, store, mart, TODAY, now=NOW)
    remind(actors.manager, store, list(keys.values()), now=NOW)
    return keys


def test_several_corrections_are_one_line_of_the_day(
    open_page: Open, store: Store, actors: Actors, reminded: dict[str, int]
) -> None:
    day = open_page(actors.staff).dataframe[0].value
    assert day["task"].tolist() == ["Correct the customer's data"]
    assert day["about"].tolist() == ["2 customers"]
    nothing_more(actors.staff, store, reminded["K1"], now=NOW)
    assert open_page(actors.staff).dataframe[0].value["about"].tolist() == ["张*李*"]


def test_the_list_names_what_is_to_be_corrected_and_the_customer_how(
    open_page: Open, store: Store, actors: Actors, reminded: dict[str, int]
) -> None:
    app = open_page(actors.staff, "customer")
    assert "Correct the data of 2 customers" in words(app)
    listed = app.dataframe[0].value
    assert listed["name"].tolist() == ["测试", "张*李*"]
    faults = listed["faults"].tolist()
    assert faults[0].endswith(" · not valid: Name")
    assert faults[1].startswith("missing: Phone, Region")
    app = open_page(actors.staff, "customer", id=str(reminded["K1"]))
    assert "not valid: Name" in words(app)
    app.button(key="customer.owed.edit").click().run()
    app.text_input(key=f"customer.{reminded['K1']}.edit.name").set_value("宏图食品")
    app.button(key=f"customer.{reminded['K1']}.edit.save").click().run()
    assert not app.exception
    for code in ("K1", "K2"):
        app = open_page(actors.staff, "customer", id=str(reminded[code]))
        app.button(key=f"customer.owed.{reminded[code]}.ask").click().run()
        assert "to be corrected" in words(app), "it is asked once more"
        app.button(key=f"customer.owed.{reminded[code]}.do").click().run()
        assert "to be corrected" not in words(app)
    assert "Whom are you looking for?" in words(open_page(actors.staff, "customer"))


def test_a_record_that_the_clock_and_a_reminder_ask_for_is_owed_in_one_box_and_settled_by_one_answer(
    open_page: Open, store: Store, actors: Actors, reminded: dict[str, int]
) -> None:
    customer = reminded["K2"]
    with store.write() as session:
        session.add(
            Obligation(
                kind="record_update", subject_kind="customer", subject_id=customer, owner_id=actors.staff.staff_id,
                triggered_at=NOW, due_at=NOW + timedelta(hours=23), policy_version=1,
            )
        )  # fmt: skip
        session.commit()
    app = open_page(actors.staff, "customer", id=str(customer))
    told = words(app)
    assert told.count("missing: ") == told.count("Phone, Region") == 1
    assert "Record to be completed by Nov 4 09:00 · Emil · missing: Phone, Region" in told, (
        "the earlier of the two"
    )
    assert "to be corrected" not in told
    app.button(key=f"customer.owed.{customer}.ask").click().run()
    app.button(key=f"customer.owed.{customer}.do").click().run()
    assert not app.exception
    assert "missing: " not in words(app)
    assert owed(actors.staff, store, customer) is None
    assert asked_about(actors.staff, store, customer) is None


def test_a_manager_is_told_what_is_late_and_an_intern_of_nothing(
    open_page: Open, actors: Actors, reminded: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "to be corrected" not in words(open_page(actors.intern, "customer", id=str(reminded["K1"])))
    monkeypatch.setattr("core.clock.now", lambda: NOW + timedelta(days=365))
    app = open_page(actors.manager)
    monkeypatch.setattr("core.clock.now", lambda: NOW + timedelta(days=365))
    app.run()
    links = " ".join(str(link.proto.label) for link in app.get("page_link"))
    assert "The data of 3 customers are not corrected in time" in links
