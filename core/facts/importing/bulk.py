"""Many rows at once: ids handed out in advance, and inserts that go past the ORM."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

from core.store.overlay import take_ids
from core.store.versions import count_of

CHUNK = 20_000
"""Rows per statement: enough to forget its cost, little enough to forget its memory."""

PAGES_KIB = 200_000
"""Cache of SQLite while much is written; with its usual 2 MB the indexes are read back again and again."""


def lock_imports(session: Session) -> None:
    """Let one import commit at a time. Must be the first statement: on PostgreSQL the snapshot is taken after it."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":  # the transaction holds the write lock already
        connection.exec_driver_sql(f"PRAGMA cache_size=-{PAGES_KIB}")
    else:
        connection.exec_driver_sql("LOCK TABLE import_batches IN SHARE ROW EXCLUSIVE MODE")


def allocate_ids(session: Session, table: str, count: int) -> Any:
    """`count` ids (int64, ascending) that no other row of `table` has, had or will get: an open form or a link of a
    row that an undone import took away must not lead to another."""
    first = take_ids(session, count)
    if first is not None:
        return np.arange(first, first + count, dtype=np.int64)
    if session.connection().dialect.name == "sqlite":
        given = count_of(session, f"ids of {table}")
        last = session.execute(text(f"SELECT coalesce(max(id), 0) FROM {table}")).scalar_one()
        first = max(last, given.value) + 1
        given.value = first + count - 1
        return np.arange(first, first + count, dtype=np.int64)
    ids = session.execute(
        text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"),
        {"name": table, "count": count},
    ).scalars()
    return np.fromiter(ids, dtype=np.int64, count=count)


def insert_rows(session: Session, table: str, columns: tuple[str, ...], rows: Any) -> None:
    """Insert the rows of a DuckDB result (`fetchmany`), whose columns are `columns` in that order.

    Instants come as text in the database's own form, see `instant_text`.
    """
    connection = session.connection()
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({places})"
        while chunk := rows.fetchmany(CHUNK):
            connection.exec_driver_sql(statement, chunk)
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        while chunk := rows.fetchmany(CHUNK):
            for row in chunk:
                copy.write_row(row)


def instant_text(column: str, dialect: str) -> str:
    """SQL (DuckDB) that writes microseconds since 1970 UTC as the database of `dialect` stores an instant."""
    zone = "" if dialect == "sqlite" else "+00"
    return f"strftime(make_timestamp({column}), '%Y-%m-%d %H:%M:%S.%f{zone}')"


def chunks(values: Iterable[Any], size: int = 5_000) -> Iterator[list[Any]]:
    """The values in lists short enough for one IN (...)."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
