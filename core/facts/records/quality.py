"""What is found out about the facts themselves: duplicates, merges, quality by month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.language import mark
from core.store.records import FOLLOWS, STAYS, Base, Key, named


class DuplicatePair(Base):
    """Two customers who may be one."""

    __tablename__ = "duplicate_pairs"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), info=FOLLOWS | STAYS)
    """The lower id of the two."""
    second_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True, info=FOLLOWS | STAYS)
    reason: Mapped[str]
    """Of `duplicates.REASONS`."""
    likeness: Mapped[int]
    """Of the names, in percent."""
    found_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open", index=True)
    """open, merged, distinct (a person said that they are two)"""
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    """Account id."""


class CustomerMerge(Base):
    """Two customers were merged: what was moved and overwritten, so that it can be undone."""

    __tablename__ = "customer_merges"
    __table_args__ = named(mark("Merged customers"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True, info=STAYS)
    gone_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True, info=STAYS)
    before: Mapped[dict[str, Any]]
    """What was overwritten: `kept` and `gone`, each column -> [value before, value after]; sealed values stay
    sealed. Once it was undone also the versions that this made, see `core.facts.duplicates.merging_versions`."""
    moved: Mapped[dict[str, Any]]
    """What went over, see `core.facts.duplicates.merging`."""
    version_after: Mapped[int]
    """The kept customer's version right after."""
    merged_at: Mapped[datetime]
    merged_by: Mapped[int | None]
    undone_at: Mapped[datetime | None]


class QualityCount(Base):
    """How complete, valid and fresh one field of a department's customers was at the last count of a month."""

    __tablename__ = "quality_counts"
    __table_args__ = (Index(None, "month"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    month: Mapped[date]
    """Its first day."""
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    field: Mapped[str]
    """A field code of customers; empty for the record as a whole."""
    expected: Mapped[int]
    filled: Mapped[int]
    checked: Mapped[int]
    passed: Mapped[int]
    fresh: Mapped[int]
    """Of `expected` records, how many were updated or confirmed within the time of the policy."""
    counted_on: Mapped[date]
