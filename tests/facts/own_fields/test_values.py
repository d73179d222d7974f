"""Own fields in forms and views: entered, refused in words, sealed, and masked by role."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import AuditEntry
from core.errors import Refused
from core.facts.own_fields.catalogue import catalogue
from core.facts.queries import customer
from core.facts.service import edit_customer
from core.facts.tables import Customer, Lead
from core.language import Message, translate
from core.store.engine import Store
from core.store.records import MART
from tests.conftest import Actors
from tests.factmaking import add_customer, served_by
from tests.facts.conftest import Bring, records
from tests.facts.own_fields.fields_added import VALUES, add, held


def test_a_form_sets_and_takes_away_values_of_own_fields(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime
) -> None:
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        session.commit()
    entered = VALUES | {"own_credit": "1,500.5", "own_staff_count": " 12 "}
    version = edit_customer(actors.staff, store, key, entered, 1, now=now)
    assert held(store, Customer, "K1") == VALUES
    assert edit_customer(actors.staff, store, key, entered, version, now=now) == version
    version = edit_customer(actors.staff, store, key, {"own_vip": None, "own_wechat": ""}, version, now=now)
    assert held(store, Customer, "K1").keys() == VALUES.keys() - {"own_vip", "own_wechat"}
    for code, value, sentence in (
        ("own_staff_count", "many", "Staff count: “many” is not a whole number"),
        ("own_wechat", "w***", "WeChat ID: It is masked"),
        ("own_gone", "x", "A field of the form was retired"),
    ):
        with pytest.raises(Refused, match=sentence.replace("*", r"\*")):
            edit_customer(actors.staff, store, key, {code: value}, version, now=now)
    (audited,) = records(store, select(AuditEntry).where(AuditEntry.action == "customer.edit").limit(1))
    assert audited.detail == {"fields": sorted(VALUES)}


def test_a_refusal_names_an_own_field_in_the_readers_language(
    store: Store, actors: Actors, fields: dict[str, int], bring: Bring, now: datetime
) -> None:
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        session.commit()
    with pytest.raises(Refused) as refusal:
        edit_customer(actors.staff, store, key, {"own_staff_count": "many"}, 1, now=now)
    stored = Message.from_json(refusal.value.message.to_json())
    assert translate(stored, "en").startswith("Staff count: ")
    assert translate(stored, "zh_CN").startswith("员工人数：")
    with pytest.raises(Refused) as refusal:
        add(actors.manager, store, now, "zone", label=("片区", "Credit line"))
    assert "授信额度" in translate(refusal.value.message, "zh_CN")


def test_an_own_field_worded_with_braces_is_shown_as_it_is(
    store: Store, actors: Actors, now: datetime
) -> None:
    add(actors.manager, store, now, "odd", label=("{0}{x}", "{1}{y}"))
    with store.read() as session:
        field = catalogue(session)["customers"].field("own_odd")
    assert [translate(field.named, language) for language in ("zh_CN", "en")] == ["{0}{x}", "{1}{y}"]


def test_who_sees_masked_phones_sees_masked_personal_fields_and_interns_no_amounts(
    store: Store, actors: Actors, fields: dict[str, int], now: datetime
) -> None:
    with store.write() as session:
        key = add_customer(session, "K1", **served_by(actors.staff))
        session.commit()
    edit_customer(actors.staff, store, key, VALUES | {"own_credit": "1500.5"}, 1, now=now)

    def seen(actor: Actor) -> dict[str, Any]:
        return {each.field.code: each.value for each in customer(actor, store, key).own}

    assert seen(actors.staff) == VALUES
    assert seen(actors.operations) == VALUES | {"own_wechat": "w***"}
    without = {code: value for code, value in VALUES.items() if code != "own_credit"}
    assert seen(actors.intern) == without | {"own_wechat": "w***"}
    masked = {each.field.code for each in customer(actors.intern, store, key).own if each.masked}
    assert masked == {"own_wechat"}


def test_a_sealed_value_cannot_be_moved_to_another_record(
    store: Store, fields: dict[str, int], bring: Bring
) -> None:
    bring("customers", [["Customer code", "WeChat ID"], ["K1", "wx_zhang"], ["K2", None]])
    with store.write() as session:
        first, second = session.scalars(select(Customer).order_by(Customer.code))
        second.own = first.own
        session.commit()
    with pytest.raises(Refused, match="cannot be opened"):
        held(store, Customer, "K2")


def test_own_fields_never_reach_the_mart() -> None:
    assert not any(record.__table__.c.own.info == MART for record in (Customer, Lead))


def test_the_name_of_a_field_says_nothing_that_a_message_could_stumble_over(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    add(actors.manager, store, now, "odd", label=("{0}\n<b>*x*", ""), kind="integer")
    with store.read() as session:
        field = catalogue(session)["customers"].field("own_odd")
    assert field.header("zh_CN") == "{0} <b>*x*"
    with store.write() as session:
        key = add_customer(session, "K1")
        session.commit()
    with pytest.raises(Refused) as refused:
        edit_customer(actors.manager, store, key, {"own_odd": "x"}, 1, now=now)
    assert translate(refused.value.message, "en").startswith("{0} <b>*x*: “x” is not a whole number")
