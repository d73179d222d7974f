"""Which customers a page asks for, and their grades: filters and the actor's reach applied in one place.

Grades come from the mart; where a customer belongs and who may see it comes from the database, so that a
hand-over or a correction shows at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, not_, or_, select
from sqlalchemy.orm import Session

from core.access.actor import Actor, Permission, Reach
from core.facts.tables import Customer
from core.facts.visibility import STANDS, may_see
from core.grading.labels import NO_TIER
from core.grading.own_conditions import OwnCondition, conditions_of
from core.store.engine import Store
from core.store.mart import current_mart

FIGURES = (
    "recency_days",
    "frequency",
    "monetary",
    "r_score",
    "f_score",
    "m_score",
    "value_rank",
    "first_order_on",
    "last_order_on",
    "orders_total",
)
"""Columns that only roles with `SEE_DETAILS` get filled."""


@dataclass(frozen=True)
class SegmentFilter:
    """Which customers are meant; an empty part means all.

    Tiers (`NO_TIER` for none), stages and cells are codes, departments and account managers ids; `text` is
    part of a code or name. The scores 1-5 serve a click on the RFM map.
    """

    value_tiers: tuple[str, ...] = ()
    lifecycle_stages: tuple[str, ...] = ()
    rfm_cells: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    departments: tuple[int, ...] = ()
    account_managers: tuple[int, ...] = ()
    text: str = ""
    r_scores: tuple[int, ...] = ()
    f_scores: tuple[int, ...] = ()
    m_scores: tuple[int, ...] = ()
    customers: tuple[int, ...] = ()
    """Ids; lets an export name what a search found without keeping the words of the search."""
    own: tuple[OwnCondition, ...] = ()
    """What is asked of own fields; all of it has to hold."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> SegmentFilter:
        """The filter that `to_json` gave; what it does not know is left out."""
        known = {each.name for each in fields(cls)} & stored.keys()
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
            if name in known
        }
        if "own" in given:
            given["own"] = tuple(OwnCondition.from_json(each) for each in given["own"])
        return cls(**given)

    def to_json(self) -> dict[str, object]:
        """The parts that are not empty, in a form that JSON can hold."""
        own = {"own": [each.to_json() for each in self.own]} if self.own else {}
        rest = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "own"}
        return {name: value for name, value in rest.items() if value} | own


EVERYBODY = SegmentFilter()
NOBODY = 0
"""The id of no customer, where an empty part would mean all."""


def own_answered(actor: Actor, store: Store, filters: SegmentFilter) -> SegmentFilter:
    """The same customers, what is asked of own fields answered with ids: for a page that asks several questions.

    The fields stay named, so that their values stand beside the customers.
    """
    actor.require(Permission.SEE_CUSTOMERS)
    if not filters.own:
        return filters
    with store.read() as session:
        ids = _chosen_ids(actor, session, SegmentFilter(own=filters.own))
    if ids is None:
        return filters
    both = set(ids).intersection(filters.customers) if filters.customers else ids
    named = tuple(OwnCondition(each.field) for each in filters.own)
    return replace(filters, own=named, customers=tuple(sorted(both)) or (NOBODY,))


def selected_grades(
    actor: Actor, store: Store, session: Session, filters: SegmentFilter = EVERYBODY
) -> pa.Table | None:
    """The grades of the customers in reach that match; None before the first run.

    Without `SEE_DETAILS` the FIGURES are NULL and cannot be filtered by.
    """
    actor.require(Permission.SEE_CUSTOMERS)
    if filters.r_scores or filters.f_scores or filters.m_scores:
        actor.require(Permission.SEE_DETAILS)
    mart = current_mart(store, having="grades")
    if mart is None:
        return None
    grades = mart.rows("grades")
    for column, chosen in (
        ("lifecycle_stage", filters.lifecycle_stages),
        ("rfm_cell", filters.rfm_cells),
        ("r_score", filters.r_scores),
        ("f_score", filters.f_scores),
        ("m_score", filters.m_scores),
        ("customer_id", filters.customers),
    ):
        if chosen:
            grades = _keep(grades, grades[column], chosen)
    if filters.value_tiers:
        grades = _keep(grades, pc.fill_null(grades["value_tier"], NO_TIER), filters.value_tiers)
    ids = _chosen_ids(actor, session, filters)
    if ids is not None:
        grades = _keep(grades, grades["customer_id"], ids)
    elif merged := list(session.scalars(select(Customer.id).where(not_(STANDS)))):
        # Since these grades were worked out they have become part of others.
        grades = grades.filter(pc.invert(pc.is_in(grades["customer_id"], pa.array(merged, pa.int64()))))
    return grades if actor.may(Permission.SEE_DETAILS) else _without_figures(grades)


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """The SQL condition that keeps the customers the actor may see."""
    return may_see(actor)


def _keep(grades: pa.Table, column: pa.ChunkedArray, chosen: tuple[object, ...] | list[int]) -> pa.Table:
    return grades.filter(pc.is_in(column, pa.array(chosen, column.type)))


def _without_figures(grades: pa.Table) -> pa.Table:
    for name in FIGURES:
        at = grades.schema.get_field_index(name)
        field = grades.schema.field(at)
        grades = grades.set_column(at, field, pa.nulls(len(grades), field.type))
    return grades


def _chosen_ids(actor: Actor, session: Session, filters: SegmentFilter) -> list[int] | None:
    """Ids of the customers in reach that the database's part of the filters keeps; None means all."""
    conditions: list[ColumnElement[bool]] = [
        column.in_(chosen)
        for column, chosen in (
            (Customer.region, filters.regions),
            (Customer.industry, filters.industries),
            (Customer.channel, filters.channels),
            (Customer.department_id, filters.departments),
            (Customer.account_manager_id, filters.account_managers),
        )
        if chosen
    ]
    if actor.reach is not Reach.COMPANY:
        conditions.append(in_reach(actor))
    text = filters.text.strip()
    if text:
        # Who sees names masked may not find out a name by parts of it.
        whole = actor.may(Permission.SEE_DETAILS)
        by_name = Customer.name.icontains(text, autoescape=True) if whole else Customer.name == text
        conditions.append(or_(Customer.code.icontains(text, autoescape=True), by_name))
    conditions += conditions_of(actor, session, filters.own)
    if not conditions:
        return None
    conditions.append(STANDS)
    return list(session.scalars(select(Customer.id).where(*conditions)))
