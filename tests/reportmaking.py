"""A month for reports, small enough to check by hand: October 2026 of two departments, seen on the tests' day.

======================  ===========  ============  ============  =====================================
measure                 East         West          month before  what follows
======================  ===========  ============  ============  =====================================
completeness            900 / 1,000  700 / 1,000   1,700/2,000   missed, fell for real; East better
win_back                30 / 60      33 / 60       28 / 60       neither told apart
first_response_on_time  none         9 / 10        none          too few cases
average_order_value     --           --            --            100 orders of 1,400 or 1,600 yuan
the others              none         none          none          nothing to count
======================  ===========  ============  ============  =====================================

Three customers were high value before: one still is, one fell to mid value, one to low; one rose from mid value.
Of the first responses due in October East kept 2 and was late with 1; West did 1 late. One was withdrawn.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
from sqlalchemy import update

from core.access.tables import Department
from core.measures.movement import MONTH_ENDS
from core.obligations.service import cancel, fulfil, owe
from core.policy.model import Policy
from core.reviews.document import Document
from core.reviews.report_queries import ReportHead, report_document, reports
from core.reviews.report_service import draft
from core.store.engine import Store
from core.store.mart import refresh_mart
from tests.conftest import Actors
from tests.measuremaking import AS_OF, save_measures

OCTOBER, SEPTEMBER, NOVEMBER = date(2026, 10, 1), date(2026, 9, 1), date(2026, 11, 1)
_YUAN = 10_000


def save_october(
    store: Store,
    actors: Actors,
    *,
    as_of: date = AS_OF,
    more: list[dict[str, Any]] | None = None,
    policy: Policy | None = None,
) -> None:
    """Make the table above what the cycle has worked out as of a day."""
    save_measures(
        store,
        [
            _row("completeness", OCTOBER, 900, 1000, actors.east),
            _row("completeness", OCTOBER, 700, 1000, actors.west),
            _row("completeness", SEPTEMBER, 850, 1000, actors.east),
            _row("completeness", SEPTEMBER, 850, 1000, actors.west),
            _row("win_back", OCTOBER, 30, 60, actors.east),
            _row("win_back", OCTOBER, 33, 60, actors.west),
            _row("win_back", SEPTEMBER, 28, 60, actors.east),
            _row("first_response_on_time", OCTOBER, 9, 10, actors.west),
            {
                **_row("average_order_value", OCTOBER, 150_000 * _YUAN, 100, actors.east),
                "squares": 50 * (1400.0**2 + 1600.0**2) * _YUAN**2,
            },
            *(more or []),
        ],
        as_of=as_of,
        policy=policy,
    )
    ends = [
        (SEPTEMBER, 1, "high", "active"),
        (SEPTEMBER, 2, "high", "active"),
        (SEPTEMBER, 3, "high", "active"),
        (SEPTEMBER, 4, "mid", "active"),
        (OCTOBER, 1, "high", "active"),
        (OCTOBER, 2, "mid", "active"),
        (OCTOBER, 3, "low", "dormant"),
        (OCTOBER, 4, "high", "active"),
        (OCTOBER, 5, None, "prospect"),
    ]
    names = ("month", "customer_id", "value_tier", "lifecycle_stage")
    columns = dict(zip(names, zip(*ends, strict=True), strict=True))
    schema = pa.schema(zip(names, (pa.date32(), pa.int64(), pa.string(), pa.string()), strict=True))
    refresh_mart(store).save(MONTH_ENDS, pa.table({k: list(v) for k, v in columns.items()}, schema=schema))


def _row(
    measure: str, start: date, numerator: int, denominator: int, department: int | None
) -> dict[str, Any]:
    return {
        "measure": measure,
        "start": start,
        "numerator": numerator,
        "denominator": denominator,
        "department_id": department,
    }


def save_obligations(store: Store, actors: Actors) -> None:
    """What was owed in October, and one thing a minute before and after it."""
    begin, end = datetime(2026, 9, 30, 16, tzinfo=UTC), datetime(2026, 10, 31, 16, tzinfo=UTC)
    due = [
        (1, actors.east, begin, begin),
        (2, actors.east, begin + timedelta(days=3), begin),
        (3, actors.east, begin + timedelta(days=4), None),
        (4, actors.west, end - timedelta(seconds=1), end),
        (5, actors.west, begin + timedelta(days=5), None),
        (6, actors.east, begin - timedelta(minutes=1), None),
        (7, actors.east, end, None),
    ]
    with store.write() as session:
        for subject, department, due_at, done_at in due:
            owe(
                session,
                kind="first_response",
                subject_kind="lead",
                subject_id=subject,
                owner_id=None,
                department_id=department,
                triggered_at=due_at - timedelta(hours=1),
                due_at=due_at,
                policy_version=1,
            )
            if done_at is not None:
                fulfil(session, "first_response", "lead", subject, at=done_at)
        cancel(session, "first_response", "lead", 5, at=begin)
        session.commit()


def drafted_october(store: Store, actors: Actors, now: datetime, *, east: str) -> tuple[Document, ReportHead]:
    """The draft of October and its head, where the department East bears the name `east`."""
    with store.write() as session:
        session.execute(update(Department).where(Department.id == actors.east).values(name=east))
        session.commit()
    save_october(store, actors)
    save_obligations(store, actors)
    made = draft(actors.manager, store, OCTOBER, now=now)
    return report_document(actors.manager, store, made), reports(actors.manager, store)[0]
