"""Typed values of a sheet as columns: their types, their blanks, and how a person reads one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.amounts import from_units
from core.facts.fields import Field

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

ARROW_TYPES: Mapping[str, Any] = {
    "amount": pa.int64(),
    "cost": pa.int64(),
    "quantity": pa.int64(),
    "integer": pa.int64(),
    "score": pa.int64(),
    "date": pa.date32(),
    "month": pa.date32(),
    "datetime": pa.int64(),
    "yes_no": pa.bool_(),
}
"""Arrow type of a field's values; text where a kind is not named."""


def day_column(code: str) -> str:
    """The column with the business day of an instant: `ordered_at` → `ordered_on`."""
    return code.removesuffix("_at") + "_on"


def show(field: Field, value: Any) -> str:
    """A typed value as a person reads it."""
    if value is None:
        return ""
    if field.kind in ("amount", "quantity", "cost"):
        return f"{from_units(value):f}".rstrip("0").rstrip(".") if value % 10_000 else str(value // 10_000)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if field.kind == "month":
        return f"{value:%Y-%m}"
    return str(value)


def is_null(column: Any) -> Any:
    """Which cells of a column are blank."""
    return column.is_null().to_numpy(zero_copy_only=False)


def typed(field: Field, values: list[Any], indices: Any, time_zone: str) -> dict[str, Any]:
    """The column(s) of a field: `values` by the spelling that each of `indices` stands for."""
    kind = ARROW_TYPES.get(field.kind, pa.string())
    if field.kind != "datetime":
        return {field.code: pa.array(values, kind).take(indices)}
    zone = ZoneInfo(time_zone)
    micros = [None if v is None else _micros(v) for v in values]
    days = [None if v is None else v.astimezone(zone).date() for v in values]
    return {
        field.code: pa.array(micros, kind).take(indices),
        day_column(field.code): pa.array(days, pa.date32()).take(indices),
    }


def _micros(instant: datetime) -> int:
    since = instant.astimezone(UTC) - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def blank_column(field: Field, length: int) -> dict[str, Any]:
    """The column(s) of a field that the file does not have."""
    blank = {field.code: pa.nulls(length, ARROW_TYPES.get(field.kind, pa.string()))}
    if field.kind == "datetime":
        blank[day_column(field.code)] = pa.nulls(length, pa.date32())
    return blank
