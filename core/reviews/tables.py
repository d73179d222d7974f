"""Records of reviews: pilots with their board, weekly meetings, monthly reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import Base, Key


class Pilot(Base):
    """A standard on trial in some departments or regions for some weeks, held against the weeks before."""

    __tablename__ = "pilots"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    standard: Mapped[str] = mapped_column(default="")
    """What is on trial, in words."""
    starts_on: Mapped[date]
    weeks: Mapped[int]
    baseline_weeks: Mapped[int]
    """The weeks before the start that the pilot is held against; 0: there is no baseline."""
    department_ids: Mapped[list[Any]]
    """Empty: every department."""
    regions: Mapped[list[Any]]
    """Empty: every region."""
    kpis: Mapped[list[Any]]
    """In the order in which they are shown: {"measure": code, "target": number or None}."""
    ended_at: Mapped[datetime | None]
    """When somebody ended it; the planned end follows from start and weeks."""
    kept: Mapped[dict[str, Any] | None]
    """Its weekly figures as they stood when it was ended, see `core.reviews.pilot_kept`; until then None."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class Card(Base):
    """A problem, an idea or a decision on its way through the improvement loop of a pilot."""

    __tablename__ = "cards"
    __table_args__ = (Index(None, "pilot_id", "stage", "position"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id"))
    stage: Mapped[str]
    """found, planned, trying, checking, settled"""
    position: Mapped[int]
    """Place in its column, from 0 at the top."""
    kind: Mapped[str]
    """problem, idea, decision"""
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    measure: Mapped[str | None]
    """The code of the measure it concerns."""
    rule: Mapped[str | None]
    """The policy value it concerns, `section.key`."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    due_on: Mapped[date | None]
    """The last day; with an owner it is owed as a `card` obligation until the end of that day."""
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("weekly_meetings.id"), index=True)
    """The weekly meeting that decided it."""
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    settled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class CardEntry(Base):
    """A comment on a card, or something that was done to it."""

    __tablename__ = "card_entries"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), index=True)
    kind: Mapped[str]
    """created, moved, edited, comment"""
    at: Mapped[datetime]
    by: Mapped[int | None]
    """Account id."""
    detail: Mapped[dict[str, Any]]
    """moved: {"from": stage, "to": stage}; edited: field -> [before, after]."""
    text: Mapped[str | None]


class WeeklyMeeting(Base):
    """A pilot team's meeting about one week: what was red, what was decided, the minutes."""

    __tablename__ = "weekly_meetings"
    __table_args__ = (UniqueConstraint("pilot_id", "week"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    pilot_id: Mapped[int] = mapped_column(ForeignKey("pilots.id"))
    week: Mapped[date]
    """Its Monday."""
    agenda: Mapped[list[Any]]
    """What was talked about and every name in the minutes, as it stood at the close; until then it is worked out
    anew. See `core.reviews.meeting_record`."""
    attendees: Mapped[str] = mapped_column(default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    """From then on it is a record and is not changed."""
    closed_by: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)


class Report(Base):
    """A monthly execution report: a draft, or a published revision, which is frozen."""

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("month", "revision"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    month: Mapped[date] = mapped_column(index=True)
    """Its first day."""
    revision: Mapped[int]
    """From 1; a correction of what was published is the next one."""
    status: Mapped[str]
    """draft, published"""
    document: Mapped[str] = mapped_column(Text)
    """Everything the report says, as canonical JSON."""
    sha256: Mapped[str]
    """Of the document's bytes in UTF-8."""
    policy_version: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    data_version: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    """Why it was revised."""
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[int | None]
    drafted_by_name: Mapped[str | None]
    """As the account was called then; None for the system."""
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None]
    published_by_name: Mapped[str | None]
    seal: Mapped[str | None]
    """Keyed digest of what was published and by whom, see `core.reviews.report_seal`; None of a draft."""
    version: Mapped[int] = mapped_column(default=1)
