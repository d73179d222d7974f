"""Reads of grading for pages and exports. Roles without the right to details get no figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import null, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.access.actor import Actor, Permission
from core.access.masking import mask_name
from core.access.tables import Department, StaffMember
from core.errors import NotFound
from core.facts.fields import Field
from core.facts.tables import Customer
from core.grading.explanation import GradeExplanation, explain
from core.grading.labels import NO_TIER
from core.grading.own_conditions import asked_fields, own_columns
from core.grading.rfm import GRADE_COLUMNS
from core.grading.selection import EVERYBODY, SegmentFilter, in_reach, own_answered, selected_grades
from core.grading.tables import GradingRun
from core.language import mark
from core.policy.queries import policy_version
from core.store.engine import Store
from core.store.mart import Mart, current_mart
from core.store.versions import data_version

__all__ = [
    "EVERYBODY",
    "LABELS",
    "FilterOptions",
    "Freshness",
    "GradeExplanation",
    "SegmentFilter",
    "cell_summary",
    "filter_options",
    "freshness",
    "grade_explanation",
    "graded_customers",
    "graded_table",
    "own_answered",
    "rfm_map",
    "segment_matrix",
]

LABELS = ("code", "name", "region", "industry", "channel", "department", "account_manager")
STAMPS = ("as_of", "policy_version")
_NOT_GRADED = mark("This customer has not been graded yet, or you may not see it.")
_IDS_A_QUERY = 5_000


@dataclass(frozen=True)
class Freshness:
    """How old the figures are; all None before the first run.

    `data_version` is that of the facts that were graded, `facts_version` that of the facts now.
    """

    as_of: date | None
    finished_at: datetime | None
    policy_version: int | None
    data_version: int | None
    facts_version: int

    @property
    def graded(self) -> bool:
        """Whether there are grades at all."""
        return self.as_of is not None

    @property
    def stale(self) -> bool:
        """Whether facts have changed since they were graded."""
        return self.graded and self.data_version != self.facts_version


@dataclass(frozen=True)
class FilterOptions:
    """The values among the customers in reach: texts, and (id, name) of departments and account managers."""

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    channels: tuple[str, ...]
    departments: tuple[tuple[int, str], ...]
    account_managers: tuple[tuple[int, str], ...]


def graded_customers(
    actor: Actor, store: Store, filters: SegmentFilter = EVERYBODY, *, limit: int | None = None
) -> pd.DataFrame:
    """The customers in reach that match, most valuable first (all, or the first `limit`).

    Columns: GRADE_COLUMNS, LABELS, `as_of`, `policy_version`. `monetary` is in ten-thousandths of the
    currency unit. Without `SEE_DETAILS` the figures are empty, names masked, and the order is that of the ids.
    Behind them, under their codes, the own fields that the filters name, as `own_columns` gives them.
    """
    table = graded_table(actor, store, filters, limit=limit)
    return pd.DataFrame(columns=[*GRADE_COLUMNS, *LABELS, *STAMPS]) if table is None else _frame(table)


def graded_table(
    actor: Actor, store: Store, filters: SegmentFilter = EVERYBODY, *, limit: int | None = None
) -> pa.Table | None:
    """What `graded_customers` gives, in the form that costs a page least; None before the first run."""
    with store.read() as session:
        grades = selected_grades(actor, store, session, filters)
        if grades is None:
            return None
        order = [("value_rank", "descending", "at_end"), ("customer_id", "ascending", "at_end")]
        grades = grades.take(pc.sort_indices(grades, sort_keys=order)[:limit])
        own = asked_fields(actor, session, filters.own)
        labels = _labels(actor, session, grades["customer_id"].to_pylist(), own)
    for name, values in labels.items():
        grades = grades.append_column(name, values)
    return grades.select([*GRADE_COLUMNS, *LABELS, *STAMPS, *own])


def segment_matrix(actor: Actor, store: Store, filters: SegmentFilter = EVERYBODY) -> pd.DataFrame:
    """Customers and their spending by value tier (NO_TIER for none) and lifecycle stage.

    Columns: value_tier, lifecycle_stage, customers, monetary; one row for each pair that occurs.
    """
    return _summary(actor, store, filters, ["value_tier", "lifecycle_stage"])


def cell_summary(actor: Actor, store: Store, filters: SegmentFilter = EVERYBODY) -> pd.DataFrame:
    """Customers and their spending by the eight cells. Columns: rfm_cell, customers, monetary."""
    frame = _summary(actor, store, filters, ["rfm_cell"])
    return frame.dropna(subset=["rfm_cell"]).reset_index(drop=True)


def rfm_map(actor: Actor, store: Store, filters: SegmentFilter = EVERYBODY) -> pd.DataFrame:
    """Customers and their spending by R and F score. Columns: r_score, f_score, customers, monetary.

    Scores are details: empty for roles that may not see them.
    """
    frame = _summary(actor, store, filters, ["r_score", "f_score"])
    return frame.dropna(subset=["r_score"]).reset_index(drop=True)


def grade_explanation(actor: Actor, store: Store, customer_id: int) -> GradeExplanation:
    """Why this customer has its grade: figures, cut-offs, rule version, and what would change it."""
    actor.require(Permission.SEE_CUSTOMERS)
    actor.require(Permission.SEE_DETAILS)
    mart = current_mart(store, having="grades")
    with store.read() as session:
        seen = session.scalar(select(Customer.id).where(Customer.id == customer_id, in_reach(actor)))
    if mart is None or seen is None:
        raise NotFound(_NOT_GRADED)
    explained = _explanation(store, mart, mart.saved_ns("grades"), customer_id)
    if explained is None:
        raise NotFound(_NOT_GRADED)
    return explained


@lru_cache(maxsize=500)
def _explanation(store: Store, mart: Mart, _saved_ns: int, customer_id: int) -> GradeExplanation | None:
    """The same for all who may see the customer; grades and the rules they were made by do not change."""
    grades = mart.rows("grades")
    row = grades.filter(pc.equal(grades["customer_id"], customer_id)).to_pylist()
    if not row:
        return None
    graded = grades.filter(pc.is_valid(grades["r_score"]))
    return explain(row[0], graded, policy_version(store, row[0]["policy_version"]))


def freshness(store: Store) -> Freshness:
    """As of when, with which rules and from which facts the figures on the pages are."""
    mart = current_mart(store, having="grades")
    grades = None if mart is None else mart.rows("grades")
    with store.read() as session:
        facts = data_version(session)
        if mart is None or not grades:
            return Freshness(None, None, None, None, facts)
        stamp = grades.slice(0, 1).select(["as_of", "policy_version", "run_id"]).to_pylist()[0]
        run = session.get_one(GradingRun, stamp["run_id"])
        return Freshness(stamp["as_of"], run.finished_at, stamp["policy_version"], mart.version, facts)


def filter_options(actor: Actor, store: Store) -> FilterOptions:
    """What can be chosen in the filters: only values that customers in reach have."""
    actor.require(Permission.SEE_CUSTOMERS)
    with store.read() as session:

        def texts(column: InstrumentedAttribute[str | None]) -> tuple[str, ...]:
            query = select(column).where(in_reach(actor), column.is_not(None)).distinct().order_by(column)
            return tuple(each for each in session.scalars(query) if each)

        def entries(table: type[Department | StaffMember], key: Any) -> tuple[tuple[int, str], ...]:
            used = select(key).where(in_reach(actor), key.is_not(None)).distinct()
            query = select(table.id, table.name).where(table.id.in_(used)).order_by(table.name)
            return tuple((each.id, each.name) for each in session.execute(query))

        return FilterOptions(
            regions=texts(Customer.region),
            industries=texts(Customer.industry),
            channels=texts(Customer.channel),
            departments=entries(Department, Customer.department_id),
            account_managers=entries(StaffMember, Customer.account_manager_id),
        )


def _summary(actor: Actor, store: Store, filters: SegmentFilter, by: list[str]) -> pd.DataFrame:
    with store.read() as session:
        grades = selected_grades(actor, store, session, filters)
    if grades is None:
        return pd.DataFrame(columns=[*by, "customers", "monetary"])
    keys = [pc.fill_null(grades[name], NO_TIER) if name == "value_tier" else grades[name] for name in by]
    table = pa.table([*keys, grades["monetary"]], [*by, "monetary"])
    totals = table.group_by(by).aggregate([([], "count_all"), ("monetary", "sum")])
    totals = totals.select([*by, "count_all", "monetary_sum"]).rename_columns([*by, "customers", "monetary"])
    return _frame(totals.sort_by([(name, "ascending") for name in by]))


def _frame(table: pa.Table) -> pd.DataFrame:
    """As pandas, with integers that can be missing and days as `date`."""
    whole = {pa.int64(): pd.Int64Dtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=whole.get, date_as_object=True)
    return frame


def _labels(
    actor: Actor, session: Session, ids: Sequence[int], own: Mapping[str, Field]
) -> dict[str, pa.Array]:
    """LABELS and own fields of the customers with these ids, which the caller has found to be in reach, in their
    order."""
    people, departments = _names(session, StaffMember), _names(session, Department)
    found: dict[int, tuple[str | None, ...]] = {}
    held: dict[int, Mapping[str, Any]] = {}
    key_of, *others = _LABELLED
    for first in range(0, len(ids), _IDS_A_QUERY):
        query = select(key_of, _OWN if own else null(), *others)
        query = query.where(key_of.in_(ids[first : first + _IDS_A_QUERY]))
        for key, record, *texts, department, person in session.connection().execute(query):
            held[key] = record
            found[key] = (*texts, departments.get(department), people.get(person))
    nobody = (None,) * len(LABELS)
    in_order = [found.get(each, nobody) for each in ids]
    labels = {name: [row[at] for row in in_order] for at, name in enumerate(LABELS)}
    if not actor.may(Permission.SEE_DETAILS):
        labels["name"] = [name and mask_name(name) for name in labels["name"]]
    columns = {name: pa.array(values, pa.string()) for name, values in labels.items()}
    return columns | dict(own_columns(own, [held.get(each, {}) for each in ids]))


_LABELLED = tuple(
    Customer.__table__.c[name]
    for name in ("id", *LABELS[: LABELS.index("department")], "department_id", "account_manager_id")
)
"""Columns of the table itself, without its class and without joins: both cost more than the rows do."""
_OWN = Customer.__table__.c.own


def _names(session: Session, table: type[Department | StaffMember]) -> dict[int | None, str]:
    return dict(session.execute(select(table.id, table.name)).all())
