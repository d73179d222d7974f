"""The audit trail: written by every command in its own transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access.actor import Actor
from core.access.tables import AuditEntry


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: int | str | None,
    *,
    now: datetime,
    **detail: object,
) -> None:
    """Add an audit entry to the running transaction. `detail` holds codes and counts, never personal data."""
    session.add(
        AuditEntry(
            at=now,
            account_id=actor.account_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=None if subject_id is None else str(subject_id),
            detail=detail,
        )
    )
