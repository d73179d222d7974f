"""Reads of data quality: how complete, valid and fresh customers' data are, at the last count and month by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core.access.actor import Actor, Permission
from core.access.tables import Department
from core.facts.quality.counting import BY_FIELD, WHOLE, last_count
from core.facts.quality.figures import Figure, Line, figures
from core.facts.quality.rules import FIELDS
from core.facts.quality.scope import reach_of, scope_of
from core.facts.tables import QualityCount
from core.policy.queries import policy_at
from core.store.engine import Store
from core.store.mart import current_mart


@dataclass(frozen=True)
class Quality:
    """The last count. `whole`: all in the chosen scope; `departments`: each one in reach, of the chosen field;
    `fields`: each field in the chosen scope."""

    counted_on: date
    whole: Line
    departments: tuple[Line, ...]
    fields: tuple[Line, ...]


def quality(actor: Actor, store: Store, *, now: datetime, department_id: int | None = None) -> Quality | None:
    """The last count, of one department or of all in reach; None before the first one."""
    actor.require(Permission.SEE_MEASURES)
    mart = current_mart(store, having=BY_FIELD)
    if mart is None:
        return None
    policy = policy_at(store, now.date())
    scope = scope_of(actor, department_id)
    counted_on = last_count(store)
    with store.read() as session:
        names = dict(session.execute(select(Department.id, Department.name)).all())
    if counted_on is None:
        return None
    rows = mart.rows(BY_FIELD).to_pylist()
    seen = [row for row in rows if _within(row, reach_of(actor))]
    chosen = [row for row in seen if scope is None or row["department_id"] == scope]
    company = figures([row for row in rows if row["field"] == WHOLE], policy)
    departments = [
        Line(key, "" if key is None else names.get(key, ""), WHOLE, figures(of, policy, beside=company))
        for key, of in _grouped(row for row in seen if row["field"] == WHOLE)
    ]
    return Quality(
        counted_on,
        Line(
            scope, "" if scope is None else names.get(scope, ""), WHOLE, figures(_of(chosen, WHOLE), policy)
        ),
        tuple(sorted(departments, key=lambda line: (line.department_id is None, line.name))),
        tuple(Line(scope, "", field, figures(_of(chosen, field), policy)) for field in FIELDS),
    )


def months(
    actor: Actor,
    store: Store,
    *,
    now: datetime,
    field: str = WHOLE,
    department_id: int | None = None,
    limit: int = 12,
) -> list[tuple[date, Mapping[str, Figure]]]:
    """The counts of the last months, oldest first: (first day of the month, code of MEASURES -> figure).

    Of the record as a whole nothing is kept of how alike a customer's fields are: each customer is one case then,
    which makes the intervals rather too wide than too narrow.
    """
    actor.require(Permission.SEE_MEASURES)
    policy = policy_at(store, now.date())
    scope = scope_of(actor, department_id)
    # Every customer has a name or lacks it: its rows tell how many customers stand behind the sums of fields.
    query = select(QualityCount).where(QualityCount.field.in_({field, "name"}))
    if scope is not None:
        query = query.where(QualityCount.department_id == scope)
    elif reach_of(actor) is not None:
        return []
    found: dict[date, list[QualityCount]] = {}
    with store.read() as session:
        for each in session.scalars(query):
            found.setdefault(each.month, []).append(each)
        session.expunge_all()
    return [(month, figures(_kept(found[month], field), policy)) for month in sorted(found)[-limit:]]


def _within(row: Mapping[str, Any], department: int | None) -> bool:
    return department is None or row["department_id"] == department


def _of(rows: Iterable[Mapping[str, Any]], field: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row["field"] == field]


def _grouped(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[int | None, list[dict[str, Any]]]]:
    groups: dict[int | None, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["department_id"], []).append(row)
    return groups.items()


def _kept(rows: Sequence[QualityCount], field: str) -> list[dict[str, Any]]:
    kept = []
    for row in rows:
        if row.field == field:
            customers = sum(
                each.expected
                for each in rows
                if each.field == "name" and each.department_id == row.department_id
            )
            names = ("expected", "filled", "checked", "passed", "fresh")
            counts = {name: getattr(row, name) for name in names}
            cases = customers if field == WHOLE else row.expected
            kept.append({**counts, "field": field, "customers": cases})
    return kept
