"""Customers and prospects."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.language import mark
from core.store.records import MART, MART_WHILE_NULL, Base, Key, named


class Customer(Base):
    """A customer or prospect. Phone and e-mail are sealed; their index finds equal values without opening them."""

    __tablename__ = "customers"
    __table_args__ = named(mark("Customers"))

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
    own: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Own fields: code -> value as JSON holds it; a field without a value is absent."""
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers.id"), index=True, info=MART_WHILE_NULL
    )
    """The customer that this one turned out to be. Its facts lie there; the code stays known, so that a file that
    still uses it means that customer."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
