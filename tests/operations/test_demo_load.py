"""Loading the demo company: through the ordinary import and services, once, into an empty store."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from core.access.actor import SYSTEM, Actor, Role
from core.access.tables import Account, StaffMember
from core.dates import DateRange, business_date, months_before
from core.errors import NotAllowed, Refused
from core.facts.fields import TABLES
from core.facts.leads import FIRST_RESPONSE
from core.facts.quality.counting import save_quality
from core.facts.quality.queries import months
from core.facts.queries import customer, find_customers
from core.facts.tables import Customer, ImportBatch, Interaction, Lead, OrderLine
from core.grading.tables import Grade, GradingRun
from core.language import Message
from core.measures.queries import readings
from core.obligations.clock import State
from core.obligations.queries import ledger
from core.obligations.tables import Obligation
from core.operations.demo import half_loaded, load, load_demo
from core.operations.demo.company import DemoCompany, demo_company
from core.operations.demo.life import draw_response
from core.operations.demo.load import CYCLES
from core.operations.jobs import catch_up
from core.policy.model import Policy
from core.policy.service import record_default_policy
from core.store.engine import Store, open_store
from core.store.jobs import Progress
from core.store.mart import refresh_mart
from core.store.migrate import migrate
from core.warning.orders import RESPONSE
from core.warning.states import IN_HAND
from core.warning.tables import WorkOrder
from tests.kept import Kept
from tests.operations.conftest import DEMO_NOW as NOW
from tests.operations.conftest import Demo

SATURDAY = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def silent(_share: float, _step: Message) -> None:
    """Nobody watches."""


def count(store: Store, *conditions: object) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).where(*conditions)) or 0


def test_every_table_came_by_an_import(demo: Demo) -> None:
    store, _ = demo
    with store.read() as session:
        columns = ImportBatch.table_code, ImportBatch.rows_read, ImportBatch.added, ImportBatch.rejected
        batches = {table: counts for table, *counts in session.execute(select(*columns))}
    assert batches.keys() == TABLES.keys() - {"deals"}  # what became of its leads stands in them
    assert all(added == read and rejected == 0 for read, added, rejected in batches.values())
    assert count(store, Customer.id > 0) == 3000
    assert count(store, OrderLine.id > 0) == batches["transactions"][0]


def test_an_imported_phone_is_read_and_found_again(demo: Demo) -> None:
    customers = demo_company(NOW.date() - timedelta(days=1)).customers.query("phone != ''")
    wanted = customers.drop_duplicates("phone", keep=False).iloc[0]
    found = find_customers(SYSTEM, demo[0], wanted["phone"])
    assert found["code"].tolist() == [wanted["customer_code"]]
    assert customer(SYSTEM, demo[0], int(found["id"].iloc[0])).phone == wanted["phone"]


def test_progress_moves_forward_and_ends(demo: Demo) -> None:
    shares = [share for share, _ in demo[1]]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_every_step_of_a_work_order_can_be_seen(demo: Demo) -> None:
    with demo[0].read() as session:
        states = dict(
            session.execute(select(WorkOrder.status, func.count()).group_by(WorkOrder.status)).all()
        )
    assert {"open", "claimed", "contacted", "resolved", "closed"} <= set(states)
    assert 250 <= sum(states.values()) <= 400
    assert 40 <= sum(states.values()) - states["closed"] <= 90
    assert states.get("backlog", 0) <= 10


def test_nothing_in_hand_was_opened_longer_than_a_month_ago(demo: Demo) -> None:
    assert count(demo[0], WorkOrder.status.in_(IN_HAND), WorkOrder.opened_at < NOW - timedelta(days=31)) == 0


def test_some_contacts_are_owed_today_and_some_are_late(demo: Demo) -> None:
    pending, late = (
        ledger(SYSTEM, demo[0], now=NOW, kind=RESPONSE, states=[state])
        for state in (State.PENDING, State.LATE)
    )
    assert len(pending) >= 4
    assert 3 <= len(late) <= 15
    assert (late["due_at"] > NOW - timedelta(days=14)).all()


@pytest.mark.parametrize("month", [-2, -3])
@pytest.mark.parametrize("code", ["warning_response_on_time", "win_back"])
def test_the_last_months_have_figures_that_can_be_compared(demo: Demo, code: str, month: int) -> None:
    found = readings(SYSTEM, demo[0], "month", codes=[code])[code][month]
    assert found.complete
    assert found.enough
    assert found.n >= 40


@pytest.mark.parametrize(
    "today",
    [
        *(date(2026, 12, day) for day in (1, 2, 15, 31)),
        *(date(2027, 3, day) for day in (1, 2, 15, 31)),
        *(date(2027, 9, day) for day in (1, 15, 30)),
    ],
)
def test_on_whatever_day_it_is_loaded_the_last_two_full_months_were_lived_through(
    demo: Demo, today: date
) -> None:
    """What people did lies so many days before the load; here those days are counted from another one."""
    with demo[0].read() as session:
        owed = session.execute(
            select(Obligation.due_at, Obligation.department_id).where(
                Obligation.kind == RESPONSE, Obligation.cancelled_at.is_(None), Obligation.due_at < NOW
            )
        ).all()
        closed = session.scalars(select(WorkOrder.closed_at).where(WorkOrder.outcome.is_not(None))).all()
    moved = today - NOW.date()
    first = today.replace(day=1)
    for month in (months_before(first, 1), months_before(first, 2)):
        seen = DateRange(month, months_before(month, -1))
        due = Counter(place for at, place in owed if (business_date(at, ZONE) + moved) in seen)
        assert due.total() >= 40
        assert len(due) == 4
        assert sum(at is not None and (business_date(at, ZONE) + moved) in seen for at in closed) >= 30


def test_something_is_still_owed_with_time_left(demo: Demo) -> None:
    owed = (Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None), Obligation.due_at > NOW)
    assert count(demo[0], *owed) >= 3


def test_one_department_is_late_and_the_others_are_not(demo: Demo) -> None:
    with demo[0].read() as session:
        owed = session.execute(
            select(StaffMember.department_id, Obligation.due_at, Obligation.done_at)
            .join(StaffMember, StaffMember.id == Obligation.owner_id)
            .where(Obligation.cancelled_at.is_(None), Obligation.due_at < NOW)
        ).all()
    late: dict[int, list[bool]] = {}
    for department, due, done in owed:
        late.setdefault(department, []).append(done is None or done > due)
    shares = sorted(np.mean(each) for each in late.values())
    assert len(shares) == 4
    assert shares[-1] > 0.4
    assert shares[-2] < 0.4


@pytest.mark.parametrize("state", ["pending", "late", "met", "missed"])
def test_first_responses_stand_in_every_way(demo: Demo, state: str) -> None:
    owed = ledger(SYSTEM, demo[0], now=NOW, kind=FIRST_RESPONSE, states=[State(state)])
    assert len(owed) >= 5
    if state == "pending":
        assert (owed["due_at"] <= NOW + timedelta(hours=1)).all()
    if state == "late":
        assert 10 <= len(owed) <= 15
        assert (owed["due_at"] > NOW - timedelta(days=14)).all()


def test_first_responses_are_late_in_the_same_department(demo: Demo) -> None:
    owed = ledger(SYSTEM, demo[0], now=NOW, kind=FIRST_RESPONSE, due_before=NOW)
    shares = (owed["state"] == "met").groupby(owed["department"]).mean().sort_values()
    assert len(shares) == 4
    assert shares.index[0] == "华北大区"
    assert shares.iloc[0] < 0.6
    assert shares.iloc[1] > 0.85


def test_customer_data_is_mostly_right_and_not_equally_so(demo: Demo, policy: Policy) -> None:
    mart = refresh_mart(demo[0])
    save_quality(demo[0], mart, policy, NOW.date())
    quality = mart.table("customer_quality").to_pandas()
    assert 0.93 <= quality["passed"].sum() / quality["checked"].sum() <= 0.97
    assert 0.93 <= quality["filled"].sum() / quality["expected"].sum() <= 0.98
    departments = mart.table("customers").select("id", "department_id").to_pandas().set_index("id")
    place = quality["customer_id"].map(departments["department_id"])
    by_department = quality[["passed", "checked"]].groupby(place).sum()
    accuracy = (by_department["passed"] / by_department["checked"]).sort_values()
    assert accuracy.iloc[-1] - accuracy.iloc[0] > 0.02


def test_nothing_happened_after_now(demo: Demo) -> None:
    store, _ = demo
    assert count(store, OrderLine.ordered_at > NOW) == 0
    assert count(store, Interaction.occurred_at > NOW) == 0
    assert count(store, WorkOrder.closed_at > NOW) == 0
    for column in (Lead.arrived_at, Lead.first_response_at, Lead.contacted_at, Lead.won_at, Lead.lost_at):
        assert count(store, column > NOW) == 0


def test_grades_have_a_history(demo: Demo) -> None:
    assert count(demo[0], GradingRun.id > 0) == len(CYCLES)
    assert count(demo[0], Grade.valid_to.is_not(None)) > 0


def test_every_value_tier_stage_and_cell_has_customers(demo: Demo) -> None:
    with demo[0].read() as session:
        columns = Grade.value_tier, Grade.lifecycle_stage, Grade.rfm_cell
        grades = session.execute(select(*columns).where(Grade.valid_to.is_(None))).all()
    tiers, stages, cells = (list(column) for column in zip(*grades, strict=True))
    assert set(tiers) == {"high", "potential", "mid", "low", None}
    assert set(stages) == {"prospect", "new", "active", "dormant", "lost"}
    assert {cells.count(cell) >= 20 for cell in ("000", "001", "010", "011", "100", "101", "110", "111")} == {
        True
    }


def test_everybody_has_an_account_without_a_password(demo: Demo) -> None:
    with demo[0].read() as session:
        columns = Account.username, Account.password_hash, Account.staff_id, Account.department_id
        accounts = {name: rest for name, *rest in session.execute(select(*columns))}
    assert {"manager", "supervisor", "operations", "staff", "intern", "staff26"} <= set(accounts)
    assert all(password is None for password, _, _ in accounts.values())
    assert accounts["manager"][1:] == [None, None]
    assert None not in accounts["staff"][1:]


def test_it_is_not_loaded_twice(demo: Demo) -> None:
    with pytest.raises(Refused, match="customers already"):
        load_demo(SYSTEM, demo[0], now=NOW, progress=silent)


def test_it_is_not_mixed_with_real_customers(store: Store) -> None:
    with store.write() as session:
        session.add(Customer(code="A1", created_at=NOW, updated_at=NOW))
        session.commit()
    with pytest.raises(Refused, match="customers already"):
        load_demo(SYSTEM, store, now=NOW, progress=silent)
    assert count(store, StaffMember.id > 0) == 0


def test_only_an_administrator_may_load_it(store: Store) -> None:
    with pytest.raises(NotAllowed):
        load_demo(Actor(1, "Mai", Role.MANAGER), store, now=NOW, progress=silent)


@cache
def small_company(as_of: date) -> DemoCompany:
    """Every tenth customer of the demo company."""
    whole = demo_company(as_of)
    chosen = set(whole.customers["customer_code"][::10])
    chosen |= {""}  # leads that became no customer
    part = {t: f[f["customer_code"].isin(chosen)] for t, f in whole.frames().items() if "customer_code" in f}
    dealt = {t: part.pop(t, frame) for t, frame in whole.dealings.items()}
    for table, column, named in (
        ("payments", "contract_code", "contracts"),
        ("displays", "outlet_code", "outlets"),
    ):
        dealt[table] = dealt[table][dealt[table][column].isin(dealt[named][column])]
    return replace(whole, dealings=dealt, **part)


class PowerCut(Exception):
    pass


def cutting(share: float) -> Progress:
    """Cuts the load off when it has come that far."""

    def progress(reached: float, _step: Message) -> None:
        if reached > share:
            raise PowerCut

    return progress


@pytest.fixture
def cut_off(store: Store, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small demo company lies half loaded in the store."""
    monkeypatch.setattr(load, "demo_company", small_company)

    def begin() -> None:
        with pytest.raises(PowerCut):
            load_demo(SYSTEM, store, now=SATURDAY, progress=cutting(0.8))

    kept.once("demo cut off", begin)


