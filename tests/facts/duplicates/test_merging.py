"""Two customers become one, and two again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.access.tables import AuditEntry
from core.access.vault import open_vault
from core.errors import NotAllowed, NotFound, Refused, StaleEdit
from core.facts import identity
from core.facts.contacts_service import log_contact
from core.facts.duplicates.comparison import comparison
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.duplicates.merging import belongings
from core.facts.duplicates.queries import merges, pairs
from core.facts.duplicates.service import propose_again, tell_apart
from core.facts.importing.undo_tables import batched, references
from core.facts.order_keys import first_owner, without_marks
from core.facts.queries import customer_labels, facts_summary, find_customers
from core.facts.service import edit_customer
from core.facts.tables import (
    BehaviourEvent,
    Contract,
    Customer,
    CustomerMerge,
    DuplicatePair,
    Interaction,
    Lead,
    Order,
    OrderLine,
    Outlet,
    Payment,
    ProductUsage,
    Satisfaction,
)
from core.grading.queries import filter_options, graded_customers
from core.grading.service import regrade
from core.language import translate
from core.obligations.tables import Obligation
from core.store.mart import refresh_mart
from core.store.migrate import import_all_tables
from core.store.records import Base, label_of
from core.warning.tables import WorkOrder
from tests.conftest import NOW
from tests.factmaking import add_batch, add_customer, add_interaction, add_order, add_satisfaction, served_by
from tests.facts.duplicates.merges import everything

DAY = date(2026, 10, 1)
LATER = NOW + timedelta(hours=1)


def two(store, actors, **fields):
    """Two customers of the staff member with a phone each, and a pair of them; (kept, gone)."""
    vault = open_vault(store)
    with store.write() as session:
        kept = add_customer(session, "K1", name="明德商贸", kind="company", **served_by(actors.staff))
        gone = add_customer(session, "G1", name="明德商贸有限公司", kind="company", city="杭州市",
                            **(served_by(actors.staff) | fields))  # fmt: skip
        for key, phone in ((kept, "10000000001"), (gone, "10000000002")):
            identity.put(vault, session.get_one(Customer, key), "phone", phone)
        session.add(
            DuplicatePair(first_id=kept, second_id=gone, reason="similar_name", likeness=100, found_on=DAY)
        )
        session.commit()
    return kept, gone


def test_what_is_owed_of_both_is_owed_by_the_earlier_due_time(store, actors):
    """A missed time does not vanish with the customer it was missed for."""
    kept, gone = two(store, actors)
    late, later = NOW - timedelta(days=4), NOW + timedelta(days=1)
    with store.write() as session:
        for key, due in ((kept, later), (gone, late)):
            session.add_all(
                [
                    Interaction(customer_id=key, occurred_at=late, occurred_on=late.date(), kind="call",
                                logged_at=late),
                    Obligation(kind="record_update", subject_kind="customer", subject_id=key, triggered_at=late,
                               due_at=due, policy_version=1),
                ]
            )  # fmt: skip
        session.commit()
    merge_id = merge(actors.manager, store, kept, gone, {}, expected_versions=(1, 1), now=NOW)
    running = select(Obligation.subject_id, Obligation.due_at).where(Obligation.cancelled_at.is_(None))
    with store.read() as session:
        assert session.execute(running).all() == [(kept, late)]
    undo_merge(actors.manager, store, merge_id, now=LATER)
    with store.read() as session:
        assert sorted(session.execute(running).all()) == [(kept, later), (gone, late)]


def with_facts(store, kept, gone):
    """Something in every table for the one that goes, and for the other what it collides with."""
    with store.write() as session:
        whose = session.get_one(Customer, gone)
        add_order(session, kept, "day:2026-10-01", [(DAY, 100), (DAY, 200)])
        add_order(session, gone, "day:2026-10-01", [(DAY, 100), (DAY, 300)])
        add_order(session, gone, "no:7", [(DAY, 700)])
        batch = add_batch(session)
        for each in (kept, gone):
            add_satisfaction(session, each, DAY, 4, row_key=5)
            add_interaction(session, each, DAY)
            session.add(ProductUsage(customer_id=each, row_key=9, used_at=NOW, used_on=DAY, product_code="P", uses=1,
                                     batch_id=batch))  # fmt: skip
        session.add_all(
            [
                BehaviourEvent(customer_id=gone, row_key=1, occurred_at=NOW, occurred_on=DAY, event="view",
                               batch_id=batch),
                Contract(code="HT1", customer_id=gone, signed_on=DAY, amount=1, batch_id=batch),
                Payment(code="HK1", customer_id=gone, due_on=DAY, amount=1, batch_id=batch),
                Outlet(code="MD1", customer_id=gone, batch_id=batch),
                Lead(code="L1", customer_id=gone, arrived_at=NOW, arrived_on=DAY, created_at=NOW, updated_at=NOW),
                WorkOrder(customer_id=gone, status="open", as_of=DAY, raised_at=NOW, policy_version=1, monetary=0),
                Obligation(kind="data_fix", subject_kind="customer", subject_id=gone, triggered_at=NOW, due_at=NOW,
                           policy_version=1, owner_id=whose.account_manager_id, department_id=whose.department_id),
            ]
        )  # fmt: skip
        session.commit()


def merged(store, actor, kept, gone, taken=None, versions=(1, 1)):
    return merge(actor, store, kept, gone, taken or {}, expected_versions=versions, now=NOW)


def held(store, customer_id):
    with store.read() as session:
        found = session.get_one(Customer, customer_id)
        session.expunge(found)
        return found


def count(store, table, **values):
    query = select(func.count()).select_from(table).filter_by(**values)
    with store.read() as session:
        return session.scalar(query)


def test_every_record_that_belongs_to_a_customer_goes_over_or_says_why_it_stays():
    import_all_tables()
    stays = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.info.get("stays")
    }
    assert stays == {
        "duplicate_pairs.first_id", "duplicate_pairs.second_id", "customer_merges.kept_id", "customer_merges.gone_id",
        "grades.customer_id",
    }  # fmt: skip
    assert {str(column) for column in belongings()} == {
        "behaviour_events.customer_id", "contracts.customer_id", "customers.merged_into_id",
        "interactions.customer_id", "leads.customer_id", "order_lines.customer_id", "orders.customer_id",
        "outlets.customer_id", "payments.customer_id", "product_usage.customer_id", "satisfaction.customer_id",
        "work_orders.customer_id",
    }  # fmt: skip


def test_all_facts_go_over_and_no_line_is_lost(store, actors):
    kept, gone = two(store, actors)
    with_facts(store, kept, gone)
    merged(store, actors.staff, kept, gone)
    for table in (Order, OrderLine, Interaction, Satisfaction, ProductUsage, BehaviourEvent, Contract, Payment, Outlet,
                  Lead, WorkOrder):  # fmt: skip
        assert count(store, table, customer_id=gone) == 0, table
    assert count(store, OrderLine, customer_id=kept) == 5
    assert count(store, Order, customer_id=kept) == 3
    assert count(store, Interaction, customer_id=kept) == 2
    assert count(store, Satisfaction, customer_id=kept) == 2
    assert count(store, ProductUsage, customer_id=kept) == 2
    with store.read() as session:
        lines = session.execute(
            select(Order.order_key, OrderLine.amount).join(OrderLine, OrderLine.order_id == Order.id)
        ).all()
        owed = session.scalars(select(Obligation.subject_id)).all()
    came = [(without_marks(key), first_owner(key), amount) for key, amount in lines]
    assert sorted(came, key=str) == sorted(
        [("day:2026-10-01", None, 100), ("day:2026-10-01", None, 200), ("day:2026-10-01", gone, 100),
         ("day:2026-10-01", gone, 300), ("no:7", gone, 700)],
        key=str,
    )  # fmt: skip
    assert owed == [kept]


def test_the_chosen_values_stay_and_sealed_ones_open_in_their_new_place(store, actors):
    kept, gone = two(store, actors)
    merged(store, actors.staff, kept, gone, {"phone": True, "city": True, "customer_code": True})
    found, other = held(store, kept), held(store, gone)
    assert (found.code, other.code) == ("G1", "K1")
    assert (found.name, found.city) == ("明德商贸", "杭州市")
    assert identity.look(open_vault(store), kept, "phone", found.phone_sealed) == "10000000002"
    assert other.merged_into_id == kept


def test_what_was_merged_is_left_out_of_every_list_count_and_copy(store, actors):
    kept, gone = two(store, actors)
    merged(store, actors.manager, kept, gone)
    assert list(find_customers(actors.manager, store, "明德")["id"]) == [kept]
    assert list(customer_labels(actors.manager, store, [kept, gone])["id"]) == [kept]
    assert facts_summary(actors.manager, store)["customers"] == 1
    assert refresh_mart(store).table("customers").to_pyarrow()["id"].to_pylist() == [kept]
    assert pairs(actors.manager, store) == []
    with pytest.raises(NotFound):
        edit_customer(actors.manager, store, gone, {"city": "宁波市"}, 1, now=NOW)


def test_a_merged_customer_leaves_the_graded_ones_before_the_next_grading(store, actors, policy):
    kept, gone = two(store, actors)
    regrade(actors.system, store, refresh_mart(store), policy, DAY, now=NOW)
    merged(store, actors.manager, kept, gone)
    for actor in (actors.manager, actors.staff):
        assert graded_customers(actor, store)["customer_id"].tolist() == [kept]
    assert filter_options(actors.manager, store).regions == ()


@pytest.mark.parametrize("kept_place", [0, 1])
def test_undoing_gives_every_table_back_as_it_was(store, actors, kept_place):
    customers = two(store, actors)
    kept, gone = customers[kept_place], customers[1 - kept_place]
    with_facts(store, kept, gone)
    before = everything(store)
    done = merged(
        store, actors.staff, kept, gone, {"phone": True, "city": True, "name": True, "customer_code": True}
    )
    assert everything(store) != before
    undone = undo_merge(actors.staff, store, done, now=LATER)
    assert everything(store) == before
    assert (undone.restored_id, undone.stayed) == (gone, {})
    assert [row.state for row in pairs(actors.staff, store)] == ["open"]
    with pytest.raises(Refused, match="already"):
        undo_merge(actors.staff, store, done, now=LATER)


FACTS = st.lists(
    st.tuples(
        st.booleans(), st.sampled_from(["order", "answer", "contact"]), st.integers(1, 2), st.integers(1, 3)
    ),
    max_size=8,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=FACTS, taken=st.sets(st.sampled_from(["name", "phone", "city", "customer_code", "kind", "department"])),
       turned=st.booleans())  # fmt: skip
def test_undoing_any_merge_gives_the_state_before(store, actors, facts, taken, turned):
    with store.write() as session:
        for table in (DuplicatePair, CustomerMerge, OrderLine, Order, Satisfaction, Interaction, Customer):
            session.execute(table.__table__.delete())
        session.commit()
    one, other = two(store, actors)
    with store.write() as session:
        seen = set()
        for first, kind, key, size in facts:
            if (first, kind, key) in seen:
                continue
            seen.add((first, kind, key))
            owner = one if first else other
            if kind == "order":
                add_order(session, owner, f"day:2026-10-0{key}", [(DAY, each) for each in range(size)])
            elif kind == "answer":
                add_satisfaction(session, owner, DAY, size, row_key=key)
            else:
                add_interaction(session, owner, DAY)
        session.commit()
    kept, gone = (other, one) if turned else (one, other)
    before = everything(store)
    done = merged(store, actors.staff, kept, gone, dict.fromkeys(taken, True))
    undo_merge(actors.staff, store, done, now=LATER)
    assert everything(store) == before


def test_two_open_work_orders_are_refused_with_their_numbers(store, actors):
    kept, gone = two(store, actors)
    with store.write() as session:
        orders = [
            WorkOrder(customer_id=each, status="open", as_of=DAY, raised_at=NOW, policy_version=1, monetary=0)
            for each in (kept, gone)
        ]
        session.add_all(orders)
        session.flush()
        numbers = [order.id for order in orders]
        session.commit()
    (pair,) = pairs(actors.staff, store)
    assert comparison(actors.staff, store, pair.id).blocked.values == dict(
        zip(("first", "second"), numbers, strict=True)
    )
    with pytest.raises(Refused, match="work order"):
        merged(store, actors.staff, kept, gone)
    assert held(store, gone).merged_into_id is None


def test_undoing_is_refused_once_a_chosen_field_was_edited(store, actors):
    kept, gone = two(store, actors)
    done = merged(store, actors.staff, kept, gone, {"phone": True, "city": True})
    edit_customer(actors.staff, store, kept, {"phone": "10000000009"}, 2, now=LATER)
    with pytest.raises(Refused, match="edited after the merge"):
        undo_merge(actors.staff, store, done, now=LATER)


def test_an_edit_elsewhere_and_facts_since_stay_with_the_kept_customer(store, actors):
    kept, gone = two(store, actors)
    with_facts(store, kept, gone)
    done = merged(store, actors.staff, kept, gone, {"phone": True})
    edit_customer(actors.staff, store, kept, {"industry": "零售"}, 2, now=LATER)
    log_contact(
        actors.staff, store, kept, occurred_at=NOW, kind="call", direction=None, content="", now=LATER
    )
    undone = undo_merge(actors.staff, store, done, now=LATER)
    assert dict(undone.stayed) == {"interactions": 1}
    assert (held(store, kept).industry, held(store, gone).merged_into_id) == ("零售", None)
    assert count(store, Interaction, customer_id=kept) == 2


def test_a_customer_that_was_merged_again_is_undone_in_turn(store, actors):
    kept, gone = two(store, actors)
    with store.write() as session:
        third = add_customer(session, "T1", **served_by(actors.staff))
        session.commit()
    first = merged(store, actors.staff, kept, gone)
    before = everything(store)
    second = merged(store, actors.staff, third, kept, versions=(1, 2))
    assert held(store, gone).merged_into_id == third, "the code leads to who stands for it now, in one step"
    with pytest.raises(Refused, match="merged again"):
        undo_merge(actors.staff, store, first, now=LATER)
    undo_merge(actors.staff, store, second, now=LATER)
    assert everything(store) == before
    undo_merge(actors.staff, store, first, now=LATER)
    assert held(store, gone).merged_into_id is None


def test_both_have_to_be_in_reach_and_as_they_were_seen(store, actors):
    kept, gone = two(store, actors, **served_by(actors.west_staff))
    for actor in (actors.staff, actors.supervisor, actors.west_supervisor):
        with pytest.raises(NotFound):
            merged(store, actor, kept, gone)
        assert pairs(actor, store) == []
    with pytest.raises(NotAllowed):
        merged(store, actors.intern, kept, gone)
    with pytest.raises(StaleEdit):
        merged(store, actors.manager, kept, gone, versions=(1, 2))
    with pytest.raises(Refused, match="itself"):
        merged(store, actors.manager, kept, kept)
    merged(store, actors.operations, kept, gone)


def test_a_merge_is_on_record_without_personal_values(store, actors):
    kept, gone = two(store, actors)
    done = merged(store, actors.staff, kept, gone, {"phone": True})
    with store.read() as session:
        detail = session.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "customer.merged")
        ).one()
    assert detail == {
        "gone": gone,
        "merge": done,
        "records": 0,
        "fields": ["phone_index", "phone_sealed"],
    }
    (row,) = merges(actors.staff, store)
    assert (row.kept_id, row.code, row.gone_code, row.merged_by) == (kept, "K1", "G1", "Emil")


def test_operations_compare_masked_phones_and_see_that_they_differ(store, actors):
    two(store, actors)
    (pair,) = pairs(actors.operations, store)
    fields = {each.field.code: each for each in comparison(actors.operations, store, pair.id).fields}
    phone, city, region = fields["phone"], fields["city"], fields["region"]
    assert (phone.first, phone.differs, phone.proposed) == ("100****0001", True, "first")
    assert (city.first, city.second, city.proposed) == (None, "杭州市", "second")
    assert not region.differs


def test_two_that_are_not_the_same_are_proposed_no_more_until_that_is_taken_back(store, actors):
    two(store, actors)
    (pair,) = pairs(actors.staff, store)
    tell_apart(actors.staff, store, pair.id, now=NOW)
    assert pairs(actors.staff, store) == []
    with pytest.raises(Refused, match="in between"):
        tell_apart(actors.staff, store, pair.id, now=NOW)
    propose_again(actors.staff, store, pair.id, now=NOW)
    assert [each.id for each in pairs(actors.staff, store)] == [pair.id]


def test_every_record_that_belongs_to_a_customer_or_came_by_an_import_can_be_named():
    named = {column.table.name for column in belongings()} | {table.name for table in batched()}
    named |= {column.table.name for table in batched() for column in references(table)}
    for name in named:
        assert translate(label_of(name), "zh_CN") != label_of(name), name
