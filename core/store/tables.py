"""Records of the store itself: long work, and the counter that dates the facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import Base, Key


class Job(Base):
    """One piece of long work: asked for in a page or command, done by a worker that holds a lease on it."""

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "status", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    """What the handler needs; ids, codes and file tokens, never personal data."""
    status: Mapped[str] = mapped_column(default="queued")
    """queued, running, done, failed"""
    progress: Mapped[float] = mapped_column(default=0.0)
    """0 to 1"""
    step: Mapped[dict[str, Any] | None]
    """What is being done now, as a stored Message."""
    result: Mapped[dict[str, Any] | None]
    error: Mapped[dict[str, Any] | None]
    """Why it failed, as a stored Message."""
    requested_by: Mapped[int | None]
    """Account id; None for the system."""
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    """A running job whose lease has passed was lost with its worker, and is shown as failed."""
    worker: Mapped[str | None]


class Counter(Base):
    """Named counters raised in the same transaction as what they count; `data_version` dates the facts."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