def test_a_load_that_was_cut_off_can_be_run_again(store: Store, cut_off: None) -> None:
    later = load_demo(SYSTEM, store, now=SATURDAY + timedelta(hours=20), progress=silent)
    assert later["customers"] == 300
    assert count(store, Lead.id > 0) == later["leads"] + 14  # those of the hours before the first attempt
    assert count(store, Customer.id > 0) == 300
    assert count(store, OrderLine.id > 0) == later["transactions"]
    assert count(store, WorkOrder.id > 0) >= 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_load_that_was_cut_off_goes_on_as_it_would_have_gone(
    store: Store, cut_off: None, tmp_path: Path
) -> None:
    whole = open_store(f"sqlite:///{tmp_path / 'whole.db'}", tmp_path / "whole")
    migrate(whole)
    record_default_policy(whole, now=SATURDAY)
    assert half_loaded(store)
    assert catch_up(store, now=SATURDAY) is None
    lived = []
    for each in (whole, store):
        load_demo(SYSTEM, each, now=SATURDAY, progress=silent)
        assert not half_loaded(each)
        with each.read() as session:
            columns = WorkOrder.customer_id, WorkOrder.status, WorkOrder.outcome, WorkOrder.closed_at
            lived.append(session.execute(select(*columns).order_by(WorkOrder.id)).all())
    whole.engine.dispose()
    assert len(lived[0]) >= 15
    assert lived[0] == lived[1]


