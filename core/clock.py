"""The one place that reads the clock. Only the edges (pages, web, command line, worker) may import it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)
