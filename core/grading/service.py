"""Commands of grading: grade everybody as of a day, and keep what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from core.access import audit
from core.access.actor import Actor, Permission
from core.dates import business_date
from core.errors import Refused
from core.grading.rfm import grade
from core.grading.tables import Grade, GradingRun
from core.language import mark
from core.policy.model import Policy
from core.store.engine import Store
from core.store.mart import Mart

DECISION = ("r_score", "f_score", "m_score", "rfm_cell", "value_tier", "lifecycle_stage")
"""A change in one of these is a change of grade; the figures alone move with every day."""
FIGURES = ("recency_days", "frequency", "monetary")


@dataclass(frozen=True)
class GradingResult:
    """`graded`: customers with scores. `grades_changed`: history rows written; 0 for a run in the past."""

    run_id: int
    graded: int
    grades_changed: int


def regrade(
    actor: Actor, store: Store, mart: Mart, policy: Policy, as_of: date, *, now: datetime
) -> GradingResult:
    """Grade every customer in `mart` as of the end of `as_of`.

    The grades of all become the table `grades` of the mart, what pages read. History gets a row for each
    customer whose grade changed; a second run on the same day corrects that day's rows. A run for a day
    before the latest one is a look back: its figures are shown, and history, which only grows forward, stays
    as it is. A run that repeats the last one (same facts, policy and day) changes nothing.
    """
    actor.require(Permission.RUN_CYCLE)
    today = business_date(now, policy.business.time_zone)
    if as_of > today:
        raise Refused(
            mark("{day} has not come yet. Grade as of {today} or an earlier day."), day=as_of, today=today
        )
    grades = (
        grade(mart.table("order_lines"), mart.table("customers"), policy, as_of)
        .order_by("customer_id")
        .to_pyarrow()
    )
    with store.write() as session:
        _lock(session)
        run = GradingRun(
            as_of=as_of,
            policy_version=policy.version,
            data_version=mart.version,
            graded=len(grades) - grades.column("r_score").null_count,
            grades_changed=0,
            finished_at=now,
        )
        last = session.scalar(select(GradingRun).order_by(GradingRun.id.desc()).limit(1))
        if last is not None and _repeats(run, last):
            result = GradingResult(last.id, last.graded, 0)
        else:
            result = _record(session, actor, run, grades.to_pylist(), now=now)
        session.commit()
    mart.save("grades", _stamped(grades, as_of, policy, result.run_id))
    return result


def _lock(session: Session) -> None:
    """Make a second run wait. SQLite's writers wait anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("LOCK TABLE grading_runs IN EXCLUSIVE MODE"))


def _repeats(run: GradingRun, last: GradingRun) -> bool:
    return all(
        getattr(run, name) == getattr(last, name) for name in ("as_of", "policy_version", "data_version")
    )


def _record(
    session: Session, actor: Actor, run: GradingRun, grades: list[dict[str, Any]], *, now: datetime
) -> GradingResult:
    session.add(run)
    session.flush()
    run.grades_changed = _keep_history(session, grades, run)
    audit.record(
        session,
        actor,
        "grading.run",
        "grading_run",
        run.id,
        now=now,
        as_of=run.as_of.isoformat(),
        graded=run.graded,
        grades_changed=run.grades_changed,
    )
    return GradingResult(run.id, run.graded, run.grades_changed)


def _keep_history(session: Session, grades: Iterable[dict[str, Any]], run: GradingRun) -> int:
    """Write a row for each grade that changed; the number of them."""
    latest = session.scalar(select(func.max(GradingRun.as_of)))
    if latest is not None and run.as_of < latest:
        return 0
    columns = [getattr(Grade, name) for name in DECISION]
    query = select(Grade.id, Grade.customer_id, Grade.valid_from, *columns).where(Grade.valid_to.is_(None))
    holding = {each.customer_id: each for each in session.execute(query)}
    added, corrected, ended = [], [], []
    for row in grades:
        before = holding.get(row["customer_id"])
        if before is not None and all(getattr(before, name) == row[name] for name in DECISION):
            continue
        values = {name: row[name] for name in (*FIGURES, *DECISION)} | {"run_id": run.id}
        if before is not None and before.valid_from == run.as_of:
            corrected.append(values | {"id": before.id})
            continue
        if before is not None:
            ended.append({"id": before.id, "valid_to": run.as_of})
        added.append(values | {"customer_id": row["customer_id"], "valid_from": run.as_of})
    for changes in (corrected, ended):
        if changes:
            session.execute(update(Grade), changes)
    if added:
        session.execute(insert(Grade), added)
    return len(added) + len(corrected)


def _stamped(grades: pa.Table, as_of: date, policy: Policy, run_id: int) -> pa.Table:
    n = len(grades)
    return (
        grades.append_column("as_of", pa.array([as_of] * n, pa.date32()))
        .append_column("policy_version", pa.array([policy.version] * n, pa.int64()))
        .append_column("run_id", pa.array([run_id] * n, pa.int64()))
    )
