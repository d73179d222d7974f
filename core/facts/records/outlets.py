"""Stores and what their displays look like."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.language import mark
from core.store.records import Base, Key, named


class Outlet(Base):
    """A store in which a customer sells."""

    __tablename__ = "outlets"
    __table_args__ = named(mark("Stores"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    kind: Mapped[str | None]
    """convenience, family, supermarket, hypermarket, other"""
    region: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    address: Mapped[str | None]
    opened_on: Mapped[date | None]
    own: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Own fields: code -> value as JSON holds it; a field without a value is absent."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class DisplayFeedback(Base):
    """What somebody saw of the display in a store."""

    __tablename__ = "display_feedback"
    __table_args__ = (
        UniqueConstraint("outlet_id", "row_key"),
        Index(None, "outlet_id", "checked_on"),
        named(mark("Display feedback")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    outlet_id: Mapped[int] = mapped_column(ForeignKey("outlets.id"))
    row_key: Mapped[int]
    checked_at: Mapped[datetime]
    checked_on: Mapped[date]
    score: Mapped[int]
    """1 (worst) to 5."""
    comment: Mapped[str | None]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)
