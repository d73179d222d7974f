"""A customer corrected, a contact logged."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.access.actor import Actor
from core.access.tables import AuditEntry, StaffMember
from core.amounts import SCALE
from core.errors import NotAllowed, NotFound, ProductError, Refused, StaleEdit
from core.facts import service
from core.facts.contacts_service import log_contact
from core.facts.importing import files
from core.facts.quality.rules import EXPECTED
from core.facts.queries import customer, find_customers
from core.facts.service import EDITABLE, edit_customer
from core.facts.tables import Customer, Interaction
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.versions import data_version
from tests.conftest import Actors
from tests.factmaking import add_customer, served_by
from tests.facts.conftest import Bring, records


@pytest.fixture
def emils(store: Store, actors: Actors) -> int:
    """A customer of Emil, in the east."""
    with store.write() as session:
        key = add_customer(
            session,
            "C1",
            name="张晓明",
            city="杭州市",
            **served_by(actors.staff),
        )
        session.commit()
    return key


def version_of_facts(store: Store) -> int:
    with store.read() as session:
        return data_version(session)


def test_every_editable_field_can_be_corrected(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    changes: dict[str, Any] = {
        "name": " 张小明 ",
        "kind": "company",
        "phone": "+86 100-0000-1234",
        "email": "Zhang@Example.com",
        "region": "华东",
        "province": "浙江省",
        "city": "宁波市",
        "industry": "零售",
        "channel": "抖音",
        "annual_revenue": "120万",
        "sku_count": "35",
        "department_id": actors.west,
        "account_manager_id": actors.west_staff.staff_id,
        "birthday": date(1990, 5, 1),
        "consent": False,
    }
    assert set(changes) == set(EDITABLE)
    later = now + timedelta(hours=1)
    assert edit_customer(actors.manager, store, emils, changes, 1, now=later) == 2
    seen = customer(actors.manager, store, emils)
    stored = changes | {"name": "张小明", "phone": "10000001234", "email": "zhang@example.com"}
    stored |= {"annual_revenue": 1_200_000 * SCALE, "sku_count": 35}
    assert {field: getattr(seen, field) for field in EDITABLE} == stored
    assert (seen.version, seen.updated_at) == (2, later)
    assert find_customers(actors.manager, store, "10000001234")["id"].tolist() == [emils]


def test_figures_are_read_as_an_import_reads_them(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    with pytest.raises(Refused, match="SKU count"):
        edit_customer(actors.staff, store, emils, {"sku_count": "many"}, 1, now=now)
    edit_customer(actors.staff, store, emils, {"sku_count": "1,200", "annual_revenue": "80.5"}, 1, now=now)
    edit_customer(actors.staff, store, emils, {"sku_count": " "}, 2, now=now)
    seen = customer(actors.staff, store, emils)
    assert (seen.sku_count, seen.annual_revenue) == (None, 805_000)


def test_a_company_that_counts_in_dollars_may_write_their_sign(
    store: Store, actors: Actors, emils: int, now: datetime, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = policy_at(store, now.date())
    dollars = replace(policy, business=replace(policy.business, currency="USD"))
    for module in (service, files):
        monkeypatch.setattr(module, "policy_at", lambda *_: dollars)
    edit_customer(actors.staff, store, emils, {"annual_revenue": "$80.50"}, 1, now=now)
    assert customer(actors.staff, store, emils).annual_revenue == 805_000
    with pytest.raises(Refused, match="another currency"):
        edit_customer(actors.staff, store, emils, {"annual_revenue": "¥100"}, 2, now=now)
    bring("customers", [["客户编号", "姓名", "年营业额"], ["C2", "李四", "$1,200.00"]])
    (brought,) = records(store, select(Customer).where(Customer.code == "C2"))
    assert brought.annual_revenue == 12_000_000


def test_every_field_that_is_expected_of_a_customer_can_be_entered() -> None:
    named = {"department": "department_id", "account_manager": "account_manager_id"}
    expected = {named.get(field, field) for fields in EXPECTED.values() for field in fields}
    assert expected <= set(EDITABLE)


def test_phone_and_email_are_stored_sealed_and_can_be_taken_away(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    edit_customer(actors.staff, store, emils, {"phone": "10000001234", "email": "z@example.com"}, 1, now=now)
    with store.read() as session:
        stored = session.get_one(Customer, emils)
        assert b"10000001234" not in (stored.phone_sealed or b"")
        assert stored.phone_index is not None
    edit_customer(actors.staff, store, emils, {"phone": " ", "email": None}, 2, now=now)
    seen = customer(actors.staff, store, emils)
    assert (seen.phone, seen.email) == (None, None)
    assert find_customers(actors.staff, store, "10000001234").empty


def test_a_stale_edit_changes_nothing(store: Store, actors: Actors, emils: int, now: datetime) -> None:
    edit_customer(actors.staff, store, emils, {"city": "宁波市"}, 1, now=now)
    with pytest.raises(StaleEdit):
        edit_customer(actors.supervisor, store, emils, {"city": "温州市"}, 1, now=now)
    assert customer(actors.staff, store, emils).city == "宁波市"


def test_of_two_who_save_at_once_exactly_one_wins(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def save(actor: Actor, city: str) -> None:
        start.wait()
        try:
            edit_customer(actor, store, emils, {"city": city}, 1, now=now)
            outcomes.append("saved")
        except ProductError as refusal:
            outcomes.append(type(refusal).__name__)

    threads = [
        threading.Thread(target=save, args=(actors.staff, "宁波市")),
        threading.Thread(target=save, args=(actors.supervisor, "温州市")),
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["StaleEdit", "saved"]
    assert customer(actors.staff, store, emils).version == 2


def test_values_that_are_the_same_change_nothing(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    edit_customer(actors.staff, store, emils, {"phone": "10000001234"}, 1, now=now)
    same = {"city": "杭州市", "phone": "100 0000 1234"}
    assert edit_customer(actors.staff, store, emils, same, 2, now=now) == 2
    assert customer(actors.staff, store, emils).version == 2


def test_the_facts_get_a_new_version_only_when_analysis_reads_the_field(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    before = version_of_facts(store)
    edit_customer(actors.staff, store, emils, {"name": "张三", "phone": "10000001234"}, 1, now=now)
    assert version_of_facts(store) == before
    edit_customer(actors.staff, store, emils, {"city": "宁波市"}, 2, now=now)
    assert version_of_facts(store) == before + 1


def test_the_audit_trail_names_the_fields_and_no_values(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    changes = {"name": "李四", "phone": "10000001234", "city": "杭州市"}
    edit_customer(actors.staff, store, emils, changes, 1, now=now)
    with store.read() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.edit"))
        assert entry.detail == {"fields": ["name", "phone"]}
        assert (entry.subject_id, entry.account_id) == (str(emils), actors.staff.account_id)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phone": "12"}, "Phone: This is not a phone number"),
        ({"phone": "100****1234"}, "Phone: It is masked"),
        ({"email": "z***@example.com"}, "E-mail: It is masked"),
        ({"email": "nobody"}, "E-mail: This is not an e-mail address"),
        ({"name": "  "}, "Name: This cannot be left blank"),
        ({"kind": None}, "Customer kind: This cannot be left blank"),
        ({"birthday": date(2027, 1, 1)}, "Birthday: This day cannot be"),
        ({"birthday": date(1800, 1, 1)}, "Birthday: This day cannot be"),
        ({"city": "x" * 2_001}, "City: The text has 2001 characters"),
    ],
)
def test_what_cannot_be_right_is_refused_with_the_name_of_the_field(
    store: Store, actors: Actors, emils: int, now: datetime, changes: dict[str, Any], sentence: str
) -> None:  # fmt: skip
    with pytest.raises(Refused, match="^" + sentence.replace("*", r"\*")):
        edit_customer(actors.staff, store, emils, {"region": "华东"} | changes, 1, now=now)
    assert customer(actors.staff, store, emils).region is None


def test_a_field_that_is_not_edited_here_is_a_defect(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    for field in ("code", "version", "phone_sealed"):
        with pytest.raises(ValueError, match=field):
            edit_customer(actors.manager, store, emils, {field: "x"}, 1, now=now)


def test_who_may_edit_whom(store: Store, actors: Actors, emils: int, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        edit_customer(actors.intern, store, emils, {"city": "宁波市"}, 1, now=now)
    for actor in (actors.west_staff, actors.west_supervisor):
        with pytest.raises(NotFound):
            edit_customer(actor, store, emils, {"city": "宁波市"}, 1, now=now)
    assert edit_customer(actors.operations, store, emils, {"city": "宁波市"}, 1, now=now) == 2


def test_only_who_assigns_work_gives_a_customer_to_somebody_else(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    to_eve = {"account_manager_id": actors.supervisor.staff_id}
    for actor in (actors.staff, actors.operations):
        with pytest.raises(NotAllowed):
            edit_customer(actor, store, emils, to_eve, 1, now=now)
    as_it_is = {"account_manager_id": actors.staff.staff_id, "department_id": actors.east}
    assert edit_customer(actors.staff, store, emils, as_it_is, 1, now=now) == 1
    assert edit_customer(actors.supervisor, store, emils, to_eve, 1, now=now) == 2
    walt = {"account_manager_id": actors.west_staff.staff_id}
    with pytest.raises(NotAllowed, match="another department"):
        edit_customer(actors.supervisor, store, emils, walt, 2, now=now)
    with pytest.raises(NotAllowed, match="between departments"):
        edit_customer(actors.supervisor, store, emils, {"department_id": actors.west}, 2, now=now)
    with pytest.raises(NotFound):
        edit_customer(actors.manager, store, emils, {"department_id": 999}, 2, now=now)
    with pytest.raises(NotFound):
        edit_customer(actors.manager, store, emils, {"account_manager_id": 999}, 2, now=now)
    with store.write() as session:
        session.get_one(StaffMember, actors.staff.staff_id).left_at = now
        session.commit()
    with pytest.raises(Refused, match="Emil has left"):
        edit_customer(actors.manager, store, emils, {"account_manager_id": actors.staff.staff_id}, 2, now=now)


def contact(actor: Actor, store: Store, customer_id: int, now: datetime, **given: Any) -> int:
    answers = {
        "occurred_at": now,
        "kind": "visit",
        "direction": "inbound",
        "content": " asked \x00",
        "now": now,
    }
    return log_contact(actor, store, customer_id, **answers | given)


def test_a_contact_is_logged_on_the_business_day_by_whom_it_was_made(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    before = version_of_facts(store)
    # Half past midnight in Shanghai is still the day before in UTC.
    key = contact(actors.staff, store, emils, now, occurred_at=datetime(2026, 11, 2, 16, 30, tzinfo=UTC))
    with store.read() as session:
        said = session.get_one(Interaction, key)
        assert (said.customer_id, said.kind, said.direction, said.purpose) == (
            emils,
            "visit",
            "inbound",
            None,
        )
        assert (said.occurred_on, said.content) == (date(2026, 11, 3), "asked")
        assert (said.staff_id, said.logged_by) == (actors.staff.staff_id, actors.staff.account_id)
    assert version_of_facts(store) == before


def test_a_contact_of_the_future_or_of_an_unknown_kind_is_refused(
    store: Store, actors: Actors, emils: int, now: datetime
) -> None:
    with pytest.raises(Refused, match="future"):
        contact(actors.staff, store, emils, now, occurred_at=now + timedelta(minutes=6))
    for wrong in ({"kind": "telepathy"}, {"direction": "up"}, {"purpose": "fun"}):
        with pytest.raises(ValueError, match="unknown"):
            contact(actors.staff, store, emils, now, **wrong)


def test_who_may_log_a_contact_with_whom(store: Store, actors: Actors, emils: int, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        contact(actors.intern, store, emils, now)
    with pytest.raises(NotFound):
        contact(actors.west_staff, store, emils, now)
    assert contact(actors.supervisor, store, emils, now)
