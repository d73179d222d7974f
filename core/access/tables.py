"""Records of access: departments, the staff directory, accounts, sessions, sign-in links and the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import Base, Key


class Department(Base):
    """A department, as named in a file or by an administrator."""

    __tablename__ = "departments"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class StaffMember(Base):
    """A person who serves customers, with or without an account. The name is the key within the company."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"), index=True)
    left_at: Mapped[datetime | None]
    """Set when the person has left and handed over."""
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who took over; files that still name the leaver are routed here."""


class Account(Base):
    """Somebody who can sign in."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str | None]
    """argon2id; None until a sign-in link has been used to set one."""
    role: Mapped[str]
    department_id: Mapped[int | None] = mapped_column(ForeignKey("departments.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), unique=True)
    language: Mapped[str | None]
    """The person's choice; None follows the browser."""
    theme: Mapped[str | None]
    """light, dark; None follows the browser."""
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class SignInLink(Base):
    """A link that signs its account in once and lets it set a password. Only the token's hash is kept."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class BrowserSession(Base):
    """A signed-in browser. The cookie holds the token, the database only its hash."""

    __tablename__ = "browser_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what to which record, when. Details hold codes and counts, never personal data."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None]
    """None for the system actor."""
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
