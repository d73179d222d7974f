"""Leads as an Ibis table in memory, written as days after New Year, and what the funnel says of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import ibis
import pyarrow as pa

from core.acquisition.funnel import progress

NEW_YEAR = datetime(2026, 1, 1, 4, tzinfo=UTC)
"""Noon in Shanghai."""
ZONE = "Asia/Shanghai"
STAGE_COLUMNS = ("contacted", "qualified", "quoted", "won", "lost")
_INSTANT = pa.timestamp("us", "UTC")
_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("arrived_on", pa.date32()),
        ("arrived_at", _INSTANT),
        *((f"{name}_at", _INSTANT) for name in STAGE_COLUMNS),
    ]
)


def after(days: float | None) -> datetime | None:
    """Noon of that many days after New Year."""
    return None if days is None else NEW_YEAR + timedelta(days=days)


def lead(number: int, arrived: float = 0, **days: float | None) -> dict[str, Any]:
    """A row; `days` tell for a stage, or `lost`, how many days after New Year it is dated."""
    at = after(arrived)
    assert at is not None
    on = (at + timedelta(hours=8)).date()
    dated = {f"{name}_at": after(days.get(name)) for name in STAGE_COLUMNS}
    return {"id": number, "arrived_on": on, "arrived_at": at, **dated}


def walk(leads: Iterable[dict[str, Any]], as_of: date, window_days: int = 90) -> pa.Table:
    """What `progress` says of these leads, by id."""
    table = ibis.memtable(pa.Table.from_pylist(list(leads), _SCHEMA))
    return progress(table, window_days, as_of, zone=ZONE).order_by("id").to_pyarrow()
