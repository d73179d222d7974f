"""What an undoing leaves: what was edited since, what something else needs, and what people have done."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core.access.tables import Department, StaffMember
from core.facts.leads import FIRST_RESPONSE, SUBJECT
from core.facts.service import edit_customer
from core.facts.tables import Customer, Interaction, Lead, Order, OrderLine
from core.grading.tables import Grade, GradingRun
from core.obligations.tables import Obligation
from core.store.engine import Store
from core.warning.tables import WorkOrder
from tests.conftest import Actors
from tests.facts.conftest import Bring, records
from tests.facts.importing.undoing import CUSTOMERS, ORDERS, reasons, state, undo


def test_a_customer_edited_by_hand_since_is_kept_and_listed(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ben", "North"]])
    file = [
        CUSTOMERS,
        *(
            [code, name, "South"]
            for code, name in (("C1", "Ada"), ("C2", "Ben"), ("C3", "Cem"), ("C4", "Dan"))
        ),
    ]
    result = bring("customers", file, mode="both")
    for customer in records(store, select(Customer).where(Customer.code.in_(["C1", "C3"]))):
        edit_customer(actors.manager, store, customer.id, {"city": "Ulm"}, customer.version, now=now)
    told = undo(store, actors, result, now)
    assert reasons(told) == {"C1": "It was edited since.", "C3": "It was edited since."}
    stored = {c.code: (c.region, c.city) for c in records(store, select(Customer))}
    assert stored == {"C1": ("South", "Ulm"), "C2": ("North", None), "C3": ("South", "Ulm")}


def test_what_something_later_belongs_to_is_kept_and_listed_with_it(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    codes = ("C1", "C2", "C3", "C4")
    result = bring("customers", [CUSTOMERS, *([code, code, "North"] for code in codes)])
    ids = {c.code: c.id for c in records(store, select(Customer))}
    bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "5"]])
    with store.write() as session:
        session.add(_work_order(ids["C2"], now))
        run = GradingRun(
            as_of=now.date(), policy_version=1, data_version=1, graded=1, grades_changed=1, finished_at=now
        )
        session.add(run)
        session.flush()
        session.add(Grade(customer_id=ids["C3"], run_id=run.id, valid_from=now.date(), lifecycle_stage="new"))
        session.commit()
    told = undo(store, actors, result, now)
    assert reasons(told) == {
        "C1": "Something that came later belongs to it: Order lines.",
        "C2": "Something that came later belongs to it: Work orders.",
    }
    assert {c.code for c in records(store, select(Customer))} == {"C1", "C2"}
    assert records(store, select(Grade)) == []


def _work_order(customer_id: int, now: datetime) -> WorkOrder:
    return WorkOrder(
        customer_id=customer_id, status="open", as_of=now.date(), raised_at=now, policy_version=1, monetary=0
    )


def test_customers_made_by_a_file_of_orders_go_with_it_unless_they_have_something_else(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    rows = [ORDERS, ["C1", "1", "2026-10-01", "5"], ["C2", "2", "2026-10-01", "5"]]
    result = bring("transactions", rows, create_customers=True)
    bring(
        "interactions",
        [["Customer code", "Contact time", "Contact kind"], ["C1", "2026-10-03", "Call"]],
    )
    told = undo(store, actors, result, now)
    assert reasons(told) == {"C1": "Something that came later belongs to it: Interactions."}
    assert [c.code for c in records(store, select(Customer))] == ["C1"]
    assert records(store, select(Order)) == records(store, select(OrderLine)) == []
    assert len(records(store, select(Interaction))) == 1


def test_leads_go_with_what_is_owed_for_them_and_keep_it_where_they_stay(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    headers = ["Lead code", "Name", "Arrived at", "Owner"]
    result = bring("leads", [headers, *([code, code, "2026-11-03 09:30", "Ann"] for code in ("L1", "L2"))])
    with store.write() as session:
        lead = session.scalars(select(Lead).where(Lead.code == "L1")).one()
        lead.first_response_at, lead.version = now, lead.version + 1
        session.scalars(select(Obligation).where(Obligation.subject_id == lead.id)).one().done_at = now
        session.commit()
    told = undo(store, actors, result, now)
    assert reasons(told) == {"L1": "It was edited since."}
    counted = select(Obligation).where(Obligation.cancelled_at.is_(None))
    (owed,) = records(store, counted)
    assert (owed.kind, owed.subject_kind, owed.subject_id) == (FIRST_RESPONSE, SUBJECT, lead.id)
    assert "Ann" in [person.name for person in records(store, select(StaffMember))]


def test_what_a_file_made_owed_of_a_stored_customer_is_owed_no_more_unless_somebody_has_done_it(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ben", "North"]])
    day = f"{now:%Y-%m-%d}"
    result = bring("transactions", [ORDERS, ["C1", "1", day, "5"], ["C2", "1", day, "5"]])
    first, second = records(store, select(Obligation).order_by(Obligation.subject_id))
    with store.write() as session:
        session.get_one(Obligation, first.id).done_at = now + timedelta(minutes=5)
        session.commit()
    assert undo(store, actors, result, now).kept_total == 0
    counted = {entry.id: entry.cancelled_at is None for entry in records(store, select(Obligation))}
    assert counted == {first.id: True, second.id: False}


def test_a_person_whom_the_file_put_into_a_department_is_in_none_again(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    headers = ["Customer code", "Name", "Account manager", "Department"]
    bring("customers", [headers, ["C1", "Ada", "Ann", None]])
    result = bring("customers", [headers, ["C2", "Ben", "Ann", "Outer"]])
    undo(store, actors, result, now)
    (ann,) = records(store, select(StaffMember).where(StaffMember.name == "Ann"))
    assert ann.department_id is None


def test_leads_that_followed_their_owner_into_a_department_are_in_none_again(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("leads", [["Lead code", "Name", "Arrived at", "Owner"], ["L1", "Ada", "2026-11-03 09:00", "Ann"]])
    before = state(store)
    headers = ["Customer code", "Name", "Account manager", "Department"]
    result = bring("customers", [headers, ["C1", "Ada", "Ann", "Outer"]])
    assert records(store, select(Lead.department_id)) != [None]
    undo(store, actors, result, now)
    assert state(store) == before


def test_people_and_departments_of_the_file_leave_the_directory_unless_something_names_them(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    headers = ["Customer code", "Name", "Department", "Account manager"]
    result = bring("customers", [headers, ["C1", "Ada", "North", "Ann"], ["C2", "Ben", "South", "Bob"]])
    bring("interactions", [["Customer code", "Contact time", "Contact kind", "Staff"],
                           ["C1", "2026-10-03", "Call", "Bob"]])  # fmt: skip
    undo(store, actors, result, now)
    known = {person.name for person in records(store, select(StaffMember))}
    assert {"Ann", "Bob"} & known == {"Ann", "Bob"}  # C1 stays and has Ann; Bob made the call
    assert {d.name for d in records(store, select(Department))} == {"East", "West", "North", "South"}
