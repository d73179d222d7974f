"""Histories of a company for tests: imports, edits, merges, people who leave, and what is undone of all that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import delete, or_, select

from core.access.tables import Account, Department, StaffMember
from core.errors import Refused, StaleEdit
from core.facts.duplicates.merge_service import merge, undo_merge
from core.facts.duplicates.merging import belongings
from core.facts.importing import commit_import
from core.facts.importing.undo import UndoPlan, undo_import, undo_plan
from core.facts.importing.undo_tables import batched
from core.facts.service import edit_customer
from core.facts.tables import Customer, CustomerMerge, OrderLine
from core.obligations.tables import Obligation
from core.operations.staff import hand_over
from core.store.engine import Store
from core.store.records import Base
from tests.conftest import NOW, Actors
from tests.facts.conftest import Bring, records
from tests.facts.importing.any_files import FILES
from tests.facts.importing.undoing import APART

Step = tuple[str, Any]
"""What is done, and with what; numbers choose among what there is."""
_TABLES = ("customers", "transactions", "contracts", "payments", "outlets", "leads", "interactions")
_STAYS = {"departments", "staff", "accounts", "policy_versions", "counters", "jobs", "audit_entries"}
_TAKEN = ("name", "phone", "region", "account_manager", "department", "customer_code")
_COUNTS_UP = ("version", "updated_at")
_NUMBER = st.integers(0, 5)


def _import(table: str) -> st.SearchStrategy[Step]:
    rows = st.lists(FILES[table][1], min_size=1, max_size=4)
    modes = st.sampled_from(["both", "both", "add", "update"])
    return st.tuples(st.just("import"), st.tuples(st.just(table), rows, modes))


IMPORTS = st.sampled_from(_TABLES).flatmap(_import)
MERGES: st.SearchStrategy[Step] = st.tuples(
    st.just("merge"), st.tuples(_NUMBER, _NUMBER, st.sets(st.sampled_from(_TAKEN)))
)
UNDOINGS: st.SearchStrategy[Step] = st.tuples(st.sampled_from(["undo", "undo", "part"]), _NUMBER)
EDITS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("edit"), _NUMBER), st.tuples(st.just("leave"), st.sampled_from(["Ann", "Bob"]))
)


class Company:
    """A company as it goes on, minute by minute."""

    def __init__(self, store: Store, actors: Actors, bring: Bring) -> None:
        self.store, self.actors = store, actors
        self._bring, self._now = bring, NOW
        self.batches: list[int] = []
        _empty(store)
        self.do(("import", ("customers", [_named(code) for code in ("C1", "C2", "C3")], "both")))

    def do(self, step: Step) -> None:
        """One step, as far as there is anything to do it with; a refusal is an answer, a failure is not."""
        command: dict[str, Callable[[Any], None]] = {
            "import": self._import, "edit": self._edit, "leave": self._leave, "merge": self._merge,
            "part": self._part, "undo": self._undo,
        }  # fmt: skip
        what, with_what = step
        command[what](with_what)
        self.nothing_is_lost()

    def tick(self) -> datetime:
        self._now += timedelta(minutes=1)
        return self._now

    def _import(self, file: tuple[str, list[Any], str]) -> None:
        table, rows, mode = file
        result = self._bring(
            table, [FILES[table][0], *rows], mode=mode, create_customers=True,
            command=lambda actor, store, request, *, now: commit_import(actor, store, request, now=self.tick()),
        )  # fmt: skip
        if result.batch is not None:
            self.batches.append(result.batch)

    def _standing(self) -> list[Customer]:
        return records(
            self.store, select(Customer).where(Customer.merged_into_id.is_(None)).order_by(Customer.id)
        )

    def _edit(self, number: int) -> None:
        if standing := self._standing():
            customer = standing[number % len(standing)]
            at = self.tick()
            edit_customer(
                self.actors.manager,
                self.store,
                customer.id,
                {"city": f"{at:%H:%M}"},
                customer.version,
                now=at,
            )

    def _leave(self, name: str) -> None:
        here = select(StaffMember.id).where(StaffMember.name == name, StaffMember.left_at.is_(None))
        for person in records(self.store, here):
            hand_over(
                self.actors.administrator,
                self.store,
                person,
                self.actors.staff.staff_id or 0,
                now=self.tick(),
            )

    def _merge(self, choice: tuple[int, int, set[str]]) -> None:
        first, second, taken = choice
        standing = self._standing()
        if not standing or first % len(standing) == second % len(standing):
            return
        kept, gone = (standing[each % len(standing)] for each in (first, second))
        versions = (kept.version, gone.version)
        merge(self.actors.manager, self.store, kept.id, gone.id, dict.fromkeys(taken, True),
              expected_versions=versions, now=self.tick())  # fmt: skip

    def merges(self) -> list[int]:
        query = select(CustomerMerge.id).where(CustomerMerge.undone_at.is_(None)).order_by(CustomerMerge.id)
        return records(self.store, query)

    def _part(self, number: int) -> None:
        if merges := self.merges():
            self.part(merges[number % len(merges)])

    def part(self, merge_id: int) -> bool:
        """Make two again; False where that is refused."""
        try:
            undo_merge(self.actors.manager, self.store, merge_id, now=self.tick())
        except StaleEdit:
            raise
        except Refused:
            return False
        return True

    def _undo(self, number: int) -> None:
        if self.batches:
            self.undo(self.batches[number % len(self.batches)])

    def undo(self, batch: int) -> UndoPlan:
        """Undo an import; what happens is what its plan said."""
        planned = undo_plan(self.actors.manager, self.store, batch)
        before = _rows(self.store)
        try:
            done = undo_import(self.actors.manager, self.store, batch, now=self.tick())
        except StaleEdit:
            raise
        except Refused:
            assert planned.blocked
            assert _rows(self.store) == before
            return planned
        assert done == planned
        _is_as_planned(planned, before, _rows(self.store))
        return done

    def nothing_is_lost(self) -> None:
        """No record belongs to a customer who was merged away, nothing is owed for one or for nobody, and nobody who
        has left serves a customer."""
        away = select(Customer.id).where(Customer.merged_into_id.is_not(None))
        with self.store.read() as session:
            for column in belongings():
                assert not session.scalars(select(column.table.c.id).where(column.in_(away))).all(), column
            owed = select(Obligation.id).where(
                Obligation.subject_kind == "customer", Obligation.done_at.is_(None), Obligation.cancelled_at.is_(None),
                or_(Obligation.subject_id.in_(away), Obligation.subject_id.not_in(select(Customer.id))),
            )  # fmt: skip
            assert not session.scalars(owed).all()
            left = select(Customer.code).join(StaffMember, StaffMember.id == Customer.account_manager_id)
            assert not session.scalars(left.where(StaffMember.left_at.is_not(None))).all()

    def state(self) -> dict[str, list[Any]]:
        """Every record of every table, but for what counts up and what tells of imports and merges."""
        found = {}
        with self.store.read() as session:
            for table in Base.metadata.sorted_tables:
                if table.name not in {*APART, "customer_merges"}:
                    query = select(*(c for c in table.c if c.name not in _COUNTS_UP))
                    if table.name == Obligation.__tablename__:
                        query = query.where(table.c.cancelled_at.is_(None))
                    found[table.name] = sorted((tuple(row) for row in session.execute(query)), key=repr)
        return found


def _named(code: str) -> list[Any]:
    """A row of a file of customers that says no more than who it is."""
    return [code, code, *[None] * (len(FILES["customers"][0]) - 2)]


_Rows = dict[str, dict[int, dict[str, Any]]]


def _rows(store: Store) -> _Rows:
    """Table -> id -> the record, of the tables whose records bear their import."""
    with store.read() as session:
        return {
            table.name: {
                row.id: {name: value for name, value in row._mapping.items() if name not in _COUNTS_UP}
                for row in session.execute(select(table))
            }
            for table in batched()
        }


def _is_as_planned(planned: UndoPlan, before: _Rows, after: _Rows) -> None:
    lines = OrderLine.__tablename__
    restored = 0
    for table, stored in before.items():
        left = after[table]
        assert len(stored.keys() - left.keys()) == planned.removed.get(table, 0), table
        if table != lines:
            assert left.keys() <= stored.keys(), table
            restored += sum(left[key] != stored[key] for key in left)
        if not planned.kept_total:
            assert not [key for key, row in left.items() if row["batch_id"] in planned.batches], table
    put_back = after[lines].keys() - before[lines].keys()
    restored += len({after[lines][key]["order_id"] for key in put_back})
    assert restored == planned.restored
    assert planned.differing_total <= restored


def _empty(store: Store) -> None:
    """Take away what an earlier history has left."""
    with store.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name not in _STAYS:
                session.execute(delete(table))
        people = select(Account.staff_id).where(Account.staff_id.is_not(None))
        homes = select(StaffMember.department_id).where(StaffMember.id.in_(people)).distinct()
        known = session.scalars(homes.where(StaffMember.department_id.is_not(None))).all()
        session.execute(delete(StaffMember).where(StaffMember.id.not_in(people)))
        session.execute(delete(Department).where(Department.id.not_in(known)))
        session.commit()
