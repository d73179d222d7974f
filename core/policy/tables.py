"""Records of policy: every version ever in force; a past version is never edited."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from core.store.records import Base, Key


class PolicyVersion(Base):
    """All thresholds, windows and clocks as they hold from a day on."""

    __tablename__ = "policy_versions"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    effective_from: Mapped[date]
    values: Mapped[dict[str, Any]]
    """Key -> value, of all keys, so that a version can be read alone."""
    published_at: Mapped[datetime]
    published_by: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
