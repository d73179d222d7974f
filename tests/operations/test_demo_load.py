"""Loading the demo company: through the ordinary import and services, once, into an empty store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from core.access.actor import SYSTEM, Actor, Role
from core.access.tables import Account, StaffMember
from core.errors import NotAllowed, Refused
from core.facts.queries import customer, find_customers
from core.facts.tables import Customer, ImportBatch, Interaction, OrderLine
from core.grading.tables import Grade, GradingRun
from core.language import Message
from core.obligations.tables import Obligation
from core.operations.demo import load, load_demo
from core.operations.demo.company import DemoCompany, demo_company
from core.operations.demo.life import draw_response
from core.operations.demo.load import CYCLES
from core.policy.service import record_default_policy
from core.store.engine import Store, open_store
from core.store.migrate import migrate
from core.warning.tables import WorkOrder

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def silent(_share: float, _step: Message) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[tuple[float, Message]]]]:
    """A store with the demo company, and what was reported on the way. SQLite: it is read by many tests."""
    folder: Path = tmp_path_factory.mktemp("demo")
    store = open_store(f"sqlite:///{folder / 'customers.db'}", folder)
    migrate(store)
    record_default_policy(store, now=NOW)
    reports: list[tuple[float, Message]] = []
    load_demo(SYSTEM, store, now=NOW, progress=lambda share, step: reports.append((share, step)))
    yield store, reports
    store.engine.dispose()


def count(store: Store, *conditions: object) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).where(*conditions)) or 0


def test_all_four_tables_came_by_an_import(loaded: tuple[Store, object]) -> None:
    store, _ = loaded
    with store.read() as session:
        columns = ImportBatch.table_code, ImportBatch.rows_read, ImportBatch.added, ImportBatch.rejected
        batches = {table: counts for table, *counts in session.execute(select(*columns))}
    assert list(batches) == ["customers", "transactions", "interactions", "satisfaction"]
    assert all(added == read and rejected == 0 for read, added, rejected in batches.values())
    assert count(store, Customer.id > 0) == 3000
    assert count(store, OrderLine.id > 0) == batches["transactions"][0]


def test_an_imported_phone_is_read_and_found_again(loaded: tuple[Store, object]) -> None:
    wanted = demo_company(date(2026, 11, 20)).customers.query("phone != ''").iloc[0]
    found = find_customers(SYSTEM, loaded[0], wanted["phone"])
    assert found["code"].tolist() == [wanted["customer_code"]]
    assert customer(SYSTEM, loaded[0], int(found["id"].iloc[0])).phone == wanted["phone"]


def test_progress_moves_forward_and_ends(loaded: tuple[Store, list[tuple[float, Message]]]) -> None:
    shares = [share for share, _ in loaded[1]]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_every_step_of_a_work_order_can_be_seen(loaded: tuple[Store, object]) -> None:
    with loaded[0].read() as session:
        states = dict(
            session.execute(select(WorkOrder.status, func.count()).group_by(WorkOrder.status)).all()
        )
    assert {"open", "claimed", "contacted", "resolved", "closed"} <= set(states)
    assert 60 <= sum(states.values()) <= 160


def test_something_is_still_owed_with_time_left(loaded: tuple[Store, object]) -> None:
    owed = (Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None), Obligation.due_at > NOW)
    assert count(loaded[0], *owed) >= 3


def test_one_department_is_late_and_the_others_are_not(loaded: tuple[Store, object]) -> None:
    with loaded[0].read() as session:
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


def test_nothing_happened_after_now(loaded: tuple[Store, object]) -> None:
    store, _ = loaded
    assert count(store, OrderLine.ordered_at > NOW) == 0
    assert count(store, Interaction.occurred_at > NOW) == 0
    assert count(store, WorkOrder.closed_at > NOW) == 0


def test_grades_have_a_history(loaded: tuple[Store, object]) -> None:
    assert count(loaded[0], GradingRun.id > 0) == len(CYCLES)
    assert count(loaded[0], Grade.valid_to.is_not(None)) > 0


def test_every_value_tier_stage_and_cell_has_customers(loaded: tuple[Store, object]) -> None:
    with loaded[0].read() as session:
        columns = Grade.value_tier, Grade.lifecycle_stage, Grade.rfm_cell
        grades = session.execute(select(*columns).where(Grade.valid_to.is_(None))).all()
    tiers, stages, cells = (list(column) for column in zip(*grades, strict=True))
    assert set(tiers) == {"high", "potential", "mid", "low", None}
    assert set(stages) == {"prospect", "new", "active", "dormant", "lost"}
    assert {cells.count(cell) >= 20 for cell in ("000", "001", "010", "011", "100", "101", "110", "111")} == {
        True
    }


def test_everybody_has_an_account_without_a_password(loaded: tuple[Store, object]) -> None:
    with loaded[0].read() as session:
        columns = Account.username, Account.password_hash, Account.staff_id, Account.department_id
        accounts = {name: rest for name, *rest in session.execute(select(*columns))}
    assert {"manager", "supervisor", "operations", "staff", "intern", "staff26"} <= set(accounts)
    assert all(password is None for password, _, _ in accounts.values())
    assert accounts["manager"][1:] == [None, None]
    assert None not in accounts["staff"][1:]


def test_it_is_not_loaded_twice(loaded: tuple[Store, object]) -> None:
    with pytest.raises(Refused, match="customers already"):
        load_demo(SYSTEM, loaded[0], now=NOW, progress=silent)


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


def small_company(as_of: date) -> DemoCompany:
    """Every tenth customer of the demo company."""
    whole = demo_company(as_of)
    chosen = set(whole.customers["customer_code"][::10])
    part = {table: f[f["customer_code"].isin(chosen)] for table, f in whole.frames().items()}
    return replace(whole, **part)


def test_a_load_that_was_cut_off_can_be_run_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class PowerCut(Exception):
        pass

    def cut(share: float, _step: Message) -> None:
        if share > 0.8:
            raise PowerCut

    monkeypatch.setattr(load, "demo_company", small_company)
    with pytest.raises(PowerCut):
        load_demo(SYSTEM, store, now=NOW, progress=cut)
    later = load_demo(SYSTEM, store, now=NOW + timedelta(hours=20), progress=silent)
    assert later["customers"] == 300
    assert count(store, Customer.id > 0) == 300
    assert count(store, OrderLine.id > 0) == later["transactions"]
    assert count(store, WorkOrder.id > 0) >= 5


@pytest.mark.parametrize(("answers_late", "low", "high"), [(0.0, 0.0, 24.0), (1.0, 24.0, 72.0)])
def test_a_response_takes_its_steps_in_order(answers_late: float, low: float, high: float) -> None:
    random = np.random.default_rng(1)
    drawn = [draw_response(random, answers_late) for _ in range(200)]
    answered = [response for response in drawn if response is not None]
    assert 170 <= len(answered) < 200
    for response in answered:
        assert 0 < response.claimed < response.contacted < response.resolved < response.closed
        assert low < response.contacted < high
