"""What every table is made of: the declarative base, column types, and the mark that sends a column to the mart."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Column, Date, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

MART: dict[str, Any] = {"mart": True}
"""`mapped_column(info=MART)`: the column is copied to the mart. Never on a name, phone, e-mail or free text."""

MART_WHILE_NULL: dict[str, Any] = {"mart_while_null": True}
"""On a column: only the rows in which it holds nothing are copied to the mart."""

STAYS: dict[str, Any] = {"stays": True}
"""On a foreign key: what points there stays there when two records become one, because it tells of the record and
not of what it stands for."""

FOLLOWS: dict[str, Any] = {"follows": True}
"""`mapped_column(ForeignKey(...), info=FOLLOWS)`: the record was worked out of the one it refers to and goes with it.
Without the mark a reference holds fast what it refers to."""


def follows(column: Column[Any]) -> bool:
    """Whether the records of a column go with what they refer to, see FOLLOWS."""
    return bool(column.info.get("follows"))


def stays(column: Column[Any]) -> bool:
    """Whether a column goes on pointing where it does when two records become one, see STAYS."""
    return bool(column.info.get("stays"))


def named(label: str) -> dict[str, Any]:
    """`__table_args__` of a table whose records are named to people; `label` is marked. By it lower rooms can name
    records that they do not know."""
    return {"info": {"label": label}}


def label_of(table: str) -> str:
    """What the records of the table of that name are called, in English; a table that is `named` has to be asked."""
    return str(Base.metadata.tables[table].info["label"])


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes only aware datetimes, gives them back in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON().with_variant(JSONB(), "postgresql")
Key = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only for INTEGER


class Base(DeclarativeBase):
    """Base of all records; importing a room's `tables.py` adds its tables to `Base.metadata`."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger(),
        str: String(),
        datetime: UtcDateTime(),
        date: Date(),
        dict[str, Any]: Json,
        list[Any]: Json,
    }
