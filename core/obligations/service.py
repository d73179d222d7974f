"""Commands on the ledger, for use inside a running transaction of the room that owes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.obligations.tables import Obligation

_TAKEN = "23505"
"""SQL state of a record that stands already under a unique key."""


def enter(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Enter many things owed, by column; those that were entered, without what somebody else has entered meanwhile.

    Two writers on PostgreSQL do not see each other. The index of what a subject can owe once makes the second one
    wait for the first, and its row is left out then. Not ON CONFLICT DO NOTHING: at REPEATABLE READ that breaks off
    the whole transaction, and with it an import of a million lines, for a contact that was logged beside it.
    """
    if not rows:
        return []
    try:
        with session.begin_nested():
            session.execute(insert(Obligation), rows)
        return list(rows)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != _TAKEN:
            raise
    if len(rows) == 1:
        return []
    half = len(rows) // 2
    return [*enter(session, rows[:half]), *enter(session, rows[half:])]


def owe(
    session: Session,
    *,
    kind: str,
    subject_kind: str,
    subject_id: int,
    owner_id: int | None,
    department_id: int | None,
    triggered_at: datetime,
    due_at: datetime,
    policy_version: int,
) -> Obligation:
    """Enter one thing owed. `owner_id` is the person of the staff directory, None for a pool."""
    obligation = Obligation(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        owner_id=owner_id,
        department_id=department_id,
        triggered_at=triggered_at,
        due_at=due_at,
        policy_version=policy_version,
    )
    session.add(obligation)
    return obligation


def fulfil(session: Session, kind: str, subject_kind: str, subject_id: int, *, at: datetime) -> bool:
    """Mark what is owed as done `at`. Only the first time counts; whether this was it is returned."""
    return _change(session, _open(subject_kind, [subject_id], kind), done_at=at) > 0


def reopen(session: Session, kind: str, subject_kind: str, subject_id: int) -> datetime | None:
    """What was done last turned out not to be: it is owed again. Until when; None if nothing was done."""
    last = (
        select(Obligation)
        .where(
            Obligation.kind == kind,
            Obligation.subject_kind == subject_kind,
            Obligation.subject_id == subject_id,
            Obligation.cancelled_at.is_(None),
        )
        .order_by(Obligation.id.desc())
    )
    found = session.scalars(last).first()
    if found is None or found.done_at is None:
        return None
    found.done_at = None
    return found.due_at


def cancel(session: Session, kind: str, subject_kind: str, subject_id: int, *, at: datetime) -> bool:
    """Nobody owes this any more and it counts nowhere; what is already done stays. Whether any was open."""
    return _change(session, _open(subject_kind, [subject_id], kind), cancelled_at=at) > 0


def settle(session: Session, kind: str, subject_kind: str, subject_id: int, *, at: datetime) -> None:
    """The matter ends `at` without what was owed: in time it is cancelled; once late, late stays on record."""
    condition = _open(subject_kind, [subject_id], kind)
    _change(session, and_(condition, Obligation.due_at < at), done_at=at)
    _change(session, condition, cancelled_at=at)


def reassign(
    session: Session,
    subject_kind: str,
    subject_ids: Collection[int],
    *,
    owner_id: int | None,
    department_id: int | None,
) -> int:
    """Hand what is still owed for these subjects to another person; its clock runs on. How many moved."""
    condition = _open(subject_kind, subject_ids)
    return _change(session, condition, owner_id=owner_id, department_id=department_id)


def _open(subject_kind: str, subject_ids: Collection[int], kind: str | None = None) -> ColumnElement[bool]:
    condition = and_(
        Obligation.subject_kind == subject_kind,
        Obligation.subject_id.in_(subject_ids),
        Obligation.done_at.is_(None),
        Obligation.cancelled_at.is_(None),
    )
    return condition if kind is None else and_(condition, Obligation.kind == kind)


def _change(session: Session, condition: ColumnElement[bool], **values: Any) -> int:
    session.flush()
    changed = session.execute(update(Obligation).where(condition).values(**values))
    return cast("CursorResult[Any]", changed).rowcount
