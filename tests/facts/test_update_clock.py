"""After a transaction or interaction somebody completes the customer's record within the hours of the policy."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import pandas as pd
import pytest
from sqlalchemy import func, select, update

from core.access.tables import Account
from core.access.vault import open_vault
from core.errors import NotAllowed, NotFound
from core.facts import identity, update_clock
from core.facts.contacts_service import log_contact
from core.facts.quality.rules import EXPECTED, judge
from core.facts.service import edit_customer
from core.facts.tables import Customer
from core.facts.update_clock_queries import ahead, by_owner, late, owed
from core.obligations.tables import Obligation
from core.operations.agenda import When, decisions, my_day
from core.operations.staff import hand_over
from core.policy.service import default_policy
from core.policy.tables import PolicyVersion
from tests.factmaking import add_customer, served_by

ORDERS = ["Customer ID", "Date", "Amount"]
EVENTS = ["Customer ID", "Date", "Event"]
CONTACTS = ["Customer ID", "Date", "Type", "Staff"]
COMPLETE = {
    "region": "East", "province": "Zhejiang", "city": "Hangzhou", "channel": "Shop",
    "birthday": date(1990, 5, 1), "consent": True,
}  # fmt: skip


@pytest.fixture
def customers(store, actors):
    """Of Emil in the east: E1 lacks nearly everything, E2 nothing. W1 of Walt in the west and N1 of nobody are bare."""
    with store.write() as session:
        made = {
            "E1": add_customer(session, "E1", **served_by(actors.staff)),
            "E2": add_customer(session, "E2", **served_by(actors.staff), **COMPLETE),
            "W1": add_customer(session, "W1", **served_by(actors.west_staff)),
            "N1": add_customer(session, "N1"),
        }
        identity.put(open_vault(store), session.get_one(Customer, made["E2"]), "phone", "10012345678")
        session.commit()
    return made


def entries(store):
    with store.read() as session:
        found = session.scalars(
            select(Obligation).where(Obligation.kind == update_clock.KIND).order_by(Obligation.id)
        )
        return [(e.subject_id, e.owner_id, e.due_at, e.done_at) for e in found]


def log(actors, store, customer, now, occurred_at=None, actor=None):
    log_contact(
        actor or actors.manager, store, customer, occurred_at=occurred_at or now, kind="call", direction=None,
        content="ordered more", now=now,
    )  # fmt: skip


def test_a_fresh_order_makes_an_incomplete_record_owed_by_its_account_manager(
    store, actors, customers, bring, now
):
    bring(
        "transactions", [ORDERS, ["E1", "2026-11-02", 10], ["E2", "2026-11-02", 10], ["N1", "2026-11-03", 10]]
    )
    due = now + timedelta(hours=24)
    assert entries(store) == [
        (customers["E1"], actors.staff.staff_id, due, None),
        (customers["N1"], None, due, None),
    ]


def test_a_load_of_history_owes_nothing(store, actors, customers, bring, now):
    bring("transactions", [ORDERS, ["E1", "2025-05-02", 10], ["W1", "2026-10-31", 10]])
    log(actors, store, customers["E1"], now, occurred_at=now - timedelta(days=3))
    assert entries(store) == []


def test_after_a_contact_the_record_is_owed_by_who_had_it(store, actors, customers, bring, now):
    bring(
        "interactions",
        [
            CONTACTS,
            ["E1", "2026-11-02", "call", "Eve"],
            ["W1", "2026-11-02", "call", None],
            ["E2", "2026-11-02", "call", "Eve"],
        ],
    )
    log(actors, store, customers["N1"], now)
    assert [entry[:2] for entry in entries(store)] == [
        (customers["E1"], actors.supervisor.staff_id),
        (customers["W1"], actors.west_staff.staff_id),
        (customers["N1"], actors.manager.staff_id),
    ]


def test_after_behaviour_the_record_is_owed_by_a_person_of_operations(
    store, actors, customers, bring, now, policy
):
    assert policy.update_clock.behaviour
    bring(
        "behaviour",
        [EVENTS, ["E1", "2026-11-02", "view"], ["E2", "2026-11-02", "view"], ["N1", "2026-10-20", "view"]],
    )
    due = now + timedelta(hours=24)
    assert entries(store) == [(customers["E1"], actors.operations.staff_id, due, None)]


def test_without_anybody_in_operations_behaviour_is_owed_to_the_account_manager(
    store, actors, customers, bring, now
):
    with store.write() as session:
        session.get_one(Account, actors.operations.account_id).disabled_at = now
        session.commit()
    bring("behaviour", [EVENTS, ["E1", "2026-11-02", "view"], ["W1", "2026-11-03", "view"]])
    assert [entry[:2] for entry in entries(store)] == [
        (customers["E1"], actors.staff.staff_id),
        (customers["W1"], actors.west_staff.staff_id),
    ]


def test_of_two_contacts_at_one_instant_the_same_person_owes_whatever_the_order(
    store, actors, customers, bring
):
    first, second = (["E1", "2026-11-02", "call", name] for name in ("Mai", "Olga"))
    bring("interactions", [CONTACTS, second, first])
    bring("interactions", [CONTACTS, *([["W1", *each[1:]] for each in (first, second)])])
    assert [entry[1] for entry in entries(store)] == [actors.operations.staff_id] * 2


def test_whoever_may_not_edit_the_customer_owes_nothing(store, actors, customers, bring, now):
    contacts = [["E1", "2026-11-02", "call", "Ida"], ["W1", "2026-11-02", "call", "Emil"]]
    bring("interactions", [CONTACTS, *contacts])
    with store.write() as session:
        key = add_customer(session, "E3", **served_by(actors.intern))
        session.commit()
    bring("transactions", [ORDERS, ["E3", "2026-11-03", 10]])
    assert [entry[:2] for entry in entries(store)] == [
        (customers["E1"], actors.staff.staff_id),
        (customers["W1"], actors.west_staff.staff_id),
        (key, actors.supervisor.staff_id),
    ]


def test_later_facts_join_what_is_owed_and_the_earliest_due_time_counts(store, actors, customers, bring, now):
    log(actors, store, customers["E1"], now)
    log(actors, store, customers["E1"], now + timedelta(hours=5), actor=actors.staff)
    bring("transactions", [ORDERS, ["E1", "2026-11-03", 10]])
    assert [entry[2] for entry in entries(store)] == [now + timedelta(hours=24)]
    with store.write() as session:
        session.execute(update(Obligation).values(due_at=now + timedelta(days=9)))
        session.commit()
    log(actors, store, customers["E1"], now)
    assert [entry[2] for entry in entries(store)] == [now + timedelta(hours=24)]


def test_an_edit_a_confirmation_or_an_import_meets_it(store, actors, customers, bring, now):
    for code in ("E1", "W1", "N1"):
        log(actors, store, customers[code], now)
    hour = now + timedelta(hours=1)
    edit_customer(actors.staff, store, customers["E1"], {"city": "Ningbo"}, 1, now=hour)
    update_clock.confirm(actors.west_staff, store, customers["W1"], now=hour)
    bring("customers", [["Customer ID", "City"], ["N1", "Beijing"]], mode="both")
    assert [entry[3] for entry in entries(store)] == [hour, hour, now]
    update_clock.confirm(actors.west_staff, store, customers["W1"], now=hour + timedelta(days=9))
    assert [entry[3] for entry in entries(store)] == [hour, hour, now], "only the first time counts"


def test_an_edit_that_changes_nothing_meets_nothing(store, actors, customers, now):
    log(actors, store, customers["E1"], now)
    edit_customer(actors.staff, store, customers["E1"], {"city": None}, 1, now=now)
    assert [entry[3] for entry in entries(store)] == [None]


def test_only_who_may_edit_the_customer_confirms_it(store, actors, customers, now):
    log(actors, store, customers["E1"], now)
    with pytest.raises(NotAllowed):
        update_clock.confirm(actors.intern, store, customers["E1"], now=now)
    with pytest.raises(NotFound):
        update_clock.confirm(actors.west_staff, store, customers["E1"], now=now)


def test_business_hours_and_what_sets_it_off_are_rules_of_the_policy(store, actors, customers, bring, now):
    with store.write() as session:
        values = default_policy().values()
        values["update_clock"] |= {"within_hours": 8.0, "hours": "business", "transactions": False}
        session.add(
            PolicyVersion(
                effective_from=date(2026, 11, 1), values=values, published_at=now, published_by=None
            )
        )
        session.commit()
    bring("transactions", [ORDERS, ["W1", "2026-11-03", 10]])
    log(actors, store, customers["E1"], now)  # 10:00 in Shanghai, the office closes at 18:00
    assert [entry[::2] for entry in entries(store)] == [(customers["E1"], now + timedelta(hours=8))]


def test_who_is_late_and_by_how_much_within_reach(store, actors, customers, now):
    log(actors, store, customers["E1"], now, actor=actors.staff)
    log(actors, store, customers["W1"], now - timedelta(hours=6), actor=actors.west_staff)
    then = now + timedelta(hours=26)
    everything = late(actors.manager, store, now=then)
    assert [(each.code, each.owner, each.late_by(then)) for each in everything.first] == [
        ("W1", "Walt", timedelta(hours=8)),
        ("E1", "Emil", timedelta(hours=2)),
    ]
    assert (everything.total, late(actors.manager, store, now=then, limit=1).total) == (2, 2)
    assert [each.code for each in late(actors.supervisor, store, now=then).first] == ["E1"]
    assert late(actors.manager, store, now=now + timedelta(hours=17)).total == 0
    with pytest.raises(NotAllowed):
        late(actors.intern, store, now=then)


def test_what_is_not_late_yet_stands_in_a_list_of_its_own_within_reach(store, actors, customers, now):
    log(actors, store, customers["E1"], now, actor=actors.staff)
    log(actors, store, customers["W1"], now - timedelta(hours=6), actor=actors.west_staff)
    coming = ahead(actors.manager, store, now=now)
    assert [(each.code, each.due_at) for each in coming.first] == [
        ("W1", now + timedelta(hours=18)),
        ("E1", now + timedelta(hours=24)),
    ]
    assert (coming.total, ahead(actors.manager, store, now=now, limit=1).total) == (2, 2)
    assert [each.code for each in ahead(actors.supervisor, store, now=now).first] == ["E1"]
    then = now + timedelta(hours=20)
    for moment in (now, then):
        lists = (late(actors.manager, store, now=moment), ahead(actors.manager, store, now=moment))
        assert sum(each.total for each in lists) == 2
    assert [each.code for each in ahead(actors.manager, store, now=then).first] == ["E1"]
    with pytest.raises(NotAllowed):
        ahead(actors.intern, store, now=now)


def test_whoever_has_been_late_longest_stands_first(store, actors, customers, now):
    log(actors, store, customers["E1"], now, actor=actors.staff)
    with store.write() as session:
        second = add_customer(session, "W2", **served_by(actors.west_staff))
        session.commit()
    for key in (customers["W1"], second):
        log(actors, store, key, now + timedelta(hours=2), actor=actors.west_staff)
    counted = by_owner(actors.manager, store, since=now, now=now + timedelta(days=3))
    assert [(each.owner, each.missed) for each in counted] == [("Emil", 1), ("Walt", 2)]


def test_kept_and_missed_are_counted_by_owner(store, actors, customers, now):
    for code, actor in (("E1", actors.staff), ("W1", actors.west_staff), ("N1", actors.west_staff)):
        log(actors, store, customers[code], now, actor=actors.manager if code == "N1" else actor)
    update_clock.confirm(actors.staff, store, customers["E1"], now=now + timedelta(hours=24))
    update_clock.confirm(actors.west_staff, store, customers["W1"], now=now + timedelta(hours=25))
    then = now + timedelta(hours=30)
    counted = by_owner(actors.manager, store, since=now, now=then)
    assert [(k.owner, k.due, k.kept, k.missed, k.late_now, k.latest) for k in counted] == [
        ("Mai", 1, 0, 1, 1, timedelta(hours=6)),
        ("Walt", 1, 0, 1, 0, timedelta()),
        ("Emil", 1, 1, 0, 0, timedelta()),
    ]
    assert [k.owner for k in by_owner(actors.supervisor, store, since=now, now=then)] == ["Emil"]
    assert by_owner(actors.manager, store, since=now, now=now + timedelta(hours=23)) == [], (
        "nothing is due yet"
    )


def test_who_has_been_late_for_longer_than_is_counted_is_named(store, actors, customers, now):
    log(actors, store, customers["E1"], now, actor=actors.staff)
    then = now + timedelta(days=40)
    (emil,) = by_owner(actors.manager, store, since=then - timedelta(days=30), now=then)
    assert (emil.owner, emil.due, emil.missed, emil.late_now) == ("Emil", 0, 0, 1)
    assert (emil.share, emil.latest) == (None, timedelta(days=39))


def test_a_customer_says_what_it_lacks(store, actors, customers, now):
    log(actors, store, customers["E1"], now)
    found = owed(actors.staff, store, customers["E1"])
    assert found is not None
    assert found.fields == ("phone", "region", "province", "city", "channel", "birthday", "consent")
    assert owed(actors.staff, store, customers["E2"]) is None
    with pytest.raises(NotFound):
        owed(actors.west_staff, store, customers["E1"])


def test_it_stands_on_the_owners_day_and_among_the_decisions(store, actors, customers, now):
    log(actors, store, customers["E1"], now, actor=actors.staff)
    log(actors, store, customers["N1"], now)
    with store.write() as session:
        session.execute(
            update(Obligation).where(Obligation.subject_id == customers["N1"]).values(owner_id=None)
        )
        session.commit()
    (task,) = my_day(actors.staff, store, now=now + timedelta(hours=25))
    assert (task.kind, task.subject_id, task.about, task.when) == (
        "record_update",
        customers["E1"],
        "E1",
        When.LATE,
    )
    found = decisions(actors.manager, store, now=now + timedelta(hours=25))
    assert [(each.kind, each.count) for each in found if each.subject_kind == "customer"] == [
        ("late", 2),
        ("pool", 1),
    ]


def test_who_leaves_hands_over_what_is_owed(store, actors, customers, now):
    log(actors, store, customers["E1"], now, actor=actors.staff)
    hand_over(actors.manager, store, actors.staff.staff_id, actors.supervisor.staff_id, now=now)
    assert [entry[1] for entry in entries(store)] == [actors.supervisor.staff_id]


def test_what_a_record_lacks_is_what_completeness_misses(store, actors, customers, policy):
    with store.write() as session:
        add_customer(session, "C1", kind="company", industry=" ", sku_count=3)
        session.commit()
    with store.read() as session:
        rows = session.execute(select(Customer.id, *update_clock.COLUMNS).order_by(Customer.id)).all()
    facts = pd.DataFrame(
        {
            "id": row.id, "kind": row.kind, "has_phone": row.phone is not None, "phone_shared": 1, "has_email": False,
            "email_shared": 0, "has_department": row.department is not None, "manager_left": False,
            "has_manager": row.account_manager is not None, "has_consent": row.consent is not None,
            **{name: getattr(row, name) for name in ("name", "region", "province", "city", "industry", "channel")},
            **{name: getattr(row, name) for name in ("annual_revenue", "sku_count")},
            "birthday": pd.Timestamp(row.birthday) if row.birthday else pd.NaT,
        }
        for row in rows
    )  # fmt: skip
    facts["birthday"] = pd.to_datetime(facts["birthday"]).dt.date
    texts = dict.fromkeys(("region", "province", "city", "industry", "channel"), "string")
    table = ibis.memtable(
        facts, schema={
            "id": "int64", "kind": "string", "has_phone": "boolean", "phone_shared": "int64", "has_email": "boolean",
            "email_shared": "int64", "has_department": "boolean", "manager_left": "boolean", "has_manager": "boolean",
            "has_consent": "boolean", "name": "string", **texts, "annual_revenue": "int64", "sku_count": "int64",
            "birthday": "date",
        },
    )  # fmt: skip
    judged = judge(table, policy, date(2026, 11, 3)).order_by("customer_id").to_pandas()
    missing = [len(EXPECTED[row.kind]) - len(update_clock.lacking(row)) for row in rows]
    assert judged["filled"].tolist() == missing


def test_many_fresh_orders_cost_few_statements(store, actors, bring, now):
    bring(
        "transactions",
        [ORDERS, *([f"C{number}", "2026-11-03", 1] for number in range(1_200))],
        create_customers=True,
    )
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Obligation)) == 1_200
