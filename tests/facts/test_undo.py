"""Undoing an import: the state before, as far as nobody has changed it since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.access.tables import AuditEntry, Department, StaffMember
from core.errors import NotAllowed, NotFound, Refused
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.fields import TABLES
from core.facts.importing import SheetResult
from core.facts.importing.undo import UndoPlan, undo_import, undo_plan
from core.facts.leads import FIRST_RESPONSE, SUBJECT
from core.facts.service import edit_customer
from core.facts.tables import Customer, CustomerMerge, ImportBatch, Interaction, Lead, Order, OrderLine
from core.grading.tables import Grade, GradingRun
from core.language import translate
from core.obligations.tables import Obligation
from core.store.engine import Store
from core.store.records import Base
from core.warning.tables import WorkOrder
from tests.conftest import Actors
from tests.facts.conftest import records

Bring = Callable[..., SheetResult]
APART = {"import_batches", "import_changes", "audit_entries", "counters", "jobs"}
"""What tells of imports and undoing, and counts."""


def state(store: Store) -> dict[str, list[Any]]:
    """Every record of every table, but for version numbers and what is owed by nobody."""
    found = {}
    with store.read() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in APART:
                continue
            query = select(*(c for c in table.c if c.name != "version"))
            if table.name == Obligation.__tablename__:
                query = query.where(table.c.cancelled_at.is_(None))
            found[table.name] = sorted((tuple(row) for row in session.execute(query)), key=repr)
    return found


def undo(store: Store, actors: Actors, result: SheetResult, now: datetime) -> UndoPlan:
    planned = undo_plan(actors.manager, store, result.batch or 0)
    if planned.blocked:
        with pytest.raises(Refused):
            undo_import(actors.manager, store, result.batch or 0, now=now)
        return planned
    done = undo_import(actors.manager, store, result.batch or 0, now=now + timedelta(hours=1))
    assert planned == done
    return done


def reasons(told: UndoPlan) -> dict[str, str]:
    return {each.label: translate(each.reason, "en") for each in told.kept}


CODES, PEOPLE = st.sampled_from(["C1", "C2", "C3", "C4"]), st.sampled_from([None, "Ann", "Bob", "Cem"])
DAYS = st.sampled_from(["2026-10-01", "2026-10-02 11:30", "2026-10-05 09:15"])
WORDS, AMOUNTS = st.sampled_from([None, "North", "South"]), st.sampled_from(["10", "20.5", "99"])
LEADS, OUTLETS = st.sampled_from(["L1", "L2", "L3"]), st.sampled_from(["S1", "S2"])

FILES: dict[str, tuple[list[str], Any]] = {
    "customers": (
        ["Customer code", "Name", "Phone", "Region", "Department", "Account manager", "Birthday"],
        st.tuples(
            CODES, st.sampled_from(["Ada", "Ben"]), st.sampled_from([None, "10000001234", "10000005678"]), WORDS,
            st.sampled_from([None, "Inner", "Outer"]), PEOPLE, st.sampled_from([None, "1990-05-01"]),
        ),
    ),
    "transactions": (
        ["Customer code", "Order number", "Order time", "Amount", "Salesperson"],
        st.tuples(CODES, st.sampled_from(["1", "2", None]), DAYS, AMOUNTS, PEOPLE),
    ),
    "interactions": (
        ["Customer code", "Contact time", "Contact kind", "Staff"],
        st.tuples(CODES, DAYS, st.sampled_from(["Call", "Visit"]), PEOPLE),
    ),
    "satisfaction": (
        ["Customer code", "Answer time", "Score"],
        st.tuples(CODES, DAYS, st.sampled_from(["1", "5"])),
    ),
    "leads": (
        ["Lead code", "Name", "Phone", "Arrived at", "Channel", "Owner", "First response at", "Customer code"],
        st.tuples(
            LEADS, st.sampled_from(["Ada", "Ben"]), st.sampled_from([None, "10000001234"]), DAYS, WORDS, PEOPLE,
            st.sampled_from([None, "2026-10-06 10:00"]), st.none() | CODES,
        ),
    ),
    "deals": (
        ["Lead code", "Won at", "Amount", "Owner", "Customer code"],
        st.tuples(LEADS, st.sampled_from([None, "2026-10-07 10:00"]), st.none() | AMOUNTS, PEOPLE, st.none() | CODES),
    ),
    "channel_costs": (
        ["Month", "Channel", "Campaign", "Cost"],
        st.tuples(st.sampled_from(["2026-09", "2026-10"]), st.sampled_from(["Web", "Fair"]), WORDS, AMOUNTS),
    ),
    "contracts": (
        ["Contract code", "Customer code", "Signed on", "Contract amount", "Owner"],
        st.tuples(st.sampled_from(["A1", "A2"]), CODES, st.just("2026-09-01"), AMOUNTS, PEOPLE),
    ),
    "payments": (
        ["Payment code", "Customer code", "Contract code", "Due on", "Amount due", "Paid on"],
        st.tuples(
            st.sampled_from(["P1", "P2"]), CODES, st.none(), st.just("2026-09-01"), AMOUNTS,
            st.sampled_from([None, "2026-10-02"]),
        ),
    ),
    "products": (["Product code", "Product name", "Unit price"], st.tuples(LEADS, WORDS, AMOUNTS)),
    "campaigns": (["Campaign code", "Campaign", "Budget"], st.tuples(LEADS, WORDS, AMOUNTS)),
    "usage": (
        ["Customer code", "Used at", "Product code", "Times used"],
        st.tuples(CODES, DAYS, st.just("P1"), st.sampled_from(["1", "2"])),
    ),
    "behaviour": (
        ["Customer code", "Event time", "Event"],
        st.tuples(CODES, DAYS, st.sampled_from(["page_view", "mail_opened"])),
    ),
    "outlets": (["Outlet code", "Outlet name", "Customer code"], st.tuples(OUTLETS, WORDS, st.none() | CODES)),
    "displays": (
        ["Outlet code", "Checked at", "Display score", "Checked by"],
        st.tuples(OUTLETS, DAYS, st.sampled_from(["1", "5"]), PEOPLE),
    ),
}  # fmt: skip
BEFORE = {"deals": "leads", "displays": "outlets"}
"""What has to be stored for a file to be worth anything."""


def test_every_table_is_undone_in_the_tests() -> None:
    assert FILES.keys() == TABLES.keys()


@pytest.mark.parametrize("table", FILES)
def test_import_then_undo_gives_the_state_before(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str
) -> None:
    import_then_undo(store, actors, bring, now, table, examples=3 if store.is_sqlite else 1)


@pytest.mark.full
@pytest.mark.parametrize("table", FILES)
def test_import_then_undo_gives_the_state_before_of_many_files(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str
) -> None:
    import_then_undo(store, actors, bring, now, table, examples=60)


def import_then_undo(
    store: Store, actors: Actors, bring: Bring, now: datetime, table: str, *, examples: int
) -> None:
    first, (headers, rows) = BEFORE.get(table, table), FILES[table]

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[
            Phase.generate
        ],  # each example finds what the ones before it stored: there is nothing to shrink
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        st.lists(FILES[first][1], min_size=2, max_size=4),
        st.lists(rows, min_size=1, max_size=4),
        st.sampled_from(["add", "update", "both"]),
    )
    def holds(stored: list[Any], brought: list[Any], mode: str) -> None:
        bring(first, [FILES[first][0], *stored], mode="both", create_customers=True)
        before = state(store)
        result = bring(table, [headers, *brought], mode=mode, create_customers=True)
        if result.batch is not None:
            told = undo(store, actors, result, now)
            assert told.kept_total == 0
        assert state(store) == before

    holds()


CUSTOMERS = ["Customer code", "Name", "Region"]
ORDERS = ["Customer code", "Order number", "Order time", "Amount"]


def test_values_that_were_overwritten_come_back_and_the_file_can_be_imported_again(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    file = [CUSTOMERS, ["C1", "Ada", "South"], ["C2", "Ben", "South"]]
    result = bring("customers", file, mode="both")
    told = undo(store, actors, result, now)
    assert (told.added, told.restored, told.kept_total) == (1, 1, 0)
    (ada,) = records(store, select(Customer))
    assert (ada.code, ada.region) == ("C1", "North")
    again = bring("customers", file, mode="both")
    assert (again.added, again.updated) == (1, 1)
    (batch,) = records(store, select(ImportBatch).where(ImportBatch.id == result.batch))
    assert (batch.undone_at, batch.undone_by) == (now + timedelta(hours=1), actors.manager.account_id)


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


def test_an_older_import_under_a_newer_one_keeps_what_the_newer_overwrote(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    before = state(store)
    older = bring("customers", [CUSTOMERS, ["C1", "Ada", "South"], ["C2", "Ben", "South"]], mode="both")
    newer = bring("customers", [CUSTOMERS, ["C1", "Ada", "West"], ["C2", "Ben", "West"]], mode="both")
    told = undo(store, actors, older, now)
    assert reasons(told) == dict.fromkeys(("C1", "C2"), "A later import changed it.")
    assert {c.code: c.region for c in records(store, select(Customer))} == {"C1": "West", "C2": "West"}
    undo(store, actors, newer, now)
    assert state(store) == before


def test_the_newer_undone_first_leaves_the_older_to_be_undone(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    before = state(store)
    older = bring("customers", [CUSTOMERS, ["C1", "Ada", "South"], ["C2", "Ben", "South"]], mode="both")
    newer = bring("customers", [CUSTOMERS, ["C1", "Ada", "West"], ["C2", "Ben", "West"]], mode="both")
    assert undo(store, actors, newer, now).kept_total == 0
    assert {c.code: c.region for c in records(store, select(Customer))} == {"C1": "South", "C2": "South"}
    assert undo(store, actors, older, now).kept_total == 0
    assert state(store) == before


def test_an_order_that_was_replaced_has_its_old_lines_again_whichever_import_is_undone_first(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "5"], ["C1", "1", "2026-10-01", "6"]])
    before = state(store)
    for newest_first in (False, True):
        older = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "7"]], mode="both")
        newer = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "8"]], mode="both")
        for result in (newer, older) if newest_first else (older, newer):
            told = undo(store, actors, result, now)
        assert told.kept_total == 0
        assert state(store) == before


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


def test_facts_of_a_customer_merged_since_stay(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ada", "North"]])
    result = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "5"]])
    kept, gone = records(store, select(Customer).order_by(Customer.code))
    with store.write() as session:
        session.add(
            CustomerMerge(
                kept_id=kept.id, gone_id=gone.id, before={}, moved={}, version_after=2, merged_at=now
            )
        )
        session.commit()
    told = undo_plan(actors.manager, store, result.batch or 0)
    assert list(reasons(told).values()) == ["Its customer was merged with another since."]
    with pytest.raises(Refused, match="would take nothing back"):
        undo_import(actors.manager, store, result.batch or 0, now=now)
    assert len(records(store, select(OrderLine))) == 1


@pytest.mark.parametrize("mode", ["added", "overwritten", "overwritten twice"])
def test_customers_that_were_merged_and_are_two_again_are_undone_as_if_nothing_had_been(
    store: Store, actors: Actors, bring: Bring, now: datetime, mode: str
) -> None:
    rows = [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ada A", "North"]]
    if mode != "added":
        bring("customers", [CUSTOMERS, ["C1", "Ada", "West"], ["C2", "Ada A", "West"]])
    before = state(store)["customers"]
    result = bring("customers", rows, mode="both")
    _merge_and_part(store, actors, now)
    if mode == "overwritten twice":
        later = bring("customers", [CUSTOMERS, ["C1", "Ada", "East"], ["C2", "Ada A", "East"]], mode="both")
        _merge_and_part(store, actors, now)
        assert undo(store, actors, later, now).kept_total == 0
    told = undo(store, actors, result, now)
    assert (told.kept_total, told.added + told.restored) == (0, 2)
    assert state(store)["customers"] == before


def test_a_customer_who_was_edited_while_merged_is_kept(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    result = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"], ["C2", "Ada A", "North"]])
    _merge_and_part(store, actors, now, city="Ulm")
    assert reasons(undo(store, actors, result, now)) == {"C1": "It was edited since."}
    assert [c.code for c in records(store, select(Customer))] == ["C1"]


def _merge_and_part(store: Store, actors: Actors, now: datetime, city: str | None = None) -> None:
    """Merge the two customers and make them two again; in between one of them may move to a city."""
    first, second = records(store, select(Customer).order_by(Customer.code))
    merged = merge(
        actors.manager,
        store,
        first.id,
        second.id,
        {},
        expected_versions=(first.version, second.version),
        now=now,
    )
    if city:
        edit_customer(actors.manager, store, first.id, {"city": city}, first.version + 1, now=now)
    undo_merge(actors.manager, store, merged, now=now)


def test_sheets_committed_together_are_undone_together(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    before = state(store)
    headers = ["Lead code", "Name", "Arrived at"]
    results = [
        bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]]),
        bring("leads", [headers, ["L1", "Ada", "2026-10-01 10:00"]]),
        bring("deals", [["Lead code", "Won at", "Customer code"], ["L1", "2026-10-02 10:00", "C1"]]),
    ]
    with store.write() as session:
        for result in results:
            session.get_one(ImportBatch, result.batch).together = "one file"
        session.commit()
    told = undo(store, actors, results[1], now)
    assert told.batches == tuple(result.batch for result in results)
    assert (told.removed, told.kept_total) == ({"customers": 1, "leads": 1}, 0)
    assert state(store) == before
    for result in results:
        with pytest.raises(Refused, match="undone already"):
            undo_import(actors.manager, store, result.batch or 0, now=now)


def test_an_undoing_that_would_take_nothing_back_is_refused_and_can_be_tried_again(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    result = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    later = bring("transactions", [ORDERS, ["C1", "1", "2026-10-01", "5"]])
    (blocked,) = undo_plan(actors.manager, store, result.batch or 0).blocked
    assert "would take nothing back" in translate(blocked, "en")
    with pytest.raises(Refused, match="would take nothing back"):
        undo_import(actors.manager, store, result.batch or 0, now=now)
    assert undo(store, actors, later, now).added == 1
    assert undo(store, actors, result, now).added == 1

    bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    nothing_new = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]]).batch or 0
    with pytest.raises(Refused, match="added and changed nothing"):
        undo_import(actors.manager, store, nothing_new, now=now)
    assert records(store, select(ImportBatch).where(ImportBatch.id == nothing_new))[0].undone_at is None


def test_an_import_is_undone_once_by_who_may_import_and_it_is_on_record(
    store: Store, actors: Actors, bring: Bring, now: datetime
) -> None:
    result = bring("customers", [CUSTOMERS, ["C1", "Ada", "North"]])
    batch = result.batch or 0
    for actor in (actors.supervisor, actors.staff, actors.intern):
        for command in (
            lambda who: undo_plan(who, store, batch),
            lambda who: undo_import(who, store, batch, now=now),
        ):
            with pytest.raises(NotAllowed):
                command(actor)
    undo_import(actors.operations, store, batch, now=now)
    with pytest.raises(Refused, match="This import was undone already"):
        undo_import(actors.manager, store, batch, now=now)
    assert [translate(each, "en") for each in undo_plan(actors.manager, store, batch).blocked] == [
        "This import was undone already."
    ]
    with pytest.raises(NotFound):
        undo_import(actors.manager, store, 999, now=now)
    (entry,) = records(store, select(AuditEntry).where(AuditEntry.action == "import.undone"))
    assert entry.detail["removed"] == {"customers": 1}
    assert entry.account_id == actors.operations.account_id


def test_a_new_record_never_gets_the_place_of_one_that_an_undoing_took_away(
    store: Store, bring: Bring, actors: Actors, now: datetime
) -> None:
    first = bring("customers", [["Customer code", "Name"], ["A", "Ada"]])
    with store.read() as session:
        taken = session.scalars(select(Customer.id)).one()
    undo(store, actors, first, now)
    bring("customers", [["Customer code", "Name"], ["Z", "Zoe"]])
    with pytest.raises(NotFound):
        edit_customer(actors.manager, store, taken, {"name": "Ada B."}, 1, now=now)
