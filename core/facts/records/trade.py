"""Products, contracts and payments."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.language import mark
from core.store.records import Base, Key, named


class Product(Base):
    """Something the company sells, and how much of it lies in stock since when."""

    __tablename__ = "products"
    __table_args__ = named(mark("Products"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    category: Mapped[str | None]
    unit_price: Mapped[int | None]
    """Ten-thousandths of the currency unit."""
    stock_quantity: Mapped[int | None]
    """Ten-thousandths of a piece."""
    stocked_on: Mapped[date | None]
    """The day the oldest stock arrived; the stock's age on a day follows from it."""
    own: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Own fields: code -> value as JSON holds it; a field without a value is absent."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class Contract(Base):
    """What a customer signed."""

    __tablename__ = "contracts"
    __table_args__ = named(mark("Contracts"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    title: Mapped[str | None]
    signed_on: Mapped[date]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    amount: Mapped[int]
    """Ten-thousandths of the currency unit."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    own: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Own fields: code -> value as JSON holds it; a field without a value is absent."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class Payment(Base):
    """One amount a customer owes by a day, and what was paid of it."""

    __tablename__ = "payments"
    __table_args__ = named(mark("Payments"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    due_on: Mapped[date]
    amount: Mapped[int]
    """Ten-thousandths of the currency unit."""
    paid_on: Mapped[date | None]
    paid_amount: Mapped[int | None]
    """Ten-thousandths of the currency unit."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)
