"""Records of what happened: customers, orders and their lines, interactions, satisfaction, leads, what channels
cost, and the imports they came by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import MART, Base, Key


class ImportBatch(Base):
    """One committed import: which file, read how, with what result. Every fact names its batch."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    table_code: Mapped[str]
    """A key of `fields.TABLES`."""
    file_name: Mapped[str]
    file_sha256: Mapped[str] = mapped_column(index=True)
    sheet: Mapped[str | None]
    mapping: Mapped[dict[str, Any]]
    """Header -> field, as it was applied."""
    mode: Mapped[str]
    rows_read: Mapped[int]
    added: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    customers_created: Mapped[int] = mapped_column(default=0)
    suspected_duplicates: Mapped[int] = mapped_column(default=0)
    rejects_file: Mapped[str | None]
    """Path under the data folder of the workbook with the rejected rows."""
    committed_at: Mapped[datetime]
    committed_by: Mapped[int | None]


class Customer(Base):
    """A customer or prospect. Phone and e-mail are sealed; their index finds equal values without opening them."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(Key, primary_key=True, info=MART)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="", index=True)
    kind: Mapped[str] = mapped_column(default="person", info=MART)
    """person, company"""
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    email_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    region: Mapped[str | None] = mapped_column(info=MART)
    province: Mapped[str | None] = mapped_column(info=MART)
    city: Mapped[str | None] = mapped_column(info=MART)
    industry: Mapped[str | None] = mapped_column(info=MART)
    annual_revenue: Mapped[int | None] = mapped_column(info=MART)
    """Ten-thousandths of the currency unit."""
    sku_count: Mapped[int | None] = mapped_column(info=MART)
    channel: Mapped[str | None] = mapped_column(info=MART)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True, info=MART)
    account_manager_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True, info=MART)
    birthday: Mapped[date | None]
    consent: Mapped[bool | None]
    """None: not asked yet."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Order(Base):
    """What a customer ordered under one number, or, where a file has no numbers, on one day."""

    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("customer_id", "order_key"),)

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


class Satisfaction(Base):
    """A customer's answer about satisfaction, 1 (worst) to 5."""

    __tablename__ = "satisfaction"
    __table_args__ = (
        UniqueConstraint("customer_id", "row_key"),
        Index(None, "customer_id", "scored_on"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True, info=MART)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), info=MART)
    row_key: Mapped[int]
    scored_at: Mapped[datetime] = mapped_column(info=MART)
    scored_on: Mapped[date] = mapped_column(info=MART)
    score: Mapped[int] = mapped_column(info=MART)
    comment: Mapped[str | None]
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class Lead(Base):
    """Somebody who may become a customer, with the instant at which each stage was reached.

    A stage that was not reached, or is not known, is None; a day without a time is its beginning.
    """

    __tablename__ = "leads"

    id: Mapped[int] = mapped_column(Key, primary_key=True, info=MART)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    arrived_at: Mapped[datetime] = mapped_column(info=MART)
    arrived_on: Mapped[date] = mapped_column(info=MART)
    """The day of `arrived_at` in the business time zone; so for every `..._on`."""
    channel: Mapped[str | None] = mapped_column(info=MART)
    campaign: Mapped[str | None] = mapped_column(info=MART)
    region: Mapped[str | None] = mapped_column(info=MART)
    industry: Mapped[str | None] = mapped_column(info=MART)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True, info=MART)
    """Who is to work on it; None lies in the pool."""
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True, info=MART)
    """The owner's department."""
    first_response_at: Mapped[datetime | None] = mapped_column(info=MART)
    contacted_at: Mapped[datetime | None] = mapped_column(info=MART)
    qualified_at: Mapped[datetime | None] = mapped_column(info=MART)
    quoted_at: Mapped[datetime | None] = mapped_column(info=MART)
    won_at: Mapped[datetime | None] = mapped_column(info=MART)
    won_on: Mapped[date | None] = mapped_column(info=MART)
    lost_at: Mapped[datetime | None] = mapped_column(info=MART)
    lost_reason: Mapped[str | None]
    """Somebody's own words, in which a person may be named."""
    amount: Mapped[int | None]
    """What the deal is worth, in ten-thousandths of the currency unit."""
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True, info=MART)
    """The customer it became."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class ChannelCost(Base):
    """What a channel, or one campaign in it, cost in a month."""

    __tablename__ = "channel_costs"
    __table_args__ = (UniqueConstraint("month", "channel", "campaign"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True, info=MART)
    month: Mapped[date] = mapped_column(info=MART)
    """Its first day."""
    channel: Mapped[str] = mapped_column(info=MART)
    campaign: Mapped[str] = mapped_column(default="", info=MART)
    """Empty where the cost is the channel's as a whole; not None, because databases never take two of those for
    equal."""
    amount: Mapped[int] = mapped_column(info=MART)
    """Ten-thousandths of the currency unit."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class SavedMapping(Base):
    """A named match of headers to fields, kept for the next file of the same shape."""

    __tablename__ = "saved_mappings"
    __table_args__ = (UniqueConstraint("table_code", "name"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    table_code: Mapped[str]
    name: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    saved_by: Mapped[int | None]
