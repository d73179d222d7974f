"""Who may become a customer, and what it costs to find them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.language import mark
from core.store.records import MART, Base, Key, named


class Lead(Base):
    """Somebody who may become a customer, with the instant at which each stage was reached.

    A stage that was not reached, or is not known, is None; a day without a time is its beginning.
    """

    __tablename__ = "leads"
    __table_args__ = named(mark("Leads"))

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
    own: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Own fields: code -> value as JSON holds it; a field without a value is absent."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Campaign(Base):
    """Something a company does to win customers, for a while, in a channel."""

    __tablename__ = "campaigns"
    __table_args__ = named(mark("Campaigns"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    channel: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    budget: Mapped[int | None]
    """Ten-thousandths of the currency unit."""
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id"), index=True)


class ChannelCost(Base):
    """What a channel, or one campaign in it, cost in a month."""

    __tablename__ = "channel_costs"
    __table_args__ = (UniqueConstraint("month", "channel", "campaign"), named(mark("Channel costs")))

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