@pytest.mark.parametrize(
    ("answers_late", "from_pool", "low", "high"),
    [(0.0, False, 0, 24), (1.0, False, 24, 72), (0.0, True, 240, 480)],
)
def test_a_response_takes_its_steps_in_order(
    answers_late: float, from_pool: bool, low: float, high: float
) -> None:
    random = np.random.default_rng(1)
    drawn = [draw_response(random, answers_late, from_pool=from_pool) for _ in range(200)]
    assert 170 <= sum(low < response.contacted < high for response in drawn) <= 200
    for response in drawn:
        assert 0 < response.claimed < response.contacted < response.resolved < response.closed


def test_records_are_completed_after_contacts_mostly_in_time(demo: Demo) -> None:
    store, _ = demo
    owed = ledger(SYSTEM, store, now=NOW, kind="record_update")
    states = Counter(owed["state"])
    assert states[State.MET] > states[State.MISSED] > 0
    assert 0 < states[State.LATE] < 30
    assert owed.loc[owed["state"] == State.PENDING, "triggered_at"].min() >= NOW - timedelta(hours=24)


def test_quality_was_counted_in_each_month_lived_through(demo: Demo) -> None:
    store, _ = demo
    counted = months(SYSTEM, store, now=NOW)
    assert [start for start, _figures in counted] == [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)]
    completeness = [figures["completeness"].value or 0 for _start, figures in counted]
    assert 0.9 < completeness[0] <= completeness[-1] < 1


def test_the_pages_tell_of_the_last_look_also_where_an_earlier_one_of_that_day_found_the_same(
    store: Store,
) -> None:
    at = [NOW - timedelta(hours=40), NOW - timedelta(hours=16)]
    with store.write() as session:
        for each in at:
            session.add(
                GradingRun(
                    as_of=each.date(),
                    policy_version=1,
                    data_version=1,
                    graded=1,
                    grades_changed=0,
                    finished_at=each,
                )
            )
        session.commit()
    load.graded_at(store, NOW)
    with store.read() as session:
        assert list(session.scalars(select(GradingRun.finished_at).order_by(GradingRun.id))) == [at[0], NOW]
