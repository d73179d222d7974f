"""Values of own fields as a record's JSON holds them: days and instants in ISO 8601, the rest as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.facts.fields import Field

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def kept(field: Field, value: Any) -> Any:
    """The JSON form of a checked value: days as `date`, instants as microseconds since 1970 UTC."""
    if isinstance(value, date):
        return value.isoformat()
    if field.kind == "datetime":
        return (_EPOCH + timedelta(microseconds=value)).isoformat()
    return value


def checked(field: Field, value: Any) -> Any:
    """The value that `kept` was given."""
    if value is None:
        return None
    if field.kind in ("date", "month"):
        return date.fromisoformat(value)
    if field.kind == "datetime":
        return (datetime.fromisoformat(value) - _EPOCH) // timedelta(microseconds=1)
    return value


def own_code(field: Field) -> str:
    """Under which name a record's JSON holds the field."""
    return field.code.removeprefix("own_")
