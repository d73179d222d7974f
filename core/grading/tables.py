"""Records of grading: the runs, and every customer's grade as a history of changes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import FOLLOWS, STAYS, Base, Key


class GradingRun(Base):
    """One pass over all customers with the policy in force at `as_of`."""

    __tablename__ = "grading_runs"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    as_of: Mapped[date] = mapped_column(index=True)
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    data_version: Mapped[int]
    graded: Mapped[int]
    """Customers with scores."""
    grades_changed: Mapped[int]
    finished_at: Mapped[datetime]


class Grade(Base):
    """A customer's grade from `valid_from` up to and without `valid_to`; a new row only when the grade changes.

    The figures are those of the run that wrote the row; today's figures are in the mart.
    """

    __tablename__ = "grades"
    __table_args__ = (Index(None, "customer_id", "valid_from"), Index(None, "valid_to"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), info=FOLLOWS | STAYS)
    run_id: Mapped[int] = mapped_column(ForeignKey("grading_runs.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    """None while it holds."""
    recency_days: Mapped[int | None]
    frequency: Mapped[int | None]
    monetary: Mapped[int | None]
    """Ten-thousandths of the currency unit."""
    r_score: Mapped[int | None]
    f_score: Mapped[int | None]
    m_score: Mapped[int | None]
    rfm_cell: Mapped[str | None]
    value_tier: Mapped[str | None]
    lifecycle_stage: Mapped[str]
