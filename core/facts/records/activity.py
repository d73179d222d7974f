"""What customers did and said: orders, interactions, satisfaction, usage, behaviour."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.language import mark
from core.store.records import MART, Base, Key, named


class Order(Base):
    """What a customer ordered under one number, or, where a file has no numbers, on one day."""

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("customer_id", "order_key"), named(mark("Orders")))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    order_key: Mapped[str]
    """`no:` and the order number, or `day:` and the ISO date."""


class OrderLine(Base):
    """One line of an order. Returns and cancellations are lines with a negative amount."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "line_key"),
        Index(None, "customer_id", "ordered_on"),
        named(mark("Order lines")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), info=MART)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), info=MART)
    """Repeated from the order, so that neither the mart nor a rule needs the join."""
    line_key: Mapped[int]
    """Stable 64-bit digest of line_no where given, else of all values and the ordinal among equal lines."""
    line_no: Mapped[str | None]
    ordered_at: Mapped[datetime]
    ordered_on: Mapped[date] = mapped_column(info=MART)
    """The day of `ordered_at` in the business time zone: what the rules count by."""
    amount: Mapped[int] = mapped_column(info=MART)
    """Ten-thousandths of the currency unit."""
    quantity: Mapped[int | None] = mapped_column(info=MART)
    """Ten-thousandths of a piece."""
    unit_price: Mapped[int | None]
    """Ten-thousandths of the currency unit."""
    product_code: Mapped[str | None] = mapped_column(info=MART)
    product_name: Mapped[str | None]
    channel: Mapped[str | None] = mapped_column(info=MART)
    salesperson_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), info=MART)
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class Interaction(Base):
    """A contact between the company and a customer, imported or logged in the app."""

    __tablename__ = "interactions"
    __table_args__ = (
        UniqueConstraint("customer_id", "row_key"),
        Index(None, "customer_id", "occurred_on"),
        named(mark("Interactions")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), info=MART)
    row_key: Mapped[int | None]
    """Stable 64-bit digest of all values and the ordinal among equal rows; None when logged in the app."""
    occurred_at: Mapped[datetime]
    occurred_on: Mapped[date] = mapped_column(info=MART)
    kind: Mapped[str] = mapped_column(info=MART)
    """call, visit, message, email, meeting, other"""
    direction: Mapped[str | None] = mapped_column(info=MART)
    """inbound, outbound"""
    purpose: Mapped[str | None] = mapped_column(info=MART)
    """win_back: a contact of the company about a warning; indicators do not count it."""
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), info=MART)
    content: Mapped[str | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    logged_by: Mapped[int | None]
    """Account id, when logged in the app."""
    logged_at: Mapped[datetime | None]
    """When it came on record, where it was logged in the app; of an imported one its import says it."""


class Satisfaction(Base):
    """A customer's answer about satisfaction, 1 (worst) to 5."""

    __tablename__ = "satisfaction"
    __table_args__ = (
        UniqueConstraint("customer_id", "row_key"),
        Index(None, "customer_id", "scored_on"),
        named(mark("Satisfaction answers")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, info=MART)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), info=MART)
    row_key: Mapped[int]
    scored_at: Mapped[datetime] = mapped_column(info=MART)
    scored_on: Mapped[date] = mapped_column(info=MART)
    score: Mapped[int] = mapped_column(info=MART)
    comment: Mapped[str | None]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class ProductUsage(Base):
    """How often a customer used a product at an instant or on a day."""

    __tablename__ = "product_usage"
    __table_args__ = (
        UniqueConstraint("customer_id", "row_key"),
        Index(None, "customer_id", "used_on"),
        named(mark("Product usage")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    row_key: Mapped[int]
    used_at: Mapped[datetime]
    used_on: Mapped[date]
    product_code: Mapped[str]
    uses: Mapped[int]
    """Times."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class BehaviourEvent(Base):
    """Something a customer did by themselves: viewed a page, attended an event, opened a mail."""

    __tablename__ = "behaviour_events"
    __table_args__ = (
        UniqueConstraint("customer_id", "row_key"),
        Index(None, "customer_id", "occurred_on"),
        named(mark("Behaviour events")),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    row_key: Mapped[int]
    occurred_at: Mapped[datetime]
    occurred_on: Mapped[date]
    event: Mapped[str]
    """What was done, in the words of the file: page_view, event_attended, ..."""
    object: Mapped[str | None]
    """What it was done to: a page, an event, a mail."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)
