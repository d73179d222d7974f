"""The ledger: every rule with a clock, turned into something somebody owes by a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import Base, Key

_OPEN_OF_CUSTOMER = "subject_kind = 'customer' AND done_at IS NULL AND cancelled_at IS NULL"


class Obligation(Base):
    """One thing owed. Late is derived from `due_at` and `done_at`, never stored."""

    __tablename__ = "obligations"
    __table_args__ = (
        Index(None, "subject_kind", "subject_id"),
        Index(None, "kind", "due_at"),
        # Of a kind a customer owes one thing at a time, also when two people write at once.
        Index(
            "uq_obligations_customer_open",
            "subject_id",
            "kind",
            unique=True,
            sqlite_where=text(_OPEN_OF_CUSTOMER),
            postgresql_where=text(_OPEN_OF_CUSTOMER),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str]
    """Which rule, e.g. `win_back_response`."""
    subject_kind: Mapped[str]
    """What it concerns, e.g. `work_order`; the ledger knows nothing more of it."""
    subject_id: Mapped[int]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    """Who owes it; None while it lies in the pool."""
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    triggered_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    """Set when the thing is no longer owed by anybody; it then counts nowhere."""
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
