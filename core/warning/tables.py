"""Records of churn warning: work orders, the hits that raised them, and the contacts made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.language import mark
from core.store.records import Base, Key, named


class WorkOrder(Base):
    """One warned customer to be won back. Its clock is the `win_back_response` obligation of the same id."""

    __tablename__ = "work_orders"
    __table_args__ = (
        # One order a customer that is not closed: the database refuses a second one.
        Index(
            "uq_work_orders_customer_id_unclosed",
            "customer_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
            info={
                "one_each": mark(
                    "Both customers have a work order that is not closed: no. {first} and no. {second}. Close one "
                    "of them first, so that no promise to the customer is lost; then merge."
                )
            },
        ),
        Index(None, "status", "assignee_id"),
        Index(None, "opened_at"),
        named(mark("Work orders")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    status: Mapped[str]
    """backlog, open, claimed, contacted, resolved (outcome recorded), closed, withdrawn"""
    as_of: Mapped[date]
    """The day whose facts raised it."""
    raised_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    """When it left the backlog and its clock began."""
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    value_tier: Mapped[str | None]
    monetary: Mapped[int]
    """Ten-thousandths of the currency unit in the scoring window when raised: what is at stake."""
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    """The account manager it is routed to; None lies in the pool."""
    routed_to_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Whom the cycle gave it to when it was opened, whoever works on it later: what a day's limit counts by."""
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None]
    """Account id."""
    outcome: Mapped[str | None]
    """won_back, retained, lost, unreachable, not_at_risk"""
    outcome_at: Mapped[datetime | None]
    outcome_note: Mapped[str | None]
    debrief: Mapped[str | None]
    """What was learned, in words."""
    root_cause: Mapped[str | None]
    """price, product, service, competitor, need_gone, other"""
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class WorkOrderHit(Base):
    """Why: one indicator that hit, with the numbers it saw and the threshold it was held against."""

    __tablename__ = "work_order_hits"
    __table_args__ = (UniqueConstraint("work_order_id", "indicator"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"))
    indicator: Mapped[str]
    as_of: Mapped[date]
    observed: Mapped[dict[str, Any]]
    """Name -> number, e.g. {"recent": 1, "before": 6}."""
    threshold: Mapped[dict[str, Any]]
    """Policy key -> value it was held against."""
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))


class WinBackContact(Base):
    """A contact attempt on a work order; the interaction holds when, how and what was said."""

    __tablename__ = "win_back_contacts"
    __table_args__ = named(mark("Contacts about a warning"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    interaction_id: Mapped[int] = mapped_column(ForeignKey("interactions.id"), index=True)
    reached: Mapped[bool]
    cause: Mapped[str | None]
    """Why the customer fades, as found; a code of `root_cause`."""
    offer: Mapped[str | None]
    proposal: Mapped[str | None]
